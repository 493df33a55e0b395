package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// Damage is something that is not as it was written.
type Damage struct {
	Document string // "": not that of one alone
	Rev      int64  // the first that is damaged; -1: it isn't in the records
	What     string // for people
}

func (d Damage) String() string {
	switch {
	case d.Document == "":
		return d.What
	case d.Rev < 0:
		return fmt.Sprintf("document %s: %s", d.Document, d.What)
	}
	return fmt.Sprintf("document %s, revision %d: %s", d.Document, d.Rev, d.What)
}

// Report is what Verify has found.
type Report struct {
	Documents int
	Records   int64
	Logged    int      // appends that the next Open brings in from the write-ahead log
	Damage    []Damage // the first of each document and kind; none: all is as it was written
}

// Verify reads the whole file at path, which no server has open, and compares
// all that is in it with its sums. It changes nothing. The error says why it
// could not look: ErrLocked, ErrFormat, ErrForeign.
//
// What it doesn't name is harmless: bytes that nothing points to, or that
// nobody reads.
func Verify(path string) (r Report, err error) {
	if stat, err := os.Stat(path); err != nil {
		return r, err
	} else if !stat.Mode().IsRegular() {
		return r, fmt.Errorf("store: %s: %w: %v", path, ErrForeign, stat.Mode())
	}
	db, err := bolt.Open(path, 0, &bolt.Options{ReadOnly: true, NoStatistics: true, Timeout: lockTimeout}) // for its lock
	if err != nil {
		return r, fmt.Errorf("store: %s: %w", path, openError(err))
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	file, err := os.Open(path)
	if err != nil {
		return r, err
	}
	defer file.Close()
	t, err := newTree(file)
	if err != nil {
		return r, fmt.Errorf("store: %s: %w", path, err)
	}
	v := &verifier{
		documents: map[string]bool{}, doubtful: map[string]string{}, graves: map[string]bool{}, heads: map[string]end{}, begun: map[string]bool{}, logged: map[string]bool{},
		named: map[string]bool{}, tallies: newTallies(),
	}
	if t.torn != nil {
		v.damage("", -1, "a meta page can't be read: unless the server crashed, what was saved last is gone")
	}
	t.bad = func(page uint64, what string) { v.damage("", -1, fmt.Sprintf("page %d can't be read: %s", page, what)) }
	t.pair = v.pair
	t.walk()
	switch number, err := strconv.Atoi(v.format); {
	case err == nil && number > format:
		return r, fmt.Errorf("store: %s: %w: its format is %d, this one knows format %d", path, ErrFormat, number, format)
	case err == nil && number < 4 && v.kept == nil:
		return r, fmt.Errorf("store: %s: %w", path, errOlder)
	case err != nil || number < 4:
		v.damage("", -1, "it doesn't say of what format it is")
	}
	for _, bucket := range buckets {
		if !t.met[string(bucket)] {
			v.damage("", -1, fmt.Sprintf("there are no %s", bucket))
		}
	}
	v.finish()
	logged, _, err := readWAL(walPath(path), v.applied)
	if v.report.Logged = len(logged); err != nil {
		v.damage("", -1, err.Error())
	}
	return v.report, nil
}

// end is what a head says of where the records end.
type end struct {
	rev  int64
	last uint32
	hurt bool // it can't be read
}

// verifier is given all pairs, bucket by bucket in the order of their names:
// those of the documents, graves and heads come before what belongs to them.
type verifier struct {
	report    Report
	format    string
	documents map[string]bool
	doubtful  map[string]string // those whose facts are damaged
	graves    map[string]bool
	heads     map[string]end
	begun     map[string]bool // their content at revision 0 is there
	logged    map[string]bool // they have records
	chain     chain           // of the document whose records come
	broken    bool            // and it is named where
	tallies   tallies         // counted
	kept      []byte          // as they are kept
	applied   uint64          // the frame of the write-ahead log up to which all is there
	named     map[string]bool // by document: what is named already
}

// damage names something, of each document only the first of its kind.
func (v *verifier) damage(id string, rev int64, what string) {
	if id != "" {
		kind := fmt.Sprint(id, "\x00", rev >= 0)
		if v.named[kind] {
			return
		}
		v.named[kind] = true
	}
	v.report.Damage = append(v.report.Damage, Damage{id, rev, what})
}

func (v *verifier) pair(bucket, key, value []byte) {
	switch string(bucket) {
	case string(bucketMeta):
		v.about(key, value)
		return
	case string(bucketRecords):
		v.record(key, value)
		return
	case string(bucketHeads), string(bucketReplacing):
	default:
		if !isTallied(bucket) {
			v.damage("", -1, fmt.Sprintf("there is a bucket %q", bucket))
			return
		}
		v.tallies.swap(bucket, nil, value)
	}
	id, _, _ := strings.Cut(string(key), "\x00")
	body, err := unseal(bucket, key, value)
	if err != nil {
		what := fmt.Sprintf("what is kept in %s under %q is not what was written", bucket, key)
		if string(bucket) == string(bucketDocuments) {
			v.doubtful[id] = what // the heads, which say whether that is an id, are still to come
		} else {
			v.damage(v.known(id), -1, what)
		}
	}
	switch string(bucket) {
	case string(bucketDocuments):
		v.documents[id] = true
		v.report.Documents++
	case string(bucketGraves):
		v.graves[id] = true
	case string(bucketHeads):
		head, last, _, bad := parseHead(id, body)
		v.heads[id] = end{head.Rev, last, err != nil || bad != nil}
	default:
		v.belongs(id)
	}
	if _, rev, ok := cutKey(key); ok && rev == 0 && string(bucket) == string(bucketSnapshots) {
		v.begun[id] = true
	}
}

// known is an id where there is such a document, else "": what isn't what was
// written may be the id itself.
func (v *verifier) known(id string) string {
	if _, head := v.heads[id]; head || v.documents[id] || v.graves[id] {
		return id
	}
	return ""
}

// about takes what the file says of itself.
func (v *verifier) about(key, value []byte) {
	switch string(key) {
	case string(keyFormat):
		v.format = string(value)
	case string(keyTallies):
		v.kept, _ = unseal(bucketMeta, key, value) // what is damaged is as good as missing
	case string(keyApplied):
		number, err := unseal(bucketMeta, key, value)
		if err != nil || len(number) != 8 {
			v.damage("", -1, "how much of the write-ahead log it has can't be read")
			return
		}
		v.applied = binary.BigEndian.Uint64(number)
	}
}

// belongs names what is left of no document.
func (v *verifier) belongs(id string) {
	if v.known(id) == "" {
		v.damage("", -1, fmt.Sprintf("there is something of a document %q, and not the document", id))
	}
}

func (v *verifier) record(key, value []byte) {
	id, _, ok := cutKey(key)
	if !ok {
		v.damage("", -1, fmt.Sprintf("a record lies under %q", key))
		return
	}
	body, _, _ := cutSeal(value)
	n, _ := recordsIn(body) // of a run that is damaged nobody knows
	v.report.Records += n
	if id != v.chain.id {
		v.endChain()
		v.chain, v.broken, v.logged[id] = chain{id: id}, false, true
		v.belongs(id)
	}
	if v.broken {
		return
	}
	if _, err := v.chain.next(key, value); err != nil {
		v.broken = true
		v.damage(v.known(id), v.chain.rev+1, "the record is missing, or not what was written")
	}
}

// endChain compares where the records of a document end with its head.
func (v *verifier) endChain() {
	c := v.chain
	head, ok := v.heads[c.id]
	switch {
	case !ok || v.broken || head.hurt: // it is named, or in its grave
	case c.rev < head.rev:
		v.damage(c.id, c.rev+1, "the record is missing")
	case c.rev > head.rev:
		v.damage(c.id, head.rev+1, "there is a record behind the last one")
	case c.last != head.last:
		v.damage(c.id, c.rev, "the record is not the one that was written last")
	}
}

func (v *verifier) finish() {
	v.endChain()
	for id, what := range v.doubtful {
		if _, ok := v.heads[id]; !ok {
			id = ""
		}
		v.damage(id, -1, what)
	}
	for id, head := range v.heads {
		if !v.documents[id] {
			v.damage(id, -1, "what the document is called is missing")
		}
		if head.rev > 0 && !head.hurt && !v.logged[id] {
			v.damage(id, 1, "the record is missing")
		}
	}
	for id := range v.documents {
		if _, ok := v.heads[id]; !ok {
			v.damage(id, -1, "its head is missing")
		}
		if !v.begun[id] {
			v.damage(id, -1, "its content at revision 0 is missing")
		}
	}
	kept, err := parseTallies(v.kept)
	if err != nil {
		v.damage("", -1, "how much there should be can't be read")
		return
	}
	for _, bucket := range tallied {
		if kept[string(bucket)] != v.tallies[string(bucket)] {
			v.damage("", -1, fmt.Sprintf("of what is kept in %s something is missing, or not what was written", bucket))
		}
	}
}
