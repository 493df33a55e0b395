package server

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestNthIndexIsTheNthPlace(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString([]string{"a", "b", "é"}[random.IntN(3)])
		}
		return b.String()
	}
	for range 3000 {
		text, sought := word(random.IntN(40)), word(1+random.IntN(4))
		nth := int64(0)
		for at := range len(text) {
			if strings.HasPrefix(text[at:], sought) {
				nth++
				if got := nthIndex(text, sought, nth); got != at {
					t.Fatalf("place %d of %q in %q is %d, want %d", nth, sought, text, got, at)
				}
			}
		}
		if got := nthIndex(text, sought, nth+1); got != -1 {
			t.Fatalf("place %d of %q in %q is %d", nth+1, sought, text, got)
		}
	}
}
