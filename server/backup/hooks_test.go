package backup_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"tutti/server/backup"
	"tutti/server/hooks"
	"tutti/store"
)

// TestHooksComeBackPausedAndGoOn restores a backup with hooks: the server that
// it is of may go on telling their receivers, so these wait until somebody says
// so, and go on behind what was told, in the new epochs.
func TestHooksComeBackPausedAndGoOn(t *testing.T) {
	came := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		came <- string(b)
	}))
	defer receiver.Close()
	h := newHouse(t)
	open := func(h *house) (*hooks.Outbox, *store.Watched) {
		st := store.Watch(h.store)
		x, err := hooks.Open(hooks.Options{Path: filepath.Join(h.folder, "hooks.db"), Store: st, Log: quiet, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
		h.must(err)
		t.Cleanup(func() { h.must(x.Close()) })
		return x, st
	}
	x, _ := open(h)
	all, _, err := x.Add(hooks.Hook{URL: receiver.URL, Events: hooks.Events})
	h.must(err)
	one, _, err := x.Add(hooks.Hook{URL: receiver.URL, Events: hooks.Events, Document: "notes"})
	h.must(err)
	b := h.write(backup.Live(h.folder, h.store, h.accounts, x))
	h.must(h.accounts.Close())
	folder := filepath.Join(t.TempDir(), "data")
	if _, err := backup.Restore(bytes.NewReader(b), folder, quiet); err != nil {
		t.Fatal(err)
	}
	wantEntries(t, folder, "accounts.db", "files", "hooks.db", "tutti.db")
	to := &house{t: t, folder: folder}
	to.open()
	defer to.accounts.Close()
	x, st := open(to)
	x.Start(func(hooks.Hook, *store.Info) (bool, bool) { return true, true })
	info, err := st.Info("notes")
	to.must(err)
	for _, id := range []string{all.ID, one.ID} {
		hook, err := x.Hook(id)
		if err != nil || hook.Paused != hooks.Moved || hook.Document != "" && hook.Epoch != info.Epoch {
			t.Errorf("the hook is %+v, %v", hook, err)
		}
		to.must(x.Resume(id, ""))
	}
	r := store.Record{Rev: 2, Client: "c", Seq: 8, User: "u", At: 2}
	to.must(st.Append("notes", info.Epoch, 1, []store.Line{{Rev: 2, JSON: r.AppendJSON(nil)}}, store.Head{Rev: 2, At: 2, Length: 3}))
	for range 2 {
		select {
		case body := <-came:
			var d struct {
				Document struct{ Epoch string }
				Events   []struct {
					Type           string
					FromRev, ToRev int64
				}
			}
			to.must(json.Unmarshal([]byte(body), &d))
			if d.Document.Epoch != info.Epoch || len(d.Events) != 1 || d.Events[0].Type != "changed" || d.Events[0].FromRev != 2 || d.Events[0].ToRev != 2 {
				t.Errorf("came %s", body)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("nothing came")
		}
	}
}
