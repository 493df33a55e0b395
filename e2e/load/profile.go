package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// profiled starts to take a CPU profile of the server for as long as a
// measurement lasts. The function that it returns waits for it, and takes what
// is and was allocated. Without a folder for them, or a server that gives any,
// both do nothing.
func (b *bench) profiled(ctx context.Context, what string) (finish func() error) {
	if b.Profiles == "" || b.server.Pprof == "" {
		return func() error { return nil }
	}
	taken := make(chan error, 1)
	go func() {
		taken <- b.server.fetch(ctx, fmt.Sprintf("profile?seconds=%d", int(math.Ceil(b.Seconds))), b.profile(what, "cpu"))
	}()
	return func() error { return errors.Join(<-taken, b.memory(ctx, what)) }
}

// memory keeps what the server has allocated so far, and what of it is in use.
func (b *bench) memory(ctx context.Context, what string) error {
	if b.Profiles == "" || b.server.Pprof == "" {
		return nil
	}
	return errors.Join(
		b.server.fetch(ctx, "allocs", b.profile(what, "allocs")),
		b.server.fetch(ctx, "heap?gc=1", b.profile(what, "heap")),
	)
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// profile is the file of a kind of profile.
func (b *bench) profile(what, kind string) string {
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(b.scenario+" "+what), "-"), "-")
	return filepath.Join(b.Profiles, name+"."+kind+".pprof")
}

// fetch keeps a profile.
func (s *Server) fetch(ctx context.Context, profile, path string) (err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Pprof+"/"+profile, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("load: %s: %s", r.URL, answer.Status)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, answer.Body)
	return errors.Join(err, file.Close())
}

// collect has the server's garbage collected, where it can be told to.
func (s *Server) collect(ctx context.Context) error {
	if s.Garbage == nil {
		return nil
	}
	return s.Garbage(ctx)
}
