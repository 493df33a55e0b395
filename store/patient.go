package store

import (
	"maps"
	"slices"

	"tutti/ot"
)

// patient is a document of which something is damaged.
type patient struct {
	id        string
	facts     facts
	known     bool // its facts are whole
	head      Head
	last      uint32
	headed    bool             // its head is whole
	rows      map[int64][]byte // as they are kept, by their first revisions
	records   map[int64][]byte // JSON, of those rows that are whole
	snapshots map[int64][]byte // those that are whole
	marks     map[string]ClientMark
	mended    bool // or it can be written as if nothing had been
}

// mend makes the records whole, if that can be done.
func (o *patient) mend(tell func(string, ...any)) {
	if !o.known || !o.headed {
		return
	}
	from, to := o.damagedFrom()
	if from == 0 {
		o.mended = true
		return
	}
	for to <= o.head.Rev && o.snapshots[to] == nil {
		to++
	}
	if to > o.head.Rev || !o.bridge(from, to) {
		return
	}
	o.mended = true
	tell("document %s: revisions %d to %d are one change now, and what happened between is lost", o.id, from, to)
}

// damagedFrom returns the first and the last record that is damaged, 0 for none.
func (o *patient) damagedFrom() (from, to int64) {
	o.open()
	if o.snapshots[0] == nil {
		from, to = 1, 1
	}
	for rev := int64(1); rev <= o.head.Rev; rev++ {
		if o.records[rev] == nil {
			if from == 0 {
				from = rev
			}
			to = rev
		}
	}
	return from, to
}

// open takes the records out of the rows that are whole. A link that holds says
// that both its ends are.
func (o *patient) open() {
	firsts := slices.Sorted(maps.Keys(o.rows))
	before, end := uint32(0), int64(1) // of the row before: its sum, and where the next must begin
	var last []Line                    // what it has, until it is known to be whole
	keep := func() {
		for _, line := range last {
			o.records[line.Rev] = line.JSON
		}
	}
	for _, first := range firsts {
		body, sum, _ := cutSeal(o.rows[first])
		own := sumOf(bucketRecords, appendKey(nil, o.id, first), body)
		holds := first == end && sum == link(before, own)
		if holds {
			keep()
		}
		lines, err := linesOf(o.id, first, body)
		if before, end, last = own, first+int64(len(lines)), lines; err != nil {
			end = 0 // nobody knows
		}
		if holds {
			keep()
		}
	}
	if end == o.head.Rev+1 && before == o.last {
		keep()
	}
}

// bridge puts one record in the place of those from one to another, at which
// there is a snapshot, and empty ones behind it.
func (o *patient) bridge(from, to int64) bool {
	before, ok := o.contentBefore(from)
	if !ok {
		return false
	}
	after, err := ot.Parse(o.snapshots[to])
	if err != nil {
		return false
	}
	op := ot.DiffContent(before, after)
	for rev := from; rev <= to; rev++ {
		r := Record{Rev: rev, Client: "unkeyed-repair", Seq: rev, User: "guest:repair", At: o.head.At, Op: op}
		o.records[rev] = r.AppendJSON(nil)
		delete(o.snapshots, rev)
		op = ot.Delta{}
	}
	o.snapshots[to] = after.AppendJSON(nil)
	return true
}

// contentBefore is the content that a record was made for. Where that of
// revision 0 is lost, it is empty.
func (o *patient) contentBefore(rev int64) (ot.Delta, bool) {
	at := rev - 1
	for at > 0 && o.snapshots[at] == nil {
		at--
	}
	if o.snapshots[at] == nil {
		o.snapshots[0] = []byte("[]")
		if o.facts.Kind == ot.Rich {
			o.snapshots[0] = []byte(`[{"insert":"\n"}]`)
		}
	}
	content, err := ot.Parse(o.snapshots[at])
	if err != nil {
		return nil, false
	}
	doc, err := ot.NewDocument(content)
	for at++; err == nil && at < rev; at++ {
		var r Record
		if r, err = ParseRecord(o.records[at]); err == nil {
			doc, err = doc.Apply(r.Op)
		}
	}
	return doc.Delta(), err == nil
}

// write writes what was mended, but for the head.
func (o *patient) write(r *rewriting) error {
	if !o.mended {
		return nil
	}
	for rev := int64(1); rev <= o.head.Rev; rev++ {
		json := o.records[rev]
		if err := r.pair(bucketRecords, appendKey(nil, o.id, rev), json, format); err != nil {
			return err
		}
		// A mark that was lost is found again in the records.
		if record, err := ParseRecordHeader(json); err == nil && record.Seq > o.marks[record.Client].Seq {
			o.marks[record.Client] = ClientMark{record.Client, record.Seq, rev}
		}
	}
	for rev, content := range o.snapshots {
		if err := r.pair(bucketSnapshots, appendKey(nil, o.id, rev), content, format); err != nil {
			return err
		}
	}
	for client, mark := range o.marks {
		if err := r.pair(bucketMarks, append(appendPrefix(nil, o.id), client...), appendMark(nil, mark), format); err != nil {
			return err
		}
	}
	return nil
}
