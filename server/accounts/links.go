package accounts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"tutti/server/access"
	"tutti/session"
)

// ErrPassword is returned for a link that takes a password, and another, or
// none, was given.
var ErrPassword = errors.New("accounts: the link takes a password")

// Link lets whoever has its secret into a document.
type Link struct {
	ID        string       `json:"id"`
	Document  string       `json:"document"`
	Epoch     string       `json:"epoch"`
	Role      session.Role `json:"role"`
	Password  string       `json:"password,omitempty"` // its hash; "": none
	Uses      int          `json:"uses,omitempty"`     // how many browsers it lets in; 0: any number
	Used      int          `json:"used"`
	CreatedBy string       `json:"createdBy"`
	CreatedAt int64        `json:"createdAt"`           // Unix milliseconds
	ExpiresAt int64        `json:"expiresAt,omitempty"` // 0: never
}

// expired reports whether the link's time is over.
func (l Link) expired(now int64) bool { return l.ExpiresAt != 0 && l.ExpiresAt <= now }

// NewLink is what a link is to be like.
type NewLink struct {
	Role      session.Role
	Password  string // "": none
	Uses      int
	ExpiresAt int64
	CreatedBy string
}

// AddLink makes a link to a document. Invalid.
func (b *Book) AddLink(ctx context.Context, id, epoch string, n NewLink) (secret string, l Link, err error) {
	if err := checkRole(access.Everyone, n.Role); err != nil {
		return "", l, err
	}
	secret, key := newSecret()
	l = Link{
		ID: key, Document: id, Epoch: epoch, Role: n.Role, Uses: n.Uses,
		CreatedBy: n.CreatedBy, CreatedAt: milliseconds(time.Now()), ExpiresAt: n.ExpiresAt,
	}
	if n.Password != "" {
		if err := checkPassword(n.Password); err != nil {
			return "", l, err
		}
		if l.Password, err = b.hasher.hash(ctx, n.Password); err != nil {
			return "", l, err
		}
	}
	err = b.update(func(c *change) error {
		l.Epoch = b.epoch(id, epoch)
		return b.links.put(c, key, l)
	})
	return secret, l, err
}

// Links returns the links to a document, the newest first.
func (b *Book) Links(id, epoch string) []Link {
	b.mu.RLock()
	defer b.mu.RUnlock()
	epoch = b.epoch(id, epoch)
	all := []Link{}
	for _, l := range b.links.rows {
		if l.Document == id && l.Epoch == epoch && !l.expired(milliseconds(time.Now())) {
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b Link) int { return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return all
}

// DropLink revokes a link: whom it let in is out. ErrNotFound.
func (b *Book) DropLink(id, epoch, link string) error {
	return b.update(func(c *change) error {
		if l, ok := b.links.rows[link]; !ok || l.Document != id || l.Epoch != b.epoch(id, epoch) {
			return ErrNotFound
		}
		return b.links.delete(c, link)
	})
}

// LinkID is the id of a link, to count attempts at its password by.
func LinkID(secret string) string { return secretID(secret) }

// replacedFor is how long the log-in goes on that a link has put another in the
// place of: other tabs may be open on it.
const replacedFor = 24 * time.Hour

// FollowLink lets a browser in by a link, and returns the secret for its
// cookie, in the place of the one that it had: were that another's, who planted
// it, they would be let in too. A browser that the link has let in before
// doesn't count again. ErrSecret, ErrPassword.
func (b *Book) FollowLink(ctx context.Context, secret, password, cookie, agent string) (fresh string, l Link, err error) {
	if l, err = b.link(secret); err != nil {
		return "", l, err
	}
	if l.Password != "" {
		if ok, err := b.hasher.matches(ctx, password, l.Password); err != nil || !ok {
			return "", l, cmp.Or(err, ErrPassword)
		}
	}
	err = b.update(func(c *change) error {
		if l, err = b.link(secret); err != nil {
			return err
		}
		before, known := b.logins.rows[secretID(cookie)]
		if known && before.ExpiresAt <= milliseconds(time.Now()) {
			before, known = Login{}, false
		}
		if !slices.Contains(before.Links, l.ID) {
			if l.Uses > 0 && l.Used >= l.Uses {
				return ErrSecret
			}
			l.Used++
			before.Links = append(slices.Clone(before.Links), l.ID)
		}
		if known {
			old := b.logins.rows[before.ID]
			old.ExpiresAt = min(old.ExpiresAt, milliseconds(time.Now().Add(replacedFor)))
			err = b.logins.put(c, old.ID, old)
		}
		if err = errors.Join(err, b.links.put(c, l.ID, l)); err != nil {
			return err
		}
		fresh, err = b.addLogin(c, before.Person, agent, before.Links)
		return err
	})
	return fresh, l, err
}

func (b *Book) link(secret string) (Link, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	l, ok := b.links.rows[secretID(secret)]
	if !ok || l.expired(milliseconds(time.Now())) {
		return Link{}, ErrSecret
	}
	return l, nil
}

// given are the roles that a log-in has by links. A lock is held.
func (b *Book) given(l Login) (all []access.Gift) {
	for _, id := range l.Links {
		if link, ok := b.links.rows[id]; ok && !link.expired(milliseconds(time.Now())) {
			all = append(all, access.Gift{ID: link.Document, Epoch: link.Epoch, Role: link.Role})
		}
	}
	return all
}
