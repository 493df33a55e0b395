package hooks

import (
	bolt "go.etcd.io/bbolt"

	"tutti/store"
)

// epochsBucket has by document and epoch the one in which hooks first met it.
var epochsBucket = []byte("epochs")

func place(id, epoch string) string { return id + "/" + epoch }

// Carry has hooks take a document's next epoch for the same life of it, in
// which its revisions are what they were. It is called before that begins, so
// that no hook ever sees the document gone; where it doesn't begin after all,
// nothing has the name that it would have had.
func (x *Outbox) Carry(id, epoch, next string) error {
	first := x.first(id, epoch)
	err := x.db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket(epochsBucket).Put([]byte(place(id, next)), []byte(first))
	})
	if err == nil {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.epochs[place(id, next)] = first
	}
	return err
}

// first is the epoch that hooks know the life of a document by.
func (x *Outbox) first(id, epoch string) string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if first, ok := x.epochs[place(id, epoch)]; ok {
		return first
	}
	return epoch
}

// known is a document as hooks know it.
func (x *Outbox) known(info store.Info) store.Info {
	info.Epoch = x.first(info.ID, info.Epoch)
	return info
}

func (x *Outbox) loadEpochs(tx *bolt.Tx) error {
	x.epochs = map[string]string{}
	b, err := tx.CreateBucketIfNotExists(epochsBucket)
	if err != nil {
		return err
	}
	return b.ForEach(func(at, first []byte) error {
		x.epochs[string(at)] = string(first)
		return nil
	})
}
