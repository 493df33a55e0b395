package session

import "testing"

func TestARoleThatIsTakenAwayCountsFromTheNextDelta(t *testing.T) {
	r := newRig(t, "abc")
	a, b := r.join("a"), r.join("b")
	a.op(1, 0, insert(0, "x"))
	a.SetRole(Viewer)
	if got := a.gotOf("meta"); len(got) != 1 || got[0].Role != "viewer" {
		t.Errorf("a is told %+v", got)
	}
	if got := a.refusal(2, 1, insert(0, "y")); got != "read_only" {
		t.Errorf("a viewer's delta: %q", got)
	}
	b.op(1, 1, insert(0, "z"))
	if got := b.gotOf("meta"); len(got) > 0 {
		t.Errorf("b is told %+v", got)
	}
	a.SetRole(Editor)
	a.SetRole(Editor)
	if got := a.gotOf("meta"); len(got) != 1 || got[0].Role != "editor" {
		t.Errorf("a is told %+v", got)
	}
	if got := a.refusal(3, 2, insert(0, "y")); got != "" {
		t.Errorf("an editor's delta: %q", got)
	}
	if p := r.hub.People(docID)[0]; p.Role != Editor {
		t.Errorf("a is listed as %s", p.Role)
	}
	r.wantText("yzxabc")
}
