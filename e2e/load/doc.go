// Package load puts load on a server and measures what it does: the scenarios
// of `tutti bench`, for tutti and, in the words of other dialects, its peers.
//
// The generator shares its machine with the server, so it is lean: a goroutine
// a connection, frames that are looked through for what is counted and never
// decoded, histograms that are written to only while measuring. What it spent
// itself stands beside every figure.
//
// Nothing here is measured from when something was sent late: a latency in an
// open loop begins when the edit was to be made. And nothing counts that is
// not whole: each scenario ends only when every edit was acknowledged once and
// had reached everybody, and fails otherwise.
//
// A scenario runs a crowd of persons in documents. A person is a connection
// with a Session, which knows the words; the crowd counts.
package load
