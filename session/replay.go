package session

import (
	"errors"
	"fmt"

	"tutti/ot"
	"tutti/store"
)

// Replay follows a history that comes from elsewhere, from its first content
// to its last, and checks each step as the sequencer checks what it commits:
// revisions without a gap, deltas that fit, no submission twice.
type Replay struct {
	kind   ot.Kind
	limits Limits
	doc    ot.Document
	head   store.Head
	seqs   map[string]int64 // the highest of each client
	// marks and records are since the last snapshot.
	marks   map[string]store.ClientMark
	records int
}

var (
	errSeq     = errors.New("session: the client's seq does not grow")
	errNewline = errors.New("session: a rich content ends in a newline")
)

// NewReplay begins with a content at revision 0. Errors name what is wrong
// with it.
func (h *Hub) NewReplay(kind ot.Kind, content ot.Delta) (*Replay, error) {
	if flaw := content.CheckKind(kind, ot.MaxLength); flaw != nil {
		return nil, flaw
	}
	doc, err := ot.NewDocument(content)
	if err != nil {
		return nil, err
	}
	r := &Replay{kind: kind, limits: h.Limits(), doc: doc, seqs: map[string]int64{}, marks: map[string]store.ClientMark{}}
	r.head.Length = int64(doc.Length())
	if last := doc.Slice(doc.Length()-1, doc.Length()); kind == ot.Rich && (len(last) == 0 || last[0].Text() != "\n") {
		return nil, errNewline
	}
	return r, r.fits(doc)
}

// Add takes the next record. After an error the replay is of no use.
func (r *Replay) Add(record store.Record) error {
	if record.Rev != r.head.Rev+1 {
		return fmt.Errorf("%w: %d after %d", errGap, record.Rev, r.head.Rev)
	}
	if record.Seq <= r.seqs[record.Client] {
		return fmt.Errorf("%w: %d after %d", errSeq, record.Seq, r.seqs[record.Client])
	}
	if flaw := record.Op.CheckKind(r.kind, r.doc.Length()); flaw != nil {
		return flaw
	}
	doc, err := r.doc.Apply(record.Op)
	if err != nil {
		return err
	}
	if err := r.fits(doc); err != nil {
		return err
	}
	r.doc = doc
	r.head = store.Head{Rev: record.Rev, At: record.At, Length: int64(doc.Length())}
	r.records++
	if isUnkeyed(record.Client) {
		return nil
	}
	r.seqs[record.Client] = record.Seq
	r.marks[record.Client] = store.ClientMark{Client: record.Client, Seq: record.Seq, Rev: record.Rev}
	return nil
}

func (r *Replay) fits(doc ot.Document) error {
	if limit := r.limits.Document; doc.Length() > limit && doc.Length() > r.doc.Length() {
		return &ot.Error{Code: ot.DocumentTooLarge, Message: fmt.Sprintf("the content has %d units, more than %d", doc.Length(), limit)}
	}
	return nil
}

// Head is where the replay has come to.
func (r *Replay) Head() store.Head { return r.head }

// Snapshot returns a snapshot of where the replay has come to, if one is worth
// its room: at the end of the history they may be closer.
func (r *Replay) Snapshot(end bool) (s store.Snapshot, ok bool) {
	if r.records < snapshotApart && !(end && r.records >= snapshotRecords) {
		return s, false
	}
	s = store.Snapshot{Rev: r.head.Rev, Content: r.doc.AppendJSON(nil)}
	for _, mark := range r.marks {
		s.Clients = append(s.Clients, mark)
	}
	r.records = 0
	clear(r.marks)
	return s, true
}
