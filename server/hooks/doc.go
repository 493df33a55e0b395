// Package hooks tells other servers what becomes of documents: webhooks.
//
// # What is promised
//
// An active hook is told at least once of every record that is committed, and
// of every change to what a document is (created, updated, trashed, restored,
// deleted), in order for each document. What can't be delivered is tried again,
// with growing pauses, for [giveUpAfter]; then the hook is paused and says so.
// Nothing is skipped: when it is active again it goes on where it stopped.
//
// There is no copy of the log. For each document a hook has a cursor: what it
// has been told, and what was seen of the document beside its records. Both are
// durable. Records are read from the store when they are sent; a change of
// another kind is a row in the cursor from when it is seen until it is
// delivered. What happens while nobody looks (the server is down, the hook is
// paused), and steps that follow each other within a moment, are told as what
// they came to; of a document that is deleted for good the records that were
// not delivered yet are gone.
//
// A delivery is fixed in the cursor before it is first sent: however often it
// is sent, also after a crash between the answer and the note of it, it has the
// same name and holds the same events. Who receives drops what it knows by
// that name.
//
// # Who holds up whom
//
// Each hook has a goroutine, which makes one request at a time and nothing else
// that waits. A slow receiver gets larger deliveries, not more, and a dead one
// costs a request now and then. A document whose deliveries fail holds up no
// other document of its hook.
//
// # Where requests go
//
// Whoever makes a hook has this server make requests. Addresses that are not
// public are refused when they are dialled, whatever name led there, unless
// they are among those in [Options]; http without TLS goes to those only. No
// redirect is followed, no proxy used, and of the answer only the status is
// looked at.
//
// Whether a hook may still be told, and read, package server decides, before
// each delivery and when any right has changed.
package hooks
