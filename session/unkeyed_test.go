package session

import (
	"testing"

	"tutti/store"
)

func TestUnkeyedClientsLeaveNoMarks(t *testing.T) {
	r := newRig(t, "")
	clients := make([]string, 10)
	for i := range clients {
		clients[i] = UnkeyedClient()
		rec, err := r.hub.Submit(t.Context(), docID, Submission{Client: clients[i], Seq: 1, Op: parse(t, insert(0, "x"))})
		if err != nil || rec.Rev != int64(i+1) || len(rec.Client) != 22 {
			t.Fatalf("%+v, %v", rec, err)
		}
	}
	r.close(r.hub)
	r.hub = r.newHub() // which marks what it finds behind the last snapshot
	for range snapshotRecords {
		if _, err := r.hub.Submit(t.Context(), docID, Submission{Client: UnkeyedClient(), Seq: 1, Op: parse(t, insert(0, "y"))}); err != nil {
			t.Fatal(err)
		}
	}
	r.close(r.hub)
	for i, client := range clients {
		if m, err := r.store.Memory.Mark(docID, client); err != nil || m != (store.ClientMark{}) {
			t.Fatalf("of write %d there is %+v, %v", i+1, m, err)
		}
	}
	if n := r.store.count("Mark"); n > 0 {
		t.Errorf("the store was asked for %d marks", n)
	}
	if r.store.count("SaveSnapshot") == 0 {
		t.Error("there was no snapshot")
	}
}
