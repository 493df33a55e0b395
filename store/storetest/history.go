package storetest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tutti/store"
)

var historyTests = []test{
	{"VersionsAreTheNewestFirst", versionsOrder},
	{"SaveVersionReplacesTheName", versionReplaced},
	{"SaveVersionComparesEpochAndHead", versionRefused},
	{"DropVersionRemovesOne", versionDropped},
	{"VersionsOfDocumentsDoNotMix", versionsApart},
	{"NamesAreKeptForEachDocument", namesApart},
	{"TheNewestNameStays", nameReplaced},
	{"SaveNameRefusesWhatNoUserCanBe", nameRefused},
	{"OriginsOfTheHighestRevisionStay", originsReplaced},
	{"SaveOriginsComparesEpochAndHead", originsRefused},
	{"OriginsBelongToTheCaller", originsOwned},
	{"DeleteRemovesTheHistoryToo", historyDeleted},
}

func version(rev int64) store.Version {
	return store.Version{Rev: rev, Name: fmt.Sprint("Version <", rev, ">"), CreatedAt: 2000 + rev, CreatedBy: store.User{ID: "u1", Name: "Ada Ωλ"}}
}

func name(t *testing.T, s store.Store, id string, revs ...int64) {
	t.Helper()
	for _, rev := range revs {
		must(t, s.SaveVersion(id, epoch, version(rev)))
	}
}

func wantVersions(t *testing.T, s store.Store, id string, below int64, limit int, revs ...int64) {
	t.Helper()
	got, err := s.Versions(id, below, limit)
	must(t, err)
	var want []store.Version
	for _, rev := range revs {
		want = append(want, version(rev))
	}
	if !slices.Equal(got, want) {
		t.Errorf("Versions(%q, %d, %d) = %+v, want %+v", id, below, limit, got, want)
	}
}

func versionsOrder(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 300)
	wantVersions(t, s, "a", math.MaxInt64, 10)
	name(t, s, "a", 3, 300, 0, 256, 255)
	wantVersions(t, s, "a", math.MaxInt64, 10, 300, 256, 255, 3, 0)
	wantVersions(t, s, "a", 300, 10, 256, 255, 3, 0)
	wantVersions(t, s, "a", 299, 2, 256, 255)
	wantVersions(t, s, "a", 3, 10, 0)
	wantVersions(t, s, "a", 0, 10)
	wantVersions(t, s, "a", 10, 0)
}

func versionReplaced(t *testing.T, s store.Store) {
	create(t, s, "a")
	must(t, s.SaveVersion("a", epoch, store.Version{Name: "first"}))
	name(t, s, "a", 0)
	wantVersions(t, s, "a", 1, 10, 0)
}

func versionRefused(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 2)
	fails(t, s.SaveVersion("a", "e0", version(1)), store.ErrConflict)
	fails(t, s.SaveVersion("a", epoch, version(3)), store.ErrRevision)
	fails(t, s.SaveVersion("a", epoch, version(-1)), store.ErrRevision)
	fails(t, s.DropVersion("a", "e0", 1), store.ErrConflict)
	wantVersions(t, s, "a", 10, 10)
}

func versionDropped(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 3)
	name(t, s, "a", 1, 2, 3)
	must(t, s.DropVersion("a", epoch, 2))
	fails(t, s.DropVersion("a", epoch, 2), store.ErrRevision)
	wantVersions(t, s, "a", 10, 10, 3, 1)
}

func versionsApart(t *testing.T, s store.Store) {
	create(t, s, "a", "aa", "b", "B")
	for _, id := range []string{"a", "aa", "b"} {
		appendRun(t, s, id, 0, 3)
	}
	name(t, s, "a", 1)
	name(t, s, "aa", 2)
	name(t, s, "b", 3)
	wantVersions(t, s, "a", math.MaxInt64, 10, 1)
	wantVersions(t, s, "aa", math.MaxInt64, 10, 2)
	wantVersions(t, s, "b", math.MaxInt64, 10, 3)
	wantVersions(t, s, "B", math.MaxInt64, 10)
}

