// Package store keeps documents on disk: what they are, the log of their
// records, and snapshots that make opening them fast.
//
// The log is the truth. A document at revision n is its content at revision 0
// with the deltas of records 1 to n applied; a snapshot only shortens that
// road. Append returns when the records are durable, and not before; nobody
// reads what is not.
//
// Everything that a Store hands out belongs to the caller; everything handed
// in may be reused once the call has returned. All methods may be called from
// any goroutine. The suite in store/storetest is the contract in executable
// form: every keeper runs it.
package store

import (
	"errors"
	"iter"

	"tutti/ot"
)

// The three ways in which an Append fails are told apart, because what a
// sequencer may do next differs.
var (
	// ErrConflict is returned when the head of the log is not where the
	// writer thought, or the epoch is another: nothing was stored.
	ErrConflict = errors.New("store: the head of the log has moved")
	// ErrUnavailable is returned when nothing was stored and a later try may
	// succeed.
	ErrUnavailable = errors.New("store: unavailable, nothing was stored")
	// ErrUnknown is returned when the records may or may not be stored: read
	// the log before anything else is built on it.
	ErrUnknown = errors.New("store: outcome unknown, the write may have been stored")

	// ErrNotFound is returned when there is no document of that id.
	ErrNotFound = errors.New("store: no such document")
	// ErrExists is returned by Create when the id is taken, also by a
	// document in the trash.
	ErrExists = errors.New("store: the document exists")
	// ErrRevision is returned when a revision is asked for that the document
	// does not have.
	ErrRevision = errors.New("store: no such revision")
	// ErrNoMessage is returned when a message is asked for that was never
	// written, is deleted, or is so old that it is no longer kept.
	ErrNoMessage = errors.New("store: no such message")
	// ErrMalformed is returned when a write breaks the contract: an id that
	// no document can have, lines with a gap. Nothing was stored; it is a bug
	// of the caller.
	ErrMalformed = errors.New("store: malformed write")
	// ErrDamaged is returned when what is on the disk cannot be read.
	ErrDamaged = errors.New("store: the data is damaged")
	// ErrClosed is returned by every method after Close.
	ErrClosed = errors.New("store: closed")
)

// User names a person or program, as of the time when the name was written.
type User struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Head is where a document's log ends.
type Head struct {
	Rev    int64 // the last record's revision; 0 when there is none
	At     int64 // when that was committed, Unix milliseconds; 0 when there is none
	Length int64 // of the content at Rev, in UTF-16 code units
}

// Info is what is known about a document beside its content. Times are Unix
// milliseconds.
type Info struct {
	ID        string
	Kind      ot.Kind
	Title     string
	Language  string
	Tags      Tags
	Epoch     string // names this unbroken log
	Lineage   Lineage
	CreatedAt int64
	CreatedBy User
	ChangedAt int64 // of the last change to the fields here
	TrashedAt int64 // 0: not in the trash
	Head      Head  // kept by Append; Update cannot change it
}

// UpdatedAt is when content or metadata last changed, in Unix milliseconds.
func (i Info) UpdatedAt() int64 { return max(i.CreatedAt, i.ChangedAt, i.Head.At) }

// Line is a record as it is kept: its revision, and the JSON that the disk,
// the sockets and REST all carry. See Record.
type Line struct {
	Rev  int64
	JSON []byte
}

// ClientMark says how far a client's submissions have come: its highest
// committed seq, and the revision that this one became.
type ClientMark struct {
	Client string
	Seq    int64
	Rev    int64
}

// LogSize is how much room part of a log takes up, in bytes.
type LogSize struct {
	Rev      int64 // of the last record that is counted
	Raw      int64 // the JSON of records that aren't packed
	Packed   int64 // what the others are packed into
	Unpacked int64 // the JSON of those
	PackedTo int64 // the last of those that is counted; 0: none is
}

