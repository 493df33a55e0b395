package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/e2e/client"
)

// publicName is the one in the examples, which the tests reach on loopback.
const publicName = "tutti.example.org"

// A proxy is a real one, with what it stands on in a folder of its own, in
// front of a tutti that listens at a fixed address.
type proxy struct {
	t       *testing.T
	s       *server
	name    string
	program string
	folder  string
	port    int // of HTTPS
	plain   int // of HTTP
	trusted *x509.CertPool
	command func() *exec.Cmd

	cmd   *exec.Cmd
	ended chan struct{}
	said  *log
}

// behind starts a tutti with a proxy before it: the configuration in
// server/deploy, with its addresses and paths made this test's.
func behind(t *testing.T, name, example string, more ...string) *proxy {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/" + name) // Debian has nginx there, on few people's path
	}
	if err != nil {
		t.Skipf("no %s here: make test gets it by apt", name)
	}
	p := &proxy{t: t, name: name, program: program, folder: t.TempDir(), port: port(t), plain: port(t), said: &log{}}
	address := fmt.Sprint("127.0.0.1:", port(t))
	p.s = serve(t, withArgs("--addr", address, "--public-url", "https://"+publicName, "--trusted-proxies", "127.0.0.1/32", "--log-level", "debug", unlimited))
	p.certify()
	text, err := os.ReadFile(filepath.Join("..", "server", "deploy", example))
	if err != nil {
		t.Fatal(err)
	}
	replace := append([]string{"127.0.0.1:8080", address}, more...)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(text), replace[i]) {
			t.Fatalf("%s has no %q", example, replace[i])
		}
	}
	here := strings.NewReplacer("FOLDER", p.folder, "HTTPS", fmt.Sprint(p.port), "PLAIN", fmt.Sprint(p.plain))
	for i := range replace {
		replace[i] = here.Replace(replace[i])
	}
	p.write("site", strings.NewReplacer(replace...).Replace(string(text)))
	return p
}

// port finds one that is free, below those that the system gives out by
// itself: tutti and the proxy come back to theirs.
func port(t *testing.T) int {
	t.Helper()
	for range 100 {
		n := 20_000 + rand.IntN(10_000)
		if l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", n)); err == nil {
			l.Close()
			return n
		}
	}
	t.Fatal("no port is free")
	return 0
}

func (p *proxy) write(name, text string) string {
	p.t.Helper()
	path := filepath.Join(p.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// certify makes a certificate for the public name.
func (p *proxy) certify() {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	is := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{publicName}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(cryptorand.Reader, is, is, key.Public(), key)
	if err != nil {
		p.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		p.t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	p.write("fullchain.pem", string(certificate))
	p.write("privkey.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	p.trusted = x509.NewCertPool()
	p.trusted.AppendCertsFromPEM(certificate)
}

func (p *proxy) start() {
	p.t.Helper()
	cmd := p.command()
	cmd.Stdout, cmd.Stderr = p.said, p.said
	// SIGTERM, not SIGKILL: the proxy has workers to take along.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	p.cmd, p.ended = cmd, ended
	p.s.until(p.name+" answers", func() bool {
		select {
		case <-ended:
			p.t.Fatalf("%s ended at once\n%s", p.name, p.said)
		default:
		}
		tried, err := tls.Dial("tcp", fmt.Sprint("127.0.0.1:", p.port), &tls.Config{RootCAs: p.trusted, ServerName: publicName})
		if err != nil {
			return false
		}
		return tried.Close() == nil
	})
}

// stop ends the proxy at once, and all connections with it.
func (p *proxy) stop() {
	p.t.Helper()
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Errorf("%s does not end\n%s", p.name, p.said)
		p.cmd.Process.Kill()
	}
}

// dialFrom opens a connection to the proxy from an address of this machine.
func (p *proxy) dialFrom(ip string, port int) func(context.Context, string, string) (net.Conn, error) {
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}}
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		return from.DialContext(ctx, "tcp", fmt.Sprint("127.0.0.1:", port))
	}
}

// browser speaks HTTP/2 to the proxy, by its public name.
func (p *proxy) browser(ip string) *http.Client {
	transport := &http.Transport{DialContext: p.dialFrom(ip, p.port), TLSClientConfig: &tls.Config{RootCAs: p.trusted}, ForceAttemptHTTP2: true}
	p.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// config is that of a client that comes through the proxy.
func (p *proxy) config(document string) client.Config {
	dialer := websocket.Dialer{
		NetDialContext: p.dialFrom("127.0.0.1", p.port), TLSClientConfig: &tls.Config{RootCAs: p.trusted},
		Subprotocols: []string{"tutti.v1"}, EnableCompression: true, HandshakeTimeout: patience,
	}
	return client.Config{Dial: func(ctx context.Context) (client.Conn, error) {
		ws, _, err := dialer.DialContext(ctx, "wss://"+publicName+api+"/documents/"+document+"/socket", http.Header{"Origin": {"https://" + publicName}})
		if err != nil {
			return nil, err
		}
		return ws, nil
	}}
}
