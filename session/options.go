package session

import (
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// Limits are told to every client in its welcome.
type Limits struct {
	Frame    int // bytes of a frame that a client sends, after inflating
	Delta    int // bytes of a submitted delta's JSON
	Document int // UTF-16 code units of a content
	Rate     int // frames a second that one session may keep up
}

// DefaultLimits leave room for a paste of a long book, and for a program that
// writes as fast as the disk acknowledges.
var DefaultLimits = Limits{Frame: 4 << 20, Delta: 2 << 20, Document: 16 << 20, Rate: 5000}

const (
	// batchSize and batchBytes bound what is staged at once, and so the size
	// of one append; the last delta may go beyond.
	batchSize  = 512
	batchBytes = 4 << 20
	// tailRecords, unless Options say otherwise, and tailBytes bound what is
	// kept in memory of a log. Who is further behind reads from the store.
	// Where they come slowly, those stay that are as old as a break in a line
	// is long.
	tailRecords = 2048
	tailBytes   = 4 << 20
	tailFor     = 30 * time.Second
	// frameBytes is where a frame of records is cut. A single record may be
	// larger.
	frameBytes = 256 << 10
	// storeChunk is how many lines of a log are worked on at once, storePiece
	// how many are read at once: each may have megabytes.
	storeChunk = 512
	storePiece = 32
	// marksKept is how many clients' marks a document may gather before those
	// are forgotten that the store has too.
	marksKept = 1024
	// directSize bounds the answers that wait for one session to read them;
	// behind it the session's own frames are not read.
	directSize = 64
	// presenceEvery is the least time between two presence frames.
	presenceEvery = 50 * time.Millisecond
	// chatRate and chatBurst are how many lines a session may say in the chat,
	// a second and at once: more than anybody types.
	chatRate  = 2
	chatBurst = 20
	// chatPiece is how many messages of the chat are in a frame, and
	// chatRecall how many deletions are remembered for those to be told who
	// take nothing just now.
	chatPiece  = 20
	chatRecall = 1024
	// rateGrace is how long a session may ask for more than the rate, while
	// it is only read more slowly, before it is cut off.
	rateGrace = 10 * time.Second
)

// Options configure a Hub. The zero value is usable.
type Options struct {
	Limits    Limits        // zero: DefaultLimits
	IdleAfter time.Duration // a document that nobody is in is closed after this; zero: a minute
	// Tail is how many records of a log are kept in memory at most, Snapshot
	// how many opening a document may replay until one is due. Zero: 2048, 1024.
	Tail, Snapshot int
	Log            *slog.Logger // zero: slog.Default
	Metrics        *Metrics     // zero: counted, but registered nowhere
	Tracer         trace.Tracer // of appends; nil: none is traced
}

func (o Options) withDefaults() Options {
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits
	}
	if o.IdleAfter == 0 {
		o.IdleAfter = time.Minute
	}
	if o.Tail == 0 {
		o.Tail = tailRecords
	}
	if o.Snapshot == 0 {
		o.Snapshot = snapshotRecords
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics()
	}
	return o
}
