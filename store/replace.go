package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"tutti/store/run"
)

// What is replaced in a history may be all of a long log, which doesn't fit
// into one transaction. So it is written beside, in a bucket that is there only
// meanwhile; then one small transaction decides that it holds; then it is put
// into its place, piece by piece, between the writes of others, and the last
// piece begins the new epoch. A crash before the decision leaves nothing, one
// after it is made good when the file is opened again: half of it would be
// worse than nothing, since who looks for the rest of a text would not find it.
//
// In its place a row of the log needs a new seal, and so does the one behind it;
// no other knows of it. So after each piece the chain is whole.

// bucketReplacing sorts behind the heads, which Verify must have met.
var bucketReplacing = []byte("replacing") // id 0x00 → state, next epoch; id 0x00 kind rev → what replaces it

// The states of a replacement.
const (
	filling = 1
	decided = 2
)

// The kinds of what is replaced.
const (
	kindLine     = 'l'
	kindSnapshot = 's'
)

// replaceKeys and replaceBytes bound what is put into its place in one
// transaction; the last may go beyond.
const (
	replaceKeys  = 4096
	replaceBytes = 4 << 20
)

func appendReplacing(dst []byte, id string, kind byte, rev int64) []byte {
	return binary.BigEndian.AppendUint64(append(appendPrefix(dst, id), kind), uint64(rev))
}

// Replace implements Store. There is one at a time: what is found beside when
// it begins was left by one that failed.
func (b *Bolt) Replace(id, epoch string, at int64, next string, fill func(Replacement) error) error {
	b.replacing.Lock()
	defer b.replacing.Unlock()
	if err := b.settle(id); err != nil {
		return err
	}
	if err := b.dropReplacing(id); err != nil {
		return err
	}
	head := func(w *writer) error {
		head, err := w.head(id, epoch)
		if err == nil && head.Rev != at {
			err = fmt.Errorf("%w: %q is at revision %d, not %d", ErrConflict, id, head.Rev, at)
		}
		return err
	}
	state := func(s byte) func(*writer) error {
		return func(w *writer) error {
			if err := head(w); err != nil {
				return err
			}
			if _, w.err = w.tx.CreateBucketIfNotExists(bucketReplacing); w.err == nil {
				w.put(bucketReplacing, appendPrefix(nil, id), append([]byte{s}, next...))
			}
			return nil
		}
	}
	err := b.committer.submit(id, state(filling))
	if err == nil {
		err = fill(&boltReplacement{store: b, id: id, at: at})
	}
	if err != nil {
		return errors.Join(err, b.dropReplacing(id))
	}
	switch err := b.committer.submit(id, state(decided)); {
	case errors.Is(err, ErrUnknown):
		return err // whoever opens the file, or replaces something next, sees what became of it
	case err != nil:
		return errors.Join(err, b.dropReplacing(id))
	}
	if err := b.settle(id); err != nil {
		return fmt.Errorf("%w: it is carried on later: %w", ErrUnknown, err)
	}
	return nil
}

// boltReplacement is what fill puts into.
type boltReplacement struct {
	store *Bolt
	id    string
	at    int64
}

var _ Replacement = (*boltReplacement)(nil)

// Lines implements Replacement.
func (r *boltReplacement) Lines(lines []Line) error {
	if err := checkReplaced(r.id, r.at, lines); err != nil {
		return err
	}
	return r.store.committer.submit(r.id, func(w *writer) error {
		if w.tx.Bucket(bucketReplacing) == nil {
			return notFound(r.id) // it was deleted meanwhile
		}
		for _, line := range lines {
			w.put(bucketReplacing, appendReplacing(nil, r.id, kindLine, line.Rev), line.JSON)
		}
		return nil
	})
}

// Snapshot implements Replacement.
func (r *boltReplacement) Snapshot(rev int64, content []byte) error {
	return r.store.committer.submit(r.id, func(w *writer) error {
		if w.tx.Bucket(bucketReplacing) == nil {
			return notFound(r.id)
		}
		if w.tx.Bucket(bucketSnapshots).Get(appendKey(nil, r.id, rev)) == nil {
			return noSnapshot(r.id, rev)
		}
		w.put(bucketReplacing, appendReplacing(nil, r.id, kindSnapshot, rev), content)
		return nil
	})
}

