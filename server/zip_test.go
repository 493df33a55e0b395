package server_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const zipMedia = "application/zip"

// zipped makes a ZIP of names and contents, which alternate.
func zipped(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func unzipped(t testing.TB, body []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

func (s *rest) unzip(body string) answer {
	s.t.Helper()
	return s.call("POST", "/import", body, "Content-Type", zipMedia)
}

func TestExportOfMany(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.add(`{"id":"a","title":"Same","content":"one","tags":["x"]}`)
		s.add(`{"id":"b","title":"same","language":"markdown","content":"# two","tags":["x","y"]}`)
		s.add(`{"id":"c","title":"Same","kind":"rich","content":"three"}`)
		s.add(`{"id":"d","content":"four"}`)
		s.create("e", "text", "in the trash")
		s.call("DELETE", "/documents/e", "").ok()
		for body, want := range map[string]string{
			``:                                    "Same.html Same.txt d.txt same.md",
			`{"format":"txt"}`:                    "Same (3).txt Same.txt d.txt same (2).txt",
			`{"tags":["x"]}`:                      "Same.txt same.md",
			`{"tags":["x","y"],"format":"delta"}`: "same.json",
			`{"kind":"rich"}`:                     "Same.html",
			`{"ids":["d","c"]}`:                   "Same.html d.txt",
			`{"ids":[]}`:                          "",
			`{"ids":["a"],"format":"archive"}`:    "Same.tutti",
		} {
			a := s.call("POST", "/export", body).ok()
			files := unzipped(s.t, a.body)
			if got := strings.Join(slices.Sorted(maps.Keys(files)), " "); got != want {
				s.t.Errorf("%s gives %q, want %q", body, got, want)
			}
			if text, ok := files["Same.txt"]; ok && text != "one" {
				s.t.Errorf("Same.txt is %q", text)
			}
		}
		s.call("POST", "/export", `{"ids":["a","none"]}`).refused(404, "document_not_found")
		s.call("POST", "/export", `{"ids":["a","e"]}`).refused(410, "document_deleted")
		s.call("POST", "/export", `{"format":"pdf"}`).refused(400, "bad_parameter")
		s.call("POST", "/export", `{"ids":"a"}`).refused(400, "bad_parameter")
	})
}

func TestImportOfMany(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.storied("old")
		body := zipped(s.t, "notes/2026/a.md", "# a", "b.txt", "b", "c.html", "<h1>c</h1>", "d.json", `[{"insert":"d"}]`,
			"notes/", "", "__MACOSX/notes/._a.md", "x", ".DS_Store", "x", "e.TUTTI", strings.Replace(s.archive("old"), `"id":"old"`, `"id":"new"`, 1))
		var made struct {
			Items []struct {
				Name     string
				Document struct {
					ID, Title, Kind string
					Tags            []string
					Revision        int
				}
			}
		}
		s.unzip(body).ok().into(&made)
		var got []string
		for _, item := range made.Items {
			d := item.Document
			got = append(got, fmt.Sprint(item.Name, d.Title, d.Kind, d.Tags, d.Revision))
			s.call("GET", "/documents/"+d.ID, "").ok()
		}
		want := "notes/2026/a.mdatext[2026 notes] 0 b.txtbtext[] 0 c.htmlcrich[] 0 d.jsondrich[] 0 e.TUTTIPlanrich[t u] 31"
		if strings.Join(got, " ") != want {
			s.t.Errorf("made %q\nwant %q", got, want)
		}
		s.wantContent("new", s.content("old"))
		// All at once by their archives, to another server.
		other := inMemory(s.t)
		other.unzip(string(s.call("POST", "/export", `{"format":"archive"}`).ok().body)).ok()
		if a, b := len(s.list("").Items), len(other.list("").Items); a != b {
			s.t.Errorf("%d documents became %d", a, b)
		}
		other.wantContent("old", s.content("old"))
	})
}

