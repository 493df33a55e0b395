package store

import (
	"bytes"
	"fmt"
	"sync"

	bolt "go.etcd.io/bbolt"

	"tutti/store/run"
)

// The log of a document is kept in rows, each under the revision of its first
// record: a row has one record, as its JSON, or a run of them (store/run),
// which Pack makes of the older ones. A row is a link of the chain whatever it
// has.

// isRun tells whether a row has a run. No JSON begins like one.
func isRun(body []byte) bool { return len(body) > 0 && body[0] == run.Version }

// recordsIn is how many records a row has; it isn't ok where that can't be said.
func recordsIn(body []byte) (n int64, ok bool) {
	if !isRun(body) {
		return 1, true
	}
	records, _, err := run.Head(body)
	return int64(records), err == nil
}

// linesOf is what a row has: those of a run share no memory with it. ErrDamaged.
func linesOf(id string, first int64, body []byte) ([]Line, error) {
	if !isRun(body) {
		return []Line{{first, body}}, nil
	}
	r, err := decodeRun(id, first, body)
	if err != nil {
		return nil, err
	}
	return appendLines(nil, r, first, 0, r.Len()), nil
}

func decodeRun(id string, first int64, body []byte) (*run.Run, error) {
	r, err := run.Decode(first, body)
	if err != nil {
		return nil, fmt.Errorf("%w: the records of %q from %d on: %w", ErrDamaged, id, first, err)
	}
	return r, nil
}

// appendLines appends records of a run that begins with a revision.
func appendLines(lines []Line, r *run.Run, first int64, from, to int) []Line {
	room := make([]byte, 0, 160*(to-from))
	for i := from; i < to; i++ {
		start := len(room)
		room = r.AppendRecord(room, i) // where it moves, what came before stays where it was
		lines = append(lines, Line{first + int64(i), room[start:len(room):len(room)]})
	}
	return lines
}

// runOf is the row with a run of lines that follow each other; nil if there are
// too many for one, or they are too large. To change the lines of a row, take
// linesOf it, and put their run in its place if it was one (isRun).
func runOf(lines []Line) (body []byte) {
	records := make([][]byte, len(lines))
	for i, line := range lines {
		records[i] = line.JSON
	}
	return run.Encode(lines[0].Rev, records)
}

// seekLog moves a cursor to the row that has a record or, where none has, to
// the first behind it.
func seekLog(c *bolt.Cursor, id string, rev int64) (key, value []byte) {
	want := appendKey(nil, id, rev)
	key, value = seekBack(c, want)
	if first, ok := keyRev(key, want[:len(want)-8]); ok {
		body, _, _ := cutSeal(value)
		if n, ok := recordsIn(body); ok && first+n > rev {
			return key, value
		}
	}
	return c.Seek(want)
}

// seekLines returns lines whose JSON is valid as long as the transaction.
func (b *Bolt) seekLines(tx *bolt.Tx, id string, after int64, limit int) (lines []Line, err error) {
	prefix := appendPrefix(nil, id)
	c := tx.Bucket(bucketRecords).Cursor()
	var records chain
	key, value := seekLog(c, id, after+1)
	for ; len(lines) < limit && bytes.HasPrefix(key, prefix); key, value = c.Next() {
		first, _ := keyRev(key, prefix)
		if len(lines) == 0 {
			if records, err = chainAfter(tx, id, min(after, first-1)); err != nil {
				return nil, err
			}
		}
		body, err := records.next(key, value)
		if err != nil {
			return nil, err
		}
		if !isRun(body) {
			lines = append(lines, Line{first, body})
			continue
		}
		r, err := b.runs.decode(id, first, body)
		if err != nil {
			return nil, err
		}
		from := int(max(0, after+1-first))
		lines = appendLines(lines, r, first, from, min(r.Len(), from+limit-len(lines)))
	}
	return lines, nil
}

// runsKept is how many runs are kept decoded, of some 1 MB each: a log is read
// in pieces of a few lines, since a line may have megabytes, and to decode a
// run takes as long as to write out thousands of its lines.
const runsKept = 8

// runCache knows the runs that were read last.
type runCache struct {
	mu   sync.Mutex // guards what follows
	kept [runsKept]keptRun
	next int // whose place the next one takes
}

type keptRun struct {
	first int64
	body  []byte // it is that run if it is the same
	run   *run.Run
}

func (c *runCache) decode(id string, first int64, body []byte) (*run.Run, error) {
	c.mu.Lock()
	for _, one := range c.kept {
		if one.run != nil && one.first == first && bytes.Equal(one.body, body) {
			c.mu.Unlock()
			return one.run, nil
		}
	}
	c.mu.Unlock()
	r, err := decodeRun(id, first, body)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept[c.next] = keptRun{first, bytes.Clone(body), r}
	c.next = (c.next + 1) % runsKept
	return r, nil
}
