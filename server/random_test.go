package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// TestRandomCalls makes calls that are drawn from the contract: mostly such as
// it promises to take, now and then with something wrong. No answer is a
// failure of the server, none is outside the contract (the rig sees to that), and nothing is taken that the contract doesn't take.
func TestRandomCalls(t *testing.T) {
	spec, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	calls := promised(spec)
	rapid.Check(t, func(rt *rapid.T) {
		s := inMemory(t)
		s.contract.t = rt
		s.create("a", "text", "some words\nand more words\n")
		s.create("b", "rich", rich)
		s.storied("c")
		w := wild{rt, s}
		for range 25 {
			w.call(rapid.SampledFrom(calls).Draw(rt, "call"))
		}
		s.close()
	})
}

// promise is a call of the contract.
type promise struct {
	method, path string
	parameters   openapi3.Parameters
	*openapi3.Operation
}

func (p promise) String() string { return p.method + " " + p.path }

func promised(spec *openapi3.T) (calls []promise) {
	for _, path := range slices.Sorted(maps.Keys(spec.Paths.Map())) {
		item := spec.Paths.Map()[path]
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			o := item.Operations()[method]
			calls = append(calls, promise{method, path, append(slices.Clone(item.Parameters), o.Parameters...), o})
		}
	}
	return calls
}

// wild draws calls and makes them.
type wild struct {
	*rapid.T
	site *rest
}

// seldom is true once in n times.
func (w wild) seldom(n int, what string) bool { return rapid.IntRange(0, n-1).Draw(w.T, what) == n-1 }

func (w wild) call(p promise) {
	path, query, header := p.path, url.Values{}, http.Header{}
	for _, ref := range p.parameters {
		v := ref.Value
		if !v.Required && rapid.Bool().Draw(w.T, "leave out "+v.Name) {
			continue
		}
		value := w.parameter(v)
		switch v.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+v.Name+"}", url.PathEscape(value))
		case "query":
			query.Add(v.Name, value)
		case "header":
			header.Set(v.Name, strings.NewReplacer("\x00", "", "\n", "").Replace(value)) // which can't be sent
		}
	}
	media, body := w.body(p)
	if media != "" {
		header.Set("Content-Type", media)
	}
	if accept := rapid.SampledFrom([]string{"", "", "*/*", "text/html", "application/json", delta, "text/x-diff", "image/png;q=1", ";;;"}).Draw(w.T, "accept"); accept != "" {
		header.Set("Accept", accept)
	}
	w.make(p.method, path, query, header, body)
}

