package session

import (
	"slices"

	"tutti/store"
)

// A snapshot is due when opening the document would replay more than this.
// Documents over a mebi of units may have a longer tail in proportion, so that
// writing snapshots costs no more than a constant factor of what is typed.
// Options may say otherwise than snapshotRecords.
const (
	snapshotRecords = 1024
	snapshotBytes   = 4 << 20
	// snapshotApart is the length of a stretch of revisions: the last snapshot
	// in each is kept for reading old revisions, the others only until there
	// is a newer one.
	snapshotApart = 16384
	// snapshotPart is which part of the records that make a snapshot due make
	// one worth writing when the document is closed.
	snapshotPart = 8
)

// snapshotting is the sequencer's account of what the snapshots lack.
type snapshotting struct {
	rev     int64 // of the newest snapshot
	records int   // since then
	bytes   int
	stale   []int64 // revisions of older ones that could not be dropped yet
	busy    bool
	saved   chan savedSnapshot
}

// savedSnapshot tells of one that was saved, or of err if it was not, and
// which ones are still to be dropped.
type savedSnapshot struct {
	rev   int64
	stale []int64
	err   error
}

func (s *snapshotting) from(l loaded) {
	s.rev = l.snapshot
	s.records = len(l.entries)
	for i := range l.entries {
		s.bytes += len(l.entries[i].json)
	}
}

func (s *snapshotting) wait() {
	if s.busy {
		<-s.saved
	}
}

// snapshotSoon starts writing a snapshot behind the edits when one is due.
func (q *sequencer) snapshotSoon(v *Version, entries []entry) {
	s := &q.snapshot
	s.records += len(entries)
	for i := range entries {
		s.bytes += len(entries[i].json)
	}
	length := v.Doc.Length()
	if s.busy || s.records < max(q.hub.opts.Snapshot, length/1024) && s.bytes < max(snapshotBytes, 2*length) {
		return
	}
	q.saveSnapshot(v)
}

func (q *sequencer) saveSnapshot(v *Version) {
	s := &q.snapshot
	s.busy, s.records, s.bytes = true, 0, 0
	if s.saved == nil {
		s.saved = make(chan savedSnapshot, 1)
	}
	var marks []store.ClientMark
	for _, m := range q.marks {
		if m.Rev > s.rev {
			marks = append(marks, m)
		}
	}
	stale := slices.Clone(s.stale)
	if s.rev > 0 && s.rev/snapshotApart == v.Rev/snapshotApart { // else it is the last of its stretch, and stays
		stale = append(stale, s.rev)
	}
	go func() {
		done := savedSnapshot{rev: v.Rev, stale: stale}
		defer func() {
			if p := recover(); p != nil {
				done.err = panicked(p)
			}
			s.saved <- done
			_ = q.do(request{own: q.noteSaved}) // or it has ended, and noted that
		}()
		done.err = q.hub.store.SaveSnapshot(q.doc.id, q.doc.epoch, store.Snapshot{Rev: v.Rev, Content: v.Doc.AppendJSON(nil), Clients: marks})
		if done.err == nil {
			done.stale = slices.DeleteFunc(stale, func(rev int64) bool { return q.hub.store.DropSnapshot(q.doc.id, q.doc.epoch, rev) == nil })
		}
	}()
}

// noteSaved takes note of a snapshot that was saved, unless somebody has waited
// for it.
func (q *sequencer) noteSaved() (goesOn bool) {
	select {
	case done := <-q.snapshot.saved:
		q.snapshotSaved(done)
	default:
	}
	return true
}

// snapshotSaved takes note. A snapshot that failed is not missed: the log is
// the truth, and another will be due.
func (q *sequencer) snapshotSaved(done savedSnapshot) {
	q.snapshot.busy = false
	if done.err != nil {
		q.hub.opts.Log.Warn("a snapshot was not saved", "document", q.doc.id, "revision", done.rev, "error", done.err)
		return
	}
	q.snapshot.rev, q.snapshot.stale = done.rev, done.stale
	q.forgetMarks()
}

// lastSnapshot is written when the document is closed in good order.
func (q *sequencer) lastSnapshot() {
	if q.snapshot.busy {
		q.snapshotSaved(<-q.snapshot.saved)
	}
	if q.snapshot.records < max(1, q.hub.opts.Snapshot/snapshotPart) {
		return
	}
	q.saveSnapshot(q.doc.head.Load())
	q.snapshotSaved(<-q.snapshot.saved)
}
