package server

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"
	"go.yaml.in/yaml/v3"
)

// contractYAML is what this server promises, written by hand. The tests hold
// every answer against it, and compare its routes with those that there are.
//
//go:embed openapi.yaml
var contractYAML []byte

// contractJSON is the contract for machines.
var contractJSON = sync.OnceValues(func() ([]byte, error) {
	var all map[string]any
	if err := yaml.Unmarshal(contractYAML, &all); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	delete(all, "x-answers") // they stand by now in every call that gives them
	return json.Marshal(all)
})

func (s *Server) getContract(c echo.Context) error {
	if _, err := s.authorize(c.Request(), visit, ""); err != nil {
		return err
	}
	b, err := contractJSON()
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSONBlob(http.StatusOK, b)
}

// readContract shows the contract to people.
func (s *Server) readContract(c echo.Context) error {
	if _, err := s.authorize(c.Request(), visit, ""); err != nil {
		return err
	}
	page, err := contractPage()
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.HTMLBlob(http.StatusOK, page)
}
