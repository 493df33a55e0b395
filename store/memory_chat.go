package store

import (
	"cmp"
	"slices"
)

// AddMessage implements Store.
func (m *Memory) AddMessage(id, epoch string, said Message) (Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return Message{}, err
	}
	said.ID = d.lastMessage() + 1
	d.messages = append(d.messages, said)
	d.messages = d.messages[max(0, len(d.messages)-MessagesKept):]
	return said, nil
}

// DropMessage implements Store.
func (m *Memory) DropMessage(id, epoch string, message int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return err
	}
	i, found := d.message(message)
	if !found || d.messages[i].Deleted {
		return noMessage(id, message)
	}
	d.messages[i] = Message{ID: message, Deleted: true}
	return nil
}

// Messages implements Store.
func (m *Memory) Messages(id string, after int64, limit int) ([]Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return nil, err
	}
	i, found := d.message(after)
	if found {
		i++
	}
	rest := d.messages[i:]
	return slices.Clone(rest[:min(max(limit, 0), len(rest))]), nil
}

// LastMessage implements Store.
func (m *Memory) LastMessage(id string) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return 0, err
	}
	return d.lastMessage(), nil
}

// message returns where a message is, or would be, and whether it is there.
func (d *document) message(n int64) (int, bool) {
	return slices.BinarySearchFunc(d.messages, n, func(m Message, n int64) int { return cmp.Compare(m.ID, n) })
}

func (d *document) lastMessage() int64 {
	if len(d.messages) == 0 {
		return 0
	}
	return d.messages[len(d.messages)-1].ID
}
