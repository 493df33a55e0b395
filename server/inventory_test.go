package server_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tutti/server"
	"tutti/server/files"
	"tutti/session"
	"tutti/store"
)

type stock struct {
	ID, Title, TrashedAt     string
	Revision, LogBytes       int64
	Files, FileBytes, Shared int
	PeopleCount              int
	Owners                   []store.User
}

type inventory struct {
	Items   []stock
	Next    string
	Pending int
}

func (m *member) inventory(query string) (page inventory) {
	m.h.t.Helper()
	m.call("GET", "/inventory?"+query, "").ok().into(&page)
	return page
}

// wantInventory fails the test unless these are all, in this order.
func (m *member) wantInventory(query, want string) {
	m.h.t.Helper()
	var ids []string
	for _, d := range m.inventory(query).Items {
		ids = append(ids, d.ID)
	}
	if got := strings.Join(ids, " "); got != want {
		m.h.t.Errorf("?%s has %q, want %q", query, got, want)
	}
}

func TestAdministratorsSeeAllThereIsButNotWhatItSays(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada, bob := boss.invites("ada"), boss.invites("bob")
	ada.writes("apples", "secret words")
	time.Sleep(2 * time.Millisecond) // times are in milliseconds
	bob.writes("pears", "secret words, and more of them")
	ada.shares("apples", bob, session.Editor)
	ada.call("PUT", "/documents/apples/content", strings.Repeat("long ", 500), "Content-Type", plain).ok()
	boss.wantInventory("sort=title", "apples pears")
	boss.wantInventory("sort=size", "apples pears")
	boss.wantInventory("sort=revision", "apples pears")
	boss.wantInventory("sort=created", "pears apples")
	boss.wantInventory("q=PEAR", "pears")
	boss.wantInventory("q=bob", "pears")
	boss.wantInventory("owner="+ada.id, "apples")
	boss.wantInventory("trashed=true", "")
	first := boss.inventory("sort=size&limit=1")
	boss.wantInventory("sort=size&cursor="+first.Next, "pears")
	got := first.Items[0]
	if got.Revision != 1 || got.LogBytes < 2500 || got.Shared != 1 || !slices.Equal(got.Owners, []store.User{{ID: ada.id, Name: "ada"}}) || first.Pending != 0 {
		t.Errorf("apples are %+v", got)
	}
	if body := string(boss.call("GET", "/inventory", "").ok().body); strings.Contains(body, "secret") || strings.Contains(body, "long") {
		t.Errorf("the inventory has the text: %s", body)
	}
	boss.call("GET", "/documents/apples/content", "").refused(403, "forbidden")
	for _, bad := range []string{"sort=x", "limit=x", "trashed=x", "cursor=x", "sort=title&cursor=" + first.Next, "q=" + strings.Repeat("a", 1001)} {
		boss.call("GET", "/inventory?"+bad, "").refused(400, "bad_parameter")
	}
}

func TestAdministratorsPutAwayWhatTheyCantRead(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada, bob := boss.invites("ada"), boss.invites("bob")
	ada.writes("notes", "abc")
	boss.call("DELETE", "/documents/notes", "").ok()
	ada.call("GET", "/documents/notes", "").refused(410, "document_deleted")
	boss.wantInventory("trashed=true", "notes")
	boss.call("POST", "/documents/notes/restore", "").ok()
	boss.call("PUT", "/documents/notes/owner", `{"person":"`+bob.id+`"}`).ok()
	if found := bob.finds("") + " " + ada.finds(""); found != "notes:owner notes:editor" {
		t.Errorf("bob and ada have %s", found)
	}
	boss.call("GET", "/documents/notes", "").refused(403, "forbidden")
	boss.call("PUT", "/documents/notes/access/"+boss.id, `{"role":"owner"}`).refused(403, "forbidden")
	boss.call("DELETE", "/documents/notes?permanent=true", "").ok()
	ada.call("GET", "/documents/notes", "").refused(404, "document_not_found")
}

