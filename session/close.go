package session

import (
	"fmt"
	"math/rand/v2"
)

// Close says why a session ends: a WebSocket close code, which is the policy
// that a client follows, and words for people. It is an error so that it can
// travel as one.
type Close struct {
	Code       int
	Reason     string
	RetryAfter int // seconds, 0: not said
}

func (c *Close) Error() string { return fmt.Sprintf("session closed: %d %s", c.Code, c.Reason) }

// Bye reports whether the close is announced by a bye frame, for proxies that
// swallow the close code.
func (c *Close) Bye() bool {
	return c.Code >= 4000 || c.Code == CodeGoingAway || c.Code == CodeRestart || c.Code == CodeBusy
}

// drains reports whether what is committed and what is answered by now is
// still delivered before the end. Who lost the right to read gets nothing
// more.
func (c *Close) drains() bool {
	switch c.Code {
	case CodeUnauthorized, CodeForbidden, CodeNotFound, CodeDeleted:
		return false
	}
	return true
}

// The close codes of the contract.
const (
	CodeDone         = 1000
	CodeGoingAway    = 1001
	CodeNotUTF8      = 1007
	CodeTooBig       = 1009
	CodeRestart      = 1012
	CodeBusy         = 1013
	CodeBadFrame     = 4400
	CodeUnauthorized = 4401
	CodeForbidden    = 4403
	CodeNotFound     = 4404
	CodeNoHello      = 4408
	CodeCannotResume = 4409
	CodeDeleted      = 4410
	CodeReplaced     = 4411
	CodeTooFast      = 4429
	CodeDamaged      = 4500
)

func closeBadFrame(format string, args ...any) *Close {
	return &Close{Code: CodeBadFrame, Reason: fmt.Sprintf(format, args...)}
}

func closeNotFound() *Close {
	return &Close{Code: CodeNotFound, Reason: "there is no such document"}
}

func closeDeleted() *Close {
	return &Close{Code: CodeDeleted, Reason: "the document was deleted"}
}

// CloseDamaged says that what is kept of a document can't be read: to come back
// is no use before somebody has mended it.
func CloseDamaged() *Close {
	return &Close{Code: CodeDamaged, Reason: "document_damaged: what is kept of it can't be read; see tutti verify"}
}

func closeReplaced() *Close {
	return &Close{Code: CodeReplaced, Reason: "another session took this key"}
}

func closeCannotResume(why string) *Close {
	return &Close{Code: CodeCannotResume, Reason: why}
}

// closeBusy follows a failed write. Clients come back over some seconds, not
// all at once onto a disk that is in trouble.
func closeBusy() *Close {
	return &Close{Code: CodeBusy, Reason: "the change could not be stored; reconnect", RetryAfter: 1 + rand.IntN(4)}
}

// closeRestart spreads the return of n sessions, about 500 a second.
func closeRestart(n int) *Close {
	spread := min(3+n/500, 30)
	return &Close{Code: CodeRestart, Reason: "the server restarts", RetryAfter: 1 + rand.IntN(spread)}
}
