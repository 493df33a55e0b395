package scan_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"tutti/ot/scan"
)

func TestMembersGivesRawValuesInOrder(t *testing.T) {
	var got []string
	err := scan.Members([]byte(" { \"a\" : 1 , \"b\\n\":{\"c\":[1, 2]},\"a\":\"x\" } "), func(key string, raw []byte) error {
		got = append(got, key+"="+string(raw))
		return nil
	})
	if want := "a=1|b\n={\"c\":[1, 2]}|a=\"x\""; err != nil || strings.Join(got, "|") != want {
		t.Errorf("got %q, %v; want %q", strings.Join(got, "|"), err, want)
	}
}

func TestElementsGivesRawValuesInOrder(t *testing.T) {
	var got []string
	err := scan.Elements([]byte(` [1, "a,]" ,{"b":[]} ] `), func(raw []byte) error {
		got = append(got, string(raw))
		return nil
	})
	if want := `1|"a,]"|{"b":[]}`; err != nil || strings.Join(got, "|") != want {
		t.Errorf("got %q, %v; want %q", strings.Join(got, "|"), err, want)
	}
}

func TestErrorOfCallbackComesBackUnchanged(t *testing.T) {
	sentinel := errors.New("enough")
	if err := scan.Members([]byte(`{"a":1,"b":2}`), func(string, []byte) error { return sentinel }); err != sentinel {
		t.Errorf("Members: %v", err)
	}
	if err := scan.Elements([]byte(`[1,2]`), func([]byte) error { return sentinel }); err != sentinel {
		t.Errorf("Elements: %v", err)
	}
}

