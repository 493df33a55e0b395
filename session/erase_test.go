package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tutti/ot"
	"tutti/store"
)

func (r *rig) eraseText(text, next string) *Erasing {
	r.t.Helper()
	e, err := r.hub.Find(r.t.Context(), docID, text)
	if err != nil {
		r.t.Fatal(err)
	}
	if erased, err := e.Erase(r.t.Context(), next); err != nil || erased != (e.Found() > 0) {
		r.t.Fatalf("Erase: %v, %v; found %d", erased, err, e.Found())
	}
	return e
}

// contentsOf are the contents of a document at each revision, by its records
// alone.
func contentsOf(t testing.TB, st store.Store, id string) (all []ot.Delta) {
	t.Helper()
	first, err := st.Snapshot(id, 0)
	if err != nil {
		t.Fatal(err)
	}
	all = []ot.Delta{parse(t, string(first.Content))}
	lines, err := st.Lines(id, 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		r, err := store.ParseRecord(line.JSON)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, all[len(all)-1].Compose(r.Op))
	}
	return all
}

func textOf(content ot.Delta) string {
	doc, err := ot.NewDocument(content)
	if err != nil {
		panic(err)
	}
	return doc.Text()
}

// TestErasedFromRecordsAndSnapshots has secrets come together and go again in
// random ways between snapshots: what is stored afterwards is one history, in
// which all but the secret is what it was.
func TestErasedFromRecordsAndSnapshots(t *testing.T) {
	rapid.Check(t, func(d *rapid.T) {
		r := newRig(t, "ab")
		n := rapid.IntRange(0, 40).Draw(d, "records")
		length := 2
		for i := range n {
			var op ot.Builder
			at := rapid.IntRange(0, length).Draw(d, "at")
			op.Retain(at, nil)
			if rapid.IntRange(0, 2).Draw(d, "delete") == 0 && at < length {
				gone := rapid.IntRange(1, min(3, length-at)).Draw(d, "gone")
				op.Delete(gone)
				length -= gone
			} else {
				text := rapid.StringOfN(rapid.RuneFrom([]rune("abc\n")), 1, 3, -1).Draw(d, "text")
				op.Insert(text, nil)
				length += len(text)
			}
			r.fillAs(fmt.Sprint("client", i%3), 1, string(op.Delta().AppendJSON(nil)))
			if rapid.IntRange(0, 5).Draw(d, "snapshot") == 0 {
				rev := int64(i + 1)
				content := contentsOf(t, r.store.Memory, docID)[rev].AppendJSON(nil)
				if err := r.store.Memory.SaveSnapshot(docID, docEpoch, store.Snapshot{Rev: rev, Content: content}); err != nil {
					t.Fatal(err)
				}
			}
		}
		secret := rapid.StringOfN(rapid.RuneFrom([]rune("abc\n")), 1, 4, -1).Filter(func(s string) bool { return strings.Trim(s, "\n") != "" }).Draw(d, "secret")
		before := contentsOf(t, r.store.Memory, docID)
		held := false
		for _, content := range before {
			held = held || strings.Contains(textOf(content), secret)
		}
		e := r.eraseText(secret, "e2")
		if held != (e.Found() > 0) {
			d.Fatalf("found %d of %q", e.Found(), secret)
		}
		after := contentsOf(t, r.store.Memory, docID)
		for rev := range before {
			was, is := []rune(textOf(before[rev])), []rune(textOf(after[rev]))
			if len(was) != len(is) || strings.Contains(string(is), secret) {
				d.Fatalf("revision %d was %q, is %q", rev, string(was), string(is))
			}
			for i := range was {
				if was[i] != is[i] && is[i] != '█' {
					d.Fatalf("revision %d was %q, is %q", rev, string(was), string(is))
				}
			}
			_, v, err := r.hub.ViewAt(docID, int64(rev)) // from the snapshots
			if err != nil || v.Doc.Text() != string(is) {
				d.Fatalf("revision %d is seen as %q, %v; its records say %q", rev, v.Doc.Text(), err, string(is))
			}
		}
		if info, err := r.store.Memory.Info(docID); err != nil || (info.Epoch == "e2") != held || info.Head.Rev != int64(n) {
			d.Fatal(info, err)
		}
	})
}

