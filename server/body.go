package server

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"tutti/ot"
	"tutti/ot/scan"
)

const (
	// metadataBytes bounds a body that holds no content.
	metadataBytes = 64 << 10
	// contentBytes bounds one that does: the longest document, each unit
	// written as an escape.
	contentBytes = 6*16<<20 + metadataBytes
)

// openBody opens a body of one of the media types for reading at most limit
// bytes of it: one that says it has more is not opened at all.
func openBody(r *http.Request, limit int64, types ...string) (body io.Reader, media string, err error) {
	if r.ContentLength > limit {
		return nil, "", &http.MaxBytesError{Limit: limit}
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, "", newProblem(http.StatusUnsupportedMediaType, "unsupported_media_type", "send the body as it is, not in the coding %.40q", coding)
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || !slices.Contains(types, media) || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, "", newProblem(http.StatusUnsupportedMediaType, "unsupported_media_type", "send one of %q in UTF-8", types)
	}
	return http.MaxBytesReader(nil, r.Body, limit), media, nil
}

// readBody reads a body of one of the media types, at most limit bytes of it.
func readBody(r *http.Request, limit int64, types ...string) ([]byte, string, error) {
	from, media, err := openBody(r, limit, types...)
	if err != nil {
		return nil, "", err
	}
	body, err := io.ReadAll(from)
	if err != nil {
		return nil, "", problemOfBody(err)
	}
	if !utf8.Valid(body) {
		return nil, "", newProblem(http.StatusBadRequest, "not_utf8", "the body is not UTF-8")
	}
	return body, media, nil
}

// problemOfBody finds the words for a body that does not come to its end.
func problemOfBody(err error) error {
	var tooBig *http.MaxBytesError
	var refused *problem // too slow, or not allowed any more
	if errors.As(err, &tooBig) || errors.As(err, &refused) {
		return err
	}
	return badParameter("the body could not be read to its end")
}

// members hands the members of a JSON object to f: readBody's for JSON. A lone
// surrogate is refused, but in content and edits: of a delta it is said
// elsewhere.
func members(r *http.Request, limit int64, f func(key string, raw []byte) error) error {
	body, _, err := readBody(r, limit, "application/json", "application/merge-patch+json")
	if err != nil {
		return err
	}
	lone, loneInDelta := scan.HasLone(body), false
	var inner error
	err = scan.Members(body, func(key string, raw []byte) error {
		if lone && (key == "content" || key == "edits") && scan.HasLone(raw) {
			loneInDelta = true
		}
		inner = f(key, raw)
		return inner
	})
	if inner != nil {
		return inner
	}
	if err != nil {
		return badJSON("%v", err)
	}
	if lone && !loneInDelta {
		return badJSON("a lone surrogate")
	}
	return nil
}

// optionalMembers is members for a request that may do without a body.
func optionalMembers(r *http.Request, limit int64, f func(key string, raw []byte) error) error {
	if r.ContentLength < 0 {
		body := bufio.NewReader(r.Body)
		if _, err := body.Peek(1); errors.Is(err, io.EOF) {
			return nil
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{body, r.Body}
	}
	if r.ContentLength == 0 {
		return nil
	}
	return members(r, limit, f)
}

// text decodes a JSON string field. Line ends become LF.
func text(key string, raw []byte) (string, error) {
	s, lone, err := scan.String(raw)
	switch {
	case err != nil:
		return "", badParameter("%s is no string", key)
	case lone:
		return "", badJSON("%s holds a lone surrogate", key)
	}
	return string(unixLines([]byte(s))), nil
}

// unixLines turns CRLF and CR into LF: editors count CRLF as one, so no
// content holds a carriage return.
func unixLines(b []byte) []byte {
	if bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// deltaOf decodes a delta, bare or as {"ops":[…]}.
func deltaOf(raw []byte) (ot.Delta, error) {
	if scan.Kind(raw) == scan.KindObject {
		var ops []byte
		err := scan.Members(raw, func(key string, value []byte) error {
			if key == "ops" {
				ops = value
			}
			return nil
		})
		if err != nil || ops == nil {
			return nil, badParameter("a delta is a list of ops, or an object with such a list as ops")
		}
		raw = ops
	}
	if scan.Kind(raw) != scan.KindArray {
		return nil, badParameter("a delta is a list of ops")
	}
	return ot.Parse(raw)
}
