// Package signed verifies the tokens that another product signs for its own
// people, so that they need no account here. A token is a JWT of at most a day
// that names a person and their role in each document:
//
//	{"aud": "tutti", "exp": 1795363200, "sub": "42", "name": "Ada",
//	 "color": "#1f8fa6", "documents": {"notes": "editor"}}
//
// or, of one document, "doc" and "role". EdDSA, RS256 and HS256 are taken,
// each only by a key that is meant for it: what a token says of its own
// algorithm decides nothing.
package signed

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"tutti/server/access"
	"tutti/session"
	"tutti/store"
)

const (
	// LastsAtMost is how far off a token's end may be.
	LastsAtMost = 24 * time.Hour
	// skew is how far another machine's clock may be ahead.
	skew = 30 * time.Second
	// tokenBytes and maxDocuments bound a token.
	tokenBytes   = 16 << 10
	maxDocuments = 1000
	// kept bounds the tokens that are known to be good. A socket shows its
	// token again each second.
	kept = 10_000
)

// ErrInvalid is returned for a token that is not taken. What is wrong with it
// is for the log of its signer.
var ErrInvalid = errors.New("signed: the token is not valid")

// claims are what a token says, beside what every JWT may.
type claims struct {
	jwt.Claims
	Name      string                  `json:"name"`
	Color     string                  `json:"color"`
	Documents map[string]session.Role `json:"documents"`
	Doc       string                  `json:"doc"`
	Role      session.Role            `json:"role"`
}

// good is a token that was verified.
type good struct {
	who     access.Caller
	expires time.Time
}

// Verifier tells who the bearer of a token is.
type Verifier struct {
	audience string
	keys     *keys

	mu    sync.Mutex // guards what follows
	known map[[sha256.Size]byte]good
	by    *set // the keys that known were verified by
}

// Caller returns for whom a token was signed. ErrInvalid.
func (v *Verifier) Caller(token string) (access.Caller, error) {
	by, id, now := v.keys.now(), sha256.Sum256([]byte(token)), time.Now()
	v.mu.Lock()
	if v.by != by || len(v.known) >= kept {
		v.known, v.by = map[[sha256.Size]byte]good{}, by
	}
	g, ok := v.known[id]
	v.mu.Unlock()
	if ok && now.Before(g.expires) {
		return g.who, nil
	}
	g, err := v.verify(by, token, now)
	if err != nil {
		return access.Caller{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.by == by {
		v.known[id] = g
	}
	return g.who, nil
}

// Close ends the watch on the keys.
func (v *Verifier) Close() { v.keys.close() }

func (v *Verifier) verify(by *set, token string, now time.Time) (g good, err error) {
	if len(token) > tokenBytes {
		return g, errors.New("it is too long")
	}
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.EdDSA, jose.RS256, jose.HS256})
	if err != nil {
		return g, err
	}
	if len(parsed.Headers) != 1 {
		return g, errors.New("it has several signatures")
	}
	k, err := by.key(parsed.Headers[0])
	if err != nil {
		v.keys.wanted() // perhaps it is new
		return g, err
	}
	var c claims
	if err := parsed.Claims(k.key, &c); err != nil {
		return g, err
	}
	if err := c.check(v.audience, now); err != nil {
		return g, err
	}
	g.expires = c.Expiry.Time()
	g.who, err = c.caller()
	return g, err
}

func (c *claims) check(audience string, now time.Time) error {
	switch {
	case c.Expiry == nil:
		return errors.New("it has no exp")
	case !now.Before(c.Expiry.Time()):
		return errors.New("it has expired")
	case c.Expiry.Time().Sub(now) > LastsAtMost+skew:
		return errors.New("it lasts for more than a day")
	case !c.Audience.Contains(audience):
		return errors.New("it is for another audience")
	}
	return c.ValidateWithLeeway(jwt.Expected{Time: now}, skew)
}

// caller is whom a token names. A name that can't be is not cut to one that
// can: its signer ought to know.
func (c *claims) caller() (who access.Caller, err error) {
	if c.Doc != "" {
		if c.Documents == nil {
			c.Documents = map[string]session.Role{}
		}
		c.Documents[c.Doc] = c.Role
	}
	switch {
	case c.Subject == "" || len(c.Subject) > 128 || !session.ValidName(c.Subject):
		return who, errors.New("sub is missing, too long, or has control characters")
	case !session.ValidName(c.Name):
		return who, errors.New("name is too long, or has control characters")
	case c.Color != "" && !session.ValidColor(c.Color):
		return who, errors.New("color is not #rrggbb")
	case len(c.Documents) == 0 || len(c.Documents) > maxDocuments:
		return who, fmt.Errorf("it names no documents, or more than %d", maxDocuments)
	}
	if c.Name == "" {
		c.Name = "Guest"
	}
	who = access.Caller{User: store.User{ID: "host:" + c.Subject, Name: c.Name}, Color: c.Color}
	for id, role := range c.Documents {
		if !access.AtLeast(session.Owner, role) {
			return who, fmt.Errorf("%q is no role", role)
		}
		who.Given = append(who.Given, access.Gift{ID: id, Role: role})
	}
	return who, nil
}
