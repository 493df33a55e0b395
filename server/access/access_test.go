package access

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tutti/session"
)

var (
	stranger = Caller{}
	ada      = Caller{Subjects: []string{"person:ada", Everyone}, Self: true}
	watcher  = Caller{Watcher: true}
	boss     = Caller{Subjects: []string{"person:boss", Everyone}, Self: true, Administrator: true}
)

func TestWhatARoleAllows(t *testing.T) {
	allowed := map[session.Role]string{
		session.Owner: "read comment edit manage oversee", session.Editor: "read comment edit", session.Commenter: "read comment", session.Viewer: "read", "": "",
	}
	for role, can := range allowed {
		for _, do := range []Action{Read, Comment, Edit, Manage, Oversee, Visit, Self, Meet, Administer, Watch, List, Create} {
			on := &Document{Grants: []Grant{{"person:bob", session.Owner}}}
			if role != "" {
				on.Grants = append(on.Grants, Grant{"person:ada", role})
			}
			got, err := Decide(ada, do, on)
			if want := slices.Contains(strings.Fields(can), string(do)); (err == nil) != want || want && got != role {
				t.Errorf("%q may %s: %q, %v", role, do, got, err)
			}
			for _, other := range []Caller{boss, stranger, watcher} {
				if _, err := Decide(other, do, on); (err == nil) != (do == Oversee && other.Administrator) {
					t.Errorf("%+v, %s: %v", other, do, err)
				}
			}
		}
	}
}

func TestWhatCallersMayDoOnTheServer(t *testing.T) {
	for _, test := range []struct {
		who     Caller
		allowed string
	}{
		{stranger, "visit"},
		{ada, "visit self meet list create"},
		{watcher, "visit watch"},
		{boss, "visit self meet list create administer watch"},
		{Caller{Open: true}, "visit self meet list create administer watch read comment edit manage oversee"},
	} {
		for _, do := range []Action{Read, Comment, Edit, Manage, Oversee, Visit, Self, Meet, Administer, Watch, List, Create, "else"} {
			if do == "else" && test.who.Open {
				continue
			}
			if _, err := Decide(test.who, do, nil); (err == nil) != slices.Contains(strings.Fields(test.allowed), string(do)) {
				t.Errorf("%+v, %s: %v", test.who, do, err)
			}
		}
	}
}

func TestTheHighestOfSeveralGrantsCounts(t *testing.T) {
	on := &Document{Grants: []Grant{{Everyone, session.Viewer}, {"person:ada", session.Commenter}, {"person:bob", session.Owner}}}
	if role, err := Decide(ada, Read, on); role != session.Commenter || err != nil {
		t.Errorf("%s, %v", role, err)
	}
	if role, _ := Decide(boss, Read, on); role != session.Viewer {
		t.Errorf("an administrator reads as %q", role)
	}
}

func TestWhatNobodyOwnsIsTheAdministrators(t *testing.T) {
	for _, on := range []*Document{{}, {Grants: []Grant{{Everyone, session.Editor}}}} {
		if role, err := Decide(boss, Manage, on); role != session.Owner || err != nil {
			t.Errorf("%s, %v", role, err)
		}
		if _, err := Decide(ada, Manage, on); !errors.Is(err, ErrForbidden) {
			t.Errorf("ada: %v", err)
		}
	}
	if _, err := Decide(stranger, Read, &Document{}); !errors.Is(err, ErrUnauthorized) {
		t.Errorf("a stranger: %v", err)
	}
}

func TestAnAdministratorOverseesWithoutARole(t *testing.T) {
	on := &Document{ID: "notes", Grants: []Grant{{"person:bob", session.Owner}}}
	if role, err := Decide(boss, Oversee, on); role != "" || err != nil {
		t.Errorf("%q, %v", role, err)
	}
	for _, scope := range []Scope{{Most: session.Editor}, {Most: session.Owner, Documents: []string{"other"}}} {
		program := boss
		program.Scope = &scope
		if _, err := Decide(program, Oversee, on); !errors.Is(err, ErrForbidden) {
			t.Errorf("%+v: %v", scope, err)
		}
	}
}

func TestARoleThatIsNoneAllowsNothing(t *testing.T) {
	for _, role := range []session.Role{"king", "Owner", " viewer"} {
		on := &Document{Grants: []Grant{{"person:ada", role}, {"person:bob", session.Owner}}}
		if got, err := Decide(ada, Read, on); err == nil {
			t.Errorf("%q reads as %q", role, got)
		}
	}
}