// settle puts into its place what was decided about a document, if anything.
func (b *Bolt) settle(id string) error {
	for done := false; !done; {
		var damage error // what is done by then is kept: an error of the job's would say that it wrote nothing
		err := b.committer.submit(id, func(w *writer) error {
			done, damage = w.settle(id)
			return nil
		})
		if err = errors.Join(err, damage); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) settle(id string) (done bool, err error) {
	if w.tx.Bucket(bucketReplacing) == nil {
		return true, nil
	}
	prefix := appendPrefix(nil, id)
	state, err := get(w.tx, bucketReplacing, prefix)
	if err != nil || len(state) == 0 || state[0] != decided {
		return true, err
	}
	next := string(state[1:])
	pieces, err := w.beside(prefix)
	for rest := pieces; len(rest) > 0; {
		n := 1
		if rest[0].kind == kindSnapshot {
			w.put(bucketSnapshots, appendKey(nil, id, rest[0].rev), rest[0].body)
		} else if n, err = w.replaceRow(id, rest); err != nil {
			return false, err
		}
		for _, p := range rest[:n] {
			w.delete(bucketReplacing, p.key)
		}
		rest = rest[n:]
	}
	if err != nil || len(pieces) > 0 {
		return false, err
	}
	head, last, _, err := readEnd(w.tx, id)
	if err != nil {
		return false, err
	}
	w.put(bucketHeads, []byte(id), appendHead(nil, head, last, next))
	w.delete(bucketReplacing, prefix)
	w.tidyReplacing()
	return true, nil
}

// piece is something that replaces what has the same revision.
type piece struct {
	key, body []byte
	kind      byte
	rev       int64
}

// beside returns some of what lies beside a document.
func (w *writer) beside(prefix []byte) (pieces []piece, err error) {
	size := 0
	c := w.tx.Bucket(bucketReplacing).Cursor()
	c.Seek(prefix)
	for key, value := c.Next(); bytes.HasPrefix(key, prefix) && len(pieces) < replaceKeys && size < replaceBytes; key, value = c.Next() {
		kind := key[len(prefix):]
		rev, ok := keyRev(kind[1:], nil)
		body, bad := unseal(bucketReplacing, key, value)
		if bad != nil || !ok {
			return pieces, fmt.Errorf("%w: what replaces something under %q", ErrDamaged, key)
		}
		size += len(body)
		pieces = append(pieces, piece{bytes.Clone(key), bytes.Clone(body), kind[0], rev})
	}
	return pieces, nil
}

// replaceRow puts records in the place of those of the same revisions, as many
// as are in the row that has the first, and returns how many those are. Both
// that row and the one behind it were what was written, or they are left alone:
// a new seal must not make good what is damaged.
func (w *writer) replaceRow(id string, pieces []piece) (n int, err error) {
	bucket := w.tx.Bucket(bucketRecords)
	key, value := seekLog(bucket.Cursor(), id, pieces[0].rev)
	first, ok := keyRev(key, appendPrefix(nil, id))
	if !ok || first > pieces[0].rev {
		return 0, fmt.Errorf("%w: %q has no record %d", ErrDamaged, id, pieces[0].rev)
	}
	now, err := chainAfter(w.tx, id, first-1)
	if err != nil {
		return 0, err
	}
	was := now
	body, err := was.next(key, value)
	if err != nil {
		return 0, err
	}
	lines, err := linesOf(id, first, body)
	if err != nil {
		return 0, err
	}
	after := appendKey(nil, id, was.rev+1)
	behind := bytes.Clone(bucket.Get(after))
	if behind != nil {
		if behind, err = was.next(after, behind); err != nil {
			return 0, err
		}
	}
	for ; n < len(pieces) && pieces[n].kind == kindLine && pieces[n].rev < first+int64(len(lines)); n++ {
		lines[pieces[n].rev-first].JSON = pieces[n].body
	}
	w.putRows(&now, lines)
	if behind != nil {
		w.set(bucketRecords, after, now.add(after, behind))
		return n, nil
	}
	head, _, epoch, err := readEnd(w.tx, id)
	if err != nil {
		return 0, err
	}
	w.put(bucketHeads, []byte(id), appendHead(nil, head, now.last, epoch))
	return n, nil
}

// putRows writes the next lines of a log into one row or, where they have
// become too large for that, each into its own.
func (w *writer) putRows(log *chain, lines []Line) {
	body := lines[0].JSON
	if len(lines) > 1 {
		records := make([][]byte, len(lines))
		for i, line := range lines {
			records[i] = line.JSON
		}
		body = run.Encode(lines[0].Rev, records)
	}
	if body != nil {
		key := appendKey(nil, log.id, lines[0].Rev)
		w.set(bucketRecords, key, log.add(key, body))
		return
	}
	for _, line := range lines {
		key := appendKey(nil, log.id, line.Rev)
		w.set(bucketRecords, key, log.add(key, line.JSON))
	}
}

// dropReplacing removes what lies beside a document, unless it was decided.
func (b *Bolt) dropReplacing(id string) error {
	for done := false; !done; {
		err := b.committer.submit(id, func(w *writer) error {
			bucket := w.tx.Bucket(bucketReplacing)
			if bucket == nil {
				done = true
				return nil
			}
			prefix := appendPrefix(nil, id)
			if state, err := get(w.tx, bucketReplacing, prefix); err == nil && len(state) > 0 && state[0] == decided {
				done = true
				return nil
			}
			keys := w.keys(bucketReplacing, prefix, sweepKeys)
			for _, key := range keys {
				w.delete(bucketReplacing, key)
			}
			if done = len(keys) < sweepKeys; done && len(keys) > 0 {
				w.tidyReplacing()
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tidyReplacing takes the bucket away when there is nothing in it.
func (w *writer) tidyReplacing() {
	if w.err != nil {
		return
	}
	if key, _ := w.tx.Bucket(bucketReplacing).Cursor().First(); key == nil {
		w.err = w.tx.DeleteBucket(bucketReplacing)
	}
}

// carryOn finishes what was decided before the file was closed, before anybody
// reads it, and removes what was not.
func (b *Bolt) carryOn() error {
	var ids []string
	err := b.view(func(tx *bolt.Tx) error {
		bucket := tx.Bucket(bucketReplacing)
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(key, _ []byte) error {
			if n := len(key) - 1; n > 0 && bytes.IndexByte(key, 0) == n {
				ids = append(ids, string(key[:n]))
			}
			return nil
		})
	})
	for _, id := range ids {
		err = errors.Join(err, b.settle(id), b.dropReplacing(id))
	}
	return err
}
