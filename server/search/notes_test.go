package search

import (
	"testing"
	"testing/synctest"
	"time"
)

// Who types is read when they pause, and not at the latest never.
func TestNotesRipen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNotes()
		began := time.Now()
		n.add("typed")
		n.add("once")
		for due := 0; due == 0 || due == 1 && time.Since(began) < patience; due = n.ripen(time.Now()) {
			if id, ok := n.take(); ok && (id != "once" || time.Since(began) != quiet) {
				t.Fatalf("%s is due after %v", id, time.Since(began))
			}
			time.Sleep(100 * time.Millisecond)
			n.add("typed")
		}
		if id, _ := n.take(); id != "typed" || time.Since(began) != patience {
			t.Fatalf("%q is due after %v", id, time.Since(began))
		}
		n.read()
		n.add("typed")
		n.addDue("typed")
		n.add("typed")
		if n.ripen(time.Now()) != 1 || n.count() != 1 {
			t.Error("a document is noted more than once")
		}
	})
}
