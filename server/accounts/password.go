package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what it takes to try a password. It stands in every hash, so that it
// can be raised.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32
	Threads uint8
}

// UsualCost is OWASP's first choice for argon2id.
var UsualCost = Cost{Memory: 46 << 10, Time: 1, Threads: 1}

const (
	saltBytes = 16
	hashBytes = 32
	// passwordLeast and passwordMost bound passwords, in bytes.
	passwordLeast = 8
	passwordMost  = 1024
)

// hasher hashes passwords, so many at once as there are processors: each takes
// 46 MiB while it runs.
type hasher struct {
	lane   chan struct{}
	cost   Cost
	nobody string // the hash of no password, tried for who has none
}

func newHasher(c Cost) *hasher {
	if c == (Cost{}) {
		c = UsualCost
	}
	h := &hasher{lane: make(chan struct{}, runtime.GOMAXPROCS(0)), cost: c}
	h.nobody = h.encode(make([]byte, saltBytes), make([]byte, hashBytes))
	return h
}

// hash returns the hash of a password, or the error of ctx.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	sum, err := h.run(ctx, password, salt, h.cost)
	return h.encode(salt, sum), err
}

// matches tries a password. Without a hash it takes as long, and doesn't match.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	known := hash != ""
	if !known {
		hash = h.nobody
	}
	cost, salt, want, err := decodeHash(hash)
	if err != nil {
		return false, err
	}
	got, err := h.run(ctx, password, salt, cost)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1 && known, err
}

func (h *hasher) run(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	select {
	case h.lane <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-h.lane }()
	return argon2.IDKey([]byte(password), salt, c.Time, c.Memory, c.Threads, hashBytes), nil
}

// encode spells a hash as argon2's own tools do.
func (h *hasher) encode(salt, sum []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.Memory, h.cost.Time, h.cost.Threads, b64(salt), b64(sum))
}

func decodeHash(hash string) (c Cost, salt, sum []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, fmt.Errorf("accounts: a password's hash is damaged")
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); err != nil {
		return c, nil, nil, fmt.Errorf("accounts: a password's hash is damaged: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err == nil {
		sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	return c, salt, sum, err
}

func checkPassword(password string) error {
	if len(password) < passwordLeast || len(password) > passwordMost {
		return Invalid(fmt.Sprintf("a password has %d to %d bytes", passwordLeast, passwordMost))
	}
	return nil
}
