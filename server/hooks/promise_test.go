package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"tutti/store"
)

// receiver is what a receiver knows who believes what it is told, and drops
// what it has had under the same name.
type receiver struct {
	t    *testing.T
	docs map[string]known
	had  map[string]string // by name of a delivery: its body's events
}

type known struct {
	epoch   string
	rev     int64
	trashed bool
}

func (v *receiver) take(g got) {
	events, err := json.Marshal(g.body.Events)
	if err != nil {
		v.t.Fatal(err)
	}
	if was, ok := v.had[g.body.ID]; ok {
		var stripped []news // of a document that is gone by now there are no records
		if err := json.Unmarshal([]byte(was), &stripped); err != nil {
			v.t.Fatal(err)
		}
		for i := range stripped {
			stripped[i].Records = nil
		}
		bare, err := json.Marshal(stripped)
		if err != nil {
			v.t.Fatal(err)
		}
		if was != string(events) && string(bare) != string(events) {
			v.t.Errorf("%s was %s, and is %s", g.body.ID, was, events)
		}
		return
	}
	v.had[g.body.ID] = string(events)
	d, doc := v.docs[g.body.Document.ID], g.body.Document
	for _, n := range g.body.Events {
		ok := doc.Epoch == d.epoch
		switch n.Type {
		case Created:
			ok = d.epoch == ""
			d = known{epoch: doc.Epoch}
		case Changed:
			ok = ok && n.FromRev == d.rev+1 && n.ToRev >= n.FromRev
			for i, line := range n.Records {
				var r struct{ Rev int64 }
				if err := json.Unmarshal(line, &r); err != nil || r.Rev != n.FromRev+int64(i) {
					v.t.Errorf("record %d of %s is %s, %v", i, g.json, line, err)
				}
			}
			d.rev = n.ToRev
		case Trashed, Restored:
			ok = ok && d.trashed == (n.Type == Restored)
			d.trashed = !d.trashed
		case Deleted:
			d = known{}
		}
		if !ok {
			v.t.Errorf("to who knows %+v came %s of %s", v.docs[doc.ID], g.json, n.Type)
		}
	}
	v.docs[doc.ID] = d
}

// TestNothingIsMissedOrOutOfOrder has documents live and die while receivers
// fail, answers are lost and the server is restarted, and holds what was told
// against the documents.
func TestNothingIsMissedOrOutOfOrder(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { live(t, rand.New(rand.NewPCG(seed, 7))) })
		})
	}
}

func live(t *testing.T, rng *rand.Rand) {
	r := newRig(t)
	defer func() { r.close() }()
	ids := []string{"a", "b", "c"}
	v := &receiver{t: t, docs: map[string]known{}, had: map[string]string{}}
	r.create("a", "e0")
	r.write("a", 5)
	r.hook(Hook{Records: rng.IntN(2) == 0})
	v.docs["a"] = known{epoch: "e0", rev: 5}
	mood := rand.New(rand.NewPCG(rng.Uint64(), 1)) // of the receiver, on a goroutine of its own
	r.answers(func(g got) (int, error) {
		switch mood.IntN(5) {
		case 0:
			return http.StatusServiceUnavailable, nil
		case 1:
			return 0, errors.New("no connection")
		case 2:
			v.take(g)
			return 0, errLost
		}
		v.take(g)
		return http.StatusOK, nil
	})
	for step := range 120 {
		id := ids[rng.IntN(len(ids))]
		info, err := r.st.Info(id)
		switch n := rng.IntN(20); {
		case n == 0:
			r.restart()
		case n == 1: // it stops while things happen
			r.close()
			if err == nil {
				r.write(id, 1+rng.IntN(40))
			}
			r.open()
		case err != nil:
			r.create(id, fmt.Sprintf("e%d", step+1))
		case n == 2:
			r.must(r.st.Delete(id))
		case n < 5:
			r.update(id, func(i *store.Info) {
				if i.TrashedAt == 0 {
					i.TrashedAt = time.Now().UnixMilli()
				} else {
					i.TrashedAt = 0
				}
			})
		case n < 7:
			r.update(id, func(i *store.Info) { i.ChangedAt = max(time.Now().UnixMilli(), info.ChangedAt+1) })
		default:
			r.write(id, 1+rng.IntN(5))
		}
		time.Sleep(time.Duration(rng.Int64N(int64(3 * time.Second))))
	}
	r.answers(func(g got) (int, error) {
		v.take(g)
		return http.StatusOK, nil
	})
	time.Sleep(2 * time.Hour)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		want := known{}
		if info, err := r.st.Info(id); err == nil {
			want = known{info.Epoch, info.Head.Rev, info.TrashedAt != 0}
		}
		if is := v.docs[id]; is != want {
			t.Errorf("of %s is known %+v, it is %+v", id, is, want)
		}
	}
	if n := r.x.Waiting(r.x.Hooks()[0].ID); n != 0 {
		t.Errorf("%d documents still wait", n)
	}
}