// jsonCases are inputs on which this scanner must agree with encoding/json.
var jsonCases = []string{
	``, ` `, `{}`, `[]`, `{"a":1}`, `[1]`, `{"a":1,}`, `[1,]`, `{,}`, `[,]`, `{"a"}`, `{"a":}`, `{a:1}`, `[1 2]`,
	`[01]`, `[-]`, `[-0]`, `[1.]`, `[.1]`, `[1e]`, `[1e+]`, `[1E-7]`, `[+1]`, `[1.5e3]`, `[tru]`, `[true]`, `[nul]`, `[null]`,
	`["a]`, `["\x"]`, `["\u12"]`, `["\u12g4"]`, `["\ud800"]`, "[\"\t\"]", `["\/\b\f\n\r\t\"\\"]`, `[]]`, `{}{}`, `[] x`,
	"[\"\x00\"]", `["é😀"]`, `[[[[{"a":[{}]}]]]]`, `[`, `{`, `["`, `["\`, `{"a":1`, `{"a":1 "b":2}`, `{"a"1}`, `[NaN]`, "[\v1]",
}

func TestValidAgreesWithEncodingJSON(t *testing.T) {
	for _, c := range jsonCases {
		if got, want := scan.Valid([]byte(c)) == nil, json.Valid([]byte(c)); got != want {
			t.Errorf("%q: valid %v, encoding/json says %v", c, got, want)
		}
	}
}

func TestInvalidUTF8IsAnError(t *testing.T) {
	for _, c := range []string{"\"\xff\"", "\"\xed\xa0\x80\"", "\"\xc3\"", "{\"\xff\":1}"} {
		if scan.Valid([]byte(c)) == nil {
			t.Errorf("%q accepted", c)
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	nest := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if err := scan.Valid(nest(scan.MaxDepth)); err != nil {
		t.Error(err)
	}
	if scan.Valid(nest(scan.MaxDepth+1)) == nil || scan.Valid(nest(1<<20)) == nil {
		t.Error("nested too deep, accepted")
	}
	if d := scan.Depth([]byte(`{"a]":[1,{"b":"[[["}]}`)); d != 3 {
		t.Errorf("depth %d, want 3", d)
	}
}

func TestStringTellsLoneSurrogates(t *testing.T) {
	for _, c := range []struct {
		raw, want string
		lone      bool
	}{
		{`""`, "", false},
		{`"plain"`, "plain", false},
		{`"a\u00e9\n"`, "aé\n", false},
		{`"\ud83d\ude00"`, "😀", false},
		{`"\uD83D\uDE00"`, "😀", false},
		{`"x\ud83d"`, "x\ufffd", true},
		{`"\ude00\ud83d"`, "\ufffd\ufffd", true},
		{`"\ud83d\ud83d\ude00"`, "\ufffd😀", true},
		{`"\ud83d\n"`, "\ufffd\n", true},
		{`"\ufffd"`, "\ufffd", false},
		{`"\\ud800"`, `\ud800`, false},
	} {
		s, lone, err := scan.String([]byte(c.raw))
		if s != c.want || lone != c.lone || err != nil {
			t.Errorf("%s: got %q, %v, %v; want %q, %v", c.raw, s, lone, err, c.want, c.lone)
		}
		if got := scan.HasLone([]byte(`{` + c.raw + `:[` + c.raw + `]}`)); got != c.lone {
			t.Errorf("HasLone(%s) = %v", c.raw, got)
		}
	}
	for _, raw := range []string{``, `"`, `1`, `"a" `, `"a"b"`, `null`} {
		if _, _, err := scan.String([]byte(raw)); err == nil {
			t.Errorf("String(%q) is no error", raw)
		}
	}
}

func TestIntIsWrittenWithoutPointOrExponent(t *testing.T) {
	for raw, want := range map[string]int64{"0": 0, "7": 7, "-7": -7, "9007199254740991": 1<<53 - 1, "-9007199254740991": 1 - 1<<53} {
		if n, ok := scan.Int([]byte(raw)); n != want || !ok {
			t.Errorf("Int(%s) = %d, %v", raw, n, ok)
		}
	}
	for _, raw := range []string{"", "-", "00", "01", "-0", "-01", "1.0", "1e3", "9007199254740992", "99999999999999999999", "true", `"1"`, " 1"} {
		if n, ok := scan.Int([]byte(raw)); ok {
			t.Errorf("Int(%q) = %d", raw, n)
		}
	}
}

func TestKindAndBool(t *testing.T) {
	for raw, want := range map[string]scan.ValueKind{
		"{}": scan.KindObject, " []": scan.KindArray, `""`: scan.KindString, "-1": scan.KindNumber, "0": scan.KindNumber,
		"true": scan.KindBool, "false": scan.KindBool, "null": scan.KindNull, "": scan.KindNone, "x": scan.KindNone,
	} {
		if got := scan.Kind([]byte(raw)); got != want {
			t.Errorf("Kind(%q) = %q, want %q", raw, got, want)
		}
	}
	if b, ok := scan.Bool([]byte("true")); !b || !ok {
		t.Error("true")
	}
	if b, ok := scan.Bool([]byte("false")); b || !ok {
		t.Error("false")
	}
	if _, ok := scan.Bool([]byte("null")); ok {
		t.Error("null is no bool")
	}
}

func TestAppendStringSpellsAsJSONStringify(t *testing.T) {
	got := string(scan.AppendString(nil, "a\"\\\b\f\n\r\t\x00\x1f\x7f/<>&\u2028é😀"))
	if want := `"a\"\\\b\f\n\r\t\u0000\u001f` + "\x7f/<>&\u2028é😀\""; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAppendCompact(t *testing.T) {
	got := string(scan.AppendCompact([]byte("x"), []byte("{ \"a \\\" b\" :\n[ 1 ,\t\"\\\\\" ] }")))
	if want := `x{"a \" b":[1,"\\"]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzScan(f *testing.F) {
	for _, c := range jsonCases {
		f.Add([]byte(c))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := scan.Valid(data)
		if err == nil && !json.Valid(data) {
			t.Fatalf("%q accepted", data)
		}
		if err != nil {
			if json.Valid(data) && utf8.Valid(data) && !strings.Contains(err.Error(), "too deep") {
				t.Fatalf("%q refused: %v", data, err)
			}
			return
		}
		if compact := scan.AppendCompact(nil, data); scan.Valid(compact) != nil {
			t.Fatalf("compacting %q gives %q", data, compact)
		}
		if scan.Kind(data) != scan.KindString {
			return
		}
		trimmed := []byte(strings.Trim(string(data), " \t\r\n"))
		s, lone, err := scan.String(trimmed)
		var want string
		if json.Unmarshal(trimmed, &want) != nil || err != nil || s != want || lone != scan.HasLone(trimmed) {
			t.Fatalf("String(%q) = %q, %v, %v; encoding/json gives %q", trimmed, s, lone, err, want)
		}
		if again, _, err := scan.String(scan.AppendString(nil, s)); err != nil || again != s {
			t.Fatalf("%q encoded and decoded is %q, %v", s, again, err)
		}
	})
}
