package accounts

import (
	"errors"
	"slices"
	"strings"

	"tutti/server/access"
	"tutti/session"
)

// place names a document in one life: an id that is created again has another
// epoch.
func place(id, epoch string) string { return id + "/" + epoch }

// Document returns what package access wants to know about a document.
func (b *Book) Document(id, epoch string) *access.Document {
	b.mu.RLock()
	defer b.mu.RUnlock()
	epoch = b.epoch(id, epoch)
	return &access.Document{ID: id, Epoch: epoch, Grants: b.grants.rows[place(id, epoch)]}
}

// Own makes a subject the owner of a new document.
func (b *Book) Own(id, epoch, subject string) error {
	return b.update(func(c *change) error {
		return b.grants.put(c, place(id, epoch), []access.Grant{{Subject: subject, Role: session.Owner}})
	})
}

// Grant gives a subject a role in a document instead of the one that it had.
// ErrNotFound if there is no such subject, ErrLastOwner, Invalid.
func (b *Book) Grant(id, epoch, subject string, role session.Role) error {
	if err := checkRole(subject, role); err != nil {
		return err
	}
	return b.update(func(c *change) error {
		if !b.isSubject(subject) {
			return ErrNotFound
		}
		key := place(id, b.epoch(id, epoch))
		grants := append(without(b.grants.rows[key], subject), access.Grant{Subject: subject, Role: role})
		return b.putGrants(c, key, grants)
	})
}

// Transfer makes a person an owner of a document, in the place of another if
// that is one, or of all owners if from is "": they stay as editors.
// ErrNotFound.
func (b *Book) Transfer(id, epoch, from, to string) error {
	return b.update(func(c *change) error {
		if _, ok := b.people.rows[to]; !ok {
			return ErrNotFound
		}
		key := place(id, b.epoch(id, epoch))
		grants := slices.Clone(b.grants.rows[key])
		for i, g := range grants {
			if (g.Subject == from || from == "") && g.Role == session.Owner {
				grants[i].Role = session.Editor
			}
		}
		grants = append(without(grants, to), access.Grant{Subject: to, Role: session.Owner})
		return b.putGrants(c, key, grants)
	})
}

// Ungrant takes from a subject the role that it was given in a document.
// ErrNotFound, ErrLastOwner.
func (b *Book) Ungrant(id, epoch, subject string) error {
	return b.update(func(c *change) error {
		key := place(id, b.epoch(id, epoch))
		grants := without(b.grants.rows[key], subject)
		if len(grants) == len(b.grants.rows[key]) {
			return ErrNotFound
		}
		return b.putGrants(c, key, grants)
	})
}

// putGrants replaces the grants of a document, which doesn't lose its last
// owner by it.
func (b *Book) putGrants(c *change, key string, grants []access.Grant) error {
	if access.Owned(b.grants.rows[key]) && !access.Owned(grants) {
		return ErrLastOwner
	}
	return b.grants.put(c, key, grants)
}

// ungrant takes from a subject all that it was ever given. What is left
// without an owner gets the heir, if there is one.
func (b *Book) ungrant(c *change, subject, heir string) error {
	for key, grants := range b.grants.rows {
		if left := without(grants, subject); len(left) < len(grants) {
			if heir != "" && access.Owned(grants) && !access.Owned(left) {
				left = append(without(left, heir), access.Grant{Subject: heir, Role: session.Owner})
			}
			if err := b.grants.put(c, key, left); err != nil {
				return err
			}
		}
	}
	return nil
}

// without returns a copy of grants that lacks a subject's.
func without(grants []access.Grant, subject string) []access.Grant {
	return slices.DeleteFunc(slices.Clone(grants), func(g access.Grant) bool { return g.Subject == subject })
}

// Forget drops all that was granted on a document that is deleted for good, or
// was not created after all.
func (b *Book) Forget(id, epoch string) error {
	return b.update(func(c *change) error {
		first := b.epoch(id, epoch)
		return errors.Join(
			b.grants.delete(c, place(id, first)),
			b.links.deleteWhere(c, func(_ string, l Link) bool { return l.Document == id && l.Epoch == first }),
			b.epochs.deleteWhere(c, func(key, kept string) bool { return kept == first && strings.HasPrefix(key, place(id, "")) }),
		)
	})
}
