package server_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tutti/ot"
	"tutti/server/accounts"
	"tutti/session"
	"tutti/store"
)

// erased is the answer to an erase.
type erased struct {
	Occurrences       int
	Revisions         []int64
	AlsoIn            []string
	Erased            bool
	Revision          int64
	Epoch, Left, Code string
}

func (a answer) erased() (e erased) {
	a.t.Helper()
	a.ok().into(&e)
	return e
}

func (s *rest) erase(id, text string, dry bool) answer {
	s.t.Helper()
	b, err := json.Marshal(map[string]any{"text": text, "dryRun": dry})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.call("POST", "/documents/"+id+"/erase", string(b))
}

// secretive is a document in which a secret was typed by two people, letter by
// letter and with something between that was deleted, taken away, and pasted
// again.
func (s *rest) secretive(id string) {
	s.write(id, ot.Rich, `[{"insert":"see hunter2, it is\n"}]`,
		logged{"a", "c1", 0, `[{"delete":4},{"insert":"now"}]`},
		logged{"a", "c1", 1, `[{"insert":"hu"}]`},
		logged{"b", "c2", 2, `[{"retain":2},{"insert":"-X-ter2"}]`},
		logged{"b", "c2", 3, `[{"retain":2},{"insert":"n","attributes":{"bold":true}}]`},
		logged{"a", "c1", 4, `[{"retain":3},{"delete":3}]`},
		logged{"a", "c1", 5, `[{"delete":7}]`},
		logged{"a", "c1", 6, `[{"retain":1,"attributes":{"link":"https://x/?hunter2"}},{"insert":{"image":"hunter2.png"}}]`},
		logged{"b", "c3", 7, `[{"insert":"fine "}]`},
	)
}

func (s *rest) contents(id string) (all []string) {
	for rev := range s.head(id) + 1 {
		all = append(all, string(s.call("GET", fmt.Sprintf("/documents/%s/content?rev=%d", id, rev), "", "Accept", delta).ok().body))
	}
	return all
}

func (s *rest) blame(id string) string {
	var b struct{ Items json.RawMessage }
	s.call("GET", "/documents/"+id+"/blame", "").ok().into(&b)
	return string(b.Items)
}

func TestErase(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.secretive("d")
		s.call("PATCH", "/documents/d", `{"title":"about hunter2","tags":["hunter2","kept"]}`).ok()
		s.call("POST", "/documents/d/versions", `{"name":"with hunter2","rev":2}`).ok()
		s.call("POST", "/documents/d/versions", `{"name":"without","rev":3}`).ok()
		s.say("d", "it is hunter2, isn't it").ok()
		s.say("d", "no").ok()
		before, blame := s.contents("d"), s.blame("d")
		info, err := s.store.Info("d")
		if err != nil {
			t.Fatal(err)
		}
		tag := s.call("GET", "/documents/d/content", "", "Accept", delta).ok().header.Get("ETag")
		w, _ := s.dial("d", "reader")
		events, err := s.listen(t.Context(), "/documents/d/events")
		if err != nil {
			t.Fatal(err)
		}
		defer events.close()

		want := "occurrences 4 in [0 5 7], also in [title tags versions chat]"
		said := func(e erased) string {
			return fmt.Sprintf("occurrences %d in %v, also in %v", e.Occurrences, e.Revisions, e.AlsoIn)
		}
		dry := s.erase("d", "hunter2", true).erased()
		if said(dry) != want || dry.Erased || dry.Epoch != info.Epoch {
			t.Fatalf("a dry run says %+v", dry)
		}
		if now := s.contents("d"); fmt.Sprint(now) != fmt.Sprint(before) {
			t.Fatal("a dry run has changed something")
		}
		e := s.erase("d", "hunter2", false).erased()
		if said(e) != want || !e.Erased || e.Epoch == info.Epoch || e.Revision != info.Head.Rev || !strings.Contains(e.Left, "tutti compact") {
			t.Fatalf("it says %+v", e)
		}

		w.wantClose(session.CodeCannotResume, "a text was erased from the document's history")
		if _, data, more := events.next(); more {
			t.Errorf("the stream goes on with %s", data)
		}
		s.put("d", delta, `[{"insert":"x\n"}]`, "If-Match", tag).refused(412, "precondition_failed")
		for rev, content := range s.contents("d") {
			was, is := parse(t, before[rev]), parse(t, content)
			if was.Length() != is.Length() || strings.Contains(content, "hunter2") {
				t.Errorf("revision %d was %s, is %s", rev, was, is)
			}
		}
		if now := s.blame("d"); now != blame {
			t.Errorf("blame was %s, is %s", blame, now)
		}
		s.wantContent("d", `[{"insert":"fine "},{"insert":"n","attributes":{"link":"█"}},{"insert":{"image":"█"}},{"insert":"ow███████, it is\n"}]`)
		for _, r := range s.records("d") {
			if strings.Contains(r.Op.String(), "hunter2") || strings.Contains(r.Op.String(), "ter2") {
				t.Errorf("record %d is %s", r.Rev, r.Op)
			}
		}
		for path, want := range map[string]string{
			"/documents/d":          `"title":"about ███████"`,
			"/documents/d/versions": `"name":"with ███████"`,
			"/documents/d/chat":     `"deleted":true`,
			"/tags":                 `"items":[{"tag":"kept","documents":1}]`,
		} {
			if body := string(s.call("GET", path, "").ok().body); !strings.Contains(body, want) || strings.Contains(body, "hunter2") {
				t.Errorf("%s answers %s", path, body)
			}
		}
		s.indexed()
		s.wantList("q=hunter2")
		s.replay("d")
		s.submit("d", "c9", 2)
		s.replay("d")

		again := s.erase("d", "hunter2", false).erased()
		if again.Erased || again.Occurrences != 0 || again.Epoch != e.Epoch || len(again.AlsoIn) > 0 {
			t.Errorf("the second time it says %+v", again)
		}
	})
}

// A write that was answered before is answered as it is now when it is
// repeated, and not committed again.
func TestEraseAndRepeatedWrites(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "text", "a\n")
		body := `{"edits":[{"insert":"my hunter2 ","at":0}]}`
		s.patch("d", body, "Idempotency-Key", key).wrote(1, `[{"insert":"my hunter2 "}]`)
		s.erase("d", "hunter2", false).erased()
		s.patch("d", body, "Idempotency-Key", key).wrote(1, `[{"insert":"my ███████ "}]`)
		s.wantText("d", "my ███████ a\n")
	})
}

func TestEraseRefusals(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "a\n")
	for body, code := range map[string]string{
		`{}`:                              "field_invalid",
		`{"text":""}`:                     "field_invalid",
		`{"text":"\n\n"}`:                 "field_invalid",
		`{"text":"a█"}`:                   "field_invalid",
		`{"text":5}`:                      "bad_parameter",
		`{"text":"a","dryRun":"yes"}`:     "bad_parameter",
		`{"text":"` + long(10_001) + `"}`: "field_invalid",
		`[]`:                              "bad_json",
	} {
		status := 400
		if code == "field_invalid" {
			status = 422
		}
		s.call("POST", "/documents/d/erase", body).refused(status, code)
	}
	s.call("POST", "/documents/none/erase", `{"text":"a"}`).refused(404, "document_not_found")
	s.call("DELETE", "/documents/d", "").ok()
	s.call("POST", "/documents/d/erase", `{"text":"a"}`).refused(410, "document_deleted")
}

func long(n int) string { return strings.Repeat("a", n) }

