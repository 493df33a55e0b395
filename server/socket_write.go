package server

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"tutti/session"
)

// wake is called when there is something to write: a socket at rest has no
// goroutine for that, with a stack of its own.
func (k *socket) wake() { go k.write() }

// write sends all that there is for the session.
func (k *socket) write() {
	defer k.outlive()
	k.writing.Lock()
	defer k.writing.Unlock()
	for !k.left.Load() {
		frame, err := k.session.Poll(k.wake)
		var why *session.Close
		switch {
		case errors.As(err, &why):
			k.bye(why)
			time.AfterFunc(byeWithin, k.cut) // the reader waits for the answer
			return
		case frame == nil && err == nil:
			return
		case err != nil:
			k.server.log.Error("a session could not be served", "session", k.session.ID, k.ids(), "error", err)
			k.session.End(&session.Close{Code: session.CodeBusy, Reason: "the document could not be read", RetryAfter: 3})
			continue // Poll says so
		}
		if err := k.sendFrame(frame); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				k.server.counts.stalled.Inc()
				k.server.log.Warn("a session is cut, since its peer takes nothing", "session", k.session.ID, "user", k.session.User.ID, k.ids())
			}
			// The reader may be waiting for room for an answer, and not see it.
			k.session.End(&session.Close{Code: session.CodeGoingAway, Reason: "the connection broke"})
			k.cut()
			return
		}
	}
}

// sendFrame writes a frame that a session was given. Preparing one for all who
// share it pays where it is compressed.
func (k *socket) sendFrame(f *session.Frame) error {
	if !f.Shared || len(f.JSON) <= compressFrom || len(f.JSON) > pieceBytes {
		return k.send(f.JSON)
	}
	message, ok := f.Form(prepare).(*websocket.PreparedMessage)
	if !ok {
		return k.send(f.JSON)
	}
	k.conn.EnableWriteCompression(true)
	if err := k.conn.SetWriteDeadline(time.Now().Add(stalledFor)); err != nil {
		return err
	}
	return k.conn.WritePreparedMessage(message)
}

// prepare frames, and where it is asked for compresses, what many are sent.
func prepare(json []byte) any {
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, json)
	if err != nil {
		return err
	}
	return message
}

// send writes one frame. A long one goes in pieces, so that a slow peer has
// time for it as long as it takes some.
func (k *socket) send(frame []byte) error {
	k.conn.EnableWriteCompression(len(frame) > compressFrom)
	if err := k.conn.SetWriteDeadline(time.Now().Add(stalledFor)); err != nil {
		return err
	}
	if len(frame) <= pieceBytes {
		return k.conn.WriteMessage(websocket.TextMessage, frame)
	}
	w, err := k.conn.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	for piece := range slices.Chunk(frame, pieceBytes) {
		if err := k.conn.SetWriteDeadline(time.Now().Add(stalledFor)); err != nil {
			return err
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return w.Close()
}

// bye says why the session ends, in a frame where the contract wants one, and
// in the close.
func (k *socket) bye(why *session.Close) {
	k.ends(why.Code, "tutti")
	k.server.counts.closed.WithLabelValues(strconv.Itoa(why.Code)).Inc()
	if why.Bye() {
		if err := k.send(session.ByeFrame(why)); err != nil {
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
