package store

import (
	"encoding/json"
	"slices"
	"strings"
)

// Tags are the words that a document is filed under: a set, in order. It is
// a value, and comparable as Info is; the zero one has no words.
type Tags struct {
	lines string // a line end, then the words in order, each with a line end; "" for none
}

// NewTags returns the set of these words. A line end in a word would make two
// of it; empty ones are dropped.
func NewTags(words ...string) Tags {
	words = strings.Split(strings.Join(words, "\n"), "\n")
	slices.Sort(words)
	words = slices.DeleteFunc(slices.Compact(words), func(w string) bool { return w == "" })
	if len(words) == 0 {
		return Tags{}
	}
	return Tags{"\n" + strings.Join(words, "\n") + "\n"}
}

// All returns the words in order, never nil.
func (t Tags) All() []string {
	if t.lines == "" {
		return []string{}
	}
	return strings.Split(t.lines[1:len(t.lines)-1], "\n")
}

// Has reports whether a word is among them.
func (t Tags) Has(word string) bool {
	if word == "" || strings.Contains(word, "\n") {
		return false
	}
	for from := 0; ; {
		at := strings.Index(t.lines[from:], word)
		if at < 0 {
			return false
		}
		from += at + len(word)
		if t.lines[from-len(word)-1] == '\n' && t.lines[from] == '\n' {
			return true
		}
	}
}

// IsZero reports whether there are none: omitzero leaves them out then.
func (t Tags) IsZero() bool { return t.lines == "" }

// MarshalJSON writes a list of strings.
func (t Tags) MarshalJSON() ([]byte, error) { return json.Marshal(t.All()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Tags) UnmarshalJSON(data []byte) error {
	var words []string
	if err := json.Unmarshal(data, &words); err != nil {
		return err
	}
	*t = NewTags(words...)
	return nil
}
