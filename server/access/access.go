// Package access decides who may do what. [Decide] is the one function that
// does: every route and every socket comes to it, with who asks and with what
// was granted, and it looks at nothing else.
//
// A document is private to whom it is granted. One that nobody owns, because
// it is older than the accounts or its owner was removed, is the
// administrators'. They read no other by being that, but oversee every one: it
// can be put away, or handed on to somebody else, without being read.
package access

import (
	"errors"
	"slices"

	"tutti/session"
	"tutti/store"
)

// Action is what somebody wants to do with a document, or with the server
// where there is no document.
type Action string

// The actions. Those from Read on are done to a document.
const (
	Visit      Action = "visit"      // see the app itself, and sign in
	Self       Action = "self"       // change one's own account
	Meet       Action = "meet"       // see which people there are
	Administer Action = "administer" // people, connections, figures
	Watch      Action = "watch"      // read the metrics
	List       Action = "list"       // find the documents that one may read
	Create     Action = "create"     // a new document
	Read       Action = "read"       // content, history, who is here
	Comment    Action = "comment"    // say something in the chat
	Edit       Action = "edit"       // submit deltas, name a document and file it
	Manage     Action = "manage"     // decide who has access
	Oversee    Action = "oversee"    // trash, delete, hand on to another owner, disconnect who is in it
)

var (
	// ErrUnauthorized is returned to a stranger: logging in may help.
	ErrUnauthorized = errors.New("access: log in first")
	// ErrForbidden is returned to whom the server knows.
	ErrForbidden = errors.New("access: not allowed")
)

// Everyone is the subject of a grant to all who have logged in.
const Everyone = "everyone"

// Grant gives a role in a document to a subject: a person or a group by its
// id, or Everyone.
type Grant struct {
	Subject string       `json:"subject"`
	Role    session.Role `json:"role"`
}

// Document is what is decided about.
type Document struct {
	ID     string
	Epoch  string
	Grants []Grant
}

// Caller is who asks, as the server has found out; the zero Caller is a
// stranger.
type Caller struct {
	User          store.User
	Color         string
	Open          bool     // the server has no accounts: everybody may do everything
	Subjects      []string // what grants may call it; none: it has no account
	Administrator bool
	Watcher       bool   // it may read the metrics, whatever else it may
	Self          bool   // it has logged in, and isn't a program with a token
	Given         []Gift // what it has by links, or by the word of a host
	Scope         *Scope // of a token: what it may do at most; nil: all
}

// Gift is a role in a document that a caller brings along, in whatever life of
// its id if it names no epoch.
type Gift struct {
	ID, Epoch string
	Role      session.Role
}

// Scope bounds what a program may do in the name of a person.
type Scope struct {
	Most      session.Role
	Documents []string // nil: all
}

// allows reports whether the scope lets something be done that takes a role,
// and is about more than one document.
func (s *Scope) allows(role session.Role) bool {
	return s == nil || s.Documents == nil && AtLeast(s.Most, role)
}

// Decide returns the role that who has in a document, or why it may not do
// what it wants. Without a document, on is nil, the role is that in what is
// created. An administrator who oversees a document may have none in it, "". ErrUnauthorized, ErrForbidden.
func Decide(who Caller, do Action, on *Document) (session.Role, error) {
	if who.Open {
		return session.Owner, nil
	}
	role, allowed := session.Role(""), false
	if on != nil {
		role = who.role(on)
		allowed = AtLeast(role, least[do]) || do == Oversee && who.administers()
	} else {
		role, allowed = who.onServer(do)
	}
	switch {
	case allowed:
		return role, nil
	case who.stranger() && !who.Watcher:
		return "", ErrUnauthorized
	}
	return "", ErrForbidden
}

// least is the role that it takes to do something with a document. What is
// not here is not done with one.
var least = map[Action]session.Role{Read: session.Viewer, Comment: session.Commenter, Edit: session.Editor, Manage: session.Owner, Oversee: session.Owner}

// roles are from least to most.
var roles = []session.Role{session.Viewer, session.Commenter, session.Editor, session.Owner}

// AtLeast reports whether a role allows all that another does. What is no role
// allows nothing, and nothing allows it.
func AtLeast(r, other session.Role) bool {
	least := slices.Index(roles, other)
	return least >= 0 && slices.Index(roles, r) >= least
}

// Higher returns the higher of two roles, of which "" is the lowest.
func Higher(a, b session.Role) session.Role {
	if slices.Index(roles, b) > slices.Index(roles, a) {
		return b
	}
	return a
}

func (c *Caller) stranger() bool { return len(c.Subjects) == 0 && len(c.Given) == 0 }

func (c *Caller) administers() bool { return c.Administrator && c.Scope.allows(session.Owner) }

func (c *Caller) onServer(do Action) (session.Role, bool) {
	switch do {
	case Visit:
		return "", true
	case Self:
		return "", c.Self
	case Administer:
		return "", c.administers()
	case Watch:
		return "", c.Watcher || c.administers()
	case List:
		return "", !c.stranger()
	case Meet:
		return "", len(c.Subjects) > 0 && c.Scope.allows(session.Viewer)
	case Create:
		return session.Owner, len(c.Subjects) > 0 && c.Scope.allows(session.Editor)
	}
	return "", false
}

// role is what the caller may do in a document, "" for nothing.
func (c *Caller) role(on *Document) session.Role {
	role := c.granted(on)
	switch {
	case c.Scope == nil:
		return role
	case c.Scope.Documents != nil && !slices.Contains(c.Scope.Documents, on.ID):
		return ""
	case AtLeast(role, c.Scope.Most):
		return c.Scope.Most
	}
	return role
}

// granted is the highest role that the caller was given in a document.
func (c *Caller) granted(on *Document) (best session.Role) {
	if c.Administrator && !Owned(on.Grants) {
		return session.Owner
	}
	for _, g := range on.Grants {
		if slices.Contains(c.Subjects, g.Subject) {
			best = Higher(best, g.Role)
		}
	}
	for _, g := range c.Given {
		if g.ID == on.ID && (g.Epoch == "" || g.Epoch == on.Epoch) {
			best = Higher(best, g.Role)
		}
	}
	return best
}

// Owned reports whether a document has an owner.
func Owned(grants []Grant) bool {
	return slices.ContainsFunc(grants, func(g Grant) bool { return g.Role == session.Owner })
}
