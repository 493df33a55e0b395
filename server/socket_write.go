package server

import (
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"tutti/session"
)

// write sends all that there is for the session. It is called when there may be
// something: a socket at rest has no goroutine for that, with a stack of its own.
// It never waits for the peer. Where that has not taken the last frame, the
// wire calls it again.
func (k *socket) write() {
	defer k.outlive()
	k.writing.Lock()
	defer k.writing.Unlock()
	for !k.left.Load() {
		taken, err := k.wire.taken(k.wake)
		if err != nil {
			k.broke(err)
			return
		}
		if !taken {
			return
		}
		frame, err := k.session.Poll(k.wake)
		var why *session.Close
		switch {
		case errors.As(err, &why):
			k.bye(why)
			k.cutSoon()
			return
		case frame == nil && err == nil:
			return
		case err != nil:
			k.server.log.Error("a session could not be served", "session", k.session.ID, k.ids(), "error", err)
			k.session.End(&session.Close{Code: session.CodeBusy, Reason: "the document could not be read", RetryAfter: 3})
			continue // Poll says so
		}
		if err := k.send(frame); err != nil {
			k.broke(err)
			return
		}
	}
}

// broke ends the session of a peer that can't be written to.
func (k *socket) broke(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		k.server.counts.stalled.Inc()
		k.server.log.Warn("a session is cut, since its peer takes nothing", "session", k.session.ID, "user", k.session.User.ID, k.ids())
	}
	// The reader may be waiting for room for an answer, and not see it.
	k.session.End(&session.Close{Code: session.CodeGoingAway, Reason: "the connection broke"})
	k.cut()
}

// cutSoon ends the connection when the peer has had time to answer the close,
// for which the reader waits.
func (k *socket) cutSoon() {
	if taken, _ := k.wire.taken(k.cutSoon); taken {
		time.AfterFunc(byeWithin, k.cut)
	}
}

// send writes a frame, in the form that all have it who are given it.
func (k *socket) send(f *session.Frame) error {
	if k.wire.deflate && len(f.JSON) > compressFrom {
		return k.wire.send(f.Form(deflatedForm, deflated))
	}
	return k.wire.send(f.Form(plainForm, plain))
}

// bye says why the session ends, in a frame where the contract wants one, and
// in the close.
func (k *socket) bye(why *session.Close) {
	k.ends(why.Code, "tutti")
	k.server.counts.closed.WithLabelValues(strconv.Itoa(why.Code)).Inc()
	if why.Bye() {
		if err := k.wire.send(plain(session.ByeFrame(why))); err != nil {
			return
		}
	}
	k.closed.Store(true)
	reason := why.Reason
	if len(reason) > 120 {
		reason = reason[:120] // our own words, all ASCII
	}
	message := websocket.FormatCloseMessage(why.Code, reason)
	if err := k.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(byeWithin)); err != nil {
		k.server.log.Debug("a close could not be sent", "error", err)
	}
}
