package store

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"testing"
)

func TestCompactKeepsAll(t *testing.T) {
	path := library(t)
	want, err := contentsOf(t, path)
	must(t, err)
	b, err := Open(path, noLog)
	must(t, err)
	must(t, b.Create(testInfo("large"), bytes.Repeat([]byte("x"), 4<<20)))
	must(t, b.Delete("large"))
	must(t, b.Close())
	before, after, err := Compact(path)
	if err != nil || before < 4<<20 || after > 1<<20 {
		t.Errorf("%d bytes, then %d, %v", before, after, err)
	}
	if r, err := Verify(path); err != nil || len(r.Damage) > 0 {
		t.Errorf("afterwards: %+v, %v", r, err)
	}
	if got, err := contentsOf(t, path); err != nil || !maps.Equal(got, want) {
		t.Errorf("it has %v, %v\nit had %v", got, err, want)
	}
}

func TestCompactLeavesADamagedFileAsItIs(t *testing.T) {
	path := library(t)
	whole, err := os.ReadFile(path)
	must(t, err)
	broken := bytes.ReplaceAll(whole, []byte(`"rev":7,`), []byte(`"rev":8,`))
	must(t, os.WriteFile(path, broken, 0o600))
	if _, _, err := Compact(path); !errors.Is(err, ErrDamaged) {
		t.Errorf("Compact: %v", err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, broken) {
		t.Errorf("it is another, %v", err)
	}
	b, err := Open(path, noLog)
	must(t, err)
	defer b.Close()
	if _, _, err := Compact(path); !errors.Is(err, ErrLocked) {
		t.Errorf("while it is open: %v", err)
	}
}
