package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tutti/server/accounts"
)

// maxTokenDocuments bounds the documents that a token names.
const maxTokenDocuments = 100

// tokenResource is a token. The secret is shown when it is made, and never
// again.
type tokenResource struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Scope     string   `json:"scope"`
	Documents []string `json:"documents,omitempty"`
	CreatedAt string   `json:"createdAt"`
	ExpiresAt string   `json:"expiresAt,omitempty"`
	UsedAt    string   `json:"usedAt,omitempty"`
	Secret    string   `json:"secret,omitempty"`
}

func newToken(t accounts.Token) tokenResource {
	return tokenResource{
		ID: t.ID, Name: t.Name, Scope: t.Scope, Documents: t.Documents,
		CreatedAt: timestamp(t.CreatedAt), ExpiresAt: perhaps(t.ExpiresAt), UsedAt: perhaps(t.UsedAt),
	}
}

func (s *Server) listTokens(c echo.Context) error {
	who, err := s.account(c, self)
	if err != nil {
		return err
	}
	items := []tokenResource{}
	for _, t := range s.accounts.Tokens(who.User.ID) {
		items = append(items, newToken(t))
	}
	return listed(c, items)
}

func (s *Server) addToken(c echo.Context) error {
	who, err := s.account(c, self)
	if err != nil {
		return err
	}
	t := accounts.Token{Person: who.User.ID}
	err = members(c.Request(), metadataBytes, func(key string, raw []byte) (err error) {
		switch key {
		case "name":
			t.Name, err = text(key, raw)
		case "scope":
			t.Scope, err = text(key, raw)
		case "documents":
			t.Documents, err = texts(key, raw)
			if n := len(t.Documents); err == nil && (n < 1 || n > maxTokenDocuments) {
				err = fieldInvalid("documents are 1 to %d; without any, the token is for all", maxTokenDocuments)
			}
		case "expiresAt":
			t.ExpiresAt, err = moment(key, raw)
		}
		return err
	})
	if err != nil {
		return err
	}
	secret, t, err := s.accounts.AddToken(t)
	if err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "token_created", Subject: t.ID, Detail: t.Scope})
	made := newToken(t)
	made.Secret = secret
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, made)
}

func (s *Server) dropToken(c echo.Context) error {
	who, err := s.account(c, self)
	if err != nil {
		return err
	}
	if err := s.accounts.DropToken(who.User.ID, c.Param("token")); err != nil {
		return problemOfAccounts(err)
	}
	s.note(c, who, accounts.Entry{Action: "token_revoked", Subject: c.Param("token")})
	return c.NoContent(http.StatusNoContent)
}
