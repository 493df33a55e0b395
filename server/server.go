package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"tutti/server/access"
	"tutti/server/accounts"
	"tutti/server/backup"
	"tutti/server/files"
	"tutti/server/hooks"
	"tutti/server/oidc"
	"tutti/server/search"
	"tutti/server/signed"
	"tutti/session"
	"tutti/store"
)

// Options say what a Server works with. Store, Hub and Metrics are needed; the
// Hub works on the same Store.
type Options struct {
	Store   *store.Watched
	Hub     *session.Hub
	Metrics *session.Metrics
	Search  *search.Index  // over Store; nil: nothing can be searched for
	Files   *files.Folder  // of Store's documents; nil: none can be kept
	Backup  *backup.Source // of all of it; nil: none can be made
	Hooks   *hooks.Outbox  // over Store, not started; nil: there are none
	Data    string         // the folder that all lies in, to say how large it is; "": that isn't said
	Log     *slog.Logger   // zero: slog.Default
	Assets  fs.FS          // the built app; nil: a page says how to build it
	Embed   []Origin       // sites whose pages may hold a document, in a frame or by the client library
	Public  *url.URL       // where people reach the server, if that is not its own address
	Proxies []netip.Prefix // whose word counts for where a request comes from
	// Accounts of the people who may use it; nil: whoever reaches it may do
	// everything. The Server doesn't close it.
	Accounts *accounts.Book
	Signed   *signed.Verifier // of tokens that other products sign, beside Accounts; nil: none are taken
	OIDC     *oidc.Provider   // at which people log in, beside Accounts; nil: at none
	Tracer   trace.Tracer     // of requests and sockets; nil: none is traced
	// PackAfter is how old records are when they are packed; 0: they never are.
	PackAfter time.Duration
}

// Server answers HTTP and carries sockets to their sessions.
type Server struct {
	store     *store.Watched
	hub       *session.Hub
	accounts  *accounts.Book   // nil: open
	oidc      *oidc.Provider   // nil: nobody logs in elsewhere
	signed    *signed.Verifier // nil: no signed tokens are taken
	decide    func(access.Caller, access.Action, *access.Document) (session.Role, error)
	attempts  paces
	admitted  admissions
	catalogue *catalogue
	sizes     sizes
	data      string
	started   time.Time
	zip       zipLimits
	purging   sync.Mutex // held while a document is deleted for good or restored
	backup    *backup.Source
	backups   chan struct{} // holds one while a backup is made
	search    *search.Index
	excerpts  excerpts
	embed     []Origin // other sites whose pages may hold documents
	files     *files.Folder
	hooks     *hooks.Outbox
	counts    counts
	log       *slog.Logger
	tracer    trace.Tracer // nil: nothing is traced
	public    *url.URL
	proxies   []netip.Prefix
	assets    *assets
	registry  *prometheus.Registry
	echo      *echo.Echo
	http      *http.Server
	health    health
	unhook    func() // nil: no hook follows the accounts
	sockets   sockets
	unused    unused
	packer    packer
}

// New returns a server that doesn't listen yet.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Server{
		store: o.Store, hub: o.Hub, accounts: o.Accounts, signed: o.Signed, oidc: o.OIDC, decide: access.Decide, catalogue: newCatalogue(o.Store), data: o.Data, started: time.Now(), zip: usualZIP, search: o.Search, files: o.Files, hooks: o.Hooks, backup: o.Backup, log: o.Log, tracer: o.Tracer, public: o.Public, proxies: o.Proxies, embed: o.Embed,
		registry: prometheus.NewRegistry(), echo: echo.New(), backups: make(chan struct{}, 1),
	}
	s.health.probe = o.Store.Probe
	o.Metrics.Register(s.registry)
	s.countOn(s.registry)
	if o.Assets != nil {
		var err error
		var hosts []Origin // that may hand a token to a page in their frame
		if o.Signed != nil {
			hosts = o.Embed
		}
		if s.assets, err = newAssets(o.Assets, hosts); err != nil {
			return nil, fmt.Errorf("the embedded app: %w", err)
		}
	}
	if o.Accounts != nil {
		s.admitted.watch(o.Accounts)
	}
	if o.Hooks != nil {
		s.startHooks()
	}
	s.routes()
	s.http = &http.Server{
		Handler:           s.echo,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
		ConnState:         s.unused.watch,
	}
	s.packer = packer{store: o.Store, after: o.PackAfter, done: s.sizes.recount, fail: o.Log.Error}
	s.packer.start()
	return s, nil
}

