package store

import (
	"bytes"
	"encoding/binary"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"tutti/store/run"
)

// Records are packed a piece at a time: what takes long, encoding it and seeing
// that it comes back as it was, happens beside the committer, which then takes
// the rows out and puts the run in if nobody has changed them meanwhile.

const (
	// packAtOnce is how many rows one transaction takes out: some ms.
	packAtOnce = 1024
	// packBytes bounds the JSON of the records of a run. A larger record makes
	// one of its own.
	packBytes = 4 << 20
	// packedApart is the length of a stretch of revisions of which one snapshot
	// is kept, the last, once its records are packed. To read an old revision
	// means to replay half as many records.
	packedApart = 65536
	// deflateLeast is the size from which on a snapshot is deflated.
	deflateLeast = 512
)

// row is a row of a log, copied.
type row struct {
	first, records int64
	size           int // bytes of its records' JSON
	key, value     []byte
}

// Pack implements Store.
func (b *Bolt) Pack(id, epoch string, upto int64) (more bool, err error) {
	rows, err := b.packable(id, epoch, upto)
	if err != nil {
		return false, err
	}
	if len(rows) == 0 { // and all of them are whole
		return b.packSnapshot(id, epoch, upto)
	}
	var lines []Line
	for _, r := range rows {
		body, _, _ := cutSeal(r.value)
		more, err := linesOf(id, r.first, body)
		if err != nil {
			return false, err
		}
		lines = append(lines, more...)
	}
	body := runOf(lines)
	if body == nil {
		return false, fmt.Errorf("%w: %d records of %q from %d on", errUnpackable, len(lines), id, rows[0].first)
	}
	err = b.committer.submit(id, func(w *writer) error { return w.replace(id, epoch, rows, body) })
	return err == nil, err
}

var errUnpackable = fmt.Errorf("%w: they don't fit into a run", ErrMalformed)

// packable returns the rows that the next run is made of, none if all is
// packed: the first records that aren't, with the runs before them that are
// not much larger. So a log that grows slowly is packed as often as its size
// doubles, and has few runs.
func (b *Bolt) packable(id, epoch string, upto int64) (rows []row, err error) {
	err = b.view(func(tx *bolt.Tx) error {
		head, _, of, err := readEnd(tx, id)
		if err == nil && of != epoch {
			err = otherEpoch(id)
		}
		if err != nil {
			return err
		}
		if rows, err = unpacked(tx, id, min(upto, head.Rev)); err != nil {
			return err
		}
		for i := range rows {
			rows[i].key, rows[i].value = bytes.Clone(rows[i].key), bytes.Clone(rows[i].value)
		}
		return nil
	})
	return rows, err
}

// unpacked is packable with rows that are valid as long as the transaction.
func unpacked(tx *bolt.Tx, id string, upto int64) (rows []row, err error) {
	prefix := appendPrefix(nil, id)
	records := chain{id: id}
	raw, size := 0, 0
	c := tx.Bucket(bucketRecords).Cursor()
	for key, value := c.Seek(prefix); bytes.HasPrefix(key, prefix) && raw < packAtOnce; key, value = c.Next() {
		first := records.rev + 1
		body, err := records.next(key, value)
		if err != nil {
			return nil, err
		}
		one := row{first, records.rev + 1 - first, len(body), key, value}
		switch {
		case isRun(body) && raw > 0, records.rev > upto, raw > 0 && size+len(body) > packBytes:
			return withSmaller(rows, raw, size), nil
		case isRun(body):
			_, one.size, _ = run.Head(body) // the chain has looked
		case len(body) > run.MaxBytes:
			rows = rows[:0] // it stays as it is
			continue
		default:
			raw, size = raw+1, size+len(body)
		}
		rows = append(rows, one)
	}
	return withSmaller(rows, raw, size), nil
}

// withSmaller returns the raw rows at the end of rows, of that size, and the
// runs before them that go into one with them.
func withSmaller(rows []row, raw, size int) []row {
	if raw == 0 {
		return nil
	}
	from, records := len(rows)-raw, int64(raw)
	for ; from > 0; from-- {
		before := rows[from-1]
		if before.records > 2*records || before.records+records > run.MaxRecords || before.size+size > packBytes {
			break
		}
		records, size = records+before.records, size+before.size
	}
	return rows[from:]
}

