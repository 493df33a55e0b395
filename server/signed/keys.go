package signed

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	// fetchEvery is how often keys at an address are read anew: one is there
	// so long before it signs.
	fetchEvery = 5 * time.Minute
	// fetchAgain is how soon a token by a key that isn't known brings that
	// forward.
	fetchAgain  = 15 * time.Second
	fetchWithin = 10 * time.Second
	keysBytes   = 1 << 20
	leastSecret = 32   // bytes
	leastRSA    = 2048 // bits
)

// key is one that tokens may be signed by, with the one algorithm that it is
// for.
type key struct {
	id        string
	algorithm jose.SignatureAlgorithm
	key       any
}

// set is all keys there are. It is replaced, never changed.
type set struct{ all []key }

// key finds the one that a token is signed by, as its header names it. Where
// either names none, it can only be the only one.
func (s *set) key(h jose.Header) (*key, error) {
	for i := range s.all {
		k := &s.all[i]
		alone := len(s.all) == 1 && (h.KeyID == "" || k.id == "")
		if k.id != h.KeyID && !alone {
			continue
		}
		if string(k.algorithm) != h.Algorithm {
			return nil, errors.New("its key is for another algorithm")
		}
		return k, nil
	}
	return nil, errors.New("it is signed by no key that is known")
}

// keys are read from a file once, or from an address again and again.
type keys struct {
	current atomic.Pointer[set]
	from    string
	log     *slog.Logger
	want    chan struct{}
	end     context.CancelFunc
	done    chan struct{}
}

// Open reads the keys from a file or an https address, and takes tokens for
// audience. A file is a JWK, a JWKS, a public key in PEM, or the secret of
// HS256, of at least 32 bytes. At an address is a JWKS without secrets.
func Open(from, audience string, log *slog.Logger) (*Verifier, error) {
	if audience == "" {
		return nil, errors.New("signed: an audience is needed, which tokens name")
	}
	ctx, end := context.WithCancel(context.Background())
	k := &keys{from: from, log: log, want: make(chan struct{}, 1), end: end, done: make(chan struct{})}
	first, err := k.read(ctx)
	if err != nil {
		end()
		return nil, fmt.Errorf("signed: keys from %s: %w", from, err)
	}
	k.current.Store(first)
	if isAddress(from) {
		go k.refresh(ctx)
	} else {
		close(k.done)
	}
	return &Verifier{audience: audience, keys: k}, nil
}

func (k *keys) now() *set { return k.current.Load() }

func (k *keys) close() {
	k.end()
	<-k.done
}

// wanted says that a key is missing.
func (k *keys) wanted() {
	select {
	case k.want <- struct{}{}:
	default:
	}
}

// refresh reads the keys anew. Where that fails those from before stay.
func (k *keys) refresh(ctx context.Context) {
	defer close(k.done)
	for {
		wait, cancel := context.WithTimeout(ctx, fetchEvery)
		pause(wait, fetchAgain)
		select {
		case <-wait.Done():
		case <-k.want:
		}
		cancel()
		if ctx.Err() != nil {
			return
		}
		next, err := k.read(ctx)
		if err != nil {
			k.log.Warn("the keys of signed tokens could not be read", "from", k.from, "error", err)
			continue
		}
		k.current.Store(next)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func isAddress(from string) bool { return strings.Contains(from, "://") }

func (k *keys) read(ctx context.Context) (*set, error) {
	if !isAddress(k.from) {
		b, err := os.ReadFile(k.from)
		if err != nil {
			return nil, err
		}
		return parse(b, true)
	}
	b, err := fetch(ctx, k.from)
	if err != nil {
		return nil, err
	}
	return parse(b, false)
}

func fetch(ctx context.Context, from string) ([]byte, error) {
	at, err := url.Parse(from)
	if err != nil {
		return nil, err
	}
	if at.Scheme != "https" && at.Hostname() != "127.0.0.1" && at.Hostname() != "localhost" {
		return nil, errors.New("keys are only fetched by https")
	}
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer is %s", resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, keysBytes))
}

// parse reads keys in any of their forms. Secrets are only taken from a file:
// what stands at an address, others can read too.
func parse(b []byte, secrets bool) (*set, error) {
	var jwks jose.JSONWebKeySet
	trimmed := bytes.TrimSpace(b)
	switch {
	case bytes.HasPrefix(trimmed, []byte("{")):
		if err := json.Unmarshal(trimmed, &jwks); err != nil {
			return nil, err
		}
		if jwks.Keys == nil {
			var one jose.JSONWebKey
			if err := one.UnmarshalJSON(trimmed); err != nil {
				return nil, err
			}
			jwks.Keys = append(jwks.Keys, one)
		}
	case bytes.Contains(b, []byte("-----BEGIN")):
		block, _ := pem.Decode(b)
		if block == nil {
			return nil, errors.New("the PEM can't be read")
		}
		public, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		jwks.Keys = append(jwks.Keys, jose.JSONWebKey{Key: public})
	default:
		jwks.Keys = append(jwks.Keys, jose.JSONWebKey{Key: trimmed})
	}
	return checked(jwks.Keys, secrets)
}

// checked pins the algorithm of each key, and refuses those that are weak or
// can't be told apart.
func checked(from []jose.JSONWebKey, secrets bool) (*set, error) {
	s, seen := &set{}, map[string]bool{}
	for _, jwk := range from {
		k, err := pinned(jwk, secrets)
		if errors.Is(err, errOther) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("key %q: %w", jwk.KeyID, err)
		}
		if seen[k.id] {
			return nil, fmt.Errorf("there are two keys %q", k.id)
		}
		seen[k.id] = true
		s.all = append(s.all, k)
	}
	if len(s.all) == 0 {
		return nil, errors.New("there are no keys of Ed25519, RSA or HS256")
	}
	return s, nil
}

// errOther is met with a key that is for something else: others have use for
// one, too.
var errOther = errors.New("signed: the key is for something else")

func pinned(jwk jose.JSONWebKey, secrets bool) (key, error) {
	k := key{id: jwk.KeyID}
	if secret, symmetric := jwk.Key.([]byte); symmetric {
		if !secrets || len(secret) < leastSecret {
			return k, fmt.Errorf("a secret stands in a file, and has at least %d bytes", leastSecret)
		}
		k.algorithm, k.key = jose.HS256, secret
	} else {
		switch public := jwk.Public().Key.(type) {
		case ed25519.PublicKey:
			k.algorithm, k.key = jose.EdDSA, public
		case *rsa.PublicKey:
			if public.N.BitLen() < leastRSA {
				return k, fmt.Errorf("an RSA key has at least %d bits", leastRSA)
			}
			k.algorithm, k.key = jose.RS256, public
		default:
			return k, errOther
		}
	}
	if jwk.Algorithm != "" && jwk.Algorithm != string(k.algorithm) || jwk.Use == "enc" {
		return k, errOther
	}
	return k, nil
}
