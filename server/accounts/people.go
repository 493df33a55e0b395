package accounts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"tutti/server/access"
	"tutti/session"
	"tutti/store"
)

var (
	// ErrCredentials is returned for an unknown name as for a wrong password.
	ErrCredentials = errors.New("accounts: name and password don't belong together")
	// ErrNotFound is returned when there is no person, log-in or ticket of
	// that id.
	ErrNotFound = errors.New("accounts: there is no such thing")
	// ErrSecret is returned for a link that was never given, is used up, or
	// has expired.
	ErrSecret = errors.New("accounts: the link is used up, has expired, or was never given")
	// ErrTaken is returned when another person has that name to log in with.
	ErrTaken = errors.New("accounts: another person logs in by that name")
	// ErrLastAdministrator is returned when nobody would be left who can
	// administer.
	ErrLastAdministrator = errors.New("accounts: there must be an administrator")
	// ErrLastOwner is returned when a document would be left without an owner.
	ErrLastOwner = errors.New("accounts: there must be an owner")
)

// Invalid says what is wrong with a field.
type Invalid string

func (e Invalid) Error() string { return string(e) }

// Person is somebody with an account.
type Person struct {
	ID            string `json:"id"`    // "person:…"
	Login         string `json:"login"` // what they log in with, a word or an address; unique, whatever the case
	Name          string `json:"name"`  // what others see
	Color         string `json:"color,omitempty"`
	Administrator bool   `json:"administrator,omitempty"`
	Password      string `json:"password,omitempty"` // its hash
	Provider      string `json:"provider,omitempty"` // at which they log in, and as whom: "" for none
	CreatedAt     int64  `json:"createdAt"`          // Unix milliseconds
}

// User is the person as documents name it.
func (p Person) User() store.User { return store.User{ID: p.ID, Name: p.Name} }

const nameUnits = 64

// checkName refuses what can't be a name: of a person, or to log in with.
func checkName(what, name string) error {
	if strings.TrimSpace(name) != name || name == "" || len(utf16.Encode([]rune(name))) > nameUnits || strings.ContainsFunc(name, unicode.IsControl) {
		return Invalid(what + " has 1 to 64 units, no control characters and no white space around it")
	}
	return nil
}

// Person returns a person. ErrNotFound.
func (b *Book) Person(id string) (Person, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	p, ok := b.people.rows[id]
	if !ok {
		return p, ErrNotFound
	}
	return p, nil
}

// People returns all, by their names.
func (b *Book) People() []Person {
	b.mu.RLock()
	defer b.mu.RUnlock()
	all := make([]Person, 0, len(b.people.rows))
	for _, p := range b.people.rows {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Person) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all
}

// WhoLogsIn returns the id of the person who logs in by a name, "" if nobody
// does.
func (b *Book) WhoLogsIn(login string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	p, _ := b.byLogin(login)
	return p.ID
}

// byLogin finds a person by what they log in with. Who holds a lock may call
// it.
func (b *Book) byLogin(login string) (Person, bool) {
	for _, p := range b.people.rows {
		if strings.EqualFold(p.Login, login) {
			return p, true
		}
	}
	return Person{}, false
}

// checkPerson refuses a row that breaks a rule which one person can break.
func (b *Book) checkPerson(p Person) error {
	if err := errors.Join(checkName("login", p.Login), checkName("name", p.Name)); err != nil {
		return err
	}
	if other, ok := b.byLogin(p.Login); ok && other.ID != p.ID {
		return ErrTaken
	}
	return nil
}

// ChangePerson changes what is known about a person. ErrNotFound, ErrTaken,
// ErrLastAdministrator, Invalid.
func (b *Book) ChangePerson(id string, change_ func(*Person)) (p Person, err error) {
	err = b.update(func(c *change) error {
		var ok bool
		if p, ok = b.people.rows[id]; !ok {
			return ErrNotFound
		}
		was := p
		change_(&p)
		if err := b.checkPerson(p); err != nil {
			return err
		}
		if was.Administrator && !p.Administrator {
			if b.onlyAdministrator(id) {
				return ErrLastAdministrator
			}
			if err := b.dropTicketsBy(c, id); err != nil {
				return err
			}
		}
		return b.people.put(c, id, p)
	})
	return p, err
}

