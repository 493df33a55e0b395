package store

import (
	"bytes"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// Create implements Store.
func (b *Bolt) Create(info Info, content []byte) error {
	if err := checkInfo(info); err != nil {
		return err
	}
	value, err := marshalFacts(info)
	if err != nil {
		return err
	}
	id := []byte(info.ID)
	return b.committer.submit(info.ID, func(w *writer) error {
		if err := w.vacant(info.ID); err != nil {
			return err
		}
		w.put(bucketDocuments, id, value)
		w.put(bucketHeads, id, appendHead(nil, info.Head, 0, info.Epoch))
		w.put(bucketSnapshots, appendKey(nil, info.ID, 0), content)
		return nil
	})
}

// Update implements Store. change runs here and not in the committer, where
// it would hold up all other writes; if the document was changed meanwhile,
// it runs again on what it is then.
func (b *Bolt) Update(id string, change func(*Info) error) (Info, error) {
	for {
		info, before, err := b.load(id)
		if err != nil {
			return Info{}, err
		}
		if info, err = changed(info, change); err != nil {
			return Info{}, err
		}
		after, err := marshalFacts(info)
		if err != nil {
			return Info{}, err
		}
		if swapped, err := b.swap(&info, before, after); swapped || err != nil {
			return info, err
		}
	}
}

// load returns a document's Info and a copy of its facts as they are kept.
func (b *Bolt) load(id string) (info Info, value []byte, err error) {
	err = b.view(func(tx *bolt.Tx) error {
		info, value, err = readInfo(tx, id)
		value = bytes.Clone(value)
		return err
	})
	return info, value, err
}

// swap replaces the facts of a document if they are still those before, and
// brings info's head up to date.
func (b *Bolt) swap(info *Info, before, after []byte) (swapped bool, err error) {
	id := []byte(info.ID)
	err = b.committer.submit(info.ID, func(w *writer) error {
		head, epoch, err := readHead(w.tx, info.ID)
		if err != nil {
			return err
		}
		if now, err := get(w.tx, bucketDocuments, id); err != nil || !bytes.Equal(now, before) {
			return err
		}
		swapped = true
		info.Head, info.Epoch = head, epoch
		w.put(bucketDocuments, id, after)
		return nil
	})
	return swapped, err
}

// Append implements Store.
func (b *Bolt) Append(id, epoch string, at int64, lines []Line, head Head) error {
	if err := checkLines(id, at, lines, head); err != nil {
		return err
	}
	return b.committer.append(&entry{id, epoch, at, lines, head})
}

// head returns the head of a document if it is of that epoch.
func (w *writer) head(id, epoch string) (Head, error) {
	head, now, err := readHead(w.tx, id)
	if err != nil {
		return Head{}, err
	}
	if now != epoch {
		return Head{}, otherEpoch(id)
	}
	return head, nil
}

func otherEpoch(id string) error {
	return fmt.Errorf("%w: %q is of another epoch", ErrConflict, id)
}

// SaveSnapshot implements Store.
func (b *Bolt) SaveSnapshot(id, epoch string, s Snapshot) error {
	if err := checkMarks(id, s.Clients); err != nil {
		return err
	}
	s.Content, s.Clients = bytes.Clone(s.Content), slices.Clone(s.Clients) // who gave them may use them again
	return b.committer.later(id, func(w *writer) error {
		head, err := w.head(id, epoch)
		if err != nil {
			return err
		}
		if s.Rev < 0 || s.Rev > head.Rev {
			return fmt.Errorf("%w: %q has no revision %d", ErrRevision, id, s.Rev)
		}
		return w.snapshot(id, s)
	})
}

func (w *writer) snapshot(id string, s Snapshot) error {
	newer, err := w.newer(id, s.Clients)
	if err != nil {
		return err
	}
	w.put(bucketSnapshots, appendKey(nil, id, s.Rev), s.Content)
	for _, mark := range newer {
		w.put(bucketMarks, append(appendPrefix(nil, id), mark.Client...), appendMark(nil, mark))
	}
	return nil
}

// newer returns those marks that are ahead of the ones kept, at most one for
// each client.
func (w *writer) newer(id string, marks []ClientMark) (map[string]ClientMark, error) {
	newer := make(map[string]ClientMark)
	for _, mark := range marks {
		kept, ok := newer[mark.Client]
		if !ok {
			var err error
			if kept, err = readMark(w.tx, id, mark.Client); err != nil {
				return nil, err
			}
		}
		if mark.Seq > kept.Seq {
			newer[mark.Client] = mark
		}
	}
	return newer, nil
}

// DropSnapshot implements Store.
func (b *Bolt) DropSnapshot(id, epoch string, rev int64) error {
	return b.committer.later(id, func(w *writer) error {
		if _, err := w.head(id, epoch); err != nil {
			return err
		}
		if rev != 0 {
			w.delete(bucketSnapshots, appendKey(nil, id, rev))
		}
		return nil
	})
}
