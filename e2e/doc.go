// Package e2e proves tutti from outside: it starts the built binary, talks to
// it over sockets and REST as its contract says, kills it, and looks at what
// is left. It imports of tutti the algebra of deltas at most.
//
// What each test proves stands in its name. The ledgers of what was
// acknowledged are kept here and not in the server. One honest line: SIGKILL
// ends a process and not the machine, so the page cache survives it. The crash
// tests prove the order of things (nothing is acknowledged before it is
// written); that it is also synced is counted under strace where there is one.
//
// The server runs with the race detector, unless TUTTI_BIN names a binary. A
// report of a race or a panic in its log fails the test that started it.
//
// Flags, for longer runs:
//
//	-crash.rounds=1000  kills of the server under load (5)
//	-damage.rounds=100  servers whose file is damaged under them (6)
//	-line.edits=1000    deltas of each who types over a bad line (25)
//	-rolling.restarts=20  restarts in order under -rolling.clients (3, 500)
//	-stopped=90s        how long a server stands still after all gave it up (0)
//	-idle=2000          idle connections on one document (400)
//	-trace.full         the whole of friendsforever over two live sockets
package e2e
