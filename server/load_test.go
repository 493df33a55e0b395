package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"tutti/e2e/client"
	"tutti/ot"
)

// loadEdits is how many edits the load makes; TUTTI_LOAD_EDITS sets another
// number, 10000 for a whole run.
func loadEdits(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("TUTTI_LOAD_EDITS"))
	if err != nil {
		n = 600
	}
	t.Logf("%d edits", n)
	return n
}

// load is 20 people who type and 20 programs that write into one document.
// Each edit brings a token, «name.number», that is like no other; and goes
// between tokens, never into one.
type load struct {
	*rest
	ctx    context.Context
	client *http.Client
	size   atomic.Int64 // the largest delta that a PUT or PATCH came to, in bytes
	strict atomic.Int64 // how many strict writes were committed
	moved  atomic.Int64 // how many were refused
}

const (
	loadFirstLine = `{"insert":"the quick "},{"insert":"brown","attributes":{"bold":true}},{"insert":" fox"},{"insert":"\n","attributes":{"header":1}}`
	loadContent   = `[` + loadFirstLine + `,{"insert":"«begin»\n"}]`
)

// TestPeopleTypeAndProgramsWriteAndNobodyLosesALetter is the first
// must-show, and its second: some of the programs are strict.
func TestPeopleTypeAndProgramsWriteAndNobodyLosesALetter(t *testing.T) {
	onEachStore(t, func(s *rest) {
		edits := loadEdits(s.t.(*testing.T)) / 40
		s.create("d", "rich", loadContent)
		ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Minute)
		defer cancel()
		l := &load{rest: s, ctx: ctx, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 40}}}
		defer l.client.CloseIdleConnections()

		var people []*client.Client
		for i := range 20 {
			p := client.Start(client.Config{URL: func() string { return s.http.URL }, Document: "d", Name: fmt.Sprint("person ", i)})
			defer p.Close()
			people = append(people, p)
		}
		watcher := people[0]
		if err := watcher.Reached(ctx, 0); err != nil {
			s.t.Fatal(err)
		}
		fox := int64(len("the quick brown f"))
		watcher.SetCursor(&client.Cursor{Anchor: fox, Head: fox + 1}) // the o
		s.eventually("the cursor is known", func() bool {             // before its person types: then it moves by itself
			var list seats
			s.call("GET", "/documents/d/sessions", "").ok().into(&list)
			for _, p := range list.Items {
				if p.Cursor != nil {
					return true
				}
			}
			return false
		})

		var group sync.WaitGroup
		run := func(name string, f func(random *rand.Rand, name string, edits int) error) {
			group.Go(func() {
				random := rand.New(rand.NewPCG(uint64(len(name)), uint64(name[len(name)-1])))
				if err := f(random, name, edits); err != nil {
					s.t.Errorf("%s: %v", name, err)
				}
			})
		}
		for i, p := range people {
			run(fmt.Sprint("t", i), func(random *rand.Rand, name string, edits int) error { return l.typist(p, random, name, edits) })
		}
		for i := range 20 {
			switch {
			case i < 8:
				run(fmt.Sprint("u", i), l.putter)
			case i < 16:
				run(fmt.Sprint("p", i), l.patcher)
			default:
				run(fmt.Sprint("s", i), l.strictWriter)
			}
		}
		// Meanwhile the first line is rewritten by one who had it at revision 0.
		first := "the slow brown fox\n«begin»\n"
		w := s.put("d", plain, first, "If-Match", `"0"`).written()
		group.Wait()

		for i, p := range people {
			if err := errors.Join(p.Settled(ctx), p.Reached(ctx, s.head("d"))); err != nil {
				s.t.Fatalf("person %d: %v", i, err)
			}
		}
		l.verify(people, edits, w)
	})
}

