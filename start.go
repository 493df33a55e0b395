package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"

	"tutti/server"
	"tutti/server/accounts"
	"tutti/server/oidc"
	"tutti/server/signed"
	"tutti/store"
)

// checkAddress refuses to let strangers in by an oversight: an address that
// other machines may reach takes accounts, or an explicit --open.
func (c *serve) checkAddress() error {
	if c.Accounts && c.Open {
		return errors.New("--accounts and --open exclude each other: choose one")
	}
	if c.Accounts || c.Open {
		return nil
	}
	addr, err := net.ResolveTCPAddr("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("--addr %s: %w", c.Addr, err)
	}
	if !addr.IP.IsLoopback() {
		return fmt.Errorf("%s can be reached from other machines, whose people could read and change everything: "+
			"add --accounts so that people log in, or --open if that is what you want, or listen on 127.0.0.1", c.Addr)
	}
	return nil
}

// openStore opens the documents. Where the file as a whole can't be trusted, the
// one who runs the server decides whether what can be read is enough.
func (c *serve) openStore(log *slog.Logger) (*store.Bolt, error) {
	file, opts := filepath.Join(c.Data, "tutti.db"), store.Options{Log: log}
	st, err := store.Open(file, opts)
	if !errors.Is(err, store.ErrDamaged) {
		return st, err
	}
	if !c.Repair {
		return nil, fmt.Errorf("%w; tutti verify says what is lost, and a start with --repair serves the rest", err)
	}
	log.Error("tutti.db is damaged and is written anew; as it was it stays beside it, as tutti.db.damaged", "error", err)
	done, err := store.Repair(file)
	if err != nil {
		return nil, err
	}
	for _, said := range done {
		log.Warn("repaired", "what", said)
	}
	return store.Open(file, opts)
}

// people are those that a server knows, and whose word it takes for others.
// All is nil where it is open.
type people struct {
	accounts *accounts.Book
	hosts    *signed.Verifier
	provider *oidc.Provider
}

func (c *serve) people(log *slog.Logger) (p people, err error) {
	if p.provider, err = c.provider(); err != nil || !c.Accounts {
		return p, errors.Join(err, c.checkHosts())
	}
	if p.hosts, err = c.hosts(log); err != nil {
		return p, err
	}
	if p.accounts, err = accounts.Open(filepath.Join(c.Data, "accounts.db"), accounts.Options{Log: log}); err != nil {
		return p, errors.Join(err, p.close())
	}
	return p, nil
}

func (p people) close() (err error) {
	if p.accounts != nil {
		err = p.accounts.Close()
	}
	if p.hosts != nil {
		p.hosts.Close()
	}
	return err
}

// hosts reads the keys of who signs tokens, nil if nobody does.
func (c *serve) hosts(log *slog.Logger) (*signed.Verifier, error) {
	if err := c.checkHosts(); err != nil || c.HostKeys == "" {
		return nil, err
	}
	return signed.Open(c.HostKeys, c.HostFor, log)
}

func (c *serve) checkHosts() error {
	if c.HostKeys != "" && (!c.Accounts || c.HostFor == "") {
		return errors.New("--host-keys needs --accounts, and --host-audience that the tokens name")
	}
	return nil
}

// provider is where people log in, nil if nowhere else.
func (c *serve) provider() (*oidc.Provider, error) {
	if c.OIDCIssuer == "" {
		return nil, nil
	}
	if !c.Accounts {
		return nil, errors.New("--oidc-issuer needs --accounts")
	}
	o := oidc.Options{Issuer: c.OIDCIssuer, Client: c.OIDCClient, Domains: c.OIDCAllow}
	if c.OIDCSecret != "" {
		secret, err := os.ReadFile(c.OIDCSecret)
		if err != nil {
			return nil, err
		}
		o.Secret = strings.TrimSpace(string(secret))
	}
	p, err := oidc.New(o)
	if err != nil {
		return nil, errors.New("--oidc-issuer needs --oidc-client and --oidc-allow")
	}
	return p, nil
}

// greet shows who starts a server with accounts but no administrator how to become
// the first. The link stands on standard output and in no log.
func (c *serve) greet(people *accounts.Book, at string) error {
	if people == nil {
		return nil
	}
	secret, err := people.First()
	if err != nil || secret == "" {
		return err
	}
	if c.PublicURL != nil {
		at = c.PublicURL.Scheme + "://" + c.PublicURL.Host
	}
	fmt.Printf("Become the first administrator, within a day, by this link:\n  %s%s\n", at, server.RedeemPath(secret))
	return nil
}
