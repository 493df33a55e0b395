package accounts

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tutti/session"
)

const password = "correct horse"

func open(t testing.TB, path string) *Book {
	t.Helper()
	b, err := Open(path, Options{Log: slog.New(slog.DiscardHandler), Cost: Cost{Memory: 8, Time: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newBook(t testing.TB) *Book {
	t.Helper()
	b := open(t, filepath.Join(t.TempDir(), "accounts.db"))
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// join makes a person with an invitation.
func join(t testing.TB, b *Book, login string) (secret string, p Person) {
	t.Helper()
	ticket, _, err := b.Invite("", true)
	if err != nil {
		t.Fatal(err)
	}
	secret, p, err = b.Redeem(t.Context(), Redemption{Secret: ticket, Login: login, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return secret, p
}

func TestWhatIsKeptOutlivesTheProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	b := open(t, path)
	cookie, ada := join(t, b, "ada")
	_, bob := join(t, b, "bob")
	if err := errors.Join(b.Own("notes", "e", ada.ID), b.Grant("notes", "e", bob.ID, session.Viewer)); err != nil {
		t.Fatal(err)
	}
	before := b.Document("notes", "e").Grants
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{cookie, password} {
		if strings.Contains(string(raw), secret) {
			t.Error("a secret is in the file")
		}
	}
	b = open(t, path)
	defer b.Close()
	if who, login := b.Caller(cookie); who.User.ID != ada.ID || login == "" {
		t.Errorf("the cookie is %+v's", who)
	}
	if got := b.Document("notes", "e").Grants; len(got) != 2 || got[0] != before[0] || got[1] != before[1] {
		t.Errorf("the grants are %+v", got)
	}
	if got := b.Document("notes", "another epoch").Grants; len(got) > 0 {
		t.Errorf("another epoch has %+v", got)
	}
}

func TestAWriteThatFailsChangesNothing(t *testing.T) {
	b := newBook(t)
	_, ada := join(t, b, "ada")
	told := 0
	defer b.Follow(func() { told++ })()
	if _, err := b.ChangePerson(ada.ID, func(p *Person) { p.Name = "\x00" }); err == nil {
		t.Error("a name of control characters is taken")
	}
	if err := b.RemovePerson(ada.ID, ""); !errors.Is(err, ErrLastAdministrator) {
		t.Errorf("RemovePerson: %v", err)
	}
	if p, err := b.Person(ada.ID); err != nil || p.Name != ada.Name || told != 0 {
		t.Errorf("ada is %+v, %v; told %d times", p, err, told)
	}
}

func TestOfTwoWhoUseALinkOneIsLate(t *testing.T) {
	b := newBook(t)
	secret, _, err := b.Invite("", false)
	if err != nil {
		t.Fatal(err)
	}
	results := make(chan error)
	for _, login := range []string{"ada", "bob"} {
		go func() {
			_, _, err := b.Redeem(context.Background(), Redemption{Secret: secret, Login: login, Password: password})
			results <- err
		}()
	}
	first, second := <-results, <-results
	if (first == nil) == (second == nil) || !errors.Is(errors.Join(first, second), ErrSecret) || len(b.People()) != 1 {
		t.Errorf("%v, %v: %d people", first, second, len(b.People()))
	}
}

func TestSecretsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, filepath.Join(t.TempDir(), "accounts.db"))
		defer b.Close()
		cookie, ada := join(t, b, "ada")
		reset, _, err := b.Reset(ada.ID, ada.ID)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(ResetFor)
		if _, _, err := b.Redeem(t.Context(), Redemption{Secret: reset, Password: password}); !errors.Is(err, ErrSecret) {
			t.Errorf("an old link: %v", err)
		}
		if who, _ := b.Caller(cookie); who.User.ID != ada.ID {
			t.Error("the log-in has ended too early")
		}
		time.Sleep(everyMinute)
		synctest.Wait()
		if l := b.Logins(ada.ID); len(l) != 1 || time.Since(time.UnixMilli(l[0].UsedAt)) > 2*everyMinute {
			t.Errorf("the log-ins are %+v", l)
		}
		time.Sleep(LoginFor)
		if who, login := b.Caller(cookie); login != "" || who.Self {
			t.Error("the log-in has not expired")
		}
		time.Sleep(everyMinute)
		synctest.Wait()
		b.mu.RLock()
		defer b.mu.RUnlock()
		if len(b.logins.rows)+len(b.tickets.rows) > 0 {
			t.Error("what has expired is still kept")
		}
	})
}

func TestNobodyHasNoPassword(t *testing.T) {
	h := newHasher(Cost{Memory: 8, Time: 1, Threads: 1})
	hash, err := h.hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		password, hash string
		want           bool
	}{{password, hash, true}, {"wrong", hash, false}, {"", hash, false}, {"", "", false}, {password, "", false}} {
		if got, err := h.matches(t.Context(), test.password, test.hash); got != test.want || err != nil {
			t.Errorf("%q for %q: %v, %v", test.password, test.hash, got, err)
		}
	}
	again, _ := h.hash(t.Context(), password)
	if again == hash {
		t.Error("two hashes of a password are the same")
	}
	if _, err := h.matches(t.Context(), password, "$2a$10$abc"); err == nil {
		t.Error("another kind of hash is taken")
	}
}

func TestHashingWaitsForItsTurn(t *testing.T) {
	h := newHasher(Cost{Memory: 8, Time: 1, Threads: 1})
	for range cap(h.lane) {
		h.lane <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.matches(ctx, password, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("matches: %v", err)
	}
}
