package accounts

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tutti/server/access"
	"tutti/session"
)

// TokenPrefix begins every token, so that one that got somewhere is found.
const TokenPrefix = "tutti_"

// Token lets a program act for a person, in a part of what they may do.
type Token struct {
	ID        string   `json:"id"`
	Person    string   `json:"person"`
	Name      string   `json:"name"`
	Scope     string   `json:"scope"`               // read, write, manage or metrics
	Documents []string `json:"documents,omitempty"` // nil: all
	CreatedAt int64    `json:"createdAt"`           // Unix milliseconds
	ExpiresAt int64    `json:"expiresAt,omitempty"` // 0: never
	UsedAt    int64    `json:"usedAt,omitempty"`    // 0: not yet
}

// scopeMetrics is the scope of a token that reads the metrics and nothing else,
// not even as the person who made it. It is administrators who make it.
const scopeMetrics = "metrics"

// most is the highest role that each scope allows.
var most = map[string]session.Role{"read": session.Viewer, "write": session.Editor, "manage": session.Owner}

func (t Token) expired(now int64) bool { return t.ExpiresAt != 0 && t.ExpiresAt <= now }

// AddToken makes a token as t says. Invalid.
func (b *Book) AddToken(t Token) (secret string, _ Token, err error) {
	if err := checkName("name", t.Name); err != nil {
		return "", t, err
	}
	switch {
	case t.Scope == scopeMetrics && t.Documents != nil:
		return "", t, Invalid("documents have nothing to do with the scope metrics")
	case t.Scope != scopeMetrics && most[t.Scope] == "":
		return "", t, Invalid("scope is read, write, manage or metrics")
	}
	secret, _ = newSecret()
	secret = TokenPrefix + secret
	t.ID, t.CreatedAt, t.UsedAt = secretID(secret), milliseconds(time.Now()), 0
	return secret, t, b.update(func(c *change) error {
		p, ok := b.people.rows[t.Person]
		switch {
		case !ok:
			return ErrNotFound
		case t.Scope == scopeMetrics && !p.Administrator:
			return Invalid("the scope metrics is for administrators")
		}
		return b.tokens.put(c, t.ID, t)
	})
}

// Tokens returns a person's tokens, the newest first.
func (b *Book) Tokens(person string) []Token {
	b.mu.RLock()
	defer b.mu.RUnlock()
	all := []Token{}
	for _, t := range b.tokens.rows {
		if t.Person == person && !t.expired(milliseconds(time.Now())) {
			t.UsedAt = max(t.UsedAt, b.used.last(t.ID))
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b Token) int { return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return all
}

// DropToken revokes a token. ErrNotFound.
func (b *Book) DropToken(person, id string) error {
	return b.update(func(c *change) error {
		if t, ok := b.tokens.rows[id]; !ok || t.Person != person {
			return ErrNotFound
		}
		return b.tokens.delete(c, id)
	})
}

// TokenCaller finds for whom a token acts, and the token's id; a stranger and
// "" if for nobody.
func (b *Book) TokenCaller(secret string) (who access.Caller, token string) {
	if !strings.HasPrefix(secret, TokenPrefix) {
		return who, ""
	}
	id := secretID(secret)
	b.mu.RLock()
	t, ok := b.tokens.rows[id]
	p, there := b.people.rows[t.Person]
	who = b.caller(p)
	b.mu.RUnlock()
	if !ok || !there || t.expired(milliseconds(time.Now())) {
		return access.Caller{}, ""
	}
	b.used.note(id)
	if t.Scope == scopeMetrics {
		return access.Caller{User: who.User, Watcher: who.Administrator}, id
	}
	who.Scope = &access.Scope{Most: most[t.Scope], Documents: t.Documents}
	return who, id
}