func (w wild) make(method, path string, query url.Values, header http.Header, body []byte) {
	r, err := http.NewRequest(method, w.site.http.URL+path, bytes.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	r.URL.RawQuery, r.Header = query.Encode(), header
	answer, err := w.site.http.Client().Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 500 {
		said, _ := io.ReadAll(answer.Body)
		w.Fatalf("%s %s, %v, sent %.500q, answers %d %s", method, r.URL, header, body, answer.StatusCode, said)
	}
}

// parameter draws a parameter's value: ids of documents that there are, and
// numbers around the revisions that they have.
func (w wild) parameter(p *openapi3.Parameter) string {
	if w.seldom(12, "spoil "+p.Name) {
		return rapid.SampledFrom([]string{"x", "-1", "99999999999999999999", "true", "a\x00b", "é", "..", strings.Repeat("a", 200)}).Draw(w.T, p.Name)
	}
	switch p.Name {
	case "id":
		return rapid.SampledFrom([]string{"a", "b", "c", "new", "new2"}).Draw(w.T, p.Name)
	case "If-Match", "If-None-Match":
		return rapid.SampledFrom([]string{`"0"`, `"1"`, `"99"`, `*`, `"0.x.t"`}).Draw(w.T, p.Name)
	case "Last-Event-ID":
		return strconv.Itoa(rapid.IntRange(0, 3).Draw(w.T, p.Name))
	case "Upgrade", "Sec-WebSocket-Protocol":
		return "tutti.v1"
	case "cursor":
		return rapid.SampledFrom([]string{"eyJuIjoxLCJpIjoiYSJ9", "nonsense"}).Draw(w.T, p.Name)
	}
	value := w.value(p.Schema, 0)
	if list, ok := value.([]any); ok {
		value = ""
		if len(list) > 0 {
			value = list[0]
		}
	}
	if s, ok := value.(string); ok {
		return s
	}
	b, _ := json.Marshal(value)
	return string(b)
}

// body draws a body in one of the media types of a call, or seldom in another.
func (w wild) body(p promise) (media string, body []byte) {
	if p.RequestBody == nil {
		return "", nil
	}
	content := p.RequestBody.Value.Content
	media = rapid.SampledFrom(slices.Sorted(maps.Keys(content))).Draw(w.T, "media")
	if w.seldom(20, "another media type") {
		return "text/x-other", []byte("x")
	}
	if w.seldom(20, "nonsense") {
		return media, []byte(rapid.SampledFrom([]string{"", "{", "[]", "\xff", "null", `{"a":1`, `"x"`}).Draw(w.T, "nonsense"))
	}
	switch media {
	case "text/plain", "text/markdown", "text/html":
		return media, []byte(rapid.SampledFrom([]string{"", "some words\nand other words\n", "# T\r\n\r\n- [x] a\n", "<p>a<b>c</b></p><script>x</script>", "😀\n"}).Draw(w.T, "text"))
	case "multipart/form-data":
		return media + "; boundary=xx", []byte("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\nContent-Type: text/markdown\r\n\r\n# a\r\n--xx--\r\n")
	case zipMedia:
		return media, []byte(zipped(w.site.t, "a.txt", "a", rapid.SampledFrom([]string{"b.md", "../b.md", "b.exe", "x/b.html"}).Draw(w.T, "name"), "b"))
	case archiveMedia:
		archive := string(w.site.call("GET", "/documents/"+rapid.SampledFrom([]string{"a", "b", "c"}).Draw(w.T, "archive")+"/archive", "").body)
		return media, []byte(archive[:rapid.SampledFrom([]int{len(archive), len(archive), len(archive) / 2}).Draw(w.T, "cut")])
	}
	b, err := json.Marshal(w.value(content[media].Schema, 0))
	if err != nil {
		w.Fatal(err)
	}
	return media, b
}

// value draws a value of a schema, or seldom one of none.
func (w wild) value(ref *openapi3.SchemaRef, depth int) any {
	if ref == nil || ref.Value == nil {
		return nil
	}
	s := ref.Value
	if w.seldom(25, "spoil") {
		return rapid.SampledFrom([]any{nil, true, -1, 1.5, "", "\x00", strings.Repeat("x", 600), []any{}, map[string]any{}, []any{1}}).Draw(w.T, "spoilt")
	}
	switch {
	case len(s.OneOf) > 0:
		return w.value(rapid.SampledFrom(s.OneOf).Draw(w.T, "one of"), depth)
	case len(s.Enum) > 0:
		return rapid.SampledFrom(s.Enum).Draw(w.T, "enum")
	case s.Type.Is("boolean"):
		return rapid.Bool().Draw(w.T, "boolean")
	case s.Type.Is("integer"):
		return w.integer(s)
	case s.Type.Is("string") && s.Pattern != "":
		return rapid.StringMatching(s.Pattern).Draw(w.T, "pattern")
	case s.Type.Is("string"):
		return rapid.SampledFrom([]string{"a", "words", "some", "more", "\n", "é😀", "x y", "guest:program", "Ada"}).Draw(w.T, "string")
	case s.Type.Is("array"):
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(w.T, "items") {
			list = append(list, w.value(s.Items, depth+1))
		}
		return list
	case s.Type.Is("object"):
		return w.object(s, depth)
	}
	return "any"
}

func (w wild) integer(s *openapi3.Schema) int {
	least := -2
	if s.Min != nil {
		least = int(*s.Min)
	}
	return rapid.IntRange(least, least+12).Draw(w.T, "integer")
}

func (w wild) object(s *openapi3.Schema, depth int) map[string]any {
	object := map[string]any{}
	names := slices.Sorted(maps.Keys(s.Properties))
	if slices.Equal(names, []string{"attributes", "delete", "insert", "retain"}) {
		// An op has one of three; drawn apart they would hardly ever.
		names = []string{rapid.SampledFrom([]string{"insert", "insert", "retain", "delete"}).Draw(w.T, "op")}
		object[names[0]] = w.value(s.Properties[names[0]], depth+1)
		return object
	}
	for _, name := range names {
		if slices.Contains(s.Required, name) && !w.seldom(20, "forget "+name) || !slices.Contains(s.Required, name) && w.seldom(3, "take "+name) {
			object[name] = w.value(s.Properties[name], depth+1)
		}
	}
	if len(names) == 0 {
		object["image"] = "https://x.example/i.png"
	}
	return object
}