// verify looks at what the load has left.
func (l *load) verify(people []*client.Client, edits int, w written) {
	text := l.replay("d").Text()
	for _, who := range l.writers() {
		for i := range edits {
			if token := fmt.Sprintf("«%s.%d»", who, i); strings.Count(text, token) != 1 {
				l.t.Errorf("%s is there %d times", token, strings.Count(text, token))
			}
		}
	}
	if tokens := 40*edits + 1; strings.Count(text, "«") != tokens || strings.Count(text, "»") != tokens {
		l.t.Errorf("there are %d tokens and parts of such, want %d", strings.Count(text, "«"), tokens)
	}
	content := l.content("d")
	for i, p := range people {
		p.View(func(m *client.Machine, _ map[string]client.Person) {
			if local := m.Local(); string(local.AppendJSON(nil)) != content {
				l.t.Errorf("person %d has another content", i)
			}
		})
		if p.Welcomes() != 1 || p.Err() != nil {
			l.t.Errorf("person %d was let in %d times: %v", i, p.Welcomes(), p.Err())
		}
	}
	if want := strings.Replace(loadFirstLine, "quick", "slow", 1); !strings.HasPrefix(content, "["+want) {
		l.t.Errorf("the first line is %.300s", content)
	}
	if len(w.Op) >= 200 || l.size.Load() >= 200 {
		l.t.Errorf("to change a word took %s; the largest write of a token %d bytes", w.Op, l.size.Load())
	}
	var list seats
	l.call("GET", "/documents/d/sessions", "").ok().into(&list)
	o := strings.Index(text, "ox")
	stays := false
	for _, p := range list.Items {
		stays = stays || p.Name == "person 0" && p.Cursor != nil && p.Cursor.Anchor == o && p.Cursor.Head == o+1
	}
	if !stays {
		l.t.Errorf("the cursor is not on the o any more: %+v", list.Items)
	}
	if l.strict.Load() != int64(4*edits) {
		l.t.Errorf("%d strict writes were committed", l.strict.Load())
	}
	l.t.Logf("%d strict writes were refused, the largest delta had %d bytes", l.moved.Load(), l.size.Load())
}

// writers are the names of all who write tokens.
func (l *load) writers() (names []string) {
	for i := range 20 {
		names = append(names, fmt.Sprint("t", i), fmt.Sprint(string("uuuuuuuuppppppppssss"[i]), i))
	}
	return names
}

// boundary picks a place between tokens, in bytes: before one, or before the
// last newline.
func boundary(random *rand.Rand, text string) int {
	first := strings.Index(text, "«")
	at := first + random.IntN(len(text)-first)
	if i := strings.Index(text[at:], "«"); i >= 0 {
		return at + i
	}
	return len(text) - 1
}

// insertToken inserts a token at a place of a text, in bytes. All that is there is
// one unit a character.
func insertToken(text string, at int, token string) ot.Delta {
	return ot.Delta{}.Retain(utf8.RuneCountInString(text[:at]), nil).Insert(token, nil)
}

func (l *load) typist(p *client.Client, random *rand.Rand, name string, edits int) error {
	if err := p.Reached(l.ctx, 0); err != nil {
		return err
	}
	for i := range edits {
		err := p.Edit(func(doc ot.Document) ot.Delta {
			text := doc.Text()
			return insertToken(text, boundary(random, text), fmt.Sprintf("«%s.%d»", name, i))
		})
		if err != nil {
			return err
		}
		if random.IntN(3) > 0 { // else it goes on without waiting
			if err := p.Settled(l.ctx); err != nil {
				return err
			}
		}
	}
	return p.Settled(l.ctx)
}

// stale picks a revision not too far back.
func (l *load) stale(random *rand.Rand) (int64, error) {
	info, err := l.store.Info("d")
	if err != nil {
		return 0, err
	}
	return max(0, info.Head.Rev-random.Int64N(300)), nil
}

func (l *load) putter(random *rand.Rand, name string, edits int) error {
	for i := range edits {
		rev, err := l.stale(random)
		if err != nil {
			return err
		}
		media := []string{plain, delta}[random.IntN(2)]
		body, header, err := l.request("GET", fmt.Sprint("/documents/d/content?rev=", rev), "", http.Header{"Accept": {media}})
		if err != nil {
			return err
		}
		token := fmt.Sprintf("«%s.%d»", name, i)
		if body, err = withToken(random, media, body, token); err != nil {
			return err
		}
		if _, err := l.write("PUT", "/documents/d/content", body, http.Header{"Content-Type": {media}, "If-Match": {header.Get("ETag")}}); err != nil {
			return err
		}
	}
	return nil
}

