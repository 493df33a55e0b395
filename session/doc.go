// Package session holds the documents that are open and the people in them.
//
// # The way of an edit
//
// A frame reaches [Session.Handle], which decodes it strictly, hands a
// submission to the document's sequencer and waits for the answer, so one
// session has one delta under decision. The sequencer (sequencer.go), for which
// one goroutine at a time works, takes a submission, drains what else waits, and
// decides each in turn (decide.go): known already? allowed? transformed over
// what its author had not seen, does it fit a staged copy of the document? All
// that pass go to [store.Store]'s
// Append in one call, which returns when they are durable. Only then is the
// staged version adopted and the records stand at the end of the tail
// (document.go). Disk, then memory, then network.
//
// Sessions pull: [Session.Next] takes what the tail holds behind this
// session's own position, as one frame. Nobody is sent anything and nobody has
// a queue that could overflow; who falls behind the tail reads from the store
// until it has caught up. An author meets its own record in that stream, which
// is its acknowledgement.
//
// Programs go the same way without a session: [Hub.Submit] brings their deltas
// to the sequencer, a [Follower] pulls from the tail. [Hub.ViewAt] finds old
// contents, the recent ones in the tail as well.
//
// The chat beside a document goes past the sequencer ([Hub.Say], chat.go): a
// message is ordered by being stored, and sessions pull it from there.
//
// # Goroutines and locks
//
// An open document has no goroutine of its own. Who hands something to its
// sequencer while nobody works for it does the work, and what comes meanwhile
// waits in the inbox (inbox.go); who works owns what is staged, the marks of the
// clients, and the decision when to snapshot. A session has two goroutines, both
// the caller's: one in Handle, one in Next; or it polls, and what it left for
// that is called when there is more, for many sessions on one goroutine that the
// sequencer does not wait for (wake.go). There are two locks: the Hub's guards
// which documents are open, a document's guards its tail, its people and each
// session's position. The second may be taken under the first, never the other
// way round, and neither is held over I/O.
//
// A write that failed deposes the sequencer: everybody who waits is answered,
// its sessions end with a code that makes them reconnect, and the next to join
// loads the document from the disk again. There is no roll-back code.
//
// Positions and lengths are UTF-16 code units throughout.
package session
