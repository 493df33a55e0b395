package server

import (
	"context"
	"errors"
	"sort"
	"time"

	"tutti/store"
)

// Which records are packed, and when: those that are older than a setting, but
// for the newest of a document that is in use, which clients that were away ask
// for. Nothing about a document changes by that but the room that it takes up.
const (
	// packTail is how many records of a document in use stay as they are, as
	// many as a hub has in memory.
	packTail = 2048
	// packPortion is how many more there must be until a document in use is
	// packed again.
	packPortion = 1024
	// packResting is how long nobody has written to a document that isn't in
	// use. It is packed to its end.
	packResting = 24 * time.Hour
	// packEvery is how long after one walk over all documents the next begins.
	packEvery = 10 * time.Minute
	// packShare is how many times as long as a step took nothing is done after
	// it, so that all others have the machine and the disk nearly to themselves.
	packShare = 4
)

// packer packs what has become old, one document at a time.
type packer struct {
	store store.Store
	after time.Duration                 // 0: it never packs
	done  func(id string)               // a document takes up less room now
	fail  func(msg string, args ...any) // logs
	upto  map[string]packedUpto         // by document
	ctx   context.Context
	stop  context.CancelFunc
	ended chan struct{}
}

// packedUpto is where a document was packed to.
type packedUpto struct {
	epoch string
	rev   int64
}

// start packs until close.
func (p *packer) start() {
	p.upto = map[string]packedUpto{}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.ended = make(chan struct{})
	go p.run()
}

// close ends it, and returns when it has ended or ctx is done.
func (p *packer) close(ctx context.Context) {
	p.stop()
	select {
	case <-p.ended:
	case <-ctx.Done():
	}
}

func (p *packer) run() {
	defer close(p.ended)
	for p.after > 0 && p.ctx.Err() == nil {
		if err := p.walk(); err != nil {
			p.fail("history was not packed", "error", err)
		}
		p.rest(packEvery)
	}
}

// rest waits, unless the server stops.
func (p *packer) rest(d time.Duration) {
	select {
	case <-p.ctx.Done():
	case <-time.After(d):
	}
}

// walk packs all that is old by now. One document that can't be packed doesn't
// keep others from it; a store that takes nothing does.
func (p *packer) walk() error {
	for info, err := range p.store.List() {
		if errors.Is(err, store.ErrDamaged) && info.ID != "" {
			continue // who opens it is told
		}
		if err != nil || p.ctx.Err() != nil {
			return err
		}
		switch err := p.pack(info); {
		case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrConflict): // deleted, or another by now
		case errors.Is(err, store.ErrDamaged), errors.Is(err, store.ErrMalformed):
			p.fail("a document's history can't be packed", "document", info.ID, "error", err)
		case err != nil:
			return err
		}
	}
	return nil
}

func (p *packer) pack(info store.Info) error {
	upto, err := p.old(info)
	if last := p.upto[info.ID]; err != nil || upto <= 0 || last.epoch == info.Epoch && last.rev >= upto {
		return err
	}
	for more := true; more && p.ctx.Err() == nil; {
		began := time.Now()
		if more, err = p.store.Pack(info.ID, info.Epoch, upto); err != nil {
			return err
		}
		p.done(info.ID)
		p.rest(packShare * time.Since(began))
	}
	p.upto[info.ID] = packedUpto{info.Epoch, upto}
	return nil
}

// old returns the revision up to which a document is packed.
func (p *packer) old(info store.Info) (upto int64, err error) {
	now := time.Now()
	if info.Head.At < now.Add(-max(p.after, packResting)).UnixMilli() {
		return info.Head.Rev, nil
	}
	portions := (info.Head.Rev - packTail) / packPortion
	if portions <= 0 {
		return 0, nil
	}
	before := now.Add(-p.after).UnixMilli()
	young := sort.Search(int(portions), func(i int) bool {
		rev := int64(i+1) * packPortion
		lines, e := p.store.Lines(info.ID, rev-1, 1)
		if e == nil && len(lines) == 0 {
			e = store.ErrNotFound // another document has the id by now
		}
		if e != nil {
			err = e
			return true
		}
		r, e := store.ParseRecordHeader(lines[0].JSON)
		if e != nil {
			err = e
		}
		return e != nil || r.At > before
	})
	return int64(young) * packPortion, err
}
