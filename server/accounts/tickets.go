package accounts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// InvitedFor is how long an invitation is good.
	InvitedFor = 7 * 24 * time.Hour
	// ResetFor is how long a link to a new password is good, and the one for
	// the first administrator.
	ResetFor = 24 * time.Hour
)

// Ticket is a link that is good once: for an account, or, where it names a
// person, for a new password.
type Ticket struct {
	ID            string `json:"id"`
	Person        string `json:"person,omitempty"`
	Administrator bool   `json:"administrator,omitempty"`
	First         bool   `json:"first,omitempty"` // for the first administrator
	CreatedBy     string `json:"createdBy,omitempty"`
	CreatedAt     int64  `json:"createdAt"` // Unix milliseconds
	ExpiresAt     int64  `json:"expiresAt"`
}

// Invite makes a link for a new person.
func (b *Book) Invite(by string, administrator bool) (secret string, t Ticket, err error) {
	return b.issue(Ticket{CreatedBy: by, Administrator: administrator}, InvitedFor)
}

// Reset makes a link by which a person sets a new password. ErrNotFound.
func (b *Book) Reset(by, person string) (secret string, t Ticket, err error) {
	return b.issue(Ticket{CreatedBy: by, Person: person}, ResetFor)
}

// First makes a link for the first administrator, in the place of earlier
// ones; "" if there is an administrator.
func (b *Book) First() (secret string, err error) {
	b.mu.RLock()
	none := b.onlyAdministrator("")
	b.mu.RUnlock()
	if !none {
		return "", nil
	}
	secret, _, err = b.issue(Ticket{Administrator: true, First: true}, ResetFor)
	return secret, err
}

func (b *Book) issue(t Ticket, lasts time.Duration) (secret string, _ Ticket, err error) {
	now := time.Now()
	secret, t.ID = newSecret()
	t.CreatedAt, t.ExpiresAt = milliseconds(now), milliseconds(now.Add(lasts))
	err = b.update(func(c *change) error {
		if _, ok := b.people.rows[t.Person]; t.Person != "" && !ok {
			return ErrNotFound
		}
		// Of a kind that there is one of, the last counts.
		err := b.tickets.deleteWhere(c, func(_ string, old Ticket) bool {
			return t.First && old.First || t.Person != "" && old.Person == t.Person
		})
		return cmp.Or(err, b.tickets.put(c, t.ID, t))
	})
	return secret, t, err
}

// Tickets returns the invitations that are open, the newest first.
func (b *Book) Tickets() []Ticket {
	b.mu.RLock()
	defer b.mu.RUnlock()
	all := []Ticket{}
	for _, t := range b.tickets.rows {
		if t.ExpiresAt > milliseconds(time.Now()) {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b Ticket) int { return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return all
}

// Withdraw makes a link worthless. ErrNotFound.
func (b *Book) Withdraw(id string) error {
	return b.update(func(c *change) error {
		if _, ok := b.tickets.rows[id]; !ok {
			return ErrNotFound
		}
		return b.tickets.delete(c, id)
	})
}

// Redemption is what somebody brings to a link. For a new password login and
// name are not looked at.
type Redemption struct {
	Secret, Login, Name, Password, Agent string
}

// Redeem makes the person that a ticket is good for, or gives them their new
// password, and logs them in. ErrSecret, ErrTaken, Invalid; after these the
// ticket is still good.
func (b *Book) Redeem(ctx context.Context, r Redemption) (secret string, p Person, err error) {
	if _, err := b.ticket(r.Secret); err != nil {
		return "", p, err
	}
	if err := checkPassword(r.Password); err != nil {
		return "", p, err
	}
	hash, err := b.hasher.hash(ctx, r.Password)
	if err != nil {
		return "", p, err
	}
	err = b.update(func(c *change) error {
		t, err := b.ticket(r.Secret) // again: of two who come at once one is late
		if err != nil {
			return err
		}
		p = b.people.rows[t.Person] // whose removal would have taken the ticket
		if t.Person == "" {
			p = newPerson(r.Login, r.Name, t.Administrator)
		}
		if err := b.checkPerson(p); err != nil {
			return err
		}
		if err := errors.Join(b.tickets.delete(c, t.ID), b.setPassword(c, p, hash, "")); err != nil {
			return err
		}
		secret, err = b.addLogin(c, p.ID, r.Agent, nil)
		return err
	})
	return secret, p, err
}

// LookAt says what the secret of a ticket is good for, and of whom it resets
// the password, the zero Person if of nobody. ErrSecret.
func (b *Book) LookAt(secret string) (t Ticket, of Person, err error) {
	if t, err = b.ticket(secret); err != nil {
		return t, of, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	return t, b.people.rows[t.Person], nil
}

// ticket finds a ticket that is still good. The rows may be read with either
// lock; who holds writing needs no other.
func (b *Book) ticket(secret string) (Ticket, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	t, ok := b.tickets.rows[secretID(secret)]
	if !ok || t.ExpiresAt <= milliseconds(time.Now()) {
		return t, ErrSecret
	}
	return t, nil
}
