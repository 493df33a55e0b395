package server_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"tutti/session"
)

func TestAGroupIsGivenRolesTogether(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada, bob := boss.invites("ada"), boss.invites("bob")
	ada.writes("notes", "abc")
	ada.call("POST", "/groups", `{"name":"x"}`).refused(403, "forbidden")
	boss.call("POST", "/groups", `{"name":""}`).refused(422, "field_invalid")
	boss.call("POST", "/groups", `{"name":"x","members":["person:nobody"]}`).refused(404, "not_found")
	var team struct {
		ID      string
		Members []string
	}
	boss.call("POST", "/groups", `{"name":"The team","members":[]}`).ok().into(&team)
	ada.call("PUT", "/documents/notes/access/"+team.ID, `{"role":"editor"}`).ok()
	if a := string(ada.call("GET", "/documents/notes/access", "").ok().body); !strings.Contains(a, "The team") {
		t.Errorf("access is %s", a)
	}
	bob.knock("notes").closes(4403)
	boss.call("PATCH", "/groups/"+team.ID, `{"members":["`+bob.id+`","`+bob.id+`"]}`).ok().into(&team)
	if len(team.Members) != 1 {
		t.Errorf("the team is %+v", team)
	}
	w := bob.knock("notes")
	if f := w.fields("welcome"); f.Role != "editor" {
		t.Errorf("bob is welcomed as %+v", f)
	}
	bob.call("GET", "/groups", "").ok()
	// An id in a path may be written as every other name there.
	ada.call("PUT", "/documents/notes/access/"+strings.Replace(team.ID, ":", "%3A", 1), `{"role":"editor"}`).ok()
	bob.call("POST", "/documents/notes/leave", "").refused(404, "not_found") // it is the group's, not his
	boss.call("PATCH", "/groups/"+team.ID, `{"members":[]}`).ok()
	w.closes(4403)
	boss.call("PATCH", "/groups/"+team.ID, `{"members":["`+bob.id+`"]}`).ok()
	w = bob.knock("notes")
	w.fields("welcome")
	boss.call("DELETE", "/groups/"+team.ID, "").ok()
	w.closes(4403)
	boss.call("DELETE", "/groups/"+team.ID, "").refused(404, "not_found")
	if a := string(ada.call("GET", "/documents/notes/access", "").ok().body); strings.Contains(a, team.ID) {
		t.Errorf("access is still %s", a)
	}
}

func TestOwnershipIsPassedOn(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada, bob := boss.invites("ada"), boss.invites("bob")
	ada.writes("notes", "abc")
	ada.call("POST", "/documents/notes/leave", "").refused(409, "last_owner")
	ada.shares("notes", bob, session.Viewer)
	bob.call("PUT", "/documents/notes/owner", `{"person":"`+bob.id+`"}`).refused(403, "forbidden")
	ada.call("PUT", "/documents/notes/owner", `{"person":"person:nobody"}`).refused(404, "not_found")
	ada.call("PUT", "/documents/notes/owner", `{"person":"`+ada.id+`"}`).ok()
	ada.call("PUT", "/documents/notes/owner", `{"person":"`+bob.id+`"}`).ok()
	if got := ada.finds("") + " " + bob.finds(""); got != "notes:editor notes:owner" {
		t.Errorf("found %s", got)
	}
	w := ada.knock("notes")
	w.fields("welcome")
	ada.call("POST", "/documents/notes/leave", "").ok()
	w.closes(4403)
}

func TestAdministratorsReadAndFollowWhatWasDone(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada := boss.invites("ada")
	ada.call("GET", "/audit", "").refused(403, "forbidden")
	ada.call("GET", "/audit/events", "").refused(403, "forbidden")
	second := boss.invites("second")
	boss.call("PATCH", "/people/"+second.id, `{"administrator":true}`).ok()

	r, err := http.NewRequestWithContext(t.Context(), "GET", h.http.URL+"/api/v1/audit/events?after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", second.cookie)
	resp, err := h.http.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	events := bufio.NewScanner(resp.Body)

	ada.writes("notes", "abc")
	ada.shares("notes", boss, session.Viewer)
	h.signIn("ada", "a wrong password")
	h.signIn("a password", "in the wrong field")
	ada.call("DELETE", "/documents/notes?permanent=true", "").ok()
	for _, want := range []string{"granted", "login_failed", "login_failed", "document_deleted"} {
		for events.Scan() && !strings.Contains(events.Text(), `"`+want+`"`) {
		}
		if events.Err() != nil || !strings.Contains(events.Text(), want) {
			t.Errorf("%s isn't told", want)
		}
	}
	boss.call("PATCH", "/people/"+second.id, `{"administrator":false}`).ok()
	began := time.Now()
	for events.Scan() {
	}
	if took := time.Since(began); took > within {
		t.Errorf("the events ended after %v", took)
	}

	var page struct {
		Items []struct {
			ID                        int64
			Action, Document, Subject string
			User                      struct{ ID string }
		}
		Next string
	}
	var seen []string
	for cursor := ""; cursor != "" || page.Items == nil; cursor = page.Next {
		page.Next = ""
		boss.call("GET", "/audit?limit=2&cursor="+cursor, "").ok().into(&page)
		for _, e := range page.Items {
			seen = append(seen, e.Action)
		}
		if page.Next == "" {
			break
		}
	}
	got := strings.Join(seen, " ")
	if want := "person_changed document_deleted login_failed login_failed granted person_changed link_redeemed link_issued link_redeemed link_issued link_redeemed"; got != want {
		t.Errorf("the log is %s\nwant %s", got, want)
	}
	if a := string(boss.call("GET", "/audit", "").ok().body); strings.Contains(a, "a password") || strings.Contains(a, password) {
		t.Errorf("a secret is in the log: %s", a)
	}
}

// A client may escape the colon in the id of a person or a group.
func TestIdsMayBeEscaped(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada := boss.invites("ada")
	boss.writes("notes", "abc")
	var team struct{ ID string }
	boss.call("POST", "/groups", `{"name":"Team"}`).ok().into(&team)
	escaped := func(id string) string { return strings.ReplaceAll(id, ":", "%3A") }
	boss.call("PUT", "/documents/notes/access/"+escaped(ada.id), `{"role":"viewer"}`).ok()
	boss.call("PATCH", "/groups/"+escaped(team.ID), `{"name":"Others"}`).ok()
	boss.call("PATCH", "/people/"+escaped(ada.id), `{"name":"Countess"}`).ok()
	boss.call("POST", "/people/"+escaped(ada.id)+"/reset", "").ok()
	boss.call("DELETE", "/documents/notes/access/"+escaped(ada.id), "").ok()
	boss.call("DELETE", "/groups/"+escaped(team.ID), "").ok()
	boss.call("DELETE", "/people/"+escaped(ada.id), "").ok()
}
