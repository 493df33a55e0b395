package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// MessagesKept is how many of the newest messages of a document are kept.
const MessagesKept = 10_000

// Message is a line of the chat beside a document. Its JSON is that of the
// sockets and of REST.
type Message struct {
	ID      int64  `json:"id,omitzero"` // from 1 on, without a gap
	User    User   `json:"user,omitzero"`
	Color   string `json:"color,omitempty"`
	Text    string `json:"text,omitempty"`
	At      int64  `json:"at,omitzero"`      // Unix milliseconds
	Deleted bool   `json:"deleted,omitzero"` // nothing else is left of it then but the id
}

// AddMessage implements Store. The key has the id, the value all else.
func (b *Bolt) AddMessage(id, epoch string, m Message) (Message, error) {
	m.ID = 0
	value, err := marshalMessage(id, m)
	if err != nil {
		return Message{}, err
	}
	err = b.committer.submit(id, func(w *writer) error {
		if _, err := w.head(id, epoch); err != nil {
			return err
		}
		m.ID = lastMessage(w.tx, id) + 1
		w.put(bucketMessages, appendKey(nil, id, m.ID), value)
		if old := m.ID - MessagesKept; old > 0 {
			w.delete(bucketMessages, appendKey(nil, id, old))
		}
		return nil
	})
	return m, err
}

// DropMessage implements Store.
func (b *Bolt) DropMessage(id, epoch string, message int64) error {
	key := appendKey(nil, id, message)
	value, err := marshalMessage(id, Message{Deleted: true})
	if err != nil {
		return err
	}
	return b.committer.submit(id, func(w *writer) error {
		if _, err := w.head(id, epoch); err != nil {
			return err
		}
		m, err := readMessage(id, message, key, w.tx.Bucket(bucketMessages).Get(key))
		if err != nil {
			return err
		}
		if m.ID == 0 || m.Deleted {
			return noMessage(id, message)
		}
		w.put(bucketMessages, key, value)
		return nil
	})
}

// Messages implements Store.
func (b *Bolt) Messages(id string, after int64, limit int) (messages []Message, err error) {
	prefix := appendPrefix(nil, id)
	err = b.view(func(tx *bolt.Tx) error {
		if _, _, err := readHead(tx, id); err != nil {
			return err
		}
		c := tx.Bucket(bucketMessages).Cursor()
		for key, value := c.Seek(appendKey(nil, id, max(after, 0)+1)); key != nil && len(messages) < limit; key, value = c.Next() {
			n, ok := keyRev(key, prefix)
			if !ok {
				break
			}
			m, err := readMessage(id, n, key, value)
			if err != nil {
				return err
			}
			messages = append(messages, m)
		}
		return nil
	})
	return messages, err
}

// LastMessage implements Store.
func (b *Bolt) LastMessage(id string) (last int64, err error) {
	err = b.view(func(tx *bolt.Tx) error {
		if _, _, err := readHead(tx, id); err != nil {
			return err
		}
		last = lastMessage(tx, id)
		return nil
	})
	return last, err
}

func lastMessage(tx *bolt.Tx, id string) int64 {
	key, _ := seekBack(tx.Bucket(bucketMessages).Cursor(), binary.BigEndian.AppendUint64(appendPrefix(nil, id), 1<<63-1))
	last, _ := keyRev(key, appendPrefix(nil, id))
	return last
}

func marshalMessage(id string, m Message) ([]byte, error) {
	value, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("%w: a message beside %q: %w", ErrMalformed, id, err)
	}
	return value, nil
}

// readMessage returns the message that is kept as value, the zero one if that
// is nil.
func readMessage(id string, n int64, key, value []byte) (m Message, err error) {
	body, err := unseal(bucketMessages, key, value)
	if body == nil {
		return m, err
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return m, fmt.Errorf("%w: message %d beside %q: %w", ErrDamaged, n, id, err)
	}
	m.ID = n
	return m, nil
}

func noMessage(id string, n int64) error { return fmt.Errorf("%w: %d beside %q", ErrNoMessage, n, id) }
