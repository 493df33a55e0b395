package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// profile serves Go's profiles until end is called, on this machine's own
// address alone: they tell what is in the memory.
func (c *serve) profile() (end func() error, err error) {
	if c.Pprof == "" {
		return func() error { return nil }, nil
	}
	addr, err := net.ResolveTCPAddr("tcp", c.Pprof)
	if err != nil {
		return nil, fmt.Errorf("--pprof %s: %w", c.Pprof, err)
	}
	if !addr.IP.IsLoopback() {
		return nil, fmt.Errorf("--pprof %s can be reached from other machines: give it 127.0.0.1 or ::1", c.Pprof)
	}
	l, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	fmt.Printf("profiles are at http://%s/debug/pprof/\n", l.Addr())
	return func() error {
		err := srv.Close()
		if why := <-served; !errors.Is(why, http.ErrServerClosed) {
			err = errors.Join(err, why)
		}
		return err
	}, nil
}
