package session

import (
	"crypto/sha256"
	"fmt"
	"testing"
)

func checkFrame(rev int64, text string) string {
	return fmt.Sprintf(`{"t":"check","rev":%d,"hash":"%x"}`, rev, sha256.Sum256([]byte(text)))
}

func TestCheckComparesContents(t *testing.T) {
	r := newRig(t, `[{"insert":"é😀"},{"insert":{"image":"x"}},{"insert":"\n","attributes":{"list":"bullet"}}]`)
	a := r.join("a")
	for _, test := range []struct {
		name, frame string
		diverged    bool
	}{
		{"the same", checkFrame(0, "é😀\uFFFC\n"), false},
		{"another", checkFrame(0, "é😀\n"), true},
		{"another, of a revision that is not the head", checkFrame(1, "x"), false},
	} {
		a.say(test.frame)
		if got := a.gotOf("diverged"); (len(got) == 1) != test.diverged {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
	a.op(1, 0, erase(0, 1))
	a.got()
	a.say(checkFrame(0, "x"))
	a.say(checkFrame(1, "😀\uFFFC\n"))
	if got := a.got(); len(got) > 0 {
		t.Errorf("got %+v", got)
	}
	a.say(checkFrame(1, ""))
	if got := a.gotOf("diverged"); len(got) != 1 || got[0].Rev != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestPingIsAnsweredWithItsNumber(t *testing.T) {
	a := newRig(t, "").join("a")
	for _, n := range []int64{0, -1, 1<<53 - 1, 1 - 1<<53} {
		a.say(fmt.Sprintf(`{"t":"ping","n":%d}`, n))
		if got := a.got(); len(got) != 1 || got[0].T != "pong" || got[0].N != n {
			t.Errorf("ping %d: %+v", n, got)
		}
	}
}
