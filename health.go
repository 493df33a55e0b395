package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthWithin is how long a server has to answer.
const healthWithin = 5 * time.Second

// healthCommand asks the server on this machine whether it is well, where there
// is no curl to do that. It reads the environment that the server has.
type healthCommand struct {
	Addr   string   `env:"TUTTI_ADDR" default:"127.0.0.1:8080" help:"Address that the server listens on."`
	Cert   string   `env:"TUTTI_TLS_CERT" name:"tls-cert" placeholder:"FILE" help:"If the server has one: it is asked by TLS."`
	Domain []string `env:"TUTTI_TLS_DOMAIN" name:"tls-domain" placeholder:"NAME" help:"Likewise."`
	Ready  bool     `help:"Ask whether edits can be taken, and not only whether it is up. A full disk is no reason to start it anew."`
}

// Run returns nil if the server says that it is well.
func (c *healthCommand) Run() error {
	ctx, cancel := context.WithTimeout(context.Background(), healthWithin)
	defer cancel()
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("--addr %s: %w", c.Addr, err)
	}
	switch host { // of any address this machine's own; an image of nothing but tutti can't look localhost up
	case "", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	url, path := "http://", "/healthz"
	if c.Cert != "" || len(c.Domain) > 0 {
		url = "https://"
	}
	if c.Ready {
		path = "/readyz"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+net.JoinHostPort(host, port)+path, nil)
	if err != nil {
		return err
	}
	// The certificate is for the public name, and this is no way to find out
	// whether it is good: nothing secret is said.
	config := &tls.Config{InsecureSkipVerify: true}
	if len(c.Domain) > 0 && c.Ready {
		config.ServerName = c.Domain[0]
	}
	resp, err := (&http.Transport{TLSClientConfig: config, DisableKeepAlives: true}).RoundTrip(req)
	// Under no name there is no certificate to fetch: to ask for one every few
	// seconds, while it can't be had, would use up what Let's Encrypt allows in
	// an hour. That the server says so is a sign of life.
	var said *net.OpError
	if len(c.Domain) > 0 && !c.Ready && errors.As(err, &said) && said.Op == "remote error" {
		return nil
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %s", resp.Status)
	}
	return nil
}
