package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// ClientID is the public id of who holds key: the first 22 characters of
// base64url(SHA-256(key)). The key itself goes no further.
func ClientID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:22]
}

// ValidKey reports whether key has the form of a client's secret.
func ValidKey(key string) bool {
	if len(key) < 22 || len(key) > 64 {
		return false
	}
	for i := range len(key) {
		c := key[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

// unkeyed begins the id of a client that nobody holds a key of. Nothing is ever
// sent again as such a client, so no mark of it is kept. That the hash of a key
// begins like this is as likely as to guess 48 bits, and would only mean that
// after a long absence a resend of its holder's is taken for new.
const unkeyed = "unkeyed-"

// UnkeyedClient returns the id of a client for one delta that nobody will
// submit again.
func UnkeyedClient() string {
	return unkeyed + rand.Text()[:14] // as long as any
}

func isUnkeyed(client string) bool { return strings.HasPrefix(client, unkeyed) }

// newID names a session; unguessable, so that one id is never met again after
// a restart.
func newID() string { return strings.ToLower(rand.Text()[:16]) }
