package store

import (
	"fmt"
	"strings"
)

// What a keeper takes is checked before it is queued or locked for: writes
// share a transaction, so one that the disk's format cannot hold would fail
// those of other documents with it.

const (
	maxID     = 255 // bytes; the wire allows 64
	maxClient = 255 // bytes; the wire's have 22
	maxUser   = 1024
)

// checkInfo says whether a document can be created from info. A zero byte
// would end the id early in keys, and let documents reach into each other.
func checkInfo(info Info) error {
	switch {
	case info.ID == "" || len(info.ID) > maxID || strings.IndexByte(info.ID, 0) >= 0:
		return fmt.Errorf("%w: a document cannot have the id %q", ErrMalformed, info.ID)
	case info.Head.Rev != 0:
		return fmt.Errorf("%w: %q is created at revision %d", ErrMalformed, info.ID, info.Head.Rev)
	}
	return nil
}

// checkLines says whether lines continue from at without a gap and end at
// head. It is a bug of the caller if not, and one that would be found much
// later: when the document is opened again.
func checkLines(id string, at int64, lines []Line, head Head) error {
	if at < 0 || len(lines) == 0 || head.Rev != at+int64(len(lines)) {
		return fmt.Errorf("%w: %d lines for %q do not lead from revision %d to %d", ErrMalformed, len(lines), id, at, head.Rev)
	}
	for i, line := range lines {
		if want := at + 1 + int64(i); line.Rev != want {
			return fmt.Errorf("%w: a line for %q has revision %d where %d follows", ErrMalformed, id, line.Rev, want)
		}
	}
	return nil
}

// checkReplaced says whether a log that ends at a revision has such lines.
func checkReplaced(id string, head int64, lines []Line) error {
	for _, line := range lines {
		if line.Rev < 1 || line.Rev > head {
			return fmt.Errorf("%w: %q has no record %d", ErrRevision, id, line.Rev)
		}
	}
	return nil
}

func noSnapshot(id string, rev int64) error {
	return fmt.Errorf("%w: %q has no snapshot of revision %d", ErrRevision, id, rev)
}

// checkMarks says whether marks can be kept.
func checkMarks(id string, marks []ClientMark) error {
	for _, mark := range marks {
		if len(mark.Client) > maxClient {
			return fmt.Errorf("%w: a client of %q has a name of %d bytes", ErrMalformed, id, len(mark.Client))
		}
	}
	return nil
}

// checkUser says whether a user's name can be kept.
func checkUser(id string, user User) error {
	if user.ID == "" || len(user.ID) > maxUser {
		return fmt.Errorf("%w: a user of %q has an id of %d bytes", ErrMalformed, id, len(user.ID))
	}
	return nil
}

// checkReach says whether a log that ends at head has a revision.
func checkReach(id string, head Head, rev int64) error {
	if rev < 0 || rev > head.Rev {
		return fmt.Errorf("%w: %q has no revision %d", ErrRevision, id, rev)
	}
	return nil
}
