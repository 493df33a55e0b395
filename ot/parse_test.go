package ot_test

import (
	"strings"
	"testing"

	"tutti/ot"
)

// TestParseRefusesInTheOrderOfTheContract holds, for each refusal, what the
// protocol calls it; where an input has several faults, the one that comes
// first in the protocol counts, not the one that comes first in the list.
func TestParseRefusesInTheOrderOfTheContract(t *testing.T) {
	cases := map[ot.Code][]string{
		"": {
			`[]`, ` [ ] `, `[{"insert":"a"}]`, `[{"retain":1,"attributes":{"bold":null}}]`, `[{"delete":2147483647}]`,
			`[{"attributes":{"a":"x","b":1.5,"c":true},"insert":"é😀"}]`, `[{"insert":{"image":{"deep":[1,null]}}}]`, `[{"insert":"\ud83d\ude00"}]`,
		},
		ot.OpInvalid: {
			``, `null`, `{}`, `{"ops":[]}`, `[{"insert":"a"}`, `[{"insert":"a"}] x`, `[1]`, `[null]`, `[[]]`, `[{}]`,
			`[{"attributes":{"a":1}}]`, `[{"insert":"a","delete":1}]`, `[{"insert":"a","retain":1}]`, `[{"retain":1,"delete":1}]`,
			`[{"retain":0}]`, `[{"retain":-1}]`, `[{"retain":1.0}]`, `[{"retain":1e3}]`, `[{"retain":2147483648}]`, `[{"retain":"1"}]`,
			`[{"retain":null}]`, `[{"retain":{"image":1}}]`, `[{"delete":0}]`, `[{"delete":01}]`, `[{"insert":""}]`, `[{"insert":null}]`,
			`[{"insert":1}]`, `[{"insert":["a"]}]`, `[{"insert":true}]`, `[{"insert":"a","x":1}]`, `[{"insert":"a","insert":"b"}]`,
			`[{"retain":1,"attributes":{"a":1},"attributes":{"a":1}}]`, "[{\"insert\":\"\xff\"}]", `[{"insert":"\ud800"},{"delete":0}]`,
			`[{"delete":1,"attributes":{}},{}]`,
		},
		ot.Surrogate: {
			`[{"insert":"\ud800"}]`, `[{"insert":"a\udc00b"}]`, `[{"insert":{"image":"\ud800"}}]`, `[{"insert":{"\ud800":1}}]`,
			`[{"insert":"a","attributes":{"a":"\ud800"}}]`, `[{"insert":"a","attributes":{"\udfff":1}}]`,
			`[{"delete":1,"attributes":{"a":1}},{"insert":"\ud800"}]`, `[{"insert":{"a":"\ud800","b":1}}]`,
		},
		ot.AttributesInvalid: {
			`[{"delete":1,"attributes":{"a":1}}]`, `[{"insert":"a","attributes":{}}]`, `[{"insert":"a","attributes":null}]`,
			`[{"insert":"a","attributes":[]}]`, `[{"insert":"a","attributes":{"a":null}}]`, `[{"retain":1,"attributes":{"a":{}}}]`,
			`[{"retain":1,"attributes":{"a":[1]}}]`, `[{"retain":1,"attributes":{"a":1e999}}]`, `[{"retain":1,"attributes":{"__proto__":1}}]`,
			`[{"retain":1,"attributes":{"constructor":1}}]`, `[{"retain":1,"attributes":{"prototype":1}}]`,
			`[{"retain":1,"attributes":{"toString":1}}]`, `[{"retain":1,"attributes":{"a":1,"b":1,"a":2}}]`,
			`[{"insert":{"a":1,"b":2}},{"delete":1,"attributes":{"a":1}}]`,
		},
		ot.EmbedInvalid: {
			`[{"insert":{}}]`, `[{"insert":{"a":1,"b":2}}]`, `[{"insert":{"a":1,"a":2}}]`,
			`[{"insert":{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}}]`,
		},
	}
	for code, inputs := range cases {
		for _, input := range inputs {
			delta, err := ot.Parse([]byte(input))
			var got ot.Code
			if err != nil {
				got = err.(*ot.Error).Code
			}
			if got != code {
				t.Errorf("%.80s: %v, want %q", input, err, code)
			}
			if code != ot.OpInvalid && (delta == nil) != (code == ot.OpInvalid) {
				t.Errorf("%.80s: no shape beside %v", input, err)
			}
		}
	}
}

