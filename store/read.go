package store

import (
	"fmt"
	"iter"

	bolt "go.etcd.io/bbolt"

	"tutti/store/run"
)

// Info implements Store.
func (b *Bolt) Info(id string) (info Info, err error) {
	err = b.view(func(tx *bolt.Tx) error {
		info, _, err = readInfo(tx, id)
		return err
	})
	return info, err
}

// listPage is how many documents List reads in one transaction.
const listPage = 256

// List implements Store. It reads in pages, and yields with no transaction
// open: the loop's body may take as long as it likes, and write.
func (b *Bolt) List() iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		after := ""
		for {
			page, err := b.page(after)
			if err != nil {
				yield(Info{}, err)
				return
			}
			for _, one := range page {
				if !yield(one.info, one.bad) {
					return
				}
			}
			if len(page) < listPage {
				return
			}
			after = page[len(page)-1].info.ID
		}
	}
}

// listed is a document in a list; bad says that it is damaged.
type listed struct {
	info Info
	bad  error
}

// page returns the documents that come after an id, as many as List reads at
// once.
func (b *Bolt) page(after string) (page []listed, err error) {
	err = b.view(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketDocuments).Cursor()
		// No id has a zero byte, so nothing lies between.
		for key, _ := c.Seek([]byte(after + "\x00")); key != nil && len(page) < listPage; key, _ = c.Next() {
			info, _, bad := readInfo(tx, string(key))
			if bad != nil {
				info = Info{ID: string(key)}
			}
			page = append(page, listed{info, bad})
		}
		return nil
	})
	return page, err
}

// Lines implements Store.
func (b *Bolt) Lines(id string, after int64, limit int) (lines []Line, err error) {
	after = max(after, 0)
	err = b.view(func(tx *bolt.Tx) error {
		head, _, err := readHead(tx, id)
		if err != nil || after >= head.Rev {
			return err
		}
		lines, err = b.seekLines(tx, id, after, limit)
		if err != nil {
			return err
		}
		// The last ones have no neighbour that would miss them.
		if to := after + int64(len(lines)); len(lines) < limit && to < head.Rev {
			return fmt.Errorf("%w: %q has no record %d", ErrDamaged, id, to+1)
		}
		own(lines)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return lines, nil
}

// LogSize implements Store.
func (b *Bolt) LogSize(id string, after int64, limit int) (size LogSize, err error) {
	prefix := appendPrefix(nil, id)
	size.Rev = max(after, 0)
	err = b.view(func(tx *bolt.Tx) error {
		head, _, err := readHead(tx, id)
		if err != nil || size.Rev >= head.Rev {
			return err
		}
		c := tx.Bucket(bucketRecords).Cursor()
		rows := 0
		for key, value := seekLog(c, id, size.Rev+1); key != nil && rows < limit; key, value = c.Next() {
			first, ok := keyRev(key, prefix)
			if !ok {
				break
			}
			body, _, _ := cutSeal(value)
			n, counted := recordsIn(body)
			if rows++; first <= size.Rev && counted {
				size.Rev = first + n - 1 // it begins before
				continue
			}
			if first > size.Rev+1 || !size.add(first, body) {
				return fmt.Errorf("%w: %q has no record %d", ErrDamaged, id, size.Rev+1)
			}
		}
		if rows < limit && size.Rev < head.Rev {
			return fmt.Errorf("%w: %q has no record %d", ErrDamaged, id, size.Rev+1)
		}
		return nil
	})
	return size, err
}

// add counts a row.
func (s *LogSize) add(first int64, body []byte) bool {
	n, ok := recordsIn(body)
	s.Rev = first + n - 1
	if !isRun(body) {
		s.Raw += int64(len(body))
		return ok
	}
	_, json, err := run.Head(body)
	s.Packed, s.Unpacked, s.PackedTo = s.Packed+int64(len(body)), s.Unpacked+int64(json), s.Rev
	return err == nil
}

// own copies the JSON of all lines, into one buffer. Each gets its part with
// no room behind it: appending to one must not run into the next.
func own(lines []Line) {
	size := 0
	for _, line := range lines {
		size += len(line.JSON)
	}
	buffer := make([]byte, 0, size)
	for i, line := range lines {
		start := len(buffer)
		buffer = append(buffer, line.JSON...)
		lines[i].JSON = buffer[start:len(buffer):len(buffer)]
	}
}

// Snapshot implements Store.
func (b *Bolt) Snapshot(id string, rev int64) (s Snapshot, err error) {
	if rev < 0 {
		return Snapshot{}, fmt.Errorf("%w: %q has no revision %d", ErrRevision, id, rev)
	}
	prefix := appendPrefix(nil, id)
	err = b.view(func(tx *bolt.Tx) error {
		if _, _, err := readHead(tx, id); err != nil {
			return err
		}
		key, value := seekBack(tx.Bucket(bucketSnapshots).Cursor(), appendKey(nil, id, rev))
		at, ok := keyRev(key, prefix)
		if !ok {
			return fmt.Errorf("%w: %q has no snapshot at or below revision %d", ErrDamaged, id, rev)
		}
		content, err := unseal(bucketSnapshots, key, value)
		s = Snapshot{Rev: at, Content: append(make([]byte, 0, len(content)), content...)}
		return err
	})
	if err == nil && isDeflated(s.Content) {
		if s.Content, err = inflate(s.Content); err != nil {
			err = fmt.Errorf("%w: the snapshot of %q at revision %d", err, id, s.Rev)
		}
	}
	return s, err
}

// seekBack returns what lies at the key or, if nothing does, before it.
func seekBack(c *bolt.Cursor, want []byte) (key, value []byte) {
	key, value = c.Seek(want)
	if string(key) == string(want) {
		return key, value
	}
	if key == nil {
		return c.Last()
	}
	return c.Prev()
}

// Mark implements Store.
func (b *Bolt) Mark(id, client string) (mark ClientMark, err error) {
	err = b.view(func(tx *bolt.Tx) error {
		if _, _, err := readHead(tx, id); err != nil {
			return err
		}
		mark, err = readMark(tx, id, client)
		return err
	})
	return mark, err
}
