package store

import (
	"bytes"
	"fmt"
	"maps"
)

// Replace implements Store.
func (m *Memory) Replace(id, epoch string, at int64, next string, fill func(Replacement) error) error {
	if err := m.replaceable(id, epoch, at, nil); err != nil {
		return err
	}
	r := &memoryReplacement{store: m, id: id, at: at, contents: map[int64][]byte{}}
	if err := fill(r); err != nil {
		return err
	}
	return m.replaceable(id, epoch, at, func(d *document) {
		for _, line := range r.lines {
			d.lines[line.Rev-1] = line
		}
		maps.Copy(d.snapshots, r.contents)
		d.info.Epoch, d.info.Lineage = next, Lineage{}
	})
}

// replaceable calls f with a document if it is of that epoch and its head at
// that revision.
func (m *Memory) replaceable(id, epoch string, at int64, f func(*document)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err == nil && d.info.Head.Rev != at {
		err = fmt.Errorf("%w: %q is at revision %d, not %d", ErrConflict, id, d.info.Head.Rev, at)
	}
	if err == nil && f != nil {
		f(d)
	}
	return err
}

// memoryReplacement gathers what fill puts into it.
type memoryReplacement struct {
	store    *Memory
	id       string
	at       int64
	lines    []Line
	contents map[int64][]byte
}

var _ Replacement = (*memoryReplacement)(nil)

// Lines implements Replacement.
func (r *memoryReplacement) Lines(lines []Line) error {
	if err := checkReplaced(r.id, r.at, lines); err != nil {
		return err
	}
	for _, line := range lines {
		r.lines = append(r.lines, Line{line.Rev, bytes.Clone(line.JSON)})
	}
	return nil
}

// Snapshot implements Replacement.
func (r *memoryReplacement) Snapshot(rev int64, content []byte) error {
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	d, err := r.store.find(r.id)
	if err == nil && d.snapshots[rev] == nil {
		err = noSnapshot(r.id, rev)
	}
	r.contents[rev] = append([]byte{}, content...)
	return err
}
