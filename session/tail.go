package session

import (
	"slices"

	"tutti/store"
)

// entry is a committed record with the one encoding that everybody gets.
type entry struct {
	store.Record
	json []byte
}

// versionsApart is how many records lie at least between two of the versions
// that the tail keeps.
const versionsApart = 64

// tail is the end of a log: the newest records, dense and in order. It grows
// at its end and is trimmed at its front.
type tail struct {
	entries []entry
	base    int64 // revision before the first entry
	room    int   // for how many entries
	bytes   int
	// versions are some of those that the records lead to, in order: a
	// version shares nearly all with the next, and who diffs against one that
	// is a little old need not load it.
	versions []*Version
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
	if len(entries) == 0 {
		return
	}
	if len(t.entries)+len(entries) > cap(t.entries) {
		t.forget(entries[len(entries)-1].At - tailFor.Milliseconds())
	}
	t.entries = append(t.entries, entries...)
	for i := range entries {
		t.bytes += len(entries[i].json)
	}
	if len(t.entries) > t.room || t.bytes > tailBytes {
		t.trim()
	}
}

// forget drops what is older than a time, if that is at least half of all and
// so worth more room being made.
func (t *tail) forget(before int64) {
	old := 0
	for old < len(t.entries) && t.entries[old].At < before {
		old++
	}
	if old > 0 && 2*old >= len(t.entries) {
		t.drop(old)
	}
}

// trim drops the older half. At least the newest record stays.
func (t *tail) trim() {
	n, bytes := 0, t.bytes
	for n < len(t.entries)-1 && (len(t.entries)-n > t.room/2 || bytes > tailBytes/2) {
		bytes -= len(t.entries[n].json)
		n++
	}
	t.drop(n)
}

// drop drops the first n records: the others go into a new slice, since readers
// may hold the old one.
func (t *tail) drop(n int) {
	for i := range t.entries[:n] {
		t.bytes -= len(t.entries[i].json)
	}
	t.base += int64(n)
	t.entries = append(make([]entry, 0, cap(t.entries)), t.entries[n:]...)
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

// keep takes a new version among those that the tail has, unless it has one
// that is hardly older.
func (t *tail) keep(v *Version) {
	drop := 0
	for drop < len(t.versions) && t.versions[drop].Rev < t.base {
		drop++
	}
	t.versions = slices.Delete(t.versions, 0, drop)
	if n := len(t.versions); n == 0 || v.Rev >= t.versions[n-1].Rev+versionsApart {
		t.versions = append(t.versions, v)
	}
}

// nearest returns the newest version at or below rev, and the records that
// lead from it to rev; nil if the tail has none.
func (t *tail) nearest(rev int64) (*Version, []entry) {
	for i := len(t.versions) - 1; i >= 0; i-- {
		v := t.versions[i]
		if v.Rev > rev || v.Rev < t.base {
			continue
		}
		entries, _ := t.after(v.Rev)
		return v, entries[:rev-v.Rev]
	}
	return nil, nil
}