// dropTicketsBy makes the links worthless that a person has issued, and who
// may do so no longer: they have the secrets, and would come back by them.
func (b *Book) dropTicketsBy(c *change, person string) error {
	return b.tickets.deleteWhere(c, func(_ string, t Ticket) bool { return t.CreatedBy == person })
}

func (b *Book) onlyAdministrator(id string) bool {
	for _, p := range b.people.rows {
		if p.Administrator && p.ID != id {
			return false
		}
	}
	return true
}

// RemovePerson removes a person with their log-ins, all that was granted to
// them, and the links that they made, whose secrets they have. What they alone
// owned is the heir's then, and nobody's if that is "". ErrNotFound,
// ErrLastAdministrator, Invalid.
func (b *Book) RemovePerson(id, heir string) error {
	return b.update(func(c *change) error {
		p, ok := b.people.rows[id]
		switch {
		case !ok:
			return ErrNotFound
		case p.Administrator && b.onlyAdministrator(id):
			return ErrLastAdministrator
		case heir == id:
			return Invalid("who is removed can't be the heir")
		}
		if _, ok := b.people.rows[heir]; heir != "" && !ok {
			return ErrNotFound
		}
		return errors.Join(
			b.people.delete(c, id),
			b.logins.deleteWhere(c, func(_ string, l Login) bool { return l.Person == id }),
			b.tickets.deleteWhere(c, func(_ string, t Ticket) bool { return t.Person == id }),
			b.dropTicketsBy(c, id),
			b.links.deleteWhere(c, func(_ string, l Link) bool { return l.CreatedBy == id }),
			b.tokens.deleteWhere(c, func(_ string, t Token) bool { return t.Person == id }),
			b.leaveGroups(c, id),
			b.ungrant(c, id, heir),
		)
	})
}

// ChangePassword sets a person's password and ends all their log-ins but keep.
// ErrCredentials if current isn't theirs; Invalid.
func (b *Book) ChangePassword(ctx context.Context, id, current, password, keep string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	p, err := b.Person(id)
	if err != nil {
		return err
	}
	if ok, err := b.hasher.matches(ctx, current, p.Password); err != nil || !ok {
		return cmp.Or(err, ErrCredentials)
	}
	hash, err := b.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return b.update(func(c *change) error {
		p, ok := b.people.rows[id]
		if !ok {
			return ErrNotFound
		}
		return b.setPassword(c, p, hash, keep)
	})
}

func (b *Book) setPassword(c *change, p Person, hash, keep string) error {
	p.Password = hash
	return errors.Join(
		b.people.put(c, p.ID, p),
		b.logins.deleteWhere(c, func(id string, l Login) bool { return l.Person == p.ID && id != keep }),
	)
}

// PersonCaller returns a person as package access knows them, for what is done
// in their name while they are away; a stranger if there is no such person.
func (b *Book) PersonCaller(id string) access.Caller {
	b.mu.RLock()
	defer b.mu.RUnlock()
	p, ok := b.people.rows[id]
	if !ok {
		return access.Caller{}
	}
	return b.caller(p)
}

// caller returns a person as package access knows them. A lock is held.
func (b *Book) caller(p Person) access.Caller {
	return access.Caller{User: p.User(), Color: p.Color, Administrator: p.Administrator, Subjects: b.subjects(p.ID)}
}

func newPerson(login, name string, administrator bool) Person {
	return Person{ID: newID("person"), Login: login, Name: cmp.Or(name, login), Administrator: administrator, CreatedAt: milliseconds(time.Now())}
}

// checkRole refuses what is no role that a grant may give to a subject.
func checkRole(subject string, role session.Role) error {
	if !access.AtLeast(session.Owner, role) {
		return Invalid("role is owner, editor, commenter or viewer")
	}
	if subject == access.Everyone && role == session.Owner {
		return Invalid("everyone can't own a document")
	}
	return nil
}
