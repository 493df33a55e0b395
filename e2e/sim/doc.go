// Package sim runs a whole tutti in one bubble of testing/synctest: the real
// hub, sequencers and sessions of package session, over a store that crashes
// and fails, and the Go client of e2e/client, over a network that is late,
// breaks and says so to one side only. A seed decides what befalls them.
//
// Unlike the rest of e2e it stands inside: it imports session and store.
//
// [Run] is one seed. It returns which of the invariants ([Invariant]) did not
// hold; none of them may ever fail. mutations_test.go is the proof that each
// can: a table of ways to break the code, and of what notices.
//
// # What is real and what is not
//
// The session package runs as it is, with a short tail and frequent snapshots,
// so that reading from the store is as common as reading from memory. What
// stands in for the socket (port.go) does what server/socket.go does, without
// HTTP. The disk (disk.go) is either store.Memory, whose contents survive a
// crash, or the real bbolt store with its committer, of whose file a crash
// leaves what a power cut may leave: all, or nothing of the last transaction,
// or some of its pages without the page that would make them count.
//
// # What befalls it
//
// A swarm (swarm.go) is the choice of a seed among these:
//
//	Late                  frames are under way for long; of two lines of one
//	                      person the older may be the later to arrive
//	Cuts, HalfOpen        lines break, and one side learns of it late
//	Fresh, Duplicates     clients join without what they had; send twice
//	Stalls                clients stop reading, and type meanwhile
//	Crashes               of the server between two appends, before one, in the
//	                      middle of it, and after it with nobody told
//	Restarts, Lulls       in good order; nights, and machines that were suspended:
//	                      all timers are due, and idle documents are evicted
//	DiskErrors, SlowDisk  appends fail, are slow, or nobody knows: stored or not
//	ReadErrors            reads fail
//	Roles, Revocations    who may not write for a while; who is put out, behind or not
//	Takeovers             two hold one key
//	Evictions             the document is closed under those who are in it
//	Restores              a backup takes the place of the log, in a new epoch
//	ClockBack             the clock has gone back since the last run: within one
//	                      the bubble's never does
//	Packs                 old records are packed under those who read them
//	Programs              submit, look and follow past the sockets
//
// # What a seed fixes
//
// Every actor has dice of its own, made of the seed and its name, and time is
// the bubble's: the faults, the delays and what is typed are the same in each
// run of a seed. All waits are drawn in nanoseconds, so that two things hardly
// ever happen at the same instant, and what happens at one instant runs to its
// end before the next. Within an instant Go's scheduler, select and map order
// still choose, and which goroutines run on two processors at once. Of 100
// seeds that were lived through three times each, 98 did the same to the
// nanosecond with GOMAXPROCS=1, with which a failing seed is reported, and 64
// with two processors. It is no proof that a fault is gone when its seed passes.
//
// # Flags
//
//	-from=1 -seeds=150  which seeds
//	-for=8h             seeds for so long, whatever -seeds says
//	-endless=1m         how long one seed may take: who hangs is named, too
//	-mutate=.           which mutations are tried; three of them by default
package sim
