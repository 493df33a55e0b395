package session

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tutti/ot"
	"tutti/store"
)

// BenchmarkErase erases a secret from a document of a million records, in which
// it was pasted ten times, and deleted again nine.
func BenchmarkErase(b *testing.B) {
	const records = 1_000_000
	for range b.N {
		b.StopTimer()
		st, err := store.Open(filepath.Join(b.TempDir(), "tutti.db"), store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		h := NewHub(st, Options{})
		if err := importTyped(h, st, records); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		began := time.Now()
		e, err := h.Find(b.Context(), docID, "sk-live-0123456789")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/find")
		began = time.Now()
		if ok, err := e.Erase(b.Context(), "e2"); err != nil || !ok || e.Found() != 10 {
			b.Fatal(ok, e.Found(), err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/erase")
		b.StopTimer()
		if err := h.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
		st.Close()
	}
}

// importTyped puts a document into a store in which somebody has typed, a
// letter a record, and pasted a secret now and then.
func importTyped(h *Hub, st store.Store, records int64) error {
	const secret = "sk-live-0123456789"
	info := store.Info{ID: docID, Kind: ot.Text, Epoch: docEpoch}
	r, err := h.NewReplay(ot.Text, nil)
	if err != nil {
		return err
	}
	return st.Import(info, []byte("[]"), func(d store.Draft) (store.Head, error) {
		var lines []store.Line
		at, length := 0, 0
		for rev := int64(1); rev <= records; rev++ {
			op := ot.Delta{}.Retain(at, nil)
			switch step := rev % (records / 10); {
			case step == 5000:
				op = op.Insert(secret, nil)
				length += len(secret)
			case step == 5001 && rev > records/10:
				op = op.Delete(len(secret))
				length -= len(secret)
			case rev%40 == 0:
				at = int(rev * 7919 % int64(length+1))
				op = ot.Delta{}.Retain(at, nil).Insert(" ", nil)
				length++
			default:
				op = op.Insert("x", nil)
				at, length = at+1, length+1
			}
			record := store.Record{Rev: rev, Client: fmt.Sprint("client", rev%10), Seq: rev, User: userOfAll, At: rev, Op: op}
			if err := r.Add(record); err != nil {
				return store.Head{}, err
			}
			if lines = append(lines, store.Line{Rev: rev, JSON: record.AppendJSON(nil)}); len(lines) == 10_000 || rev == records {
				if err := d.Append(lines); err != nil {
					return store.Head{}, err
				}
				lines = lines[:0]
				if s, ok := r.Snapshot(rev == records); ok {
					if err := d.SaveSnapshot(s); err != nil {
						return store.Head{}, err
					}
				}
			}
		}
		return r.Head(), nil
	})
}