// withToken puts a token into a content.
func withToken(random *rand.Rand, media, body, token string) (string, error) {
	if media == plain {
		at := boundary(random, body)
		return body[:at] + token + body[at:], nil
	}
	content, err := ot.Parse([]byte(body))
	if err != nil {
		return "", err
	}
	doc, err := ot.NewDocument(content)
	if err != nil {
		return "", err
	}
	text := doc.Text()
	doc, err = doc.Apply(insertToken(text, boundary(random, text), token))
	return string(doc.AppendJSON(nil)), err
}

func (l *load) patcher(random *rand.Rand, name string, edits int) error {
	for i := range edits {
		rev, err := l.stale(random)
		if err != nil {
			return err
		}
		text, _, err := l.request("GET", fmt.Sprint("/documents/d/content?rev=", rev), "", http.Header{"Accept": {plain}})
		if err != nil {
			return err
		}
		edit := someEdit(random, text, fmt.Sprintf("«%s.%d»", name, i))
		body := fmt.Sprintf(`{"rev":%d,"edits":[%s]}`, rev, edit)
		if _, err := l.write("PATCH", "/documents/d/content", body, http.Header{"Content-Type": {"application/json"}}); err != nil {
			return fmt.Errorf("%s: %w", edit, err)
		}
	}
	return nil
}

// someEdit is an edit of any kind that brings a token.
func someEdit(random *rand.Rand, text, token string) string {
	at := boundary(random, text)
	if at == len(text)-1 {
		return fmt.Sprintf(`{"append":%q}`, token)
	}
	next := text[at : at+strings.Index(text[at:], "»")+len("»")]
	units := utf8.RuneCountInString(text[:at])
	return []string{
		fmt.Sprintf(`{"op":[{"retain":%d},{"insert":%q}]}`, units, token),
		fmt.Sprintf(`{"find":%q,"replace":%q}`, next, token+next),
		fmt.Sprintf(`{"find":%q,"replace":%q,"occurrence":1}`, next, next+token),
		fmt.Sprintf(`{"insert":%q,"at":%d}`, token, units),
		fmt.Sprintf(`{"insert":%q,"after":%q}`, token, next),
		fmt.Sprintf(`{"append":""},{"insert":%q,"after":%q,"occurrence":1}`, token, next),
	}[random.IntN(6)]
}

// strictWriter writes on the head or not at all, until all its tokens are in.
func (l *load) strictWriter(random *rand.Rand, name string, edits int) error {
	for i := 0; i < edits; {
		rev, err := l.stale(random)
		if err != nil {
			return err
		}
		if random.IntN(10) > 0 { // else it tries with an old one
			info, err := l.store.Info("d")
			if err != nil {
				return err
			}
			rev = info.Head.Rev
		}
		body := fmt.Sprintf(`{"rev":%d,"strict":true,"edits":[{"append":"«%s.%d»"}]}`, rev, name, i)
		w, err := l.write("PATCH", "/documents/d/content", body, http.Header{"Content-Type": {"application/json"}})
		switch {
		case errors.Is(err, errMoved):
			l.moved.Add(1)
		case err != nil:
			return err
		case w.Revision != rev+1:
			return fmt.Errorf("a strict write on revision %d was committed as %d", rev, w.Revision)
		default:
			l.strict.Add(1)
			i++
		}
	}
	return nil
}

var errMoved = errors.New("412")

// request makes a call without ending the test, which only its own goroutine
// may do.
func (l *load) request(method, path, body string, header http.Header) (string, http.Header, error) {
	r, err := http.NewRequestWithContext(l.ctx, method, l.http.URL+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		return "", nil, err
	}
	r.Header = header
	resp, err := l.client.Do(r)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return "", nil, err
	case resp.StatusCode == http.StatusPreconditionFailed:
		return "", nil, errMoved
	case resp.StatusCode != http.StatusOK:
		return "", nil, fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, b)
	}
	return string(b), resp.Header, nil
}

func (l *load) write(method, path, body string, header http.Header) (w written, err error) {
	answer, _, err := l.request(method, path, body, header)
	if err != nil {
		return w, err
	}
	if err := json.Unmarshal([]byte(answer), &w); err != nil {
		return w, err
	}
	for {
		largest := l.size.Load()
		if int64(len(w.Op)) <= largest || l.size.CompareAndSwap(largest, int64(len(w.Op))) {
			return w, nil
		}
	}
}
