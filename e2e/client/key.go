package client

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// NewKey picks the secret of an editor instance.
func NewKey() string {
	var secret [16]byte
	rand.Read(secret[:])
	return base64.RawURLEncoding.EncodeToString(secret[:])
}

// ID is the public name of the client that holds the key.
func ID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:22]
}
