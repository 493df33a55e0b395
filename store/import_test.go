package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tutti/store"
)

// A process that ends in the middle of an Import leaves nothing that the next
// one shows, and gives the id back.
func TestImportInterrupted(t *testing.T) {
	folder := t.TempDir()
	b := openAt(t, filepath.Join(folder, "tutti.db"))
	var left []byte
	stop := errors.New("enough")
	info := store.Info{ID: "a", Kind: "text", Epoch: "e"}
	err := b.Import(info, []byte("[]"), func(d store.Draft) (store.Head, error) {
		if err := d.Append([]store.Line{{Rev: 1, JSON: []byte("{}")}}); err != nil {
			return store.Head{}, err
		}
		var err error
		left, err = os.ReadFile(filepath.Join(folder, "tutti.db")) // what a crash would leave now
		return store.Head{}, errors.Join(stop, err)
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	after := filepath.Join(folder, "after.db")
	if err := os.WriteFile(after, left, 0o600); err != nil {
		t.Fatal(err)
	}
	next := openAt(t, after)
	if _, err := next.Info("a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Info = %v", err)
	}
	for err = next.Create(info, []byte("[]")); errors.Is(err, store.ErrExists); {
		err = next.Create(info, []byte("[]")) // it is swept in the background
	}
	if err != nil {
		t.Fatal(err)
	}
	if lines, err := next.Lines("a", 0, 10); err != nil || len(lines) > 0 {
		t.Errorf("%d lines are left, %v", len(lines), err)
	}
}
