package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/server/accounts"
)

// groupResource is people who are given roles together.
type groupResource struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Members   []string `json:"members"`
	CreatedAt string   `json:"createdAt"`
}

func newGroup(g accounts.Group) groupResource {
	return groupResource{g.ID, g.Name, g.Members, timestamp(g.CreatedAt)}
}

func (s *Server) listGroups(c echo.Context) error {
	if _, err := s.account(c, meet); err != nil {
		return err
	}
	items := []groupResource{}
	for _, g := range s.accounts.Groups() {
		items = append(items, newGroup(g))
	}
	return listed(c, items)
}

// groupChange reads what is to become of a group.
func groupChange(r *http.Request) (change []func(*accounts.Group), err error) {
	err = members(r, metadataBytes, func(key string, raw []byte) error {
		switch key {
		case "name":
			name, err := text(key, raw)
			change = append(change, func(g *accounts.Group) { g.Name = name })
			return err
		case "members":
			ids, err := texts(key, raw)
			change = append(change, func(g *accounts.Group) { g.Members = ids })
			return err
		}
		return fieldInvalid("%q can't be changed", key)
	})
	return change, err
}

func (s *Server) addGroup(c echo.Context) error {
	who, err := s.account(c, administer)
	if err != nil {
		return err
	}
	change, err := groupChange(c.Request())
	if err != nil {
		return err
	}
	var g accounts.Group
	for _, set := range change {
		set(&g)
	}
	if g, err = s.accounts.AddGroup(g.Name, g.Members); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "group_created", Subject: g.ID, Detail: g.Name})
	return c.JSON(http.StatusCreated, newGroup(g))
}

func (s *Server) changeGroup(c echo.Context) error {
	who, err := s.account(c, administer)
	if err != nil {
		return err
	}
	change, err := groupChange(c.Request())
	if err != nil {
		return err
	}
	g, err := s.accounts.ChangeGroup(named(c, "group"), func(g *accounts.Group) {
		for _, set := range change {
			set(g)
		}
	})
	if err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "group_changed", Subject: g.ID, Detail: g.Name})
	return c.JSON(http.StatusOK, newGroup(g))
}

func (s *Server) removeGroup(c echo.Context) error {
	who, err := s.account(c, administer)
	if err != nil {
		return err
	}
	if err := s.accounts.RemoveGroup(named(c, "group")); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "group_removed", Subject: named(c, "group")})
	return c.NoContent(http.StatusNoContent)
}
