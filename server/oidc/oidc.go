// Package oidc has people log in by another provider, as OpenID Connect has
// it: the authorization code flow with PKCE, a state and a nonce.
//
// What begins in a browser ends in the same one: the three secrets of a flow
// are handed to it ([Flow], for a cookie) and must come back with the answer.
// Who comes must have an address, verified by the provider, in a domain that is
// allowed: of some providers anybody can have an account.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// answerWithin bounds each call to the provider.
const answerWithin = 10 * time.Second

var (
	// ErrFlow is returned for an answer to no flow of this browser.
	ErrFlow = errors.New("oidc: the log-in was begun elsewhere, or too long ago")
	// ErrRefused is returned when the provider doesn't say who it is.
	ErrRefused = errors.New("oidc: the provider did not log anybody in")
	// ErrNotAllowed is returned for somebody whose address is not in an
	// allowed domain.
	ErrNotAllowed = errors.New("oidc: this address is not let in")
)

// Options name the provider, and us at it.
type Options struct {
	Issuer  string
	Client  string
	Secret  string   // "": a public client
	Domains []string // of the addresses that are let in; "*": any
}

// Provider is where people log in. It is asked what it is when the first comes:
// one that is down when the server starts keeps nobody else out.
type Provider struct {
	o      Options
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider // nil: not asked yet
}

// New returns a provider.
func New(o Options) (*Provider, error) {
	if o.Issuer == "" || o.Client == "" || len(o.Domains) == 0 {
		return nil, errors.New("oidc: issuer, client and the allowed domains are needed")
	}
	return &Provider{o: o, client: &http.Client{Timeout: answerWithin}}, nil
}

// Flow is a log-in under way. Its secrets are for the browser that began it,
// and for nobody else.
type Flow struct {
	State    string
	Nonce    string
	Verifier string
}

// NewFlow begins a log-in.
func NewFlow() Flow { return Flow{rand.Text(), rand.Text(), oauth2.GenerateVerifier()} }

// Identity is who has logged in, as the provider knows them.
type Identity struct {
	Issuer  string
	Subject string
	Email   string
	Name    string
}

func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The provider fetches keys later, too: it isn't bound to this request.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.o.Issuer)
	if err == nil {
		p.found = found
	}
	return found, err
}

func (p *Provider) config(found *oidc.Provider, back string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.o.Client, ClientSecret: p.o.Secret, Endpoint: found.Endpoint(), RedirectURL: back,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// Begin returns the address at the provider that a browser is sent to; it comes
// back to back.
func (p *Provider) Begin(ctx context.Context, f Flow, back string) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return p.config(found, back).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), nil
}

// Finish finds out who has logged in. ErrFlow, ErrRefused, ErrNotAllowed.
func (p *Provider) Finish(ctx context.Context, f Flow, back, state, code string) (who Identity, err error) {
	if f.State == "" || subtle.ConstantTimeCompare([]byte(f.State), []byte(state)) != 1 {
		return who, ErrFlow
	}
	found, err := p.discover(ctx)
	if err != nil {
		return who, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.config(found, back).Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return who, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.o.Client}).Verify(ctx, raw)
	if err != nil {
		return who, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if id.Nonce != f.Nonce {
		return who, ErrFlow
	}
	c, err := claimsOf(ctx, found, token, id)
	if err != nil {
		return who, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return p.identity(id, c)
}

// claims are what a provider says of a person.
type claims struct {
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
	Name     string `json:"name"`
}

// claimsOf finds what is said of a person: in the token, as most providers have
// it, or where the standard has it, which is at an address of its own.
func claimsOf(ctx context.Context, found *oidc.Provider, token *oauth2.Token, id *oidc.IDToken) (c claims, err error) {
	if err := id.Claims(&c); err != nil || c.Email != "" || found.UserInfoEndpoint() == "" {
		return c, err
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return c, err
	}
	if info.Subject != id.Subject {
		return c, errors.New("the provider speaks of another person")
	}
	return c, info.Claims(&c)
}

func (p *Provider) identity(id *oidc.IDToken, c claims) (Identity, error) {
	_, domain, _ := strings.Cut(c.Email, "@")
	allowed := slices.ContainsFunc(p.o.Domains, func(d string) bool { return d == "*" || strings.EqualFold(d, domain) })
	if !allowed || !c.Verified || domain == "" || strings.Contains(domain, "@") {
		return Identity{}, ErrNotAllowed
	}
	return Identity{Issuer: id.Issuer, Subject: id.Subject, Email: c.Email, Name: c.Name}, nil
}