// TestEraseWhileSomebodyWrites has a client that never saw its acknowledgement:
// it is told to come again, learns that its delta is in the content, and a
// resend is recognised in the new epoch.
func TestEraseWhileSomebodyWrites(t *testing.T) {
	r := newRig(t, "my hunter2\n")
	a := r.join("a")
	a.op(1, 0, insert(0, "A"))
	r.eraseText("hunter2", "e2")
	if why := a.wantEnd(CodeCannotResume); why.Reason == "" {
		t.Error("it isn't told why")
	}
	a.leave()
	if _, err := r.tryJoin(r.hub, who("a"), helloOf("a", Place{Rev: 0, Epoch: docEpoch})); err == nil {
		t.Error("it could go on in the old epoch")
	} else {
		wantClose(t, err, CodeCannotResume)
	}
	a = r.join("a")
	if w := a.welcome; w.Seq != 1 || w.Rev != 1 || w.Epoch != "e2" || textOf(parse(t, string(w.Content))) != "Amy ███████\n" {
		t.Errorf("it is welcomed with %+v %s", w, w.Content)
	}
	a.op(1, 0, insert(0, "A")) // from before it was told
	if got := a.gotOf("records"); len(got) != 1 || got[0].Records[0].Rev != 1 || got[0].Records[0].Seq != 1 {
		t.Errorf("its resend is answered with %+v", got)
	}
	a.op(2, 1, insert(0, "B"))
	r.wantText("BAmy ███████\n")
	if n := len(r.log(docID)); n != 2 {
		t.Errorf("%d records", n)
	}
}

// TestEraseWhatIsTypedMeanwhile has a secret come together after it was looked
// for and before the document is closed.
func TestEraseWhatIsTypedMeanwhile(t *testing.T) {
	r := newRig(t, "hunter2 and hunt\n")
	e, err := r.hub.Find(t.Context(), docID, "hunter2")
	if err != nil {
		t.Fatal(err)
	}
	r.join("a").op(1, 0, insert(16, "er2"))
	if _, err := e.Erase(t.Context(), "e2"); err != nil || e.Found() != 2 {
		t.Fatal(e.Found(), err)
	}
	r.wantText("███████ and ███████\n")
	if got := r.log(docID)[0].Op.String(); got != `[{"retain":16},{"insert":"███"}]` {
		t.Errorf("the record is %s", got)
	}
}

func TestEraseThatIsGivenUpOrFails(t *testing.T) {
	r := newRig(t, "my hunter2\n")
	e, err := r.hub.Find(t.Context(), docID, "hunter2")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	cancel(mine)
	r.fill(1, insert(0, "x"))
	if erased, err := e.Erase(ctx, "e2"); erased || !errors.Is(err, mine) {
		t.Errorf("Erase: %v, %v", erased, err)
	}
	// Another document has taken the id: what was found is not in it.
	e, err = r.hub.Find(t.Context(), docID, "hunter2")
	if err == nil {
		err = r.store.Delete(docID)
	}
	if err != nil {
		t.Fatal(err)
	}
	r.create(docID, "e9", "his hunter2\n")
	if erased, err := e.Erase(t.Context(), "e2"); erased {
		t.Error("it erased in another's document")
	} else {
		wantClose(t, err, CodeCannotResume)
	}
	r.join("a").op(1, 0, insert(0, "A"))
	r.wantText("Ahis hunter2\n")
}

// TestManyJoinWhileATextIsErased has people come and go, and write, while
// texts are erased one after the other: they wait, and find the document.
func TestManyJoinWhileATextIsErased(t *testing.T) {
	r := newRig(t, strings.Repeat("secret0 secret1 secret2 secret3\n", 50))
	done := make(chan error)
	for range 8 {
		go func() {
			var err error
			for n := 0; n < 40 && err == nil; n++ {
				_, err = r.hub.Submit(context.Background(), docID, Submission{
					Client: UnkeyedClient(), Seq: 1, User: store.User{ID: userOfAll}, Op: ot.Delta{}.Insert("x", nil),
				})
				var why *Close
				if errors.As(err, &why) && why.Code == CodeBusy {
					n, err = n-1, nil // it came as the document was being closed: it tries again
				}
			}
			done <- err
		}()
	}
	for i := range 4 {
		r.eraseText(fmt.Sprint("secret", i), fmt.Sprint("e", i+2))
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if text := r.text(); strings.Contains(text, "secret") || strings.Count(text, "x") != len(r.log(docID)) {
		t.Errorf("%d records, and the text is %.100q", len(r.log(docID)), text)
	}
}
