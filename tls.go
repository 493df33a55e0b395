package main

import (
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// checkTLS refuses half a choice, and knows the public name where that is said
// by a certificate's.
func (c *serve) checkTLS() error {
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key come together")
	case c.TLSCert != "" && len(c.TLSDomain) > 0:
		return errors.New("--tls-cert and --tls-domain exclude each other: choose one")
	}
	if len(c.TLSDomain) > 0 && c.PublicURL == nil {
		c.PublicURL = &url.URL{Scheme: "https", Host: c.TLSDomain[0]}
	}
	return nil
}

// secured wraps a listener in TLS where that is asked for. Sockets need
// HTTP/1.1, so that is what is spoken.
func (c *serve) secured(l net.Listener) (net.Listener, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	switch {
	case c.TLSCert != "":
		files := &certificate{cert: c.TLSCert, key: c.TLSKey}
		if _, err := files.get(nil); err != nil {
			return nil, err
		}
		config.GetCertificate = files.get
	case len(c.TLSDomain) > 0:
		manager := &autocert.Manager{
			Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(c.TLSDomain...), Cache: autocert.DirCache(filepath.Join(c.Data, "certificates")),
		}
		config.GetCertificate = manager.GetCertificate
		config.NextProtos = append(config.NextProtos, acme.ALPNProto) // it is proved on this very port
	default:
		return l, nil
	}
	return tls.NewListener(l, config), nil
}

// scheme is that of the addresses that are printed.
func (c *serve) scheme() string {
	if c.TLSCert != "" || len(c.TLSDomain) > 0 {
		return "https"
	}
	return "http"
}

// lookEvery is how often it is seen whether a certificate was renewed.
const lookEvery = time.Minute

// certificate is one in files, which is read anew when they have changed.
type certificate struct {
	cert, key string

	mu      sync.Mutex
	looked  time.Time
	changed time.Time // the file's
	pair    *tls.Certificate
}

// get returns the certificate. One that can't be read leaves the one before.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pair != nil && time.Since(c.looked) < lookEvery {
		return c.pair, nil
	}
	c.looked = time.Now()
	info, err := os.Stat(c.cert)
	if err == nil && (c.pair == nil || !info.ModTime().Equal(c.changed)) {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
			c.pair, c.changed = &pair, info.ModTime()
		}
	}
	if c.pair != nil {
		return c.pair, nil
	}
	return nil, err
}
