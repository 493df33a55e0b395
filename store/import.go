package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

// A history doesn't fit into one transaction either. While it is imported its
// document lies in the graves, as one that isn't born yet: its id is taken, and
// nobody sees it, since it has no facts and no head. These come last, in one
// transaction. What a crash leaves is swept at the next start.

// Import implements Store.
func (b *Bolt) Import(info Info, content []byte, fill func(Draft) (Head, error)) error {
	if err := checkInfo(info); err != nil {
		return err
	}
	facts, err := marshalFacts(info)
	if err != nil {
		return err
	}
	d := &boltDraft{store: b, id: info.ID, chain: chain{id: info.ID}}
	if err := b.committer.submit(info.ID, func(w *writer) error {
		if err := w.vacant(info.ID); err != nil {
			return err
		}
		w.put(bucketGraves, []byte(info.ID), []byte{unborn})
		w.put(bucketSnapshots, appendKey(nil, info.ID, 0), content)
		return nil
	}); err != nil {
		return err
	}
	head, err := fill(d)
	if err == nil && head.Rev != d.chain.rev {
		err = fmt.Errorf("%w: the log of %q ends at %d, not %d", ErrMalformed, info.ID, d.chain.rev, head.Rev)
	}
	if err == nil {
		err = d.submit(func(w *writer) error {
			w.delete(bucketGraves, []byte(info.ID))
			w.put(bucketDocuments, []byte(info.ID), facts)
			w.put(bucketHeads, []byte(info.ID), appendHead(nil, head, d.chain.last, info.Epoch))
			return nil
		})
	}
	if err != nil {
		// Where the outcome is unknown the document may be born, and then
		// there is no grave to sweep.
		return errors.Join(err, b.sweep(info.ID, unborn))
	}
	return nil
}

// vacant returns ErrExists if an id is taken.
func (w *writer) vacant(id string) error {
	for _, bucket := range [][]byte{bucketDocuments, bucketHeads, bucketGraves} {
		if w.tx.Bucket(bucket).Get([]byte(id)) != nil {
			return fmt.Errorf("%w: %q", ErrExists, id)
		}
	}
	return nil
}

// boltDraft is what fill puts into.
type boltDraft struct {
	store *Bolt
	id    string
	chain chain // of its lines
}

var _ Draft = (*boltDraft)(nil)

func (d *boltDraft) submit(run func(*writer) error) error {
	return d.store.committer.submit(d.id, run)
}

// Append implements Draft.
func (d *boltDraft) Append(lines []Line) error {
	if err := checkLines(d.id, d.chain.rev, lines, Head{Rev: d.chain.rev + int64(len(lines))}); err != nil {
		return err
	}
	return d.submit(func(w *writer) error {
		for _, line := range lines {
			w.key = appendKey(w.key[:0], d.id, line.Rev)
			w.set(bucketRecords, w.key, d.chain.add(w.key, line.JSON))
		}
		return nil
	})
}

// SaveSnapshot implements Draft.
func (d *boltDraft) SaveSnapshot(s Snapshot) error {
	if err := errors.Join(checkMarks(d.id, s.Clients), checkReach(d.id, Head{Rev: d.chain.rev}, s.Rev)); err != nil {
		return err
	}
	return d.submit(func(w *writer) error { return w.snapshot(d.id, s) })
}

// SaveVersion implements Draft.
func (d *boltDraft) SaveVersion(v Version) error {
	if err := checkReach(d.id, Head{Rev: d.chain.rev}, v.Rev); err != nil {
		return err
	}
	value, err := json.Marshal(label{v.Name, v.CreatedAt, v.CreatedBy})
	if err != nil {
		return fmt.Errorf("%w: a version of %q: %w", ErrMalformed, d.id, err)
	}
	return d.submit(func(w *writer) error {
		w.put(bucketVersions, appendKey(nil, d.id, v.Rev), value)
		return nil
	})
}

// SaveName implements Draft.
func (d *boltDraft) SaveName(user User) error {
	if err := checkUser(d.id, user); err != nil {
		return err
	}
	return d.submit(func(w *writer) error {
		w.put(bucketNames, append(appendPrefix(nil, d.id), user.ID...), []byte(user.Name))
		return nil
	})
}