func TestParseKeepsTheShapeOfARefusedDelta(t *testing.T) {
	for input, want := range map[string]string{
		`[{"retain":3,"attributes":{"a":[]}}]`:                       `[{"retain":3,"attributes":{"invalid":true}}]`,
		`[{"delete":2,"attributes":{"a":1}},{"insert":"x\ud800"}]`:   `[{"delete":2},{"insert":"x` + "\uFFFD" + `"}]`,
		`[{"insert":{"a":1,"b":2},"attributes":{"z":1,"bold":"x"}}]`: `[{"insert":{"invalid":true},"attributes":{"bold":"x","z":1}}]`,
	} {
		delta, err := ot.Parse([]byte(input))
		if err == nil || delta.String() != want {
			t.Errorf("%s: got %s, %v; want %s", input, delta, err, want)
		}
	}
}

func TestAttributesAreCanonical(t *testing.T) {
	for input, want := range map[string]string{
		`{"b":1.0,"a":10e-1}`:                      `{"a":1,"b":1}`,
		`{"n":-0,"m":1e21,"o":1e-7,"p":123e-20}`:   `{"m":1e+21,"n":0,"o":1e-7,"p":1.23e-18}`,
		`{"n":0.000001,"m":123456789012345680000}`: `{"m":123456789012345680000,"n":0.000001}`,
		`{"n":0.1,"m":1e-400,"o":5e-324}`:          `{"m":0,"n":0.1,"o":5e-324}`,
		`{"s":"\u0061\/\u2028"}`:                   "{\"s\":\"a/\u2028\"}",
	} {
		a, err := ot.Parse([]byte(`[{"retain":1,"attributes":` + input + `}]`))
		if err != nil {
			t.Errorf("%s: %v", input, err)
			continue
		}
		if got := a[0].Attributes().JSON(); got != want {
			t.Errorf("%s: got %s, want %s", input, got, want)
		}
	}
}

func TestCheckKind(t *testing.T) {
	for _, c := range []struct {
		kind   ot.Kind
		length int
		delta  string
		want   ot.Code
	}{
		{ot.Text, 3, `[{"retain":3},{"insert":"x"}]`, ""},
		{ot.Text, 3, `[{"delete":3}]`, ""},
		{ot.Text, 3, `[{"insert":"a\rb"}]`, ot.CarriageReturn},
		{ot.Text, 3, `[{"insert":"\r"},{"retain":1,"attributes":{"a":1}}]`, ot.NotInText},
		{ot.Text, 3, `[{"insert":{"image":1}}]`, ot.NotInText},
		{ot.Rich, 3, `[{"retain":2},{"insert":"x"}]`, ""},
		{ot.Rich, 3, `[{"retain":3},{"insert":"x"}]`, ot.NewlineFinal},
		{ot.Rich, 3, `[{"delete":3},{"insert":"x"}]`, ot.NewlineFinal},
		{ot.Rich, 3, `[{"delete":2},{"insert":"x"}]`, ""},
		{ot.Rich, 3, `[{"retain":1},{"delete":9}]`, ot.NewlineFinal},
		{ot.Rich, 3, `[{"retain":3},{"delete":1}]`, ""},
		{ot.Rich, 3, `[{"retain":3,"attributes":{"list":null}}]`, ""},
		{ot.Rich, 3, `[{"insert":"\r"},{"delete":3}]`, ot.NewlineFinal},
		{ot.Rich, 3, `[{"insert":"\r"}]`, ot.CarriageReturn},
	} {
		delta, err := ot.Parse([]byte(c.delta))
		if err != nil {
			t.Fatal(err)
		}
		var got ot.Code
		if bad := delta.CheckKind(c.kind, c.length); bad != nil {
			got = bad.Code
		}
		if got != c.want {
			t.Errorf("%s on %s of %d: %q, want %q", c.delta, c.kind, c.length, got, c.want)
		}
	}
}

func TestFirstTakesTheOrderOfTheContract(t *testing.T) {
	a, b := &ot.Error{Code: ot.BeyondEnd}, &ot.Error{Code: ot.Surrogate}
	if ot.First(nil, a, nil, b) != b || ot.First() != nil || ot.First(nil, nil) != nil || ot.First(a, &ot.Error{Code: ot.BeyondEnd}) != a {
		t.Error("wrong precedence")
	}
}
