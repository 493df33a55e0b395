package search

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"tutti/ot"
	"tutti/session"
	"tutti/store"
)

func utf16Of(r rune) []uint16 { return utf16.AppendRune(nil, r) }

// library is a store with an index that follows it.
type library struct {
	t      testing.TB
	store  *store.Watched
	hub    *session.Hub
	folder string
	*Index
}

func newLibrary(t testing.TB) *library {
	if _, measures := t.(*testing.B); !measures { // tests don't wait for people to pause
		usual := quiet
		t.Cleanup(func() { quiet = usual }) // once the index is closed, which reads it
		quiet = 20 * time.Millisecond
	}
	st := store.Watch(store.NewMemory())
	l := &library{t: t, store: st, hub: session.NewHub(st, session.Options{Log: slog.New(slog.DiscardHandler)}), folder: filepath.Join(t.TempDir(), "search")}
	l.open()
	t.Cleanup(func() {
		l.Close()
		l.hub.Close(t.Context())
	})
	return l
}

func (l *library) open() {
	l.t.Helper()
	var err error
	l.Index, err = Open(Options{Folder: l.folder, Store: l.store, Hub: l.hub, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *library) add(id, title, content string, tags ...string) {
	l.t.Helper()
	doc, err := ot.NewDocument(ot.Delta{}.Insert(content, nil))
	if err == nil {
		err = l.store.Create(store.Info{ID: id, Kind: ot.Text, Title: title, Tags: store.NewTags(tags...), Epoch: "e",
			Head: store.Head{Length: int64(doc.Length())}}, doc.AppendJSON(nil))
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

// settle waits until the index has read everything.
func (l *library) settle() {
	l.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); l.Behind() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("%d documents are still to be read", l.Behind())
		}
	}
}

// found returns the ids of what a query finds, the best first.
func (l *library) found(query string) string {
	l.t.Helper()
	hits, err := l.Search(ParseQuery(query), 100)
	if err != nil {
		l.t.Fatal(err)
	}
	var ids []string
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	return strings.Join(ids, " ")
}

func (l *library) want(query, ids string) {
	l.t.Helper()
	if got := l.found(query); got != ids {
		l.t.Errorf("%q finds %q, want %q", query, got, ids)
	}
}

func TestSearch(t *testing.T) {
	l := newLibrary(t)
	l.add("minutes", "Minutes of the meeting", "We spoke about the budget and the café.", "2026")
	l.add("budget", "Budget", "Numbers only.")
	l.add("tokyo", "旅行", "東京都に行く")
	l.add("empty", "", "")
	l.settle()
	l.want("budget", "budget minutes") // the title weighs more
	l.want("budg", "budget minutes")
	l.want("the CAFE", "minutes")
	l.want("budget cafe", "minutes")
	l.want("meeting budget", "minutes")
	l.want("mee budget", "") // only the last word is unfinished
	l.want("2026", "minutes")
	l.want("東", "tokyo")
	l.want("東京", "tokyo")
	l.want("京都に", "tokyo")
	l.want("京東", "")
	l.want("旅行 東京", "tokyo")
	for _, nothing := range []string{"", "  ", "!?", "zzz"} {
		l.want(nothing, "")
	}
}

func TestIndexFollows(t *testing.T) {
	l := newLibrary(t)
	l.add("a", "old", "alpha\n")
	l.settle()
	_, err := l.hub.Submit(t.Context(), "a", session.Submission{Client: "c", User: store.User{ID: "u"}, Seq: 1, Op: ot.Delta{}.Retain(5, nil).Insert(" omega", nil)})
	if err != nil {
		t.Fatal(err)
	}
	l.settle()
	l.want("omega", "a")
	if _, err := l.hub.Update("a", func(i *store.Info) error { i.Title = "new"; return nil }); err != nil {
		t.Fatal(err)
	}
	l.settle()
	l.want("new", "a")
	l.want("old", "")
	if err := l.store.Delete("a"); err != nil {
		t.Fatal(err)
	}
	l.settle()
	l.want("alpha", "")
}

func TestIndexCatchesUp(t *testing.T) {
	l := newLibrary(t)
	for i := range 300 {
		l.add(fmt.Sprint("d", i), fmt.Sprint("title", i), "same words")
	}
	l.settle()
	l.Close()
	if err := l.store.Delete("d7"); err != nil {
		t.Fatal(err)
	}
	l.add("late", "", "newcomer")
	if _, err := l.store.Update("d8", func(i *store.Info) error { i.Title = "renamed"; return nil }); err != nil {
		t.Fatal(err)
	}
	l.open()
	l.until("newcomer", "late")
	l.settle()
	l.want("title7 ", "")
	l.want("title8 ", "")
	l.want("renamed", "d8")
	l.want("title9 ", "d9")
}

// until waits for a query to find this: the index compares before it notes.
func (l *library) until(query, ids string) {
	l.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); l.found(query) != ids; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("%q never finds %q", query, ids)
		}
	}
}

func TestIndexIsMadeAnew(t *testing.T) {
	l := newLibrary(t)
	l.add("a", "title", "content")
	l.settle()
	for name, harm := range map[string]func() error{
		"removed": func() error { return os.RemoveAll(l.folder) },
		"no meta": func() error { return os.Remove(filepath.Join(l.folder, "index_meta.json")) },
		"cut":     func() error { return os.Truncate(filepath.Join(l.folder, "store", "root.bolt"), 100) },
		"overwritten": func() error {
			return os.WriteFile(filepath.Join(l.folder, "store", "root.bolt"), make([]byte, 65536), 0o600)
		},
		"other format": func() error {
			index, err := openIndex(l.folder, slog.New(slog.DiscardHandler))
			if err == nil {
				err = index.SetInternal(formatKey, []byte("0"))
			}
			if err != nil {
				return err
			}
			return index.Close()
		},
	} {
		l.Close()
		if err := harm(); err != nil {
			t.Fatal(name, err)
		}
		l.open()
		l.until("content", "a")
	}
}