// replace puts one row, with as many records, in the place of others that follow
// each other and are what they were. The row behind gets a new seal; it was what
// was written, or all is left alone: a seal must not make good what is damaged.
func (w *writer) replace(id, epoch string, rows []row, body []byte) error {
	head, last, of, err := readEnd(w.tx, id)
	if err != nil {
		return err
	}
	if of != epoch {
		return otherEpoch(id)
	}
	now, err := chainAfter(w.tx, id, rows[0].first-1)
	if err != nil {
		return err
	}
	bucket, was := w.tx.Bucket(bucketRecords), now
	for _, r := range rows {
		if !bytes.Equal(bucket.Get(r.key), r.value) {
			return fmt.Errorf("%w: the log of %q has changed", ErrConflict, id)
		}
		if _, err := was.next(r.key, r.value); err != nil {
			return err
		}
	}
	if was.rev == head.Rev && was.last != last {
		return fmt.Errorf("%w: the head of %q", ErrDamaged, id)
	}
	isLast, behind := was.rev == head.Rev, appendKey(nil, id, was.rev+1)
	var neighbour []byte
	if !isLast {
		if neighbour, err = was.next(behind, bytes.Clone(bucket.Get(behind))); err != nil {
			return err
		}
	}
	w.set(bucketRecords, rows[0].key, now.add(rows[0].key, body))
	for _, r := range rows[1:] {
		w.delete(bucketRecords, r.key)
	}
	if isLast {
		w.put(bucketHeads, []byte(id), appendHead(nil, head, now.last, epoch))
	} else {
		w.set(bucketRecords, behind, now.add(behind, neighbour))
	}
	return nil
}

// packSnapshot deflates or drops one of the snapshots up to a revision, and
// tells whether there was one to do that with.
func (b *Bolt) packSnapshot(id, epoch string, upto int64) (found bool, err error) {
	var key, value []byte
	var drop bool
	err = b.view(func(tx *bolt.Tx) error {
		if _, of, err := readHead(tx, id); err != nil {
			return err
		} else if of != epoch {
			return otherEpoch(id)
		}
		key, value, drop = unpackedSnapshot(tx, id, upto)
		key, value = bytes.Clone(key), bytes.Clone(value)
		return nil
	})
	if err != nil || key == nil {
		return false, err
	}
	content, err := unseal(bucketSnapshots, key, value)
	if err != nil {
		return false, err
	}
	smaller := deflate(content)
	return true, b.committer.submit(id, func(w *writer) error {
		if _, err := w.head(id, epoch); err != nil {
			return err
		}
		switch {
		case !bytes.Equal(w.tx.Bucket(bucketSnapshots).Get(key), value):
		case drop:
			w.delete(bucketSnapshots, key)
		default:
			w.put(bucketSnapshots, key, smaller)
		}
		return nil
	})
}

// unpackedSnapshot returns the newest snapshot up to a revision that isn't
// deflated, or is one too many; nil if there is none.
func unpackedSnapshot(tx *bolt.Tx, id string, upto int64) (key, value []byte, drop bool) {
	prefix := appendPrefix(nil, id)
	c := tx.Bucket(bucketSnapshots).Cursor()
	later := int64(-1)
	for key, value := seekBack(c, appendKey(nil, id, max(upto, 0))); ; key, value = c.Prev() {
		rev, ok := keyRev(key, prefix)
		if !ok {
			return nil, nil, false
		}
		drop := rev > 0 && later >= 0 && rev/packedApart == later/packedApart
		body, _, _ := cutSeal(value)
		if drop || len(body) >= deflateLeast && !isDeflated(body) {
			return key, value, drop
		}
		later = rev
	}
}

// deflated is what a snapshot begins with that is; no JSON does. Then comes its
// size.
const deflated = 1

func deflate(content []byte) []byte {
	body := binary.AppendUvarint([]byte{deflated}, uint64(len(content)))
	return run.Deflate(body, content)
}

func isDeflated(body []byte) bool { return len(body) > 0 && body[0] == deflated }

// inflate returns what deflate was given. ErrDamaged.
func inflate(body []byte) ([]byte, error) {
	size, n := binary.Uvarint(body[1:])
	if n <= 0 || size > 1<<40 {
		return nil, ErrDamaged
	}
	content, err := run.Inflate(body[1+n:], int(size))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return content, nil
}
