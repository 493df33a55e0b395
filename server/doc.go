// Package server is tutti's face to the network: the socket that editors
// speak over, the REST interface for programs, health, metrics, and the app.
//
// Every route and every socket comes through [Server.authorize] before it does
// anything; that finds out who asks and has package access decide. What goes
// on for long (sockets, event streams, downloads) is decided again when any
// right has changed (admissions.go). Errors leave as RFC 9457
// problem details with a stable code (problem.go). What doesn't know of HTTP
// or of the store stands in folders of its own: formats reads and writes HTML
// and Markdown, search keeps the index, accounts the people and what they were
// given, oidc has them log in at a provider, signed verifies
// the tokens of other products, hooks tells other servers what becomes of
// documents, access decides.
package server
