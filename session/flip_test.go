package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"tutti/ot"
	"tutti/store"
)

// shelf is a file with documents, and a hub over it.
type shelf struct {
	t    *testing.T
	path string
	st   *store.Bolt
	hub  *Hub
}

var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

// openShelf returns the error of the store.
func openShelf(t *testing.T, path string) (*shelf, error) {
	st, err := store.Open(path, store.Options{Log: silent})
	if err != nil {
		return nil, err
	}
	return &shelf{t, path, st, NewHub(st, Options{Log: silent, Snapshot: 16})}, nil
}

func (s *shelf) close() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := errors.Join(s.hub.Close(ctx), s.st.Close()); err != nil {
		s.t.Errorf("Close: %v", err)
	}
}

func (s *shelf) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

var shelved = []string{"a", "b", "b-2", "rich"}

// fill writes some of everything.
func (s *shelf) fill() {
	for i, id := range shelved {
		info, content := store.Info{ID: id, Kind: ot.Text, Epoch: "e-" + id, Title: "Title of " + id}, ot.Delta{}
		if id == "rich" {
			info.Kind, content = ot.Rich, ot.Delta{}.Insert("\n", nil)
		}
		info.Head.Length = int64(content.Length())
		s.must(s.st.Create(info, content.AppendJSON(nil)))
		for n := range int64(40 + 20*i) {
			_, err := s.hub.Submit(context.Background(), id, Submission{Client: fmt.Sprint("client-", n%3), Seq: n + 1, User: store.User{ID: "u", Name: "Ada"}, Rev: n, Op: ot.Delta{}.Insert(fmt.Sprintf("%s%d ", id, n), nil)})
			s.must(err)
		}
		s.must(s.st.SaveVersion(id, info.Epoch, store.Version{Rev: 10, Name: "ten"}))
		s.must(s.st.SaveOrigins(id, info.Epoch, 10, []byte("origins")))
		for range 5 {
			_, err := s.hub.Say(id, info.Epoch, store.Message{Text: "hello " + id, User: store.User{ID: "u", Name: "Ada"}})
			s.must(err)
		}
		for more := id == "b-2"; more; { // of which a part is packed
			var err error
			more, err = s.st.Pack(id, info.Epoch, 50)
			s.must(err)
		}
	}
}

// shown is what people are shown of a document, now and in its past.
func (s *shelf) shown(id string) (string, error) {
	info, v, err := s.hub.View(id)
	if err != nil {
		return "", err
	}
	all := fmt.Sprintf("%s %d %q", info.Title, v.Rev, v.Doc.Text())
	for _, rev := range []int64{0, 7, info.Head.Rev / 2} {
		_, old, err := s.hub.ViewAt(id, rev)
		if err != nil {
			return "", err
		}
		all += fmt.Sprintf(" %q", old.Doc.Text())
	}
	lines, err := s.st.Lines(id, 0, 1000)
	for _, line := range lines {
		all += string(line.JSON)
	}
	if err != nil {
		return "", err
	}
	sess, err := s.hub.Join(id, helloOf("p"), who("p"))
	if err != nil {
		return "", err
	}
	sess.Leave()
	return all, nil
}

// places are the bytes of a file that are to be changed: of each page what says
// how it is built, and others by chance. TUTTI_FLIPS says how many of those;
// "all" takes every byte.
func places(t *testing.T, file []byte, rng *rand.Rand) (at []int) {
	const page = 4096
	byChance := 8
	switch said := os.Getenv("TUTTI_FLIPS"); said {
	case "":
	case "all":
		byChance = page
	default:
		var err error
		if byChance, err = strconv.Atoi(said); err != nil {
			t.Fatal(err)
		}
	}
	for from := 0; from < len(file); from += page {
		for i := range 32 {
			at = append(at, from+i)
		}
		if from < 2*page {
			for i := 32; i < 80; i++ { // the metas
				at = append(at, from+i)
			}
		}
		for range min(byChance, page-1) {
			if byChance >= page {
				break
			}
			at = append(at, from+rng.IntN(page))
		}
		for i := 32; byChance >= page && i < page; i++ {
			at = append(at, from+i)
		}
	}
	return at
}

