package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// newCertificate writes a certificate of that name, and its key.
func newCertificate(t *testing.T, folder, name string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestTLSByFiles(t *testing.T) {
	folder := t.TempDir()
	cert, key := newCertificate(t, folder, "docs.example.org")
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, err := (&serve{TLSCert: cert, TLSKey: key}).secured(plain)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err == nil {
			io.WriteString(conn, "hello")
			conn.Close()
		}
	}()
	conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	state := conn.ConnectionState()
	if name := state.PeerCertificates[0].Subject.CommonName; name != "docs.example.org" || state.NegotiatedProtocol != "http/1.1" {
		t.Errorf("%s speaks %s", name, state.NegotiatedProtocol)
	}
	if _, err := (&serve{TLSCert: cert, TLSKey: cert}).secured(plain); err == nil {
		t.Error("a key that is none is taken")
	}
}

func TestACertificateThatWasRenewedIsRead(t *testing.T) {
	folder := t.TempDir()
	c := &certificate{}
	c.cert, c.key = newCertificate(t, folder, "old")
	first, err := c.get(nil)
	if err != nil {
		t.Fatal(err)
	}
	newCertificate(t, folder, "new")
	if err := os.Chtimes(c.cert, time.Time{}, time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if same, err := c.get(nil); err != nil || same != first {
		t.Errorf("it is looked for too often: %v", err)
	}
	c.looked = time.Time{}
	renewed, err := c.get(nil)
	if err != nil || renewed == first {
		t.Errorf("the new one is not read: %v", err)
	}
	if err := os.WriteFile(c.cert, []byte("half written"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.looked = time.Time{}
	if still, err := c.get(nil); err != nil || still != renewed {
		t.Errorf("the one before is not kept: %v", err)
	}
}

func TestCertificatesAreOnlyFetchedForOnesOwnNames(t *testing.T) {
	c := &serve{Data: t.TempDir(), TLSDomain: []string{"docs.example.org"}}
	if err := c.checkTLS(); err != nil || c.PublicURL.String() != "https://docs.example.org" || c.scheme() != "https" {
		t.Errorf("%v, people reach it at %v", err, c.PublicURL)
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, err := c.secured(plain)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if conn, err := l.Accept(); err == nil {
			conn.(*tls.Conn).Handshake()
			conn.Close()
		}
	}()
	if _, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{ServerName: "evil.example"}); err == nil {
		t.Error("a stranger's name has a certificate")
	}
}

func TestHalfAChoiceOfTLSIsRefused(t *testing.T) {
	for _, c := range []serve{{TLSCert: "a"}, {TLSKey: "a"}, {TLSCert: "a", TLSKey: "b", TLSDomain: []string{"c"}}} {
		if err := c.checkTLS(); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	if err := (&serve{}).checkTLS(); err != nil {
		t.Error(err)
	}
}
