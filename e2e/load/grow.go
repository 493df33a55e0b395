package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// Growth says how far each sweep goes: what an edit costs while one thing
// grows and all else stays as it is. Each point has a server of its own, and
// one person who types at a pace that the server has no say in.
type Growth struct {
	Common

	Pace      float64 `default:"100" help:"Edits a second of the one who types."`
	Broadcast float64 `default:"20" help:"readers: edits a second of the one who types."`
	Starts    int     `default:"3" help:"How often a server is started to see how long that takes."`
	Seeds     string  `type:"existingdir" placeholder:"DIR" help:"Keep the large stores there that take minutes to make, for the next run. They need some gigabytes."`

	Sizes     []int `default:"1000,10000,100000,1000000,10000000" help:"size: UTF-16 code units in the document."`
	Histories []int `name:"history" default:"100,1000,10000,100000,1000000,10000000" help:"history: edits before, in the document. Ten million are 3 GB."`
	Readers   []int `default:"1,10,100,500,1000,2000,5000" help:"readers: people who read the document."`
	Open      []int `default:"1,10,100,1000,5000,10000,20000" help:"open: documents that somebody is in. At most as many as files may be open."`
	Stored    []int `default:"1000,10000,100000,1000000" help:"stored: documents on the disk. A million are 1 GB."`
}

// Quick has fewer points and measures shortly: for trying.
func (g *Growth) Quick() {
	g.Seconds, g.Warmup, g.Rest = 1, 300*time.Millisecond, 600*time.Millisecond
	g.Sizes = []int{1000, 100_000, 1_000_000}
	g.Histories = []int{100, 10_000, 100_000}
	g.Readers = []int{1, 100, 1000}
	g.Open = []int{1, 100, 1000}
	g.Stored = []int{1000, 10_000}
}

// sweep is one thing that grows.
type sweep struct {
	name   string
	points func(*Growth) []int
	run    func(context.Context, *point) error
}

var sweeps = []sweep{
	{"size", func(g *Growth) []int { return g.Sizes }, growSize},
	{"history", func(g *Growth) []int { return g.Histories }, growHistory},
	{"readers", func(g *Growth) []int { return g.Readers }, growReaders},
	{"open", func(g *Growth) []int { return g.Open }, growOpen},
	{"stored", func(g *Growth) []int { return g.Stored }, growStored},
}

// Sweeps are the names of all, in the order in which they run.
func Sweeps() (names []string) {
	for _, s := range sweeps {
		names = append(names, s.name)
	}
	return names
}

// Grow runs the named sweeps on a tutti that is started, and adds a result for
// each point to a report: its first metric is what has grown.
func Grow(ctx context.Context, t Target, names []string, g *Growth, r *Report) error {
	for _, name := range names {
		if !slices.Contains(Sweeps(), name) {
			return fmt.Errorf("there is no sweep %q", name)
		}
	}
	for _, s := range sweeps {
		if !slices.Contains(names, s.name) {
			continue
		}
		for _, n := range s.points(g) {
			p := &point{bench: &bench{Options: Options{Common: g.Common}, target: t, scenario: s.name, report: r}, of: g, n: n}
			if err := p.inFolder(func() error { return s.run(ctx, p) }); err != nil {
				return fmt.Errorf("%s of %d: %w", s.name, n, err)
			}
		}
	}
	return nil
}

// point is one measurement of a sweep.
type point struct {
	*bench
	of *Growth
	n  int // how much there is of what grows
}

func (p *point) what() string { return strconv.Itoa(p.n) }

// people is crowd, but for documents that go with their folder.
func (p *point) people(ctx context.Context, run func(*crowd) error) error {
	return p.crowd(ctx, func(c *crowd) error {
		c.stays = true
		return run(c)
	})
}

// typed has the one who types do so at a pace, once the server has come to
// rest, and returns what that costs.
func (p *point) typed(ctx context.Context, c *crowd, writer []*person) ([]Metric, error) {
	memory, err := p.held(ctx, c)
	if err != nil {
		return nil, err
	}
	c.pace(ctx, writer, time.Duration(float64(time.Second)/p.of.Pace))
	w, err := p.measure(ctx, c, p.what())
	if err != nil {
		return nil, err
	}
	cost := Metric{"CPU/edit", 1e6 * w.cpu.Seconds() / float64(max(w.edits, 1)), "µs"}
	return slices.Concat(c.acks.metrics("ack", 50, 99), []Metric{cost}, memory), nil
}

