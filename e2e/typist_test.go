package e2e

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf16"

	"tutti/e2e/client"
	"tutti/ot"
)

// A typist is a client that types at random: tokens, which nobody deletes,
// and stuff between them, which anybody does.
type typist struct {
	*client.Client
	ledger *ledger
	number int
	typed  int
	rng    *rand.Rand
	rich   bool
}

// stuff is of one and two units, of marks that join, and of line ends.
var stuff = strings.Split("a b c 的 字 é 😀 👩‍👩‍👧 🇪🇺 < & \" \\ \n \u2028 ñ ö", " ")

// token inserts a new token somewhere.
func (ty *typist) token() error {
	ty.typed++
	tok := fmt.Sprintf("[%d:%d]", ty.number, ty.typed)
	ty.ledger.types(tok)
	return ty.Edit(func(doc ot.Document) ot.Delta {
		at, _ := ty.place(doc)
		return ot.Delta{}.Retain(at, nil).Insert(tok, ty.format())
	})
}

// edit does one of the things that people do.
func (ty *typist) edit() error {
	if ty.rng.IntN(2) == 0 {
		return ty.token()
	}
	return ty.Edit(func(doc ot.Document) ot.Delta {
		at, free := ty.place(doc)
		d := ot.Delta{}.Retain(at, nil)
		switch kind := ty.rng.IntN(6); {
		case kind < 2:
			return d.Insert(stuff[ty.rng.IntN(len(stuff))], ty.format())
		case kind < 4:
			return d.Delete(free)
		case kind == 4 && ty.rich && free > 0:
			return d.Retain(free, ot.Attr("bold", nil).With("color", "red"))
		case kind == 4 && ty.rich:
			return d.InsertEmbed(`{"image":"i"}`, nil)
		}
		return d.Insert(stuff[ty.rng.IntN(len(stuff))], nil).Delete(free)
	})
}

func (ty *typist) format() *ot.Attributes {
	if !ty.rich || ty.rng.IntN(2) == 0 {
		return nil
	}
	return ot.Attr("bold", true)
}

// place picks a position that is in no token and no pair, and a number of
// units behind it that are nobody's token. It looks at a short stretch only,
// whatever the length of the document.
func (ty *typist) place(doc ot.Document) (at, free int) {
	const stretch = 40 // longer than any token
	end := doc.Length()
	if ty.rich {
		end-- // the last newline stays where it is
	}
	from := whole(doc, max(0, ty.rng.IntN(end+1)-stretch/2))
	to := whole(doc, min(from+stretch, end))
	piece, err := ot.NewDocument(doc.Slice(from, to))
	if err != nil {
		panic(err)
	}
	text := piece.Text()
	// What comes before the first bracket may be the inside of a token.
	within := false
	if i := strings.IndexAny(text, "[]"); i >= 0 {
		within = text[i] == ']'
	}
	var places []int
	for i, r := range text {
		if !within {
			places = append(places, i)
		}
		within = r == '[' || within && r != ']'
	}
	if len(places) == 0 {
		return 0, 0
	}
	pick := places[ty.rng.IntN(len(places))]
	rest := text[pick:]
	if i := strings.IndexAny(rest, "["); i >= 0 {
		rest = rest[:i]
	}
	if runes := []rune(rest); len(runes) > 3 {
		rest = string(runes[:3])
	}
	return from + units(text[:pick]), units(rest)
}

// whole moves a position off the middle of a pair.
func whole(doc ot.Document, at int) int {
	around, err := ot.NewDocument(doc.Slice(at-1, at+1))
	if err == nil && around.Length() == 2 && len([]rune(around.Text())) == 1 {
		return at - 1
	}
	return at
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }
