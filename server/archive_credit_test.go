package server_test

import (
	"strings"
	"testing"
)

// TestAnArchiveSpeaksForNobodyHere has somebody bring an archive in which the
// boss wrote things: by its word nobody of this server has.
func TestAnArchiveSpeaksForNobodyHere(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	eve := boss.invites("eve")
	eve.writes("notes", "abc")
	eve.call("PATCH", "/documents/notes/content", `{"edits":[{"append":" I resign"}]}`).ok()
	eve.call("POST", "/documents/notes/versions", `{"name":"signed"}`).ok()
	own := string(eve.call("GET", "/documents/notes/archive", "").ok().body)
	forged := strings.ReplaceAll(own, eve.id, boss.id)
	bring := func(m *member, id, archive string) (said string) {
		t.Helper()
		m.call("POST", "/documents/archive?id="+id, archive, "Content-Type", archiveMedia).ok()
		for _, what := range []string{"", "/records", "/revisions", "/versions", "/blame"} {
			said += string(m.call("GET", "/documents/"+id+what, "").ok().body)
		}
		return said
	}
	if said := bring(eve, "forged", forged); strings.Contains(said, `"`+boss.id) || !strings.Contains(said, `"archive:`+boss.id) {
		t.Errorf("an archive has the boss say %s", said)
	}
	if said := bring(eve, "own", own); strings.Contains(said, "archive:") || !strings.Contains(said, eve.id) {
		t.Errorf("one's own archive says %s", said)
	}
	again := string(eve.call("GET", "/documents/forged/archive", "").ok().body)
	if said := bring(eve, "again", again); strings.Contains(said, "archive:archive:") {
		t.Errorf("an archive of that says %s", said)
	}
	if said := bring(boss, "restored", own); strings.Contains(said, "archive:") {
		t.Errorf("an administrator's says %s", said)
	}
	if a := eve.call("GET", "/documents/forged/access", "").ok(); strings.Contains(string(a.body), boss.id) {
		t.Errorf("access is %s", a.body)
	}
}
