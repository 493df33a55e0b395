package server

import (
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"

	"tutti/ot/scan"
	"tutti/store"
)

// What the fields of a document may hold: one line each, in UTF-16 code units.
const (
	titleUnits    = 512
	languageUnits = 64
	tagUnits      = 64
	maxTags       = 32
)

var documentID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// identifier decodes the id that a new document is to have.
func identifier(raw []byte) (string, error) {
	id, err := text("id", raw)
	if err == nil && !documentID.MatchString(id) {
		err = newProblem(http.StatusUnprocessableEntity, "id_invalid", "an id is 1 to 64 of A-Z a-z 0-9 - _, the first no - or _")
	}
	return id, err
}

func title(raw []byte) (string, error)    { return field("title", raw, titleUnits) }
func language(raw []byte) (string, error) { return field("language", raw, languageUnits) }

// field decodes a line of metadata.
func field(key string, raw []byte, most int) (string, error) {
	s, err := text(key, raw)
	if err != nil {
		return "", err
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return "", fieldInvalid("%s holds control characters", key)
	}
	if units(s) > most {
		return "", fieldInvalid("%s is longer than %d units", key, most)
	}
	return s, nil
}

// units is the length in UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// tags decodes the words that a document is filed under.
func tags(raw []byte) (store.Tags, error) {
	if scan.Kind(raw) != scan.KindArray {
		return store.Tags{}, badParameter("tags is no list of strings")
	}
	var words []string
	err := scan.Elements(raw, func(raw []byte) error {
		word, err := text("a tag", raw)
		words = append(words, word)
		return err
	})
	if err != nil {
		return store.Tags{}, err
	}
	return checkTags(words)
}

// checkTags makes a set of words that tags can be.
func checkTags(words []string) (store.Tags, error) {
	for i, word := range words {
		if _, err := field("a tag", []byte(quote(word)), tagUnits); err != nil {
			return store.Tags{}, err
		}
		if words[i] = strings.TrimSpace(word); words[i] == "" {
			return store.Tags{}, fieldInvalid("a tag is empty")
		}
	}
	all := store.NewTags(words...)
	if len(all.All()) > maxTags {
		return store.Tags{}, fieldInvalid("a document has at most %d tags", maxTags)
	}
	return all, nil
}

// readChange reads a merge patch of a document's metadata: what sets each
// field that it names.
func readChange(r *http.Request) (change []func(*store.Info), err error) {
	err = members(r, metadataBytes, func(key string, raw []byte) error {
		switch key {
		case "title":
			v, err := title(orEmpty(raw, `""`))
			change = append(change, func(i *store.Info) { i.Title = v })
			return err
		case "language":
			v, err := language(orEmpty(raw, `""`))
			change = append(change, func(i *store.Info) { i.Language = v })
			return err
		case "tags":
			v, err := tags(orEmpty(raw, `[]`))
			change = append(change, func(i *store.Info) { i.Tags = v })
			return err
		}
		return fieldInvalid("%q can't be changed", key)
	})
	return change, err
}

// orEmpty is empty where raw is null, which in a merge patch removes a field:
// these become empty.
func orEmpty(raw []byte, empty string) []byte {
	if scan.Kind(raw) == scan.KindNull {
		return []byte(empty)
	}
	return raw
}

// quote spells a string as JSON.
func quote(s string) string { return string(scan.AppendString(nil, s)) }
