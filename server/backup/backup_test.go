package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"tutti/ot"
	"tutti/server/access"
	"tutti/server/accounts"
	"tutti/server/backup"
	"tutti/server/files"
	"tutti/session"
	"tutti/store"
)

var quiet = slog.New(slog.DiscardHandler)

// house is a data folder with two documents, an image and accounts.
type house struct {
	t        *testing.T
	folder   string
	store    *store.Bolt
	accounts *accounts.Book
	image    files.File
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, folder: t.TempDir()}
	h.open()
	for _, id := range []string{"notes", "other"} {
		info := store.Info{ID: id, Kind: ot.Text, Title: id, Epoch: "first-" + id}
		h.must(h.store.Create(info, []byte(`[]`)))
	}
	r := store.Record{Rev: 1, Client: "c", Seq: 7, User: "u", At: 1, Op: ot.Delta{}.Insert("abc", nil)}
	h.must(h.store.Append("notes", "first-notes", 0, []store.Line{{Rev: 1, JSON: r.AppendJSON(nil)}}, store.Head{Rev: 1, At: 1, Length: 3}))
	h.must(h.store.SaveSnapshot("notes", "first-notes", store.Snapshot{Rev: 1, Content: []byte(`[{"insert":"abc"}]`), Clients: []store.ClientMark{{Client: "c", Seq: 7, Rev: 1}}}))
	images, err := files.Open(filepath.Join(h.folder, "files"), h.store)
	h.must(err)
	gif, err := base64.StdEncoding.DecodeString("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
	h.must(err)
	h.image, err = images.Save("notes", "image/gif", bytes.NewReader(gif))
	h.must(err)
	h.must(images.Close())
	secret, err := h.accounts.First()
	h.must(err)
	_, p, err := h.accounts.Redeem(t.Context(), accounts.Redemption{Secret: secret, Login: "boss", Password: "correct horse"})
	h.must(err)
	h.must(h.accounts.Own("notes", "first-notes", p.ID))
	h.must(h.accounts.Own("gone", "first-gone", p.ID))
	_, _, err = h.accounts.AddLink(context.Background(), "notes", "first-notes", accounts.NewLink{Role: session.Editor})
	h.must(err)
	return h
}

func (h *house) open() {
	var err error
	h.store, err = store.Open(filepath.Join(h.folder, "tutti.db"), store.Options{Log: quiet})
	h.must(err)
	h.t.Cleanup(func() { h.store.Close() })
	h.accounts, err = accounts.Open(filepath.Join(h.folder, "accounts.db"), accounts.Options{Log: quiet, Cost: accounts.Cost{Time: 1, Memory: 8, Threads: 1}})
	h.must(err)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// take makes a backup while all is open.
func (h *house) take() []byte {
	h.t.Helper()
	return h.write(backup.Live(h.folder, h.store, h.accounts, nil))
}

func (h *house) write(s backup.Source) []byte {
	h.t.Helper()
	b, err := s.Take()
	h.must(err)
	var out bytes.Buffer
	h.must(errors.Join(b.Write(&out), b.Close()))
	return out.Bytes()
}

func TestARestoredFolderHasAllInNewEpochs(t *testing.T) {
	h := newHouse(t)
	live := h.take()
	h.must(errors.Join(h.store.Close(), h.accounts.Close()))
	for name, b := range map[string][]byte{"of a running server": live, "offline": h.write(backup.Offline(h.folder))} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "new", "data")
			r, err := backup.Restore(bytes.NewReader(b), folder, quiet)
			if err != nil || r.Documents != 2 || r.Images != 1 || !r.Accounts || r.TakenAt.IsZero() {
				t.Fatalf("Restore: %+v, %v", r, err)
			}
			wantEntries(t, folder, "accounts.db", "files", "tutti.db")
			to := &house{t: t, folder: folder}
			to.open()
			defer to.accounts.Close()
			info, err := to.store.Info("notes")
			if err != nil || info.Epoch == "first-notes" || info.Epoch == "" || info.Head != (store.Head{Rev: 1, At: 1, Length: 3}) {
				t.Errorf("Info: %+v, %v", info, err)
			}
			if mark, err := to.store.Mark("notes", "c"); err != nil || mark.Seq != 7 {
				t.Errorf("who resends what is in the backup is not recognised: %+v, %v", mark, err)
			}
			if lines, err := to.store.Lines("notes", 0, 10); err != nil || len(lines) != 1 {
				t.Errorf("%d lines, %v", len(lines), err)
			}
			if d := to.accounts.Document("notes", info.Epoch); !access.Owned(d.Grants) {
				t.Errorf("nobody owns it: %+v", d)
			}
			if links := to.accounts.Links("notes", info.Epoch); len(links) != 1 {
				t.Errorf("links: %+v", links)
			}
			if d := to.accounts.Document("gone", "first-gone"); len(d.Grants) != 0 {
				t.Errorf("what was granted on no document came along: %+v", d)
			}
			if _, err := os.Stat(filepath.Join(folder, "files", "notes", h.image.Name)); err != nil {
				t.Error(err)
			}
			if left, err := filepath.Glob(filepath.Join(h.folder, ".backup-*")); err != nil || len(left) > 0 {
				t.Errorf("the backup has left %v, %v", left, err)
			}
		})
	}
}

