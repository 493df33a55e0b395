package e2e

import (
	"fmt"
	"testing"

	"tutti/e2e/client"
)

// A bystander shares a document with one who misbehaves. After each breach it
// asserts that nobody but the one was harmed: the content is as it was, and
// the bystander can still type and be heard.
type bystander struct {
	s   *server
	doc string
	raw *raw

	seq, rev int64
	text     string // what the document must be
}

// observe makes a document with this content, and joins it.
func (s *server) observe(t testing.TB, content string, more ...object) *bystander {
	t.Helper()
	doc := s.create(content, more...)
	b := &bystander{s: s, doc: doc.ID, raw: s.join(t, doc.ID), text: s.text(doc.ID)}
	return b
}

// commits takes notice of a delta that was rightly committed by another.
func (b *bystander) commits(rev int64) {
	b.raw.t.Helper()
	b.raw.stream(rev)
	b.rev = rev
	b.text = b.s.text(b.doc)
}

// undisturbed asserts that nothing has happened.
func (b *bystander) undisturbed(t testing.TB) {
	t.Helper()
	b.raw.t = t
	if got := b.s.text(b.doc); got != b.text {
		t.Fatalf("the document is %.200q, want %.200q", got, b.text)
	}
	b.seq++
	b.raw.op(b.seq, b.rev, fmt.Sprintf(`[{"insert":"%d "}]`, b.seq))
	record := b.raw.record()
	if record.Client != client.ID(b.raw.key) || record.Seq != b.seq || record.Rev != b.rev+1 {
		t.Fatalf("the bystander got record %+v, want its own at revision %d", record, b.rev+1)
	}
	b.rev++
	b.text = fmt.Sprintf("%d ", b.seq) + b.text
	if got := b.s.text(b.doc); got != b.text {
		t.Fatalf("after the bystander's edit the document is %.200q, want %.200q", got, b.text)
	}
}
