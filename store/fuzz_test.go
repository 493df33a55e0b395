package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// FuzzValue holds the decoders of what a value is made of to: what is not
// refused as damaged is encoded as it was, and no other bytes pass for it.
func FuzzValue(f *testing.F) {
	f.Add("d", []byte(`{"rev":1,"client":"c","seq":1,"user":"u","at":1,"op":[]}`))
	f.Add("a\x00b", appendHead(nil, Head{Rev: 3, At: 1 << 40, Length: 7}, 1<<31, "epoch"))
	f.Add("", newTallies().body())
	about, err := marshalFacts(Info{Kind: "text", Title: "T\u2028", Tags: NewTags("a", "b"), CreatedBy: User{"u", "Ada"}})
	must(f, err)
	f.Add("x", about)
	f.Fuzz(func(t *testing.T, id string, body []byte) {
		key := appendKey(nil, id, int64(len(body))+1)
		if name, rev, ok := cutKey(key); ok != (id != "") || ok && (name != id || rev != int64(len(body))+1) {
			t.Fatalf("the key %q is %q %d %v", key, name, rev, ok)
		}
		links(t, id, body)
		if head, last, epoch, err := parseHead(id, body); err == nil && !bytes.Equal(appendHead(nil, head, last, epoch), body) || err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatalf("the head %q is %+v %d %q, %v", body, head, last, epoch, err)
		}
		if all, err := parseTallies(body); err == nil && !bytes.Equal(all.body(), body) || err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatalf("the tallies %q are %v, %v", body, all, err)
		}
		var once, twice facts
		if json.Unmarshal(body, &once) != nil {
			return
		}
		again, err := json.Marshal(once)
		if err == nil {
			err = json.Unmarshal(again, &twice)
		}
		if err != nil || !reflect.DeepEqual(once, twice) {
			t.Fatalf("the facts %q are %+v, and then %+v, %v", body, once, twice, err)
		}
	})
}

// links seals a body alone and as a record behind another, and changes what
// came out.
func links(t *testing.T, id string, body []byte) {
	key := appendKey(nil, id, 1)
	value := seal(bucketNames, key, body)
	if got, err := unseal(bucketNames, key, value); err != nil || !bytes.Equal(got, body) {
		t.Fatalf("%q is unsealed as %q, %v", body, got, err)
	}
	writing := chain{id: id}
	first := writing.add(key, body)
	second := appendKey(nil, id, 2)
	next := writing.add(second, body)
	reading := chain{id: id}
	for i, r := range [][2][]byte{{key, first}, {second, next}} {
		if got, err := reading.next(r[0], r[1]); err != nil || !bytes.Equal(got, body) || reading.rev != int64(i+1) {
			t.Fatalf("%q is read as %q, %v", body, got, err)
		}
	}
	for i := range value {
		other := bytes.Clone(value)
		other[i] ^= 1
		if got, err := unseal(bucketNames, key, other); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%q with byte %d changed passes for %q: %v", body, i, got, err)
		}
	}
	for name, wrong := range map[string]func() ([]byte, error){
		"another bucket": func() ([]byte, error) { return unseal(bucketMarks, key, value) },
		"another key":    func() ([]byte, error) { return unseal(bucketNames, second, value) },
		"cut short":      func() ([]byte, error) { return unseal(bucketNames, key, value[:len(value)-1]) },
		"no first":       func() ([]byte, error) { return (&chain{id: id}).next(second, next) },
		"no link":        func() ([]byte, error) { return (&chain{id: id, rev: 1, last: 1 ^ writing.last}).next(second, next) },
	} {
		if got, err := wrong(); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%q: %s, and it is read as %q, %v", body, name, got, err)
		}
	}
}

// A cell is a pair in the file.
type cell struct{ bucket, key, value []byte }

// FuzzStored puts anything in the place of a value. If it has no right seal,
// what reads it refuses it as damaged, and all else is given out as it was. If
// it has, some decoder reads it: nothing panics.
func FuzzStored(f *testing.F) {
	path := library(f)
	b, err := Open(path, noLog)
	must(f, err)
	f.Cleanup(func() { b.Close() })
	b.db.NoSync = true
	b.sweeping.Wait()
	cells := cellsOf(f, b)
	for i := range cells {
		c := &cells[i]
		f.Add(uint16(i), c.value[:len(c.value)/2], false)
		f.Add(uint16(i), []byte{}, false)
		if len(c.value) >= sealSize {
			f.Add(uint16(i), c.value[:len(c.value)-sealSize], true)
			f.Add(uint16(i), c.value[:(len(c.value)-sealSize)/2], true)
		}
		f.Add(uint16(i), []byte{}, true)
	}
	want, err := contents(b)
	must(f, err)
	f.Fuzz(func(t *testing.T, which uint16, value []byte, sealing bool) {
		c := &cells[int(which)%len(cells)]
		if sealing {
			value = seal(c.bucket, c.key, value)
		}
		same := bytes.Equal(value, c.value)
		b.place(t, c, value)
		got, err := contents(b)
		b.place(t, c, c.value)
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatalf("%s %q: %v", c.bucket, c.key, err)
		}
		if sealing && !same || err != nil {
			return
		}
		for id := range want {
			if got[id] != want[id] && strings.HasPrefix(got[id], "[") { // no error
				t.Fatalf("with %s %q as %q, %s is\n%s\nwas\n%s", c.bucket, c.key, value, id, got[id], want[id])
			}
		}
	})
}

// cellsOf is all that the file has but what it says of itself.
func cellsOf(t testing.TB, b *Bolt) (cells []cell) {
	t.Helper()
	must(t, b.db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
			if bytes.Equal(name, bucketMeta) {
				return nil
			}
			return bucket.ForEach(func(key, value []byte) error {
				cells = append(cells, cell{slices.Clone(name), slices.Clone(key), slices.Clone(value)})
				return nil
			})
		})
	}))
	return cells
}

func (b *Bolt) place(t *testing.T, c *cell, value []byte) {
	t.Helper()
	must(t, b.db.Update(func(tx *bolt.Tx) error {
		b.committer.durable.Store(int64(tx.ID())) // or who reads would have the committer wait for it
		return tx.Bucket(c.bucket).Put(c.key, value)
	}))
}

// FuzzFile writes anything over a part of the file: see judge.
func FuzzFile(f *testing.F) {
	whole, want := volume(f)
	for at := 0; at < len(whole); at += 4096 {
		f.Add(uint32(at), []byte{0xff})
		f.Add(uint32(at), make([]byte, 64))
		f.Add(uint32(at+16), whole[4096:4096+80])       // where the elements of a page are
		f.Add(uint32(at), whole[len(whole)-4096:][:16]) // the head of another page
	}
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		broken := bytes.Clone(whole)
		copy(broken[int(at)%len(broken):], patch)
		changed := filepath.Join(t.TempDir(), "changed.db")
		must(t, os.WriteFile(changed, broken, 0o600))
		judge(t, changed, want)
	})
}