func wantName(t *testing.T, s store.Store, id, user, want string) {
	t.Helper()
	if got, err := s.Name(id, user); err != nil || got != want {
		t.Errorf("Name(%q, %q) = %q, %v; want %q", id, user, got, err, want)
	}
}

func namesApart(t *testing.T, s store.Store) {
	create(t, s, "a", "b")
	must(t, s.SaveName("a", epoch, store.User{ID: "u1", Name: "Ada Ωλ"}))
	must(t, s.SaveName("b", epoch, store.User{ID: "u1", Name: "Ben"}))
	wantName(t, s, "a", "u1", "Ada Ωλ")
	wantName(t, s, "b", "u1", "Ben")
	wantName(t, s, "a", "u", "")
	wantName(t, s, "a", "u11", "")
}

func nameReplaced(t *testing.T, s store.Store) {
	create(t, s, "a")
	for _, called := range []string{"Ada", "Ada", "", "Ben"} {
		must(t, s.SaveName("a", epoch, store.User{ID: "u1", Name: called}))
		wantName(t, s, "a", "u1", called)
	}
	fails(t, s.SaveName("a", "e0", store.User{ID: "u1", Name: "Eve"}), store.ErrConflict)
	wantName(t, s, "a", "u1", "Ben")
}

func nameRefused(t *testing.T, s store.Store) {
	create(t, s, "a")
	for _, id := range []string{"", strings.Repeat("x", 40_000)} {
		fails(t, s.SaveName("a", epoch, store.User{ID: id, Name: "Ada"}), store.ErrMalformed)
	}
}

func wantOrigins(t *testing.T, s store.Store, id string, rev int64, data string) {
	t.Helper()
	if at, got, err := s.Origins(id); err != nil || at != rev || string(got) != data {
		t.Errorf("Origins(%q) = %d %q, %v; want %d %q", id, at, got, err, rev, data)
	}
}

func originsReplaced(t *testing.T, s store.Store) {
	create(t, s, "a", "b")
	appendRun(t, s, "a", 0, 9)
	if rev, data, err := s.Origins("a"); err != nil || rev != 0 || data != nil {
		t.Errorf("at first Origins = %d %v, %v", rev, data, err)
	}
	must(t, s.SaveOrigins("a", epoch, 5, []byte("at 5")))
	must(t, s.SaveOrigins("a", epoch, 5, []byte("at 5 again")))
	wantOrigins(t, s, "a", 5, "at 5 again")
	must(t, s.SaveOrigins("a", epoch, 9, []byte("at 9")))
	must(t, s.SaveOrigins("a", epoch, 6, []byte("at 6, late")))
	wantOrigins(t, s, "a", 9, "at 9")
	wantOrigins(t, s, "b", 0, "")
}

func originsRefused(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 1)
	fails(t, s.SaveOrigins("a", "e0", 1, []byte("x")), store.ErrConflict)
	fails(t, s.SaveOrigins("a", epoch, 2, []byte("x")), store.ErrRevision)
	wantOrigins(t, s, "a", 0, "")
}

func originsOwned(t *testing.T, s store.Store) {
	create(t, s, "a")
	mine := []byte("kept")
	must(t, s.SaveOrigins("a", epoch, 0, mine))
	copy(mine, "lost")
	_, got, err := s.Origins("a")
	must(t, err)
	copy(got, "lost")
	wantOrigins(t, s, "a", 0, "kept")
}

func historyDeleted(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 1)
	name(t, s, "a", 1)
	must(t, s.SaveName("a", epoch, store.User{ID: "u1", Name: "Ada"}))
	must(t, s.SaveOrigins("a", epoch, 1, []byte("x")))
	must(t, s.Delete("a"))
	create(t, s, "a")
	wantVersions(t, s, "a", math.MaxInt64, 10)
	wantName(t, s, "a", "u1", "")
	wantOrigins(t, s, "a", 0, "")
}
