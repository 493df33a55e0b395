package server

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"

	"tutti/store"
)

// ifMatch returns the revision that an If-Match names, -1 where it names none:
// there is none, or it is *, which any content meets (RFC 9110, 13.1.1). It is
// an ETag of any representation, or just the revision in quotes. What names no
// revision of this document fails as a precondition: a revision to come, one
// of another epoch, a list, a weak tag.
func ifMatch(r *http.Request, info store.Info) (int64, error) {
	values := r.Header.Values("If-Match")
	if len(values) == 0 {
		return -1, nil
	}
	tag := strings.TrimSpace(strings.Join(values, ","))
	if tag == "*" {
		return -1, nil
	}
	inner, quoted := strings.CutPrefix(tag, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	digits, rest, full := strings.Cut(inner, ".")
	rev, err := strconv.ParseUint(digits, 10, 53)
	switch {
	case !quoted || !closed || err != nil:
		return 0, preconditionFailed("If-Match %.80s names no revision; it is an ETag that a GET of the content gave, or a revision in quotes", tag)
	case full && !strings.HasPrefix(rest, info.Epoch+"."):
		return 0, preconditionFailed("If-Match is of another history of this document; get its content again")
	case int64(rev) > info.Head.Rev:
		return 0, preconditionFailed("If-Match names revision %d, but the head is %d", rev, info.Head.Rev)
	}
	return int64(rev), nil
}

func preconditionFailed(format string, args ...any) *problem {
	return newProblem(http.StatusPreconditionFailed, "precondition_failed", format, args...)
}

const (
	// missedRecords and missedBytes bound what a refused strict write is told
	// of what it has missed. The rest is at …/records.
	missedRecords = 1000
	missedBytes   = 1 << 20
)

// missed refuses a strict write whose base is no longer the head. The problem
// carries the records behind the base.
func (s *Server) missed(id string, base int64) error {
	info, err := s.store.Info(id)
	if err != nil {
		return err
	}
	lines, err := store.LinesWithin(s.store, id, base, math.MaxInt64, missedRecords, missedBytes)
	if err != nil {
		return err
	}
	p := preconditionFailed("the head is revision %d, not %d", info.Head.Rev, base)
	p.Revision = &info.Head.Rev
	p.Records = []json.RawMessage{}
	for _, line := range lines {
		p.Records = append(p.Records, line.JSON)
	}
	return p
}
