package e2e

import (
	"strings"
	"testing"
	"unicode/utf16"

	"tutti/ot"
)

// tokenDiff is ot.Diff with each token taken for one character: a diff by
// letters may take half a token for new, and text that is pending beside it
// would then end up inside.
func tokenDiff(old, new string) ot.Delta {
	const private = 0xE000 // stands for the first token
	var tokens []string
	letter := map[string]string{}
	shrink := func(text string) string {
		return token.ReplaceAllStringFunc(text, func(tok string) string {
			if letter[tok] == "" {
				letter[tok] = string(rune(private + len(tokens)))
				tokens = append(tokens, tok)
			}
			return letter[tok]
		})
	}
	grow := func(text string) string {
		var out strings.Builder
		for _, r := range text {
			if i := int(r) - private; i >= 0 && i < len(tokens) {
				out.WriteString(tokens[i])
			} else {
				out.WriteRune(r)
			}
		}
		return out.String()
	}
	small := shrink(old)
	rest := utf16.Encode([]rune(small))
	var b ot.Builder
	for _, op := range ot.Diff(small, shrink(new)) {
		if op.IsInsert() {
			b.Insert(grow(op.Text()), nil)
			continue
		}
		n := units(grow(string(utf16.Decode(rest[:op.Len()]))))
		rest = rest[op.Len():]
		if op.IsDelete() {
			b.Delete(n)
		} else {
			b.Retain(n, nil)
		}
	}
	return b.Delta()
}

func TestTokenDiffKeepsTokensWhole(t *testing.T) {
	got := tokenDiff("😀[1:2]x[1:3]", "[1:23]😀[1:2]😀[1:3]")
	want := ot.Delta{}.Insert("[1:23]", nil).Retain(7, nil).Insert("😀", nil).Delete(1)
	if got.String() != want.String() {
		t.Errorf("got %s, want %s", got, want)
	}
}
