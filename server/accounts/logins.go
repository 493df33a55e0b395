package accounts

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tutti/server/access"
	"tutti/store"
)

const (
	// LoginFor is how long a log-in lasts.
	LoginFor = 30 * 24 * time.Hour
	// agentBytes bounds what is kept of a browser's name for itself.
	agentBytes = 256
)

// Login is a browser in which somebody has logged in, or that a link has let in.
type Login struct {
	ID        string   `json:"id"`
	Person    string   `json:"person,omitempty"` // "": a guest, who has but links
	Links     []string `json:"links,omitempty"`
	Agent     string   `json:"agent"`
	CreatedAt int64    `json:"createdAt"` // Unix milliseconds, as the others
	ExpiresAt int64    `json:"expiresAt"`
	UsedAt    int64    `json:"usedAt"`
}

// SignIn logs a person in and returns the secret for their cookie.
// ErrCredentials.
func (b *Book) SignIn(ctx context.Context, login, password, agent string) (secret string, p Person, err error) {
	b.mu.RLock()
	p, _ = b.byLogin(login)
	b.mu.RUnlock()
	if ok, err := b.hasher.matches(ctx, password, p.Password); err != nil || !ok {
		return "", Person{}, cmp.Or(err, ErrCredentials)
	}
	err = b.update(func(c *change) error {
		// They may have been removed, or have changed it, meanwhile.
		if now, ok := b.people.rows[p.ID]; !ok || now.Password != p.Password {
			return ErrCredentials
		}
		secret, err = b.addLogin(c, p.ID, agent, nil)
		return err
	})
	return secret, p, err
}

// addLogin adds a log-in under a new secret: none that a browser brings along
// ever becomes one.
func (b *Book) addLogin(c *change, person, agent string, links []string) (secret string, err error) {
	secret, id := newSecret()
	now := time.Now()
	l := Login{
		ID: id, Person: person, Links: links, Agent: agent[:min(len(agent), agentBytes)],
		CreatedAt: milliseconds(now), UsedAt: milliseconds(now), ExpiresAt: milliseconds(now.Add(LoginFor)),
	}
	return secret, b.logins.put(c, id, l)
}

// Caller finds who has the cookie with that secret, and the id of the log-in;
// a stranger and "" if nobody.
func (b *Book) Caller(secret string) (who access.Caller, login string) {
	if secret == "" {
		return who, ""
	}
	id := secretID(secret)
	b.mu.RLock()
	l, ok := b.logins.rows[id]
	p, person := b.people.rows[l.Person]
	given := b.given(l)
	if person {
		who = b.caller(p)
		who.Self = true
	} else {
		who.User = store.User{ID: "guest:" + id, Name: "Guest"}
	}
	b.mu.RUnlock()
	if !ok || l.ExpiresAt <= milliseconds(time.Now()) || !person && len(given) == 0 {
		return access.Caller{}, ""
	}
	b.used.note(id)
	who.Given = given
	return who, id
}

// Logins returns a person's log-ins, the newest first.
func (b *Book) Logins(person string) []Login {
	b.mu.RLock()
	defer b.mu.RUnlock()
	all := []Login{}
	for _, l := range b.logins.rows {
		if l.Person == person && l.ExpiresAt > milliseconds(time.Now()) {
			l.UsedAt = max(l.UsedAt, b.used.last(l.ID))
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b Login) int { return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return all
}

// SignOut ends a log-in. It may have ended already.
func (b *Book) SignOut(id string) error {
	return b.update(func(c *change) error { return b.logins.delete(c, id) })
}

// EndLogin logs a person out of one browser. ErrNotFound.
func (b *Book) EndLogin(person, id string) error {
	return b.update(func(c *change) error {
		if l, ok := b.logins.rows[id]; !ok || l.Person != person {
			return ErrNotFound
		}
		return b.logins.delete(c, id)
	})
}
