package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"tutti/frontend"
	"tutti/server"
	"tutti/server/backup"
	"tutti/server/files"
	"tutti/server/hooks"
	"tutti/server/search"
	"tutti/session"
	"tutti/store"
)

// shutdownWithin bounds how long a stop waits for sessions and requests.
const shutdownWithin = 15 * time.Second

// serve runs a server.
type serve struct {
	Addr         string          `env:"TUTTI_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	Data         string          `env:"TUTTI_DATA" default:"./data" help:"Folder that holds the documents."`
	Repair       bool            `env:"TUTTI_REPAIR" help:"Where pages of tutti.db can't be read, write it anew at the start with what can, as tutti verify --repair does, and serve that. Default: refuse to start."`
	PublicURL    *url.URL        `env:"TUTTI_PUBLIC_URL" help:"Where people reach the server, if a proxy stands before it."`
	Accounts     bool            `env:"TUTTI_ACCOUNTS" help:"People log in, and see what they were given. Needed, or --open, to listen on more than this machine's own address."`
	Open         bool            `env:"TUTTI_OPEN" help:"Whoever reaches the server may do everything, from other machines too."`
	HostKeys     string          `env:"TUTTI_HOST_KEYS" placeholder:"FILE|URL" help:"Keys of another product that signs tokens for its people, with --accounts: a file with a JWK, JWKS, PEM or secret, or the https address of a JWKS."`
	HostFor      string          `env:"TUTTI_HOST_AUDIENCE" name:"host-audience" placeholder:"NAME" help:"The audience that such tokens name."`
	OIDCIssuer   string          `env:"TUTTI_OIDC_ISSUER" name:"oidc-issuer" placeholder:"URL" help:"OpenID Connect provider at which people log in, with --accounts."`
	OIDCClient   string          `env:"TUTTI_OIDC_CLIENT" name:"oidc-client" placeholder:"ID" help:"What this server is called there."`
	OIDCSecret   string          `env:"TUTTI_OIDC_SECRET_FILE" name:"oidc-secret-file" placeholder:"FILE" help:"File with the secret that it has there."`
	OIDCAllow    []string        `env:"TUTTI_OIDC_ALLOW" name:"oidc-allow" placeholder:"DOMAIN" help:"Domains of the addresses that are let in from there, as example.org; * for any."`
	TLSCert      string          `env:"TUTTI_TLS_CERT" name:"tls-cert" placeholder:"FILE" help:"Certificate in PEM, with its chain."`
	TLSKey       string          `env:"TUTTI_TLS_KEY" name:"tls-key" placeholder:"FILE" help:"Its key."`
	TLSDomain    []string        `env:"TUTTI_TLS_DOMAIN" name:"tls-domain" placeholder:"NAME" help:"Names to fetch certificates for from Let's Encrypt, whose terms this accepts; the server is reached at port 443."`
	Proxies      []netip.Prefix  `env:"TUTTI_TRUSTED_PROXIES" name:"trusted-proxies" placeholder:"CIDR" help:"Proxies whose X-Forwarded-For counts, as 127.0.0.1/32."`
	EmbedFrom    []server.Origin `env:"TUTTI_EMBED_FROM" placeholder:"ORIGIN" help:"Sites whose pages may show a document in a frame, as https://wiki.example.org; more than one with commas, or the flag again."`
	HooksAllow   []netip.Prefix  `env:"TUTTI_HOOKS_ALLOW" name:"hooks-allow" placeholder:"CIDR" help:"Networks that hooks may go to though they are not public, without TLS too, as 10.1.0.0/16."`
	Pprof        string          `env:"TUTTI_PPROF" placeholder:"ADDR" help:"Address of this machine's own to serve Go's profiles on, as 127.0.0.1:6060. Default: nowhere."`
	OTLPEndpoint *url.URL        `env:"TUTTI_OTLP_ENDPOINT" name:"otlp-endpoint" placeholder:"URL" help:"Where traces go by OTLP over HTTP, as http://127.0.0.1:4318; OTEL_EXPORTER_OTLP_ENDPOINT and its like are understood, too. Default: nowhere."`
	Rate         int             `env:"TUTTI_RATE" default:"${rate}" help:"Frames a second that one editor may send."`
	PackAfter    time.Duration   `env:"TUTTI_PACK_AFTER" default:"1h" help:"How old records are when they are packed: they take up some hundredth of the room then, and nothing else changes. 0: never."`
	LogFormat    string          `env:"TUTTI_LOG_FORMAT" enum:"text,json" default:"text" help:"How log lines are written: text or json."`
	LogLevel     string          `env:"TUTTI_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"The least level that is logged: debug, info, warn or error."`
}