func TestWhatARemovedPersonOwnedGoesToTheHeir(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada, bob, eve := boss.invites("ada"), boss.invites("bob"), boss.invites("eve")
	ada.writes("alone", "abc")
	ada.writes("both", "abc")
	ada.shares("both", bob, session.Owner)
	ada.shares("alone", eve, session.Viewer)
	boss.call("DELETE", "/people/"+ada.id+"?heir=nobody", "").refused(404, "not_found")
	boss.call("DELETE", "/people/"+ada.id+"?heir="+ada.id, "").refused(422, "field_invalid")
	boss.call("DELETE", "/people/"+ada.id+"?heir="+eve.id, "").ok()
	if found := bob.finds("") + ", " + eve.finds(""); found != "both:owner, alone:owner" {
		t.Errorf("bob and eve have %s", found)
	}
}

func TestSizesFollowWhatIsWritten(t *testing.T) {
	data := t.TempDir()
	h := newHouse(t, func(o *server.Options) {
		f, err := files.Open(filepath.Join(data, "files"), o.Store)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		o.Files, o.Data = f, data
	})
	boss := h.first("boss")
	boss.writes("notes", "abc")
	size := func() stock { return boss.inventory("").Items[0] }
	if d := size(); d.LogBytes != 0 || d.Files != 0 {
		t.Errorf("a new document has %+v", d)
	}
	last := int64(0)
	for i := range 3 {
		boss.call("PUT", "/documents/notes/content", fmt.Sprint("the text number ", i), "Content-Type", plain).ok()
		if d := size(); d.LogBytes <= last {
			t.Errorf("after edit %d the log has %d bytes, before %d", i, d.LogBytes, last)
		} else {
			last = d.LogBytes
		}
	}
	pixel := dot(1, 1, 0)
	var file struct{ Name string }
	boss.call("POST", "/documents/notes/files", pixel, "Content-Type", "image/png").ok().into(&file)
	if d := size(); d.Files != 1 || d.FileBytes != len(pixel) {
		t.Errorf("with an image it has %+v", d)
	}
	var all struct {
		Mode      string
		Ready     bool
		People    int
		Documents struct{ Active, Trashed, Open int }
		Sizes     struct{ Files, Logs, DiskFree int64 }
	}
	boss.call("GET", "/stats", "").ok().into(&all)
	if all.Mode != "accounts" || !all.Ready || all.People != 1 || all.Documents.Active != 1 || all.Sizes.Files != int64(len(pixel)) || all.Sizes.Logs != last || all.Sizes.DiskFree == 0 {
		t.Errorf("the figures are %+v", all)
	}
	boss.call("DELETE", "/documents/notes/files/"+file.Name, "").ok()
	if d := size(); d.Files != 0 || d.FileBytes != 0 {
		t.Errorf("without it, %+v", d)
	}
	// Another document under the same id is counted from its beginning.
	boss.call("DELETE", "/documents/notes?permanent=true", "").ok()
	boss.writes("notes", "abc")
	if d := size(); d.LogBytes != 0 {
		t.Errorf("the new one has %+v", d)
	}
}

func TestTheAuditLogIsFiltered(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	ada := boss.invites("ada")
	ada.writes("notes", "abc")
	ada.shares("notes", boss, session.Viewer)
	ada.call("DELETE", "/documents/notes", "").ok()
	actions := func(query string) string {
		var all []string
		for cursor := ""; ; {
			var page struct {
				Items []struct{ Action, Title, SubjectName string }
				Next  string
			}
			boss.call("GET", "/audit?"+query+cursor, "").ok().into(&page)
			for _, e := range page.Items {
				all = append(all, e.Action+":"+e.Title+":"+e.SubjectName)
			}
			if page.Next == "" {
				return strings.Join(all, " ")
			}
			cursor = "&cursor=" + page.Next
		}
	}
	const granted = "granted:The title of notes:boss"
	for query, want := range map[string]string{
		"document=notes": "document_trashed:The title of notes: " + granted,
		"action=granted": granted, "action=granted&person=" + boss.id: granted, "action=document_trashed&person=" + boss.id: "", "document=other": "",
	} {
		if got := actions(query); got != want {
			t.Errorf("?%s has %q, want %q", query, got, want)
		}
		if got := actions("limit=1&" + query); got != want {
			t.Errorf("?limit=1&%s has %q, want %q", query, got, want)
		}
	}
}
