package store_test

import (
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"tutti/store"
	"tutti/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return store.NewMemory() })
}

func TestBolt(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		path := filepath.Join(t.TempDir(), "tutti.db")
		t.Cleanup(func() { checkFile(t, path) })
		return openAt(t, path)
	})
}
