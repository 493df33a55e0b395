package session

import (
	"strconv"
	"strings"

	"tutti/ot"
	"tutti/ot/scan"
	"tutti/store"
)

const recordsPrefix = `{"t":"records","records":[`

// welcome is the first frame of a session. since is the revision that the
// client has, and records what comes next; nil: it gets the content, and of
// which epochs that goes on: it may have been in one. The lock is held: the
// frame and the session's position belong together.
func (d *document) welcome(s *Session, mark store.ClientMark, since *int64, records []store.Line) []byte {
	head := d.head.Load()
	b := append([]byte(nil), `{"t":"welcome","session":"`...)
	b = append(b, s.ID...)
	b = append(b, `","client":"`...)
	b = append(b, s.Client...)
	b = append(b, `","seq":`...)
	b = strconv.AppendInt(b, mark.Seq, 10)
	b = append(b, `,"epoch":`...)
	b = scan.AppendString(b, d.epoch)
	b = append(b, `,"rev":`...)
	if since == nil {
		s.rev = head.Rev
	} else if s.rev = *since; len(records) > 0 {
		s.rev = records[len(records)-1].Rev
	}
	b = strconv.AppendInt(b, s.rev, 10)
	b = append(b, `,"kind":`...)
	b = scan.AppendString(b, string(d.kind))
	b = append(b, `,"title":`...)
	b = scan.AppendString(b, d.meta.title)
	b = append(b, `,"language":`...)
	b = scan.AppendString(b, d.meta.language)
	b = append(b, `,"role":`...)
	b = scan.AppendString(b, string(s.Role))
	b = append(b, `,"user":`...)
	b = appendUser(b, s.User)
	b = append(b, `,"people":`...)
	b = d.presence.everyone(b, s.ID, s.rev == head.Rev)
	b = append(b, `,"chat":{"last":`...)
	b = strconv.AppendInt(b, d.chat.last, 10)
	b = append(b, `},"limits":`...)
	b = s.hub.opts.Limits.appendJSON(b)
	if since == nil {
		if d.lineage != (store.Lineage{}) {
			b = append(b, `,"lineage":`...)
			b = d.lineage.AppendJSON(b)
		}
		b = append(b, `,"content":`...)
		b = append(b, head.Content()...)
	} else {
		b = append(b, `,"records":[`...)
		b = append(appendLines(b, records), ']')
	}
	return append(b, '}')
}

func appendLines(b []byte, lines []store.Line) []byte {
	for i := range lines {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, lines[i].JSON...)
	}
	return b
}

func (l Limits) appendJSON(b []byte) []byte {
	b = append(b, `{"frame":`...)
	b = strconv.AppendInt(b, int64(l.Frame), 10)
	b = append(b, `,"delta":`...)
	b = strconv.AppendInt(b, int64(l.Delta), 10)
	b = append(b, `,"document":`...)
	b = strconv.AppendInt(b, int64(l.Document), 10)
	b = append(b, `,"rate":`...)
	b = strconv.AppendInt(b, int64(l.Rate), 10)
	return append(b, '}')
}

func appendUser(b []byte, u store.User) []byte {
	b = append(b, `{"id":`...)
	b = scan.AppendString(b, u.ID)
	b = append(b, `,"name":`...)
	b = scan.AppendString(b, u.Name)
	return append(b, '}')
}

func (p *Person) appendJSON(b []byte) []byte {
	b = append(b, `{"session":`...)
	b = scan.AppendString(b, p.Session)
	b = append(b, `,"client":`...)
	b = scan.AppendString(b, p.Client)
	b = append(b, `,"user":`...)
	b = appendUser(b, p.User)
	b = append(b, `,"name":`...)
	b = scan.AppendString(b, p.User.Name)
	b = append(b, `,"color":`...)
	b = scan.AppendString(b, p.Color)
	if p.Cursor == nil {
		return append(b, `,"cursor":null}`...)
	}
	b = append(b, `,"cursor":{"anchor":`...)
	b = strconv.AppendInt(b, int64(p.Cursor.Anchor), 10)
	b = append(b, `,"head":`...)
	b = strconv.AppendInt(b, int64(p.Cursor.Head), 10)
	return append(b, "}}"...)
}

func (m meta) frame() []byte {
	b := append([]byte(nil), `{"t":"meta","title":`...)
	b = scan.AppendString(b, m.title)
	b = append(b, `,"language":`...)
	b = scan.AppendString(b, m.language)
	return append(b, '}')
}

func roleFrame(r Role) []byte {
	return append(scan.AppendString([]byte(`{"t":"meta","role":`), string(r)), '}')
}

// messageBytes bounds what is said of a refusal: it may quote the delta.
const messageBytes = 300

func refusedFrame(seq int64, why *ot.Error) []byte {
	message := why.Message
	if len(message) > messageBytes {
		message = strings.ToValidUTF8(message[:messageBytes], "") + "…"
	}
	b := append([]byte(nil), `{"t":"refused","seq":`...)
	b = strconv.AppendInt(b, seq, 10)
	b = append(b, `,"code":`...)
	b = scan.AppendString(b, string(why.Code))
	b = append(b, `,"message":`...)
	b = scan.AppendString(b, message)
	return append(b, '}')
}

// acknowledgeFrame tells a client of its record again, without the op, which
// this very socket has just submitted.
func acknowledgeFrame(r store.Record) []byte {
	b := append([]byte(nil), recordsPrefix...)
	b = append(b, `{"rev":`...)
	b = strconv.AppendInt(b, r.Rev, 10)
	b = append(b, `,"client":`...)
	b = scan.AppendString(b, r.Client)
	b = append(b, `,"seq":`...)
	b = strconv.AppendInt(b, r.Seq, 10)
	b = append(b, `,"user":`...)
	b = scan.AppendString(b, r.User)
	b = append(b, `,"at":`...)
	b = strconv.AppendInt(b, r.At, 10)
	return append(b, "}]}"...)
}

func divergedFrame(rev int64) []byte {
	b := append([]byte(nil), `{"t":"diverged","rev":`...)
	return append(strconv.AppendInt(b, rev, 10), '}')
}

func pongFrame(n int64) []byte {
	b := append([]byte(nil), `{"t":"pong","n":`...)
	return append(strconv.AppendInt(b, n, 10), '}')
}

func noticeFrame(text string) []byte {
	b := append([]byte(nil), `{"t":"notice","text":`...)
	return append(scan.AppendString(b, text), '}')
}

// ByeFrame announces a close.
func ByeFrame(c *Close) []byte {
	b := append([]byte(nil), `{"t":"bye","code":`...)
	b = strconv.AppendInt(b, int64(c.Code), 10)
	b = append(b, `,"reason":`...)
	b = scan.AppendString(b, c.Reason)
	if c.RetryAfter > 0 {
		b = append(b, `,"retryAfter":`...)
		b = strconv.AppendInt(b, int64(c.RetryAfter), 10)
	}
	return append(b, '}')
}
