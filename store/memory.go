package store

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Memory keeps documents in memory, for tests: it forgets all when it goes.
type Memory struct {
	mu        sync.Mutex // guards what follows
	closed    bool
	documents map[string]*document
}

// document is all that Memory knows of one.
type document struct {
	info      Info
	lines     []Line // lines[i] has revision i+1
	snapshots map[int64][]byte
	marks     map[string]ClientMark
	versions  map[int64]Version
	names     map[string]string
	origins   origins
	messages  []Message
}

// origins is what SaveOrigins was given.
type origins struct {
	rev  int64
	data []byte
}

var _ Store = (*Memory)(nil)

// NewMemory returns a store without documents.
func NewMemory() *Memory {
	return &Memory{documents: make(map[string]*document)}
}

// find returns a document. The caller holds m.mu.
func (m *Memory) find(id string) (*document, error) {
	if m.closed {
		return nil, ErrClosed
	}
	d, ok := m.documents[id]
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	return d, nil
}

// findEpoch returns a document if it is of that epoch. The caller holds m.mu.
func (m *Memory) findEpoch(id, epoch string) (*document, error) {
	d, err := m.find(id)
	if err != nil {
		return nil, err
	}
	if d.info.Epoch != epoch {
		return nil, fmt.Errorf("%w: %q is of another epoch", ErrConflict, id)
	}
	return d, nil
}

// Create implements Store.
func (m *Memory) Create(info Info, content []byte) error {
	if err := checkInfo(info); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	if _, ok := m.documents[info.ID]; ok {
		return fmt.Errorf("%w: %q", ErrExists, info.ID)
	}
	m.documents[info.ID] = &document{
		info:      info,
		snapshots: map[int64][]byte{0: bytes.Clone(content)},
		marks:     make(map[string]ClientMark),
		versions:  make(map[int64]Version),
		names:     make(map[string]string),
	}
	return nil
}

// Info implements Store.
func (m *Memory) Info(id string) (Info, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return Info{}, err
	}
	return d.info, nil
}

// List implements Store. It yields the documents as they stood when it began.
func (m *Memory) List() iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		infos, err := m.all()
		if err != nil {
			yield(Info{}, err)
			return
		}
		for _, info := range infos {
			if !yield(info, nil) {
				return
			}
		}
	}
}

// all returns what List yields. It is read before the first yield, because
// the loop's body may call the store.
func (m *Memory) all() ([]Info, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrClosed
	}
	infos := make([]Info, 0, len(m.documents))
	for d := range maps.Values(m.documents) {
		infos = append(infos, d.info)
	}
	slices.SortFunc(infos, func(a, b Info) int { return strings.Compare(a.ID, b.ID) })
	return infos, nil
}

// Update implements Store.
func (m *Memory) Update(id string, change func(*Info) error) (Info, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return Info{}, err
	}
	info, err := changed(d.info, change)
	if err != nil {
		return Info{}, err
	}
	d.info = info
	return info, nil
}

// changed is info after the change, with what never changes as it was.
func changed(info Info, change func(*Info) error) (Info, error) {
	next := info
	if err := change(&next); err != nil {
		return Info{}, err
	}
	next.ID, next.Kind, next.Head = info.ID, info.Kind, info.Head
	next.Epoch, next.Lineage = info.Epoch, info.Lineage
	next.CreatedAt, next.CreatedBy = info.CreatedAt, info.CreatedBy
	return next, nil
}

// Delete implements Store.
func (m *Memory) Delete(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.find(id); err != nil {
		return err
	}
	delete(m.documents, id)
	return nil
}

// Append implements Store.
func (m *Memory) Append(id, epoch string, at int64, lines []Line, head Head) error {
	if err := checkLines(id, at, lines, head); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return err
	}
	if d.info.Head.Rev != at {
		return fmt.Errorf("%w: %q is at revision %d, not %d", ErrConflict, id, d.info.Head.Rev, at)
	}
	for _, line := range lines {
		d.lines = append(d.lines, Line{line.Rev, bytes.Clone(line.JSON)})
	}
	d.info.Head = head
	return nil
}

// LogSize implements Store.
func (m *Memory) LogSize(id string, after int64, limit int) (size LogSize, err error) {
	size.Rev = max(after, 0)
	lines, err := m.Lines(id, size.Rev, limit)
	for _, line := range lines {
		size.Raw, size.Rev = size.Raw+int64(len(line.JSON)), line.Rev
	}
	return size, err
}

// Pack implements Store. Memory keeps all as it is.
func (m *Memory) Pack(id, epoch string, _ int64) (more bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err = m.findEpoch(id, epoch)
	return false, err
}

// Lines implements Store.
func (m *Memory) Lines(id string, after int64, limit int) ([]Line, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return nil, err
	}
	from := min(max(after, 0), int64(len(d.lines)))
	rest := d.lines[from:]
	lines := slices.Clone(rest[:min(max(limit, 0), len(rest))])
	for i := range lines {
		lines[i].JSON = bytes.Clone(lines[i].JSON)
	}
	return lines, nil
}

// SaveSnapshot implements Store.
func (m *Memory) SaveSnapshot(id, epoch string, s Snapshot) error {
	if err := checkMarks(id, s.Clients); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return err
	}
	if s.Rev < 0 || s.Rev > d.info.Head.Rev {
		return fmt.Errorf("%w: %q has no revision %d", ErrRevision, id, s.Rev)
	}
	d.snapshots[s.Rev] = bytes.Clone(s.Content)
	for _, mark := range s.Clients {
		if mark.Seq > d.marks[mark.Client].Seq {
			d.marks[mark.Client] = mark
		}
	}
	return nil
}

// Snapshot implements Store.
func (m *Memory) Snapshot(id string, rev int64) (Snapshot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return Snapshot{}, err
	}
	if rev < 0 {
		return Snapshot{}, fmt.Errorf("%w: %q has no revision %d", ErrRevision, id, rev)
	}
	var nearest int64
	for r := range d.snapshots {
		if r <= rev {
			nearest = max(nearest, r)
		}
	}
	return Snapshot{Rev: nearest, Content: bytes.Clone(d.snapshots[nearest])}, nil
}

// DropSnapshot implements Store.
func (m *Memory) DropSnapshot(id, epoch string, rev int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.findEpoch(id, epoch)
	if err != nil {
		return err
	}
	if rev != 0 {
		delete(d.snapshots, rev)
	}
	return nil
}

// Mark implements Store.
func (m *Memory) Mark(id, client string) (ClientMark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.find(id)
	if err != nil {
		return ClientMark{}, err
	}
	return d.marks[client], nil
}

// Probe implements Store.
func (m *Memory) Probe() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	return nil
}

// Close implements Store.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}
