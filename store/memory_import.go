package store

import (
	"bytes"
	"errors"
	"fmt"
)

// Import implements Store. What is filled is kept apart until it is whole.
func (m *Memory) Import(info Info, content []byte, fill func(Draft) (Head, error)) error {
	if err := checkInfo(info); err != nil {
		return err
	}
	if _, err := m.Info(info.ID); !errors.Is(err, ErrNotFound) {
		if err == nil {
			err = fmt.Errorf("%w: %q", ErrExists, info.ID)
		}
		return err
	}
	apart := NewMemory()
	if err := apart.Create(info, content); err != nil {
		return err
	}
	d := &memoryDraft{store: apart, id: info.ID, epoch: info.Epoch}
	head, err := fill(d)
	if err == nil && head.Rev != d.rev {
		err = fmt.Errorf("%w: the log of %q ends at %d, not %d", ErrMalformed, info.ID, d.rev, head.Rev)
	}
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	if m.documents[info.ID] != nil {
		return fmt.Errorf("%w: %q", ErrExists, info.ID)
	}
	born := apart.documents[info.ID]
	born.info.Head = head
	m.documents[info.ID] = born
	return nil
}

// memoryDraft fills a document in a store of its own.
type memoryDraft struct {
	store     *Memory
	id, epoch string
	rev       int64
}

var _ Draft = (*memoryDraft)(nil)

// Append implements Draft.
func (d *memoryDraft) Append(lines []Line) error {
	end := d.rev + int64(len(lines))
	err := d.store.Append(d.id, d.epoch, d.rev, lines, Head{Rev: end})
	if err == nil {
		d.rev = end
	}
	return err
}

// SaveSnapshot implements Draft.
func (d *memoryDraft) SaveSnapshot(s Snapshot) error {
	s.Content = bytes.Clone(s.Content)
	return d.store.SaveSnapshot(d.id, d.epoch, s)
}

// SaveVersion implements Draft.
func (d *memoryDraft) SaveVersion(v Version) error { return d.store.SaveVersion(d.id, d.epoch, v) }

// SaveName implements Draft.
func (d *memoryDraft) SaveName(user User) error { return d.store.SaveName(d.id, d.epoch, user) }
