package session

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"tutti/store"
)

func titled(title string) func(*store.Info) error {
	return func(info *store.Info) error {
		info.Title = title
		return nil
	}
}

func TestANewTitleIsToldToEverybodyOnce(t *testing.T) {
	r := newRig(t, "")
	a, b := r.join("a"), r.join("b")
	if a.welcome.Title != "A title" {
		t.Errorf("welcomed to %q", a.welcome.Title)
	}
	for range 2 {
		if _, err := r.hub.Update(docID, titled("Another")); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []*peer{a, b} {
		if got := p.gotOf("meta"); len(got) != 1 || got[0].Title != "Another" {
			t.Errorf("got %+v", got)
		}
	}
	if c := r.join("c"); c.welcome.Title != "Another" || len(c.gotOf("meta")) > 0 {
		t.Errorf("who comes later is welcomed to %q", c.welcome.Title)
	}
}

func TestAnUpdateThatFailsTellsNobody(t *testing.T) {
	r := newRig(t, "")
	a := r.join("a")
	no := errors.New("no")
	_, err := r.hub.Update(docID, func(info *store.Info) error {
		info.Title = "Another"
		return no
	})
	if !errors.Is(err, no) || len(a.gotOf("meta")) > 0 {
		t.Errorf("Update: %v", err)
	}
	if _, err := r.hub.Update("nowhere", titled("x")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Update: %v", err)
	}
}

func TestOfTwoTitlesTheOneThatIsKeptIsToldLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		a := r.join("a")
		held := make(chan struct{})
		r.store.on("Update", once(func(do func() error) error {
			err := do()
			<-held // stored, and slow to say so
			return err
		}))
		var updates sync.WaitGroup
		updates.Go(func() {
			if _, err := r.hub.Update(docID, titled("first")); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		if _, err := r.hub.Update(docID, titled("second")); err != nil {
			t.Fatal(err)
		}
		close(held)
		updates.Wait()
		got := a.gotOf("meta")
		if len(got) == 0 || got[len(got)-1].Title != "second" {
			t.Errorf("told %+v", got)
		}
		if b := r.join("b"); b.welcome.Title != "second" {
			t.Errorf("welcomed to %q", b.welcome.Title)
		}
	})
}

func TestATitleThatChangesWhileTheDocumentIsOpenedIsNotMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "")
		release := r.store.stall("Snapshot") // its title has been read by now
		var all sync.WaitGroup
		var a *peer
		all.Go(func() { a = r.join("a") })
		synctest.Wait()
		all.Go(func() {
			if _, err := r.hub.Update(docID, titled("new")); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		release()
		all.Wait()
		title := a.welcome.Title
		for _, m := range a.gotOf("meta") {
			title = m.Title
		}
		if title != "new" {
			t.Errorf("a knows it as %q", title)
		}
	})
}