func wantEntries(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if len(names) != len(want) {
		t.Fatalf("%s has %v, want %v", folder, names, want)
	}
	for i := range names {
		if names[i] != want[i] {
			t.Fatalf("%s has %v, want %v", folder, names, want)
		}
	}
}

// What was cut short, or changed anywhere, is refused, and leaves nothing.
func TestADamagedBackupIsRefusedAndLeavesNothing(t *testing.T) {
	h := newHouse(t)
	whole := h.take()
	h.must(h.accounts.Close())
	end := whole
	for len(end) > 512 && bytes.Count(end[len(end)-512:], []byte{0}) == 512 {
		end = end[:len(end)-512] // what tar ends with
	}
	damaged := map[string][]byte{
		"nothing": nil, "no tar": []byte("hello"), "without its sums": end[:len(end)-1024],
	}
	for _, at := range []int{0, 520, 1100, 2000, len(whole) / 3, len(whole) / 2, len(end) - 512} {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 1
		damaged[fmt.Sprint("flipped at ", at)] = flipped
		damaged[fmt.Sprint("cut at ", at)] = whole[:at]
	}
	for name, b := range damaged {
		folder := t.TempDir()
		if _, err := backup.Restore(bytes.NewReader(b), folder, quiet); !errors.Is(err, backup.ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
		wantEntries(t, folder)
	}
}

func TestNoNameLeadsOutOfTheFolder(t *testing.T) {
	for _, name := range []string{"../x", "/etc/x", "files/../../x", "files/notes/../../../x.png", "search/x", "certificates/x"} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, part := range [][2]string{{"tutti-backup.json", `{"format":1}`}, {name, "x"}} {
			if err := w.WriteHeader(&tar.Header{Name: part[0], Size: int64(len(part[1])), Mode: 0o600}); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, part[1]); err != nil {
				t.Fatal(err)
			}
		}
		w.Close()
		parent := t.TempDir()
		if _, err := backup.Restore(&b, filepath.Join(parent, "data"), quiet); !errors.Is(err, backup.ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
		wantEntries(t, parent, "data")
		wantEntries(t, filepath.Join(parent, "data"))
	}
}

func TestRestoreRefusesAFolderInUseAndNewerFormats(t *testing.T) {
	h := newHouse(t)
	b := h.take()
	h.must(h.accounts.Close())
	if _, err := backup.Restore(bytes.NewReader(b), h.folder, quiet); !errors.Is(err, backup.ErrNotEmpty) {
		t.Errorf("over a server's data: %v", err)
	}
	folder := t.TempDir()
	h.must(os.MkdirAll(filepath.Join(folder, ".restoring", "files"), 0o700))
	if _, err := backup.Restore(bytes.NewReader(b), folder, quiet); err != nil {
		t.Errorf("after a restore that was interrupted: %v", err)
	}
	newer := bytes.Replace(b, []byte(`"format":1`), []byte(`"format":9`), 1)
	if _, err := backup.Restore(bytes.NewReader(newer), t.TempDir(), quiet); !errors.Is(err, store.ErrFormat) {
		t.Errorf("a newer format: %v", err)
	}
	if _, err := backup.Offline(h.folder).Take(); !errors.Is(err, store.ErrLocked) {
		t.Errorf("offline, while it is open: %v", err)
	}
}