// A ZIP that isn't wholly right creates nothing.
func TestBadZIP(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.storied("taken")
		archive := s.archive("taken")
		s.srv.LimitZIP(4096, 10, 8<<10, 20<<10)
		long := strings.Repeat("0", 8<<10)
		var many, names []string
		for i := range 11 {
			many = append(many, fmt.Sprint(i, ".txt"), "")
			names = append(names, fmt.Sprint(i, strings.Repeat("n", 400), ".txt"), "")
		}
		for name, c := range map[string]struct {
			body, code string
			status     int
		}{
			"no ZIP":             {"hello", "content_invalid", 422},
			"a way out":          {zipped(s.t, "a.txt", "a", "../b.txt", "b"), "content_invalid", 422},
			"a root":             {zipped(s.t, "a.txt", "a", "/etc/b.txt", "b"), "content_invalid", 422},
			"backslashes":        {zipped(s.t, "a.txt", "a", `..\b.txt`, "b"), "content_invalid", 422},
			"another file":       {zipped(s.t, "a.txt", "a", "b.exe", "b"), "content_invalid", 422},
			"bad bytes":          {zipped(s.t, "a.txt", "a", "b.txt", "\xff"), "content_invalid", 422},
			"a bad delta":        {zipped(s.t, "a.txt", "a", "b.json", "[1]"), "op_invalid", 422},
			"a bad archive":      {zipped(s.t, "a.txt", "a", "b.tutti", "{}\n"), "archive_invalid", 422},
			"a long file":        {zipped(s.t, "a.txt", "a", "b.txt", long+"0"), "content_invalid", 422},
			"too much together":  {zipped(s.t, "a.txt", long, "b.txt", long, "c.txt", long), "content_invalid", 422},
			"too much of a log":  {zipped(s.t, "a.txt", long, "b.txt", long, "c.tutti", strings.Replace(archive, `"id":"taken"`, `"id":"e"`, 1)), "content_invalid", 422},
			"too many files":     {zipped(s.t, many...), "content_invalid", 422},
			"a long directory":   {zipped(s.t, names...), "content_invalid", 422},
			"cut short":          {zipped(s.t, "a.txt", "a", "b.txt", "b")[:150], "content_invalid", 422},
			"a taken id":         {zipped(s.t, "a.txt", "a", "b.tutti", archive), "document_exists", 409},
			"an id twice":        {zipped(s.t, "a.tutti", strings.Replace(archive, `"id":"taken"`, `"id":"e"`, 1), "b.tutti", strings.Replace(archive, `"id":"taken"`, `"id":"e"`, 1)), "document_exists", 409},
			"a folder as no tag": {zipped(s.t, "a.txt", "a", strings.Repeat("x", 65)+"/b.txt", "b"), "field_invalid", 422},
		} {
			a := s.unzip(c.body)
			if a.refused(c.status, c.code); s.t.Failed() {
				s.t.Fatal(name)
			}
			s.wantList("", "taken")
		}
		damaged := []byte(zipped(s.t, "a.txt", "a", "b.txt", strings.Repeat("b", 1000)))
		at := bytes.Index(damaged, []byte("b.txt")) + 10
		damaged[at] ^= 0xff
		s.unzip(string(damaged)).refused(422, "content_invalid")
		if a := s.unzip(zipped(s.t, names...)); !strings.Contains(string(a.body), "more than 10 files") {
			s.t.Errorf("a long directory: %s", a.body)
		}
		s.call("POST", "/import", "x", "Content-Type", "text/plain").refused(415, "unsupported_media_type")
		s.wantList("", "taken")
		s.unzip(zipped(s.t, "a.txt", long, "b.txt", long)).ok() // as much as there may be
	})
}

// A directory of very many files is not even read to its end.
func TestTheDirectoryOfAZIPIsBounded(t *testing.T) {
	s := inMemory(t)
	s.srv.LimitZIP(64<<10, 10, 1<<10, 1<<10)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for range 50_000 {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: "a.txt"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	before := new(runtime.MemStats)
	runtime.ReadMemStats(before)
	s.unzip(b.String()).refused(422, "content_invalid")
	after := new(runtime.MemStats)
	runtime.ReadMemStats(after)
	// The body itself goes through memory, at the client and where it is checked.
	if most := uint64(10*b.Len() + 4<<20); after.TotalAlloc-before.TotalAlloc > most {
		t.Errorf("%d bytes were allocated for a ZIP of %d", after.TotalAlloc-before.TotalAlloc, b.Len())
	}
}
