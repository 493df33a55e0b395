// Package accounts keeps who the people are, how they prove it, and what was
// granted to whom. It decides nothing: that is package access's, which is
// handed what stands here.
//
// # Secrets
//
// A password is kept as its argon2id hash. Every other secret (the cookie of a
// log-in, the link of an invitation) is 256 random bits that the server shows
// once; kept is only the beginning of its SHA-256, which is its id and may be
// seen by anyone: it leads back to nothing. Unknown name and wrong password
// take the same time and give the same error.
//
// # Reads and writes
//
// All is held in memory and in one bbolt file beside the documents, as JSON in
// a bucket for each kind. A read never waits for the disk. A write changes the
// file first, in one transaction, then what is in memory, then tells those who
// follow ([Book.Follow]): whoever has let somebody in decides again. When a
// log-in was last used is kept in memory and written once a minute.
//
// Rows are values: what a method hands out may be shared and is not changed.
//
// A grant names a document and its epoch, so one that takes the id of a
// deleted document inherits nothing.
package accounts
