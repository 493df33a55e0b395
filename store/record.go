package store

import "tutti/ot"

// Record is one committed delta.
type Record struct {
	Rev    int64  // dense: 1, 2, 3, …
	Client string // public id of the editor instance that submitted it
	Seq    int64  // that client's count of submissions to this document
	User   string // id of the person or program behind the client
	At     int64  // when it was committed, Unix milliseconds
	Op     ot.Delta
}