// routes is the whole of what is served.
func (s *Server) routes() {
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.handleError
	smaller := middleware.GzipWithConfig(middleware.GzipConfig{Level: 6, MinLength: 1024})
	e.Use(paced, identified)
	if s.tracer != nil {
		e.Use(s.traced)
	}
	e.Use(s.logged, s.recovered, s.headers, s.forHosts, wellFormed, s.sameSite, elseAsset(smaller(s.asset)))

	api := e.Group("/api/v1")
	api.GET("/documents", s.listDocuments)
	api.POST("/documents", s.createDocument)
	api.GET("/documents/:id", s.getDocument)
	api.PATCH("/documents/:id", s.patchDocument)
	api.DELETE("/documents/:id", s.deleteDocument)
	api.POST("/documents/:id/restore", s.restoreDocument)
	api.POST("/documents/:id/duplicate", s.duplicateDocument)
	api.DELETE("/trash", s.emptyTrash)
	api.GET("/tags", s.listTags)
	api.GET("/documents/:id/content", s.getContent)
	api.HEAD("/documents/:id/content", s.getContent)
	api.GET("/documents/:id/records", s.getRecords)
	api.GET("/documents/:id/socket", s.socket)
	api.GET("/documents/:id/export", s.exportDocument)
	api.POST("/documents/import", s.importDocument)
	api.GET("/documents/:id/archive", s.getArchive)
	api.POST("/documents/archive", s.addArchive)
	api.POST("/export", s.exportDocuments)
	api.POST("/import", s.importDocuments)
	api.GET("/openapi.json", s.getContract)
	api.GET("/inventory", s.listInventory)
	api.GET("/stats", s.getStats)
	api.GET("/backup", s.getBackup)
	s.historyRoutes(api)
	s.besideRoutes(api)
	s.peopleRoutes(api)
	s.hookRoutes(api)

	e.GET("/api/", s.readContract)

	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)
	e.GET("/metrics", s.metrics)
	for _, address := range []string{"/", "/d/:id"} {
		e.GET(address, s.page, smaller)
		e.HEAD(address, s.page)
	}
}

// ServeHTTP lets tests and other servers call in without a listener.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.http.Handler.ServeHTTP(w, r) }

// Serve answers on l until Shutdown; it returns nil then.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown ends in this order: no new sessions, every session told to come
// back and its document closed, sockets closed, requests finished. What still
// runs when ctx is done is cut off. The store is closed by who opened it,
// afterwards.
func (s *Server) Shutdown(ctx context.Context) error {
	// http.Server.Shutdown doesn't wait for upgraded connections, so the hub
	// and the sockets are ended by name.
	s.admitted.close()
	if s.unhook != nil {
		s.unhook()
	}
	s.packer.close(ctx)
	err := s.hub.Close(ctx)
	s.sockets.close(ctx)
	s.unused.close()
	if e := s.http.Shutdown(ctx); e != nil {
		err = errors.Join(err, e, s.http.Close())
	}
	return err
}

// cutWithin is how long a stop waits for a socket that was cut off.
const cutWithin = time.Second

// sockets are the open ones, so that a shutdown can wait for them.
type sockets struct {
	mu     sync.Mutex
	open   map[*socket]struct{}
	closed chan struct{} // set by close, closed with the last socket
}

// add reports whether another socket is still taken.
func (s *sockets) add(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		return false
	}
	if s.open == nil {
		s.open = map[*socket]struct{}{}
	}
	s.open[k] = struct{}{}
	return true
}

func (s *sockets) remove(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, k)
	if s.closed != nil && len(s.open) == 0 {
		close(s.closed)
	}
}

// close waits until all sockets have said good-bye, or cuts them off when ctx
// is done. It is called after the hub takes no more sessions, and may be again.
func (s *sockets) close(ctx context.Context) {
	s.mu.Lock()
	if s.closed == nil {
		s.closed = make(chan struct{})
		if len(s.open) == 0 {
			close(s.closed)
		}
	}
	for k := range s.open {
		k.hurry()
	}
	s.mu.Unlock()
	select {
	case <-s.closed:
		return
	case <-ctx.Done():
	}
	s.mu.Lock()
	for k := range s.open {
		k.cut()
	}
	s.mu.Unlock()
	select {
	case <-s.closed:
	case <-time.After(cutWithin): // one waits for a disk that stands still
	}
}

// unused are the connections that no request has come on yet. Browsers open
// some ahead; http.Server.Shutdown would wait five seconds for each.
type unused struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

func (u *unused) watch(c net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if state != http.StateNew {
		delete(u.conns, c)
		return
	}
	if u.conns == nil {
		u.conns = map[net.Conn]struct{}{}
	}
	u.conns[c] = struct{}{}
}

func (u *unused) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for c := range u.conns {
		c.Close()
	}
}
