// Package server is tutti's face to the network: the socket that editors
// speak over, the REST interface for programs, health, metrics, and the app.
//
// Every route and every socket asks [Server.authorize] before it does
// anything; nothing else decides who may do what. Errors leave as RFC 9457
// problem details with a stable code (problem.go). What doesn't know of HTTP
// or of the store stands in folders of its own: formats reads and writes HTML
// and Markdown, search keeps the index.
package server