// Who had a right in the document has it in the next epoch, and who is given
// or loses one then has or loses it; nobody else has any. The secret is in no
// log, and the audit log says who erased something, not what.
func TestEraseKeepsWhoMayDoWhat(t *testing.T) {
	h := newHouse(t)
	h.kept.keep("hunter2")
	boss := h.first("boss")
	owner, editor, viewer, stranger := boss.invites("owner"), boss.invites("editor"), boss.invites("viewer"), boss.invites("stranger")
	owner.writes("notes", "my hunter2")
	owner.shares("notes", editor, session.Editor)
	owner.shares("notes", viewer, session.Viewer)
	link, secret := owner.link("notes", `{"role":"editor"}`)
	guest := &member{h: h, cookie: h.guest(secret).cookie}
	w := guest.knock("notes")
	w.hear("welcome")

	body := `{"text":"hunter2"}`
	for who, m := range map[string]*member{"an editor": editor, "a viewer": viewer, "a stranger": stranger, "a guest": guest} {
		if a := m.call("POST", "/documents/notes/erase", body); a.status != 403 {
			t.Errorf("%s erases: %d", who, a.status)
		}
		if a := m.call("POST", "/documents/notes/erase", `{"text":"hunter2","dryRun":true}`); a.status != 403 {
			t.Errorf("%s looks: %d", who, a.status)
		}
	}
	boss.call("POST", "/documents/notes/erase", `{"text":"hunter2","dryRun":true}`).ok()
	owner.call("POST", "/documents/notes/erase", body).ok()
	w.wantClose(session.CodeCannotResume, "a text was erased from the document's history")

	if got := fmt.Sprint([]string{owner.finds(""), editor.finds(""), viewer.finds(""), stranger.finds("")}); got != "[notes:owner notes:editor notes:viewer ]" {
		t.Errorf("they find %q", got)
	}
	guest.knock("notes").hear("welcome")
	stranger.call("GET", "/documents/notes", "").refused(403, "forbidden")
	// Twice, for an epoch behind an epoch.
	owner.call("POST", "/documents/notes/erase", `{"text":"my"}`).ok()
	owner.shares("notes", stranger, session.Viewer)
	stranger.call("GET", "/documents/notes", "").ok()
	owner.call("DELETE", "/documents/notes/access/"+editor.id, "").ok()
	editor.call("GET", "/documents/notes", "").refused(403, "forbidden")
	owner.call("DELETE", "/documents/notes/links/"+link, "").ok()
	if a := guest.call("GET", "/documents/notes", ""); a.status != 401 {
		t.Errorf("by a link that was revoked: %d", a.status)
	}
	var log struct {
		Items []struct {
			Action, Document, Detail string
			User                     store.User
		}
	}
	boss.call("GET", "/audit?document=notes", "").ok().into(&log)
	var said []string
	for _, e := range log.Items {
		if strings.HasPrefix(e.Action, "text_") {
			said = append(said, fmt.Sprint(e.Action, " ", e.User.ID == owner.id, " ", e.Detail))
		}
	}
	if fmt.Sprint(said) != "[text_erased true 1 text_erased true 1 text_sought false 1]" {
		t.Errorf("the audit log says %q", said)
	}
	// One that takes the id is another's.
	owner.call("DELETE", "/documents/notes?permanent=true", "").ok()
	editor.writes("notes", "x")
	owner.call("GET", "/documents/notes", "").refused(403, "forbidden")
}

// The rights are those of the next epoch also when the accounts are opened
// again, and where a backup is restored behind it.
func TestErasedRightsLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	open := func() *accounts.Book {
		t.Helper()
		b, err := accounts.Open(path, accounts.Options{Log: quiet(), Cost: cheap})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	rights := func(b *accounts.Book, epoch string) int { return len(b.Document("d", epoch).Grants) }
	b := open()
	for _, err := range []error{b.Own("d", "e1", "ada"), b.Carry("d", "e1", "e2"), b.Carry("d", "e2", "e3")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b.Close()
	b = open()
	if got := fmt.Sprint(rights(b, "e1"), rights(b, "e2"), rights(b, "e3"), rights(b, "e4")); got != "1 1 1 0" {
		t.Errorf("rights in the epochs: %s", got)
	}
	if err := b.Renew(map[string]store.Renewal{"d": {Old: "e3", New: "r"}}); err != nil {
		t.Fatal(err)
	}
	b.Close()
	b = open()
	defer b.Close()
	if got := fmt.Sprint(rights(b, "e1"), rights(b, "e3"), rights(b, "r")); got != "0 0 1" {
		t.Errorf("rights in the epochs: %s", got)
	}
	if err := b.Carry("d", "r", "r2"); err != nil {
		t.Fatal(err)
	}
	if err := b.Forget("d", "r2"); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(rights(b, "r"), rights(b, "r2")); got != "0 0" {
		t.Errorf("rights in the epochs: %s", got)
	}
}
