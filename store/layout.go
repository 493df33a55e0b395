package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"tutti/ot"
)

// format is the number of the layout below. Whoever changes the layout raises
// it, so that an older program refuses the file instead of misreading it. A
// file of an older format than 4 is written anew in this one when it is opened;
// one of format 4, which has nothing packed, or 5, which has no write-ahead log,
// becomes one of format 6 with the first write.
const format = 6

// The buckets. From format 4 on every value but the format ends in a seal, see
// seal.go. Ids hold no zero byte, so `id 0x00 …` sorts all that belongs to
// a document together, and apart from those whose ids begin like its own. One
// bucket for the records of all documents is half as expensive to commit to as
// one for each document (shared/ENGINEERING.md).
var (
	bucketMeta      = []byte("tutti")     // "format" → decimal; "probe" → what Probe wrote; "tallies"; "applied"
	bucketDocuments = []byte("documents") // id → facts as JSON
	bucketHeads     = []byte("heads")     // id → rev, at, length, sum, epoch; see appendHead
	bucketRecords   = []byte("records")   // id 0x00 rev → a record, or a run of them from rev on; see log.go
	bucketSnapshots = []byte("snapshots") // id 0x00 rev → content, or deflated; see pack.go
	bucketMarks     = []byte("marks")     // id 0x00 client → seq, rev
	bucketGraves    = []byte("graves")    // id → 1: hidden, being removed
	bucketVersions  = []byte("versions")  // id 0x00 rev → label as JSON
	bucketNames     = []byte("names")     // id 0x00 user → what the user is called
	bucketOrigins   = []byte("origins")   // id 0x00 → rev, what SaveOrigins was given
	bucketMessages  = []byte("messages")  // id 0x00 message's id → the message as JSON

	buckets = [][]byte{
		bucketMeta, bucketDocuments, bucketHeads, bucketRecords,
		bucketSnapshots, bucketMarks, bucketGraves,
		bucketVersions, bucketNames, bucketOrigins, // from format 2 on
		bucketMessages, // from format 3 on
	}

	keyFormat  = []byte("format")
	keyProbe   = []byte("probe")
	keyTallies = []byte("tallies")
	keyApplied = []byte("applied") // the frame of the write-ahead log up to which the file has all; see wal.go
)

// appendPrefix appends what the keys of a document's records, snapshots and
// marks begin with.
func appendPrefix(dst []byte, id string) []byte {
	return append(append(dst, id...), 0)
}

// appendKey appends the key of a document's record or snapshot. Big-endian,
// so that the order of keys is the order of revisions.
func appendKey(dst []byte, id string, rev int64) []byte {
	return binary.BigEndian.AppendUint64(appendPrefix(dst, id), uint64(rev))
}

// keyRev returns the revision in a key that begins with prefix.
func keyRev(key, prefix []byte) (rev int64, ok bool) {
	if len(key) != len(prefix)+8 || !bytes.HasPrefix(key, prefix) {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(key[len(prefix):])), true
}

// A head is kept as three numbers, the sum of the last record and the epoch,
// since every Append reads and writes it: parsing facts there would cost more
// than all else it does.
func appendHead(dst []byte, head Head, last uint32, epoch string) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(head.Rev))
	dst = binary.BigEndian.AppendUint64(dst, uint64(head.At))
	dst = binary.BigEndian.AppendUint64(dst, uint64(head.Length))
	dst = binary.BigEndian.AppendUint32(dst, last)
	return append(dst, epoch...)
}

// readHead returns a document's head and epoch.
func readHead(tx *bolt.Tx, id string) (head Head, epoch string, err error) {
	head, _, epoch, err = readEnd(tx, id)
	return head, epoch, err
}

// readEnd returns a document's head, the sum of its last record, and its epoch.
func readEnd(tx *bolt.Tx, id string) (head Head, last uint32, epoch string, err error) {
	body, err := get(tx, bucketHeads, []byte(id))
	if err == nil && body == nil {
		err = missing(tx, bucketDocuments, id)
	}
	if err != nil {
		return Head{}, 0, "", err
	}
	return parseHead(id, body)
}