// One byte of the file is another, whichever it is: verify names the document,
// or the page, or all is served as it was. A document that is named is not
// served, or as it was; the others are served as they were, also while they are
// written to. Where pages can't be read, the file is refused as a whole, and
// repaired it is served: what is shown then was always so. Nothing panics.
func TestOneByteThatChangedCostsNoOtherDocument(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tutti.db")
	s, err := openShelf(t, path)
	if err != nil {
		t.Fatal(err)
	}
	s.fill()
	want := map[string]string{}
	for _, id := range shelved {
		want[id], err = s.shown(id)
		s.must(err)
	}
	s.close()
	whole, err := os.ReadFile(path)
	s.must(err)
	whole = whole[:(len(bytes.TrimRight(whole, "\x00"))+4095)/4096*4096] // bbolt makes a file longer than it needs
	seed := rand.Uint64()
	t.Logf("seed %d, %d pages", seed, len(whole)/4096)
	rng := rand.New(rand.NewPCG(seed, 0))
	flips := &flips{t: t, want: want, path: filepath.Join(t.TempDir(), "changed.db"), meta: 2 * 4096}
	for _, at := range places(t, whole, rng) {
		broken := bytes.Clone(whole)
		broken[at] ^= 1 << rng.IntN(8)
		s.must(os.WriteFile(flips.path, broken, 0o600))
		flips.try(at)
	}
	t.Logf("%+v", flips.count)
	if c := flips.count; c.Document < 50 || c.Refused < 50 || c.Harmless < 50 {
		t.Error("too little was damaged to tell")
	}
}

type flips struct {
	t     *testing.T
	want  map[string]string
	path  string
	meta  int // where the pages begin that aren't metas
	count struct {
		All, Harmless, Document, General, Refused, Repaired, ServedAfterRepair, DamagedAfterRepair int
	}
}

func (f *flips) try(at int) {
	t := f.t
	f.count.All++
	r, err := store.Verify(f.path)
	named, general := map[string]bool{}, err != nil
	for _, d := range r.Damage {
		named[d.Document] = true
		general = general || d.Document == ""
	}
	switch {
	case general:
		f.count.General++
	case len(named) > 0:
		f.count.Document++
	default:
		f.count.Harmless++
	}
	s, err := openShelf(t, f.path)
	if err != nil {
		f.refused(at, general, err)
		return
	}
	defer s.close()
	for _, id := range shelved {
		got, err := s.shown(id)
		switch {
		case err != nil && !errors.Is(err, store.ErrDamaged):
			t.Errorf("byte %d: %s: %v", at, id, err)
		case err != nil && !named[id] && !general:
			t.Errorf("byte %d: %s isn't named, and %v", at, id, err)
		case err == nil && got != f.want[id] && at >= f.meta: // a meta that is lost is an older state
			t.Errorf("byte %d: %s is served as %.300s", at, id, got)
		case err == nil:
			f.write(s, at, id)
		}
	}
}

// write has somebody type in a document that is served.
func (f *flips) write(s *shelf, at int, id string) {
	_, before, err := s.hub.View(id)
	if err != nil {
		f.t.Errorf("byte %d: %s: %v", at, id, err)
		return
	}
	_, err = s.hub.Submit(context.Background(), id, Submission{Client: "another", Seq: 1, User: store.User{ID: "u2", Name: "Bob"}, Rev: before.Rev, Op: ot.Delta{}.Insert("!", nil)})
	if err != nil {
		// A document of which something is damaged that nobody was shown.
		if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrUnavailable) {
			f.t.Errorf("byte %d: nobody can write to %s: %v", at, id, err)
		}
		return
	}
	if _, now, err := s.hub.View(id); err != nil || now.Doc.Text() != "!"+before.Doc.Text() {
		f.t.Errorf("byte %d: %s, written to: %v", at, id, err)
	}
}

// refused repairs a file that can't be opened.
func (f *flips) refused(at int, named bool, err error) {
	t := f.t
	f.count.Refused++
	if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrForeign) && !errors.Is(err, store.ErrFormat) {
		t.Errorf("byte %d: refused with %v", at, err)
	}
	if !named {
		t.Errorf("byte %d: nothing is named, and it is refused: %v", at, err)
	}
	defer os.Remove(f.path + ".damaged")
	if _, err := store.Repair(f.path); err != nil {
		return
	}
	s, err := openShelf(t, f.path)
	if err != nil {
		t.Errorf("byte %d: repaired, it is refused: %v", at, err)
		return
	}
	defer s.close()
	f.count.Repaired++
	for _, id := range shelved {
		_, v, err := s.hub.View(id)
		switch {
		case errors.Is(err, store.ErrDamaged), errors.Is(err, store.ErrNotFound):
			f.count.DamagedAfterRepair++
		case err != nil:
			t.Errorf("byte %d: repaired, %s: %v", at, id, err)
		case !bytes.Contains([]byte(f.want[id]), fmt.Appendf(nil, " %d %q", v.Rev, v.Doc.Text())):
			t.Errorf("byte %d: repaired, %s is %.300q", at, id, v.Doc.Text())
		default:
			f.count.ServedAfterRepair++
		}
	}
}
