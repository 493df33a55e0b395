package server

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tutti/ot/scan"
	"tutti/server/accounts"
	"tutti/session"
)

// maxUses bounds how many browsers a link can be said to let in.
const maxUses = 1_000_000

// linkResource is a link to a document. The secret is shown when it is made,
// and never again.
type linkResource struct {
	ID        string       `json:"id"`
	Role      session.Role `json:"role"`
	Password  bool         `json:"password"`
	Uses      int          `json:"uses,omitempty"`
	Used      int          `json:"used"`
	CreatedAt string       `json:"createdAt"`
	ExpiresAt string       `json:"expiresAt,omitempty"`
	Secret    string       `json:"secret,omitempty"`
	URL       string       `json:"url,omitempty"`
}

func newLink(l accounts.Link) linkResource {
	return linkResource{
		ID: l.ID, Role: l.Role, Password: l.Password != "", Uses: l.Uses, Used: l.Used,
		CreatedAt: timestamp(l.CreatedAt), ExpiresAt: perhaps(l.ExpiresAt),
	}
}

// perhaps is a time, or "" for 0.
func perhaps(ms int64) string {
	if ms == 0 {
		return ""
	}
	return timestamp(ms)
}

// moment decodes a time to come, null for never.
func moment(key string, raw []byte) (int64, error) {
	if scan.Kind(raw) == scan.KindNull {
		return 0, nil
	}
	s, err := text(key, raw)
	if err != nil {
		return 0, err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return 0, badParameter("%s is no time as 2026-01-31T12:00:00Z", key)
	}
	if !t.After(time.Now()) {
		return 0, fieldInvalid("%s is in the past", key)
	}
	return t.UnixMilli(), nil
}

func (s *Server) listLinks(c echo.Context) error {
	info, _, err := s.shared(c, manage)
	if err != nil {
		return err
	}
	items := []linkResource{}
	for _, l := range s.accounts.Links(info.ID, info.Epoch) {
		items = append(items, newLink(l))
	}
	return listed(c, items)
}

func (s *Server) addLink(c echo.Context) error {
	info, who, err := s.shared(c, manage)
	if err != nil {
		return err
	}
	n := accounts.NewLink{Role: session.Viewer, CreatedBy: who.User.ID}
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "role":
			var role string
			role, err = text(key, raw)
			n.Role = session.Role(role)
		case "password":
			n.Password, err = text(key, raw)
		case "expiresAt":
			n.ExpiresAt, err = moment(key, raw)
		case "uses":
			uses, ok := scan.Int(raw)
			if !ok || uses < 1 || uses > maxUses {
				err = fieldInvalid("uses is a whole number from 1 to %d", maxUses)
			}
			n.Uses = int(uses)
		}
		return err
	})
	if err != nil {
		return err
	}
	secret, l, err := s.accounts.AddLink(c.Request().Context(), info.ID, info.Epoch, n)
	if err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "share_created", Document: info.ID, Subject: l.ID, Detail: string(l.Role)})
	made := newLink(l)
	made.Secret, made.URL = secret, s.base(c.Request())+"/d/"+info.ID+"#link="+secret
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, made)
}

func (s *Server) dropLink(c echo.Context) error {
	info, who, err := s.shared(c, manage)
	if err != nil {
		return err
	}
	if err := s.accounts.DropLink(info.ID, info.Epoch, c.Param("link")); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "share_revoked", Document: info.ID, Subject: c.Param("link")})
	return c.NoContent(http.StatusNoContent)
}

// join takes the secret of a link, and lets the browser into its document.
func (s *Server) join(c echo.Context) error {
	who, err := s.account(c, visit)
	if err != nil {
		return err
	}
	r := c.Request()
	var secret, password string
	err = fieldsOf(r, map[string]*string{"secret": &secret, "password": &password}, "password")
	if err == nil {
		err = s.attempts.take("at "+s.addressOf(r), attemptsByPlace)
	}
	if err == nil && password != "" {
		err = s.attempt(r, "link "+accounts.LinkID(secret))
	}
	if err != nil {
		return err
	}
	cookie, l, err := s.accounts.FollowLink(r.Context(), secret, password, s.cookie(r), r.UserAgent())
	if err != nil {
		return problemOfAccounts(err)
	}
	s.noteOutside(c, who, accounts.Entry{Action: "share_used", Document: l.Document, Subject: l.ID})
	s.setCookie(c, cookie)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, struct {
		Document string       `json:"document"`
		Role     session.Role `json:"role"`
	}{l.Document, l.Role})
}
