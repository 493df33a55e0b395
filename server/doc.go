// Package server is tutti's face to the network: the socket that editors
// speak over, the REST interface for programs, health, metrics, and the app.
//
// Every route and every socket asks [Server.authorize] before it does
// anything; nothing else decides who may do what. Errors leave as RFC 9457
// problem details with a stable code (problem.go).
package server
