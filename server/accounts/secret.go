package accounts

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// idLength is how much of a hash is kept: 132 bits, more than anyone can
// search for.
const idLength = 22

// newSecret returns 256 random bits, to be shown once, and their id.
func newSecret() (secret, id string) {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, secretID(secret)
}

// secretID is what is kept of a secret: it is found again by it.
func secretID(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:idLength]
}

// newID names a person: 128 bits, in the letters that addresses take as they
// are.
func newID(kind string) string { return kind + ":" + strings.ToLower(rand.Text()) }