func parseHead(id string, body []byte) (head Head, last uint32, epoch string, err error) {
	if len(body) < 28 {
		return Head{}, 0, "", fmt.Errorf("%w: the head of %q", ErrDamaged, id)
	}
	return Head{
		Rev:    int64(binary.BigEndian.Uint64(body)),
		At:     int64(binary.BigEndian.Uint64(body[8:])),
		Length: int64(binary.BigEndian.Uint64(body[16:])),
	}, binary.BigEndian.Uint32(body[24:]), string(body[28:]), nil
}

// facts are the fields of Info that are written rarely.
type facts struct {
	Kind      ot.Kind `json:"kind"`
	Title     string  `json:"title"`
	Language  string  `json:"language,omitempty"`
	Tags      Tags    `json:"tags,omitzero"`
	CreatedAt int64   `json:"createdAt"`
	CreatedBy User    `json:"createdBy"`
	ChangedAt int64   `json:"changedAt,omitempty"`
	TrashedAt int64   `json:"trashedAt,omitempty"`
	Descent   descent `json:"descent,omitzero"`
}

// marshalFacts returns what the documents bucket keeps of info.
func marshalFacts(info Info) ([]byte, error) {
	value, err := json.Marshal(facts{
		Kind:      info.Kind,
		Title:     info.Title,
		Language:  info.Language,
		Tags:      info.Tags,
		CreatedAt: info.CreatedAt,
		CreatedBy: info.CreatedBy,
		ChangedAt: info.ChangedAt,
		TrashedAt: info.TrashedAt,
		Descent:   descentOf(info),
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrMalformed, info.ID, err)
	}
	return value, nil
}

// readInfo returns a document's Info, and its facts as they are kept, valid
// as long as the transaction.
func readInfo(tx *bolt.Tx, id string) (info Info, value []byte, err error) {
	if value, err = get(tx, bucketDocuments, []byte(id)); err != nil {
		return Info{}, nil, err
	}
	if value == nil {
		return Info{}, nil, missing(tx, bucketHeads, id)
	}
	head, epoch, err := readHead(tx, id)
	if err != nil {
		return Info{}, nil, err
	}
	var f facts
	if err := json.Unmarshal(value, &f); err != nil {
		return Info{}, nil, fmt.Errorf("%w: the metadata of %q: %w", ErrDamaged, id, err)
	}
	return Info{
		ID:        id,
		Kind:      f.Kind,
		Title:     f.Title,
		Language:  f.Language,
		Tags:      f.Tags,
		Epoch:     epoch,
		Lineage:   f.Descent.in(epoch),
		CreatedAt: f.CreatedAt,
		CreatedBy: f.CreatedBy,
		ChangedAt: f.ChangedAt,
		TrashedAt: f.TrashedAt,
		Head:      head,
	}, value, nil
}

// readMark returns a client's mark, the zero one if there is none.
func readMark(tx *bolt.Tx, id, client string) (ClientMark, error) {
	key := append(appendPrefix(nil, id), client...)
	value, err := get(tx, bucketMarks, key)
	if err != nil {
		return ClientMark{}, err
	}
	switch len(value) {
	case 0:
		return ClientMark{}, nil
	case 16:
		return ClientMark{
			Client: client,
			Seq:    int64(binary.BigEndian.Uint64(value)),
			Rev:    int64(binary.BigEndian.Uint64(value[8:])),
		}, nil
	default:
		return ClientMark{}, fmt.Errorf("%w: a mark of %q", ErrDamaged, id)
	}
}

// appendMark appends what the marks bucket keeps of a mark.
func appendMark(dst []byte, mark ClientMark) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(mark.Seq))
	return binary.BigEndian.AppendUint64(dst, uint64(mark.Rev))
}

// missing says why a document has no facts, or no head: where the other one is
// there, what lacks was lost.
func missing(tx *bolt.Tx, other []byte, id string) error {
	if tx.Bucket(other).Get([]byte(id)) != nil {
		return fmt.Errorf("%w: a part of %q is missing", ErrDamaged, id)
	}
	return notFound(id)
}

func notFound(id string) error { return fmt.Errorf("%w: %q", ErrNotFound, id) }
