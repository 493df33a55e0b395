package client

import (
	"errors"
	"fmt"

	"tutti/ot"
)

// Welcome takes the first frame of a session.
func (m *Machine) Welcome(f Frame) error {
	if f.Client != m.client {
		return fmt.Errorf("client: welcomed as %q, the key is that of %q", f.Client, m.client)
	}
	m.seq = max(m.seq, f.Seq)
	if f.Content != nil {
		return m.welcomeContent(f)
	}
	if !m.joined || f.Epoch != m.epoch {
		return fmt.Errorf("client: welcome without content to epoch %q, mine is %q", f.Epoch, m.epoch)
	}
	if err := m.Records(f.Records); err != nil {
		return err
	}
	if m.rev != f.Rev {
		return fmt.Errorf("client: welcome says revision %d, its records end at %d", f.Rev, m.rev)
	}
	return nil
}

// welcomeContent takes a content in place of the records that led to it.
func (m *Machine) welcomeContent(f Frame) error {
	doc, err := document(f.Content)
	if err != nil {
		return fmt.Errorf("client: welcome: %w", err)
	}
	if !m.joined {
		m.server, m.local, m.joined = doc, doc, true
	} else {
		if m.barrier != 0 {
			return ErrUndecided
		}
		if d := m.inflight; d != nil && f.Seq >= d.seq {
			if m.server, err = apply(m.server, d.op); err != nil {
				return err
			}
			m.acknowledged(0)
		}
		change, err := m.difference(m.server, doc)
		if err != nil {
			return err
		}
		if err := m.remote(change); err != nil {
			return err
		}
		m.server = doc
	}
	m.rev, m.epoch, m.sent = f.Rev, f.Epoch, false
	return nil
}

// difference finds a delta from one content to another, of text alone.
func (m *Machine) difference(from, to ot.Document) (ot.Delta, error) {
	d := m.Diff(from.Text(), to.Text())
	after, err := apply(from, d)
	if err != nil {
		return nil, err
	}
	if !same(after, to) {
		return nil, errors.New("client: no difference is known between these contents")
	}
	return d, nil
}