// held is the memory of the server at rest, all and what is its own.
func (p *point) held(ctx context.Context, c *crowd) ([]Metric, error) {
	all, err := p.rested(ctx, c, p.what())
	if err != nil {
		return nil, err
	}
	alone, err := own(p.server.PID)
	return []Metric{{"RSS", float64(all) / (1 << 20), "MiB"}, {"own memory", float64(alone) / (1 << 20), "MiB"}}, err
}

// cold starts the server anew, and returns how long it took until it served
// and then until a document was there that it had to read. What it does once,
// with the first of all, is done with another before.
func (p *point) cold(ctx context.Context, c *crowd, warm, document string) ([]Metric, error) {
	start, open := newLatency(), newLatency()
	start.begin()
	open.begin()
	for range p.of.Starts {
		if err := p.stop(); err != nil {
			return nil, err
		}
		began := time.Now()
		if err := p.start(ctx); err != nil {
			return nil, err
		}
		start.record(time.Since(began))
		c.server = p.server
		if _, err := p.open(ctx, warm); err != nil {
			return nil, err
		}
		took, err := p.open(ctx, document)
		if err != nil {
			return nil, err
		}
		open.record(took)
	}
	return []Metric{{"start", start.at(50), "ms"}, {"open", open.at(50), "ms"}}, nil
}

// busy is how much of a processor a server may use that is at rest.
const busy = 0.03

// calm waits until the server has done what it does behind a start, or behind
// what it was asked for, and returns how long that was.
func (p *point) calm(ctx context.Context, c *crowd) (Metric, error) {
	const look = 500 * time.Millisecond
	began := time.Now()
	last, err := cpu(p.server.PID)
	for err == nil {
		if err = p.wait(ctx, c, look); err != nil {
			break
		}
		now, e := cpu(p.server.PID)
		used := (now - last).Seconds() / look.Seconds()
		if e == nil && used < busy {
			return Metric{"calm", float64((time.Since(began) - look).Milliseconds()), "ms"}, nil
		}
		p.say("%s: the server is at %.0f %% of a core", p.what(), 100*used)
		last, err = now, e
	}
	return Metric{}, err
}

// file is how large the database is.
func (p *point) file() (Metric, error) {
	info, err := os.Stat(filepath.Join(p.folder, "data", "tutti.db"))
	if err != nil {
		return Metric{}, err
	}
	return Metric{"file", float64(info.Size()) / (1 << 20), "MiB"}, nil
}

// kept is from how large on a store is kept for the next run.
const kept = 100_000

// seeded starts a server on a store that fill has filled, now or in a run
// before.
func (p *point) seeded(ctx context.Context, fill func() error) error {
	var folder string
	if p.of.Seeds != "" && p.n >= kept {
		folder = filepath.Join(p.of.Seeds, p.scenario+"-"+p.what())
		if p.folder = folder; exists(folder) {
			return p.start(ctx)
		}
		p.folder += ".part"
		if err := errors.Join(os.RemoveAll(p.folder), os.Mkdir(p.folder, 0o700)); err != nil {
			return err
		}
	}
	p.say("filling the store with %d", p.n)
	if err := p.start(ctx); err != nil {
		return err
	}
	if err := fill(); err != nil || folder == "" {
		return err
	}
	if err := errors.Join(p.stop(), os.Rename(p.folder, folder)); err != nil {
		return err
	}
	p.folder = folder
	return p.start(ctx)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// reach is as many connections as there can be, for files that may be open.
func (p *point) reach() error {
	const others = 100
	var most syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &most); err != nil {
		return err
	}
	if can := int(most.Max) - others; can < p.n {
		p.say("only %d files may be open, so there are %d instead of %d", most.Max, can, p.n)
		p.n = can
	}
	return nil
}

// indexed waits until the search index has read all that was written.
func (p *point) indexed(ctx context.Context, c *crowd) error {
	const gauge = "\ntutti_search_behind_documents "
	for {
		said, err := Tutti{}.ask(ctx, http.MethodGet, p.server.URL+"/metrics", "", nil)
		if err != nil {
			return err
		}
		_, behind, _ := bytes.Cut(said, []byte(gauge))
		n, rest := Number(behind)
		if len(rest) == len(behind) {
			return errors.New("load: the server doesn't say how far its search index is")
		}
		if n == 0 {
			return nil
		}
		p.say("%s: %d documents are still to be indexed", p.what(), n)
		if err := p.wait(ctx, c, time.Second); err != nil {
			return err
		}
	}
}