// Snapshot is the content of a document at a revision, as a delta in JSON.
type Snapshot struct {
	Rev     int64
	Content []byte
	// Clients are the marks of the clients that committed something since
	// the snapshot before. SaveSnapshot merges them with the older marks, a
	// higher seq wins; they are read back one at a time with Mark.
	Clients []ClientMark
}

// Version is a revision that somebody has given a name.
type Version struct {
	Rev       int64
	Name      string
	CreatedAt int64 // Unix milliseconds
	CreatedBy User
}

// Draft is a document that is being imported. It belongs to one goroutine.
type Draft interface {
	// Append adds lines to the log; their revisions continue without a gap.
	Append(lines []Line) error
	// SaveSnapshot, SaveVersion and SaveName are those of Store.
	SaveSnapshot(s Snapshot) error
	SaveVersion(v Version) error
	SaveName(user User) error
}

// Replacement is what takes the place of a part of a history. It belongs to one
// goroutine.
type Replacement interface {
	// Lines gives lines in the place of those of the same revisions.
	Lines(lines []Line) error
	// Snapshot gives a content in the place of that which the snapshot at
	// exactly this revision has. ErrRevision if there is none.
	Snapshot(rev int64, content []byte) error
}

// Store keeps documents.
type Store interface {
	// Create adds a document with its content at revision 0. The Head of
	// info gives the content's length; its Rev must be 0. ErrExists.
	Create(info Info, content []byte) error
	// Import adds a document with its whole history, all or nothing: fill
	// puts it into the draft, and returns where its log then ends; nobody
	// sees any of it before Import has returned nil. The Head of info is that
	// of the content at revision 0. The error of fill is returned, and
	// leaves nothing. ErrExists, at the beginning or at the end.
	Import(info Info, content []byte, fill func(Draft) (Head, error)) error
	// Info returns a document's metadata and head, in the trash or not.
	// ErrNotFound.
	Info(id string) (Info, error)
	// List yields all documents, also those in the trash, in the order of
	// their ids. One that is damaged comes with its id alone and ErrDamaged,
	// and the others follow; after any other error nothing does.
	List() iter.Seq2[Info, error]
	// Update changes metadata. change gets the present Info and may return
	// an error of its own, which is returned and leaves all as it was. It
	// must be free of side effects, since it may run more than once, and not
	// call the store. ID, Kind, Epoch, Lineage, Created… and Head stay what
	// they are.
	// ErrNotFound.
	Update(id string, change func(*Info) error) (Info, error)
	// Delete removes a document and all that is kept with it. To all others
	// it is gone at once; the id is free when Delete returns nil. ErrNotFound.
	Delete(id string) error

	// Append adds lines to the log of a document and returns when they are
	// durable. It is a compare-and-set: epoch and at must be the document's
	// epoch and the revision of its head, the lines' revisions continue from
	// at without a gap, and head is where the log then ends. It takes no
	// context, because a write that can't be undone can't be abandoned.
	// ErrNotFound, ErrConflict, ErrUnavailable, ErrUnknown; after one of
	// these nothing, or in the case of ErrUnknown either nothing or all, of
	// lines is stored.
	Append(id, epoch string, at int64, lines []Line, head Head) error
	// Lines returns at most limit lines of the log that come after the
	// revision, in order; none at or behind the head. ErrNotFound.
	Lines(id string, after int64, limit int) ([]Line, error)

	// Replace puts lines and contents of snapshots in the place of those of
	// the same revisions, and begins the epoch next: all or nothing, also
	// where the process ends meanwhile; all else that is kept stays. fill
	// hands them in, and its error, which is returned, leaves all as it was.
	// Until it returns, who reads in the old epoch may meet some of them: each
	// must fit where the one was that it replaces, with the others or without.
	// ErrConflict if the epoch is another or the head not at, ErrNotFound, the
	// failures of Append; after ErrUnknown it may be carried on later, at the
	// latest when the store is opened again.
	Replace(id, epoch string, at int64, next string, fill func(Replacement) error) error

	// LogSize says how much room the log takes up after the revision, as far
	// as at most limit looks tell; one tells of a record, or of all that is
	// packed with it. ErrNotFound.
	LogSize(id string, after int64, limit int) (LogSize, error)
	// Pack makes older records, those up to the revision, take up less room,
	// and the snapshots up to it: some of them, in a bounded time; more says
	// that another call may go on. Nothing else changes: what is read is the
	// same, byte by byte, save that of the snapshots between some are dropped.
	// ErrConflict if the epoch is another, or somebody else packs them,
	// ErrNotFound.
	Pack(id, epoch string, upto int64) (more bool, err error)

	// SaveSnapshot keeps a snapshot beside the older ones. Saving the same
	// revision again replaces it. A crash may take the newest back, as if they
	// had not been saved, nor what DropSnapshot dropped after them. ErrConflict if the epoch is another,
	// ErrRevision if the log does not reach to its revision, ErrNotFound.
	SaveSnapshot(id, epoch string, s Snapshot) error
	// Snapshot returns the newest snapshot at or below the revision, without
	// marks. There is always the one at revision 0. ErrNotFound, ErrRevision
	// if the revision is negative.
	Snapshot(id string, rev int64) (Snapshot, error)
	// DropSnapshot removes the snapshot at exactly this revision, if there
	// is one; the one at revision 0 stays. Marks are kept. ErrConflict if
	// the epoch is another, ErrNotFound.
	DropSnapshot(id, epoch string, rev int64) error
	// Mark returns how far a client had come in the last snapshot that had a
	// mark of it, the zero ClientMark if none had: what the lines after the
	// snapshot say comes on top. ErrNotFound.
	Mark(id, client string) (ClientMark, error)

	// SaveVersion names a revision, in place of the name that it has.
	// ErrConflict if the epoch is another, ErrRevision if the log does not
	// reach to the revision, ErrNotFound.
	SaveVersion(id, epoch string, v Version) error
	// Versions returns at most limit named revisions below the revision, the
	// newest first. ErrNotFound.
	Versions(id string, below int64, limit int) ([]Version, error)
	// DropVersion takes the name of a revision away. ErrRevision if it has
	// none, ErrConflict if the epoch is another, ErrNotFound.
	DropVersion(id, epoch string, rev int64) error
	// SaveName keeps what a user of a document is called: records hold ids
	// alone. The newest name stays. ErrConflict if the epoch is another,
	// ErrNotFound.
	SaveName(id, epoch string, user User) error
	// Name returns what a user of a document is called, "" if no name was
	// saved. ErrNotFound.
	Name(id, user string) (string, error)
	// SaveOrigins keeps bytes that tell for a revision where its content
	// comes from, in place of those of an older or the same revision: a
	// shortcut for who would else read the whole log. ErrConflict if the
	// epoch is another, ErrRevision if the log does not reach to the
	// revision, ErrNotFound.
	SaveOrigins(id, epoch string, rev int64, data []byte) error
	// Origins returns what SaveOrigins has kept, nil if nothing. ErrNotFound.
	Origins(id string) (rev int64, data []byte, err error)

	// AddMessage adds a message to the chat beside a document, and returns it
	// with its id, the next, when it is durable. The newest MessagesKept stay.
	// ErrConflict if the epoch is another, ErrNotFound.
	AddMessage(id, epoch string, m Message) (Message, error)
	// DropMessage removes a message; its id stays taken. ErrNoMessage,
	// ErrConflict if the epoch is another, ErrNotFound.
	DropMessage(id, epoch string, message int64) error
	// Messages returns at most limit messages whose ids come after one, in
	// order and without a gap, of deleted ones the id. ErrNotFound.
	Messages(id string, after int64, limit int) ([]Message, error)
	// LastMessage returns the id of the newest message, 0 if there is none.
	// ErrNotFound.
	LastMessage(id string) (int64, error)

	// Probe writes and syncs a little, and returns nil if edits can be
	// stored now.
	Probe() error
	// Close waits for writes that are under way, and gives the data back. It
	// may be called again.
	Close() error
}
