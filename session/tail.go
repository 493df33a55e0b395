package session

import "tutti/store"

// entry is a committed record with the one encoding that everybody gets.
type entry struct {
	store.Record
	json []byte
}

// tail is the end of a log: the newest records, dense and in order. It grows
// at its end and is trimmed at its front.
type tail struct {
	entries []entry
	base    int64 // revision before the first entry
	bytes   int
}

func (t *tail) head() int64 { return t.base + int64(len(t.entries)) }

// after returns the records behind rev, and whether the tail reaches back that
// far. The slice stays valid: entries are never changed in place.
func (t *tail) after(rev int64) ([]entry, bool) {
	if rev < t.base {
		return nil, false
	}
	return t.entries[min(rev-t.base, int64(len(t.entries))):], true
}

func (t *tail) add(entries []entry) {
	t.entries = append(t.entries, entries...)
	for i := range entries {
		t.bytes += len(entries[i].json)
	}
	if len(t.entries) > tailRecords || t.bytes > tailBytes {
		t.trim()
	}
}

// trim drops the older half, into a new slice: readers may hold the old one.
// At least the newest record stays.
func (t *tail) trim() {
	drop, bytes := 0, t.bytes
	for drop < len(t.entries)-1 && (len(t.entries)-drop > tailRecords/2 || bytes > tailBytes/2) {
		bytes -= len(t.entries[drop].json)
		drop++
	}
	t.entries = append(make([]entry, 0, tailRecords), t.entries[drop:]...)
	t.base += int64(drop)
	t.bytes = bytes
}

// find returns the revision of a client's delta, if the tail holds it.
func (t *tail) find(client string, seq int64) (rev int64, ok bool) {
	for i := len(t.entries) - 1; i >= 0; i-- {
		if e := &t.entries[i]; e.Client == client && e.Seq <= seq {
			return e.Rev, e.Seq == seq
		}
	}
	return 0, false
}