// Run serves until a signal asks to stop. A second one stops at once.
func (c *serve) Run() (err error) {
	log, err := c.logger()
	if err != nil {
		return err
	}
	if c.Rate < 1 {
		return errors.New("--rate must be at least 1")
	}
	if c.PackAfter < 0 {
		return errors.New("--pack-after can't be less than 0")
	}
	if err := errors.Join(c.checkAddress(), c.checkTLS()); err != nil {
		return err
	}
	endProfile, err := c.profile()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, endProfile()) }()
	tracer, endTraces, err := c.traces(log)
	if err != nil {
		return err
	}
	defer endTraces()
	bolt, err := c.openStore(log)
	if err != nil {
		return err
	}
	st := store.Watch(bolt)
	defer func() { err = errors.Join(err, st.Close()) }()

	metrics := session.NewMetrics()
	limits := session.DefaultLimits
	limits.Rate = c.Rate
	hub := session.NewHub(st, session.Options{Limits: limits, Log: log, Metrics: metrics, Tracer: tracer})
	index, err := search.Open(search.Options{Folder: filepath.Join(c.Data, "search"), Store: st, Hub: hub, Log: log})
	if err != nil {
		log.Error("documents can't be searched", "error", err)
	} else {
		defer func() { err = errors.Join(err, index.Close()) }()
	}
	images, err := files.Open(filepath.Join(c.Data, "files"), st)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, images.Close()) }()
	who, err := c.people(log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, who.close()) }()
	outbox, err := hooks.Open(hooks.Options{Path: filepath.Join(c.Data, "hooks.db"), Store: st, Allow: c.HooksAllow, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, outbox.Close()) }()
	var assets fs.FS
	if files, built := frontend.Assets(); built {
		assets = files
	}
	source := backup.Live(c.Data, bolt, who.accounts, outbox)
	srv, err := server.New(server.Options{Backup: &source, Store: st, Hub: hub, Metrics: metrics, Search: index, Files: images, Hooks: outbox, Data: c.Data, PackAfter: c.PackAfter, Accounts: who.accounts, Signed: who.hosts, OIDC: who.provider, Tracer: tracer, Log: log, Assets: assets, Embed: c.EmbedFrom, Public: c.PublicURL, Proxies: c.Proxies})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	secured, err := c.secured(l)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM) // before anybody is told that it can be stopped
	at := c.scheme() + "://" + address(l.Addr())
	fmt.Printf("tutti is at %s/  (data in %s)\n", at, c.Data)
	if err := c.greet(who.accounts, at); err != nil {
		return errors.Join(err, l.Close())
	}
	return run(srv, secured, signals)
}

// run serves until the first signal, then shuts down in order.
func run(srv *server.Server, l net.Listener, signals <-chan os.Signal) error {
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	select {
	case err := <-served:
		return err
	case <-signals:
	}
	go func() {
		<-signals
		os.Exit(1)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownWithin)
	defer cancel()
	return errors.Join(srv.Shutdown(ctx), <-served)
}

func (c *serve) logger() (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, err
	}
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o)), nil
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o)), nil
}

// address is where a browser on this machine finds a listener.
func address(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", fmt.Sprint(tcp.Port))
	}
	return a.String()
}
