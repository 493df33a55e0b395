package store

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestTags(t *testing.T) {
	tags := NewTags("b", "", "a c", "b", "aaaa", "a")
	if got := tags.All(); !slices.Equal(got, []string{"a", "a c", "aaaa", "b"}) {
		t.Errorf("All = %q", got)
	}
	for word, want := range map[string]bool{"a": true, "a c": true, "c": false, "aa": false, "aaa": false, "aaaa": true, "": false, "a\nb": false} {
		if tags.Has(word) != want {
			t.Errorf("Has(%q) = %v", word, !want)
		}
	}
	if tags != NewTags("aaaa", "a", "b", "a c") || !NewTags().IsZero() || !NewTags("").IsZero() {
		t.Error("equal sets are not equal")
	}
	data, err := json.Marshal(tags)
	var back Tags
	if err != nil || json.Unmarshal(data, &back) != nil || back != tags {
		t.Errorf("%s, %v comes back as %q", data, err, back.All())
	}
}
