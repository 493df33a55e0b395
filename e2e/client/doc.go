// Package client is a tutti client without a face, for tests and for load.
//
// It is a reading of the contract of its own: it shares the algebra of deltas
// with the server and nothing else, and spells every frame itself, so that a
// change of the wire that nobody meant breaks here first.
//
// Machine is the client's state machine (synchronised, waiting, waiting with a
// buffer) and knows no sockets. Client keeps one Machine connected: it dials,
// says hello, resumes after a cut, resends what was not acknowledged, and can
// be told to be late, to be cut off, or to stop reading.
package client
