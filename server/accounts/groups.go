package accounts

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"tutti/server/access"
)

// Group is people who are given roles together.
type Group struct {
	ID        string   `json:"id"` // "group:…"
	Name      string   `json:"name"`
	Members   []string `json:"members"` // the ids of people
	CreatedAt int64    `json:"createdAt"`
}

// Groups returns all, by their names.
func (b *Book) Groups() []Group {
	b.mu.RLock()
	defer b.mu.RUnlock()
	all := []Group{}
	for _, g := range b.groups.rows {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b Group) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all
}

// AddGroup makes a group. ErrNotFound if a member isn't there; Invalid.
func (b *Book) AddGroup(name string, members []string) (g Group, err error) {
	g = Group{ID: newID("group"), Name: name, Members: members, CreatedAt: milliseconds(time.Now())}
	return g, b.update(func(c *change) error { return b.putGroup(c, &g) })
}

// ChangeGroup changes a group. ErrNotFound, Invalid.
func (b *Book) ChangeGroup(id string, alter func(*Group)) (g Group, err error) {
	err = b.update(func(c *change) error {
		var ok bool
		if g, ok = b.groups.rows[id]; !ok {
			return ErrNotFound
		}
		alter(&g)
		return b.putGroup(c, &g)
	})
	return g, err
}

func (b *Book) putGroup(c *change, g *Group) error {
	if err := checkName("name", g.Name); err != nil {
		return err
	}
	g.Members = slices.Clone(g.Members)
	slices.Sort(g.Members)
	g.Members = append([]string{}, slices.Compact(g.Members)...)
	for _, id := range g.Members {
		if _, ok := b.people.rows[id]; !ok {
			return ErrNotFound
		}
	}
	return b.groups.put(c, g.ID, *g)
}

// RemoveGroup removes a group and all that was granted to it. ErrNotFound.
func (b *Book) RemoveGroup(id string) error {
	return b.update(func(c *change) error {
		if _, ok := b.groups.rows[id]; !ok {
			return ErrNotFound
		}
		return errors.Join(b.groups.delete(c, id), b.ungrant(c, id, ""))
	})
}

// leaveGroups takes a person out of all groups.
func (b *Book) leaveGroups(c *change, person string) error {
	for id, g := range b.groups.rows {
		if i := slices.Index(g.Members, person); i >= 0 {
			g.Members = slices.Delete(slices.Clone(g.Members), i, i+1)
			if err := b.groups.put(c, id, g); err != nil {
				return err
			}
		}
	}
	return nil
}

// subjects are what grants may call a person. A lock is held.
func (b *Book) subjects(person string) []string {
	all := []string{person, access.Everyone}
	for id, g := range b.groups.rows {
		if slices.Contains(g.Members, person) {
			all = append(all, id)
		}
	}
	return all
}

// Name is what a subject of a grant is called, "" for everyone.
func (b *Book) Name(subject string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return cmp.Or(b.people.rows[subject].Name, b.groups.rows[subject].Name)
}

// isSubject reports whether something can be granted to a subject. A lock is
// held.
func (b *Book) isSubject(subject string) bool {
	_, person := b.people.rows[subject]
	_, group := b.groups.rows[subject]
	return person || group || subject == access.Everyone
}
