package session

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"golang.org/x/time/rate"

	"tutti/ot/scan"
	"tutti/store"
)

// chat is how far the chat beside a document has come; the messages are in the
// store. Sessions pull from there, each from its own place, so here too nobody
// has a queue. It has nothing to do with the sequencer: a message has its place
// by being stored. The document's lock guards it.
type chat struct {
	last    int64   // the newest message that sessions may see
	gone    int64   // how many have been deleted since the document was opened
	recall  []int64 // the last of these, at most chatRecall
	from    int64   // what joined holds: the messages after this one,
	to      int64   // up to this one
	joined  *Frame  // as a frame, since most sessions are at the same place
	dropped int64   // gone, when that was read
}

// errUnread is met when there are messages that must be read from the store.
var errUnread = errors.New("session: unread messages")

// take moves into s.ready what the session is told of deletions, and the
// messages that were read already. It reports whether that is all.
func (c *chat) take(s *Session) bool {
	if n := min(c.gone-s.goneSeen, int64(len(c.recall))); n > 0 {
		var messages []store.Message
		for _, id := range c.recall[int64(len(c.recall))-n:] {
			messages = append(messages, store.Message{ID: id, Deleted: true})
		}
		s.ready = append(s.ready, &Frame{JSON: chatFrame(messages)})
	}
	s.goneSeen = c.gone
	if s.chatSeen >= c.last {
		return true
	}
	if c.joined == nil || c.from != s.chatSeen || c.dropped != c.gone {
		return false
	}
	s.ready = append(s.ready, c.joined)
	s.chatSeen = c.to
	return true
}

// readChat reads from the store what comes next for this session, and leaves
// it for the others who are where this one was. Messages have their ids in the
// order in which they become durable, so there is no gap before the last.
func (s *Session) readChat() error {
	d := s.doc
	d.mu.Lock()
	seen, dropped, last := s.chatSeen, d.chat.gone, d.chat.last
	d.mu.Unlock()
	messages, err := s.hub.store.Messages(d.id, seen, chatPiece)
	if err != nil {
		return err
	}
	to := last // those up to there are not kept any more, if there are none
	if len(messages) > 0 {
		to = messages[len(messages)-1].ID
		s.ready = append(s.ready, &Frame{JSON: chatFrame(messages)})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s.chatSeen = to
	if len(messages) > 0 {
		d.chat.from, d.chat.to, d.chat.joined, d.chat.dropped = seen, to, s.ready[len(s.ready)-1], dropped
	}
	return nil
}

// Say adds a message to the chat beside a document, and tells all who are in
// it when it is durable. Its text is one that ChatText has returned. Errors are
// the store's.
func (h *Hub) Say(id, epoch string, m store.Message) (store.Message, error) {
	m.At = time.Now().UnixMilli()
	m, err := h.store.AddMessage(id, epoch, m)
	if err != nil {
		return m, err
	}
	h.opts.Metrics.Messages.Inc()
	h.tellChat(id, epoch, func(c *chat) { c.last = max(c.last, m.ID) })
	return m, nil
}

// Unsay deletes a message, and tells all who are in the document. Errors are
// the store's.
func (h *Hub) Unsay(id, epoch string, message int64) error {
	if err := h.store.DropMessage(id, epoch, message); err != nil {
		return err
	}
	h.tellChat(id, epoch, func(c *chat) {
		c.gone++
		c.recall = append(c.recall, message)
		if len(c.recall) >= 2*chatRecall {
			c.recall = slices.Clone(c.recall[chatRecall:])
		}
	})
	return nil
}

// tellChat notes what is stored in the chat of a document, if that is open.
// One that is just being opened may not have seen it: it is waited for.
func (h *Hub) tellChat(id, epoch string, note func(*chat)) {
	h.mu.Lock()
	o := h.open[id]
	h.mu.Unlock()
	if o == nil {
		return
	}
	<-o.ready
	if o.seq == nil || o.seq.doc.epoch != epoch {
		return
	}
	d := o.seq.doc
	d.mu.Lock()
	defer d.mu.Unlock()
	note(&d.chat)
	d.signal()
}

// chatUnits bounds a message, in UTF-16 code units.
const chatUnits = 2000

// ChatText returns what is kept of a text that somebody wants to say, and why
// it can't be said if it can't, in words for people.
func ChatText(text string) (kept, flaw string) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.TrimSpace(text)
	units := 0
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", "the message holds control characters"
		}
		units += utf16.RuneLen(r)
	}
	switch {
	case text == "":
		return "", "the message is empty"
	case units > chatUnits:
		return "", "the message is longer than 2000 units"
	}
	return text, ""
}

// The reasons for which a message is refused. The session goes on.
const (
	chatReadOnly    = "read_only"
	chatInvalid     = "field_invalid"
	chatTooFast     = "rate_limited"
	chatUnavailable = "unavailable"
)

func (s *Session) handleChat(f *fields) *Close {
	text, bad := f.text(fieldText)
	if bad != nil {
		return bad
	}
	text, flaw := ChatText(text)
	if s.chatter == nil {
		s.chatter = rate.NewLimiter(chatRate, chatBurst)
	}
	switch {
	case !s.role().MayComment():
		s.send(chatRefusedFrame(chatReadOnly, "you may only read here"))
	case flaw != "":
		s.send(chatRefusedFrame(chatInvalid, flaw))
	case !s.chatter.Allow():
		s.send(chatRefusedFrame(chatTooFast, "too many messages; wait a moment"))
	default:
		_, err := s.hub.Say(s.doc.id, s.doc.epoch, store.Message{User: s.User, Color: s.Color, Text: text})
		if err != nil {
			s.hub.opts.Log.Error("a message was not stored", "document", s.doc.id, "session", s.ID, s.trace(), "error", err)
			s.send(chatRefusedFrame(chatUnavailable, "the message was perhaps not stored"))
		}
	}
	return nil
}

func chatFrame(messages []store.Message) []byte {
	b, err := json.Marshal(messages)
	if err != nil {
		panic(err) // strings and numbers
	}
	return append(append([]byte(`{"t":"chat","messages":`), b...), '}')
}

func chatRefusedFrame(code, message string) []byte {
	b := append([]byte(nil), `{"t":"chat_refused","code":"`...)
	b = append(b, code...)
	b = append(b, `","message":`...)
	return append(scan.AppendString(b, message), '}')
}
