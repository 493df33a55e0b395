package search

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	bleveindex "github.com/blevesearch/bleve_index_api"

	"tutti/ot"
	"tutti/store"
)

// A document is read when it is at rest: nobody has written to it for quiet. One
// that doesn't come to rest is read after patience, since reading it costs many
// times what an edit does.
var (
	quiet    = 600 * time.Millisecond
	patience = 10 * time.Second
)

const (
	// looks is how often in a quiet somebody looks what is at rest. What is
	// found together makes a batch: each costs bleve some syncs.
	looks = 2
	// rest is how many times as long as a batch took the next one waits, so
	// that following thousands of documents in which people type costs at most
	// a twenty-fifth of a processor; when there is a backlog, half of one.
	rest    = 24
	backlog = 16 * batchDocuments
	// batchDocuments and batchBytes bound a batch.
	batchDocuments = 32
	batchBytes     = 2 << 20
	// textBytes is how much of a text can be found: a long novel. Analysing
	// takes a hundred times the memory of what is analysed.
	textBytes = 1 << 20
)

// retry is the pause after a failure. Tests are less patient.
var retry = 5 * time.Second

// follow brings the index forward until it is closed.
func (x *Index) follow() {
	defer close(x.done)
	for {
		err := x.compare()
		for err == nil {
			err = x.step()
		}
		if errors.Is(err, errEnded) {
			return
		}
		// What failed isn't known: compare finds out.
		x.log.Warn("the search index could not be brought forward", "error", err)
		if !x.pause(retry) {
			return
		}
	}
}

var errEnded = errors.New("search: closed")

// compare notes every document that the index has in another version than the
// store, or has although the store doesn't.
func (x *Index) compare() error {
	have, err := x.versions()
	if err != nil {
		return err
	}
	for info, err := range x.store.List() {
		if err != nil && (info.ID == "" || !errors.Is(err, store.ErrDamaged)) {
			return err
		}
		if err != nil { // nobody else meets it at the start, and it is in no list
			x.log.Error("a document is damaged and is not served", "document", info.ID, "error", err)
		}
		if err == nil && have[info.ID] != version(info) {
			x.notes.addDue(info.ID)
		}
		delete(have, info.ID)
	}
	for id := range have {
		x.notes.addDue(id)
	}
	return nil
}

// versions reads from the index what version it has of each document. It goes
// through all of them once: a search for everything, page by page, would for
// each page.
func (x *Index) versions() (have map[string]string, err error) {
	index, err := x.index.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := index.Reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	all, err := reader.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, all.Close()) }()
	have = map[string]string{}
	for {
		number, err := all.Next()
		if err != nil || number == nil {
			return have, err
		}
		id, err := reader.ExternalID(number)
		if err != nil {
			return nil, err
		}
		d, err := reader.Document(id)
		if err != nil {
			return nil, err
		}
		have[id] = ""
		if d == nil {
			continue
		}
		d.VisitFields(func(f bleveindex.Field) {
			if f.Name() == fieldVersion {
				have[id] = string(f.Value())
			}
		})
	}
}

// version names what of a document the index reads.
func version(info store.Info) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\n%q", info.Title, info.Tags.All())
	return fmt.Sprintf("%s.%d.%x", info.Epoch, info.Head.Rev, h.Sum64())
}

// step waits for something to read, reads a batch, and rests.
func (x *Index) step() error {
	if x.notes.count() == 0 {
		select {
		case <-x.notes.wake:
		case <-x.notes.stop:
			return errEnded
		}
	}
	wait := quiet / looks
	if x.notes.ripen(time.Now()) > 0 {
		began := time.Now()
		if err := x.batch(); err != nil {
			return err
		}
		took := time.Since(began)
		wait = max(wait, rest*took)
		if x.notes.ripen(time.Now()) >= backlog {
			wait = took
		}
	}
	if !x.pause(wait) {
		return errEnded
	}
	for x.trouble.stuck() {
		if !x.pause(quiet) {
			return errEnded
		}
	}
	return nil
}

// pause reports whether to go on after it.
func (x *Index) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-x.notes.stop:
		return false
	}
}

// batch reads some of the documents that are noted.
func (x *Index) batch() error {
	b := x.index.NewBatch()
	for documents, bytes := 0, 0; documents < batchDocuments && bytes < batchBytes; documents++ {
		id, ok := x.notes.take()
		if !ok {
			break
		}
		n, err := x.read(b, id)
		if err != nil {
			return err
		}
		bytes += n
	}
	err := x.index.Batch(b)
	if err == nil {
		x.notes.read()
	}
	return err
}

// read puts a document, as it is now, into a batch, and returns how many bytes
// of text that were.
func (x *Index) read(b *bleve.Batch, id string) (int, error) {
	info, v, err := x.hub.View(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		b.Delete(id)
		return 0, nil
	case errors.Is(err, store.ErrClosed):
		return 0, err
	case err != nil:
		// It stays as it was read last; the others must not wait for it.
		x.log.Warn("a document could not be read for the search index", "document", id, "error", err)
		return 0, nil
	}
	text := info.Title + "\n" + strings.Join(info.Tags.All(), "\n") + "\n" + Text(v.Doc)
	return len(text), b.Index(id, indexed{Title: info.Title, Text: text, Version: version(info)})
}

// Text returns what of a document's text can be found.
func Text(doc ot.Document) string {
	text := prefix{room: textBytes + utf8.UTFMax}
	_, _ = doc.WriteText(&text) // it never fails
	return cut(text.String(), textBytes)
}

// prefix keeps the beginning of what is written to it.
type prefix struct {
	strings.Builder
	room int
}

func (p *prefix) Write(b []byte) (int, error) {
	p.Builder.Write(b[:min(len(b), max(0, p.room-p.Len()))])
	return len(b), nil
}
