package store

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// SaveVersion implements Store.
func (m *Memory) SaveVersion(id, epoch string, v Version) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return err
	}
	if err := checkReach(id, d.info.Head, v.Rev); err != nil {
		return err
	}
	d.versions[v.Rev] = v
	return nil
}

// Versions implements Store.
func (m *Memory) Versions(id string, below int64, limit int) ([]Version, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return nil, err
	}
	var versions []Version
	for v := range maps.Values(d.versions) {
		if v.Rev < below {
			versions = append(versions, v)
		}
	}
	slices.SortFunc(versions, func(a, b Version) int { return cmp.Compare(b.Rev, a.Rev) })
	return versions[:min(max(limit, 0), len(versions))], nil
}

// DropVersion implements Store.
func (m *Memory) DropVersion(id, epoch string, rev int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return err
	}
	if _, ok := d.versions[rev]; !ok {
		return fmt.Errorf("%w: revision %d of %q has no name", ErrRevision, rev, id)
	}
	delete(d.versions, rev)
	return nil
}

// SaveName implements Store.
func (m *Memory) SaveName(id, epoch string, user User) error {
	if err := checkUser(id, user); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return err
	}
	d.names[user.ID] = user.Name
	return nil
}

// Name implements Store.
func (m *Memory) Name(id, user string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return "", err
	}
	return d.names[user], nil
}

// SaveOrigins implements Store.
func (m *Memory) SaveOrigins(id, epoch string, rev int64, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return err
	}
	if err := checkReach(id, d.info.Head, rev); err != nil {
		return err
	}
	if rev >= d.origins.rev {
		d.origins = origins{rev, append(make([]byte, 0, len(data)), data...)}
	}
	return nil
}

// Origins implements Store.
func (m *Memory) Origins(id string) (rev int64, data []byte, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return 0, nil, err
	}
	return d.origins.rev, bytes.Clone(d.origins.data), nil
}
