package store_test

import (
	"slices"
	"testing"

	"tutti/store"
	"tutti/store/storetest"
)

func TestWatched(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return store.Watch(store.NewMemory()) })
}

func TestWatchedTellsOfWrites(t *testing.T) {
	w := store.Watch(store.NewMemory())
	var told []string
	unfollow := w.Follow(func(id string) { told = append(told, id) })
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	do(w.Create(store.Info{ID: "a", Epoch: "e"}, []byte("[]")))
	do(w.Append("a", "e", 0, []store.Line{{Rev: 1, JSON: []byte("{}")}}, store.Head{Rev: 1}))
	if _, err := w.Update("b", func(*store.Info) error { return nil }); err == nil {
		t.Error("there is a b")
	}
	do(w.Delete("a"))
	if want := []string{"a", "a", "b", "a"}; !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
	unfollow()
	do(w.Create(store.Info{ID: "c"}, nil))
	if len(told) != 4 {
		t.Error("told after the end")
	}
}
