package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"tutti/server"
	"tutti/server/files"
	"tutti/session"
	"tutti/store"
)

// target is what a command is about: a server that runs, or the data folder of
// one that doesn't.
type target struct {
	Data  string `env:"TUTTI_DATA" default:"./data" help:"Folder that holds the documents, while no server runs on it."`
	URL   string `name:"url" env:"TUTTI_URL" placeholder:"URL" help:"The server that runs on it, as http://127.0.0.1:8080."`
	Token string `env:"TUTTI_TOKEN" help:"An administrator's token, of the scope manage, where the server has accounts."`
}

// asking is who asks a server.
type asking struct {
	client *http.Client
	url    string
	token  string
}

// ask calls f with who asks the server that runs, or else one over the data
// folder, which is made for that and which nobody else can reach.
func (t *target) ask(f func(asking) error) (err error) {
	if t.URL != "" {
		return f(t.running())
	}
	file := filepath.Join(t.Data, "tutti.db")
	if _, err := os.Stat(file); err != nil {
		return err // and don't make one
	}
	defer func() { err = errors.Join(err, handBack(t.Data)) }()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	bolt, err := store.Open(file, store.Options{Log: log})
	if err != nil {
		return inUse(err)
	}
	st, metrics := store.Watch(bolt), session.NewMetrics()
	defer func() { err = errors.Join(err, st.Close()) }()
	images, err := files.Open(filepath.Join(t.Data, "files"), st)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, images.Close()) }()
	hub := session.NewHub(st, session.Options{Log: log, Metrics: metrics})
	srv, err := server.New(server.Options{Store: st, Hub: hub, Metrics: metrics, Files: images, Data: t.Data, Log: log})
	if err != nil {
		return err
	}
	return inPrivate(srv, f)
}

func (t *target) running() asking {
	return asking{http.DefaultClient, strings.TrimSuffix(t.URL, "/"), t.Token}
}

// inPrivate serves on a socket in a folder that is this user's alone.
func inPrivate(srv *server.Server, f func(asking) error) error {
	folder, err := os.MkdirTemp("", "tutti-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) // of a few bytes, and the system's to clear away
	socket := filepath.Join(folder, "socket")
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	err = f(asking{client: &http.Client{Transport: transport}, url: "http://localhost"})
	transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownWithin)
	defer cancel()
	return errors.Join(err, srv.Shutdown(ctx), <-served)
}

// get copies what is answered at a path under /api/v1.
func (a asking) get(ctx context.Context, path string, to io.Writer) error {
	return a.do(ctx, http.MethodGet, path, nil, to)
}

// read decodes what is answered there.
func (a asking) read(ctx context.Context, path string, v any) error {
	var said bytes.Buffer
	if err := a.get(ctx, path, &said); err != nil {
		return err
	}
	return json.Unmarshal(said.Bytes(), v)
}

func (a asking) do(ctx context.Context, method, path string, body io.Reader, to io.Writer) error {
	r, err := http.NewRequestWithContext(ctx, method, a.url+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10)) // for people; what is missing isn't worth an error of its own
		return fmt.Errorf("%s answers %s: %s", r.URL, resp.Status, bytes.TrimSpace(said))
	}
	if _, err := io.Copy(to, resp.Body); err != nil {
		return fmt.Errorf("%s: %w", r.URL, err)
	}
	return nil
}

// inUse says what to do where a server has the data open.
func inUse(err error) error {
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("%w: stop the server, or give its address with --url", err)
	}
	return err
}
