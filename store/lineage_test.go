package store

import (
	"fmt"
	"path/filepath"
	"testing"
)

// Each renewal is written down with the revision at which it was, and metadata
// that is changed later keeps that. An epoch that begins in another way goes on
// from nothing.
func TestAnEpochIsRememberedByWhatGoesOnFromIt(t *testing.T) {
	b, err := Open(filepath.Join(t.TempDir(), "tutti.db"), noLog)
	must(t, err)
	defer b.Close()
	must(t, b.Create(testInfo("a"), []byte(`[]`)))
	lines, head := testRun(0, 3)
	must(t, b.Append("a", "e1", 0, lines, head))
	want := ""
	for i, at := range []string{"e1", ""} {
		if at == "" {
			info, err := b.Info("a")
			must(t, err)
			at = info.Epoch
			lines, head := testRun(3, 2)
			must(t, b.Append("a", at, 3, lines, head))
		}
		_, err := b.Renew()
		must(t, err)
		_, err = b.Update("a", func(i *Info) error { i.Title, i.Lineage = "another", Lineage{}; return nil })
		must(t, err)
		info, err := b.Info("a")
		must(t, err)
		want += fmt.Sprintf(`,{"epoch":%q,"rev":%d}`, at, 3+2*i)
		if got := string(info.Lineage.AppendJSON(nil)); got != "["+want[1:]+"]" || info.Epoch == at {
			t.Errorf("%s goes on from %s, want [%s]", info.Epoch, got, want[1:])
		}
	}
	for range 2 * lineageKept {
		_, err := b.Renew()
		must(t, err)
	}
	info, err := b.Info("a")
	must(t, err)
	if n := len(info.Lineage.All()); n != lineageKept {
		t.Errorf("it goes on from %d epochs", n)
	}
	must(t, b.committer.submit("a", func(w *writer) error {
		head, last, _, err := readEnd(w.tx, "a")
		w.put(bucketHeads, []byte("a"), appendHead(nil, head, last, "erased"))
		return err
	}))
	if info, err := b.Info("a"); err != nil || info.Lineage != (Lineage{}) {
		t.Errorf("it goes on from %v, %v", info.Lineage.All(), err)
	}
}

// A document of which a part is missing is damaged, and not free to be made
// anew; the others are listed and renewed.
func TestADocumentOfWhichAPartIsMissingIsDamaged(t *testing.T) {
	for name, bucket := range map[string][]byte{"what it is called": bucketDocuments, "its head": bucketHeads} {
		t.Run(name, func(t *testing.T) {
			b, err := Open(library(t), noLog)
			must(t, err)
			defer b.Close()
			must(t, b.committer.submit("b", func(w *writer) error {
				w.delete(bucket, []byte("b"))
				return nil
			}))
			_, err = b.Info("b")
			wantErr(t, err, ErrDamaged)
			_, err = b.Lines("b", 0, 10)
			if name == "its head" {
				wantErr(t, err, ErrDamaged)
			}
			wantErr(t, b.Create(testInfo("b"), nil), ErrExists)
			listed := ""
			for info, err := range b.List() {
				listed += fmt.Sprint(info.ID, " ", err == nil, " ")
			}
			if want := map[string]string{"its head": "a true b false c-d true ", "what it is called": "a true c-d true "}[name]; listed != want {
				t.Errorf("listed: %s, want %s", listed, want)
			}
			if _, err := b.Renew(); err != nil {
				t.Error(err)
			}
			if info, err := b.Info("c-d"); err != nil || info.Lineage == (Lineage{}) {
				t.Errorf("%+v, %v", info, err)
			}
		})
	}
}
