package hooks

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The kinds of events.
const (
	Created  = "created"
	Changed  = "changed" // records were committed
	Updated  = "updated" // title, language or tags
	Trashed  = "trashed"
	Restored = "restored"
	Deleted  = "deleted" // for good
)

// Events are all kinds that a hook can be told of.
var Events = []string{Created, Changed, Updated, Trashed, Restored, Deleted}

// Why a hook is paused.
const (
	Stopped   = "stopped"   // by hand
	Failing   = "failing"   // for longer than giveUpAfter
	Gone      = "gone"      // the receiver has answered 410
	Forbidden = "forbidden" // its person may not have it any more
	Moved     = "moved"     // it comes from a backup: another server may have it, too
)

var (
	// ErrNotFound is returned when there is no hook of that id.
	ErrNotFound = errors.New("hooks: there is no such hook")
	// ErrRevision is returned when a replay is to begin where there is no
	// revision.
	ErrRevision = errors.New("hooks: the document has no such revision")
)

// Invalid says what is wrong with a hook that is to be made.
type Invalid string

func (e Invalid) Error() string { return string(e) }

const (
	urlBytes = 2048
	// perPlace and perPerson bound the hooks of a document, or of all
	// documents, and those of a person: each has a goroutine, and may have a
	// request under way.
	perPlace  = 10
	perPerson = 50
	// secretBytes are of a secret, and overlap is for how long the one before
	// signs, too.
	secretBytes = 32
	overlap     = 24 * time.Hour
	// secretPrefix begins a secret, as Standard Webhooks has it.
	secretPrefix = "whsec_"
)

// Hook is an address that is told what becomes of a document, or of all.
type Hook struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Document  string   `json:"document,omitempty"` // "": all
	Epoch     string   `json:"epoch,omitempty"`    // of Document
	Events    []string `json:"events"`
	Records   bool     `json:"records,omitempty"` // they are sent, where its person may read them
	Person    string   `json:"person,omitempty"`  // in whose name; "" where there are no accounts
	CreatedAt int64    `json:"createdAt"`         // Unix milliseconds
	Secrets   []Secret `json:"secrets"`           // the newest first
	Paused    string   `json:"paused,omitempty"`  // why; "": it is active
	PausedAt  int64    `json:"pausedAt,omitempty"`
}

// Secret is a key that deliveries are signed with.
type Secret struct {
	Key   []byte `json:"key"`
	Until int64  `json:"until,omitempty"` // Unix milliseconds; 0: until there is a newer one
}

// wants reports whether a hook is told of a kind of event.
func (h *Hook) wants(event string) bool { return slices.Contains(h.Events, event) }

// host is what logs say of where a hook goes: the rest may be secret.
func (h *Hook) host() string {
	u, err := url.Parse(h.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// keys are those that sign now.
func (h *Hook) keys(now time.Time) (keys [][]byte) {
	for _, s := range h.Secrets {
		if s.Until == 0 || s.Until > now.UnixMilli() {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// renew puts a new secret before the others, of which the last goes on for a
// while.
func (h *Hook) renew(now time.Time) (shown string) {
	key := make([]byte, secretBytes)
	rand.Read(key) // never fails
	old := h.Secrets[:min(1, len(h.Secrets))]
	h.Secrets = []Secret{{Key: key}}
	for _, s := range old {
		h.Secrets = append(h.Secrets, Secret{s.Key, now.Add(overlap).UnixMilli()})
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// check refuses what can't be a hook.
func (h *Hook) check(allowed []netip.Prefix) error {
	if len(h.Events) == 0 {
		return Invalid("events are one or more of " + strings.Join(Events, ", "))
	}
	for i, e := range h.Events {
		if !slices.Contains(Events, e) || slices.Contains(h.Events[:i], e) {
			return Invalid("events are one or more of " + strings.Join(Events, ", ") + ", each once")
		}
	}
	if h.Records && !h.wants(Changed) {
		return Invalid("records are sent with the event " + Changed)
	}
	u, err := url.Parse(h.URL)
	switch {
	case err != nil, len(h.URL) > urlBytes, u.Hostname() == "", u.Scheme != "https" && u.Scheme != "http":
		return Invalid("url is an address as https://example.org/hook")
	case u.User != nil, u.Fragment != "":
		return Invalid("url has no user, password or fragment")
	case u.Scheme == "http" && len(allowed) == 0:
		return Invalid("url is https: without TLS, hooks go to addresses of --hooks-allow only")
	}
	// A name is looked up when it is dialled, each time anew.
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil && !permitted(addr, u.Scheme == "http", allowed) {
		return Invalid("hooks don't go to that address; see --hooks-allow")
	}
	return nil
}
