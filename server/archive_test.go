package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tutti/session"
	"tutti/store"
)

const archiveMedia = "application/x-ndjson"

func (s *rest) archive(id string) string {
	s.t.Helper()
	return string(s.call("GET", "/documents/"+id+"/archive", "").ok().body)
}

func (s *rest) takeIn(archive, query string) answer {
	s.t.Helper()
	return s.call("POST", "/documents/archive"+query, archive, "Content-Type", archiveMedia)
}

// storied is a document with a history: of two people, with names, versions.
func (s *rest) storied(id string) {
	s.t.Helper()
	s.add(`{"id":"` + id + `","kind":"rich","title":"Plan","language":"de","tags":["t","u"],"content":` + rich + `}`)
	for i := range 30 {
		s.edits(id, fmt.Sprintf(`{"append":"line %d 😀\n"}`, i)).ok()
	}
	_, err := s.hub.Submit(s.t.Context(), id, session.Submission{Client: "c", User: store.User{ID: "u1", Name: "Ada Ωλ"}, Seq: 7, Rev: 3, Op: parse(s.t, `[{"retain":5,"attributes":{"bold":true}}]`)})
	if err != nil {
		s.t.Fatal(err)
	}
	s.eventually("the names are kept", func() bool { // behind the edits
		guest, _ := s.store.Name(id, "guest:program")
		ada, _ := s.store.Name(id, "u1")
		return guest != "" && ada != ""
	})
	s.call("POST", "/documents/"+id+"/versions", `{"name":"third","rev":3}`).ok()
	s.call("POST", "/documents/"+id+"/versions", `{"name":"head"}`).ok()
}

// An archive brings a document to another server with everything that it had
// but its epoch.
func TestArchive(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.storied("d")
		archive := s.archive("d")
		other := inMemory(s.t)
		a := other.takeIn(archive, "")
		if a.ok(); a.status != http.StatusCreated || a.header.Get("Location") != "/api/v1/documents/d" {
			s.t.Errorf("%d %s", a.status, a.header.Get("Location"))
		}
		var was, is store.Info
		var err error
		if was, err = s.store.Info("d"); err == nil {
			is, err = other.store.Info("d")
		}
		if err != nil || is.Epoch == was.Epoch {
			s.t.Fatal(is.Epoch, err)
		}
		if is.Epoch = was.Epoch; is != was {
			s.t.Errorf("it is %+v, was %+v", is, was)
		}
		other.replay("d")
		for _, path := range []string{"/records", "/content", "/content?rev=7", "/revisions", "/versions", "/blame"} {
			if a, b := s.call("GET", "/documents/d"+path, "").ok(), other.call("GET", "/documents/d"+path, "").ok(); !bytes.Equal(a.body, b.body) {
				s.t.Errorf("%s is\n%s\nwas\n%s", path, b.body, a.body)
			}
		}
		if again := other.archive("d"); again[strings.Index(again, "\n"):] != archive[strings.Index(archive, "\n"):] {
			s.t.Errorf("its archive is\n%s\nwas\n%s", again, archive)
		}
		// It goes on, and who had written it can't be taken for new.
		other.edits("d", `{"append":"more\n"}`).ok()
		r, err := other.hub.Submit(s.t.Context(), "d", session.Submission{Client: "c", User: store.User{ID: "u1"}, Seq: 7, Rev: 3, Op: parse(s.t, `[{"delete":1}]`)})
		if err != nil || r.Rev != 31 {
			s.t.Errorf("a repeat became record %d, %v", r.Rev, err)
		}
	})
}

func TestArchiveOfAnotherId(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.storied("d")
		archive := s.archive("d")
		s.takeIn(archive, "").refused(409, "document_exists")
		s.takeIn(archive, "?id=e").ok()
		s.takeIn(archive, "?id=e").refused(409, "document_exists")
		s.takeIn(archive, "?id=-").refused(422, "id_invalid")
		if s.content("e") != s.content("d") {
			s.t.Error("another content")
		}
		s.indexed()
		s.wantList("q=line&sort=title", "d", "e")
	})
}

// A long history is taken in with snapshots, so that every revision is near.
func TestArchiveOfALongHistory(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	info, err := s.store.Info("d")
	if err != nil {
		s.t.Fatal(err)
	}
	var lines []store.Line
	const records = 20_000
	for rev := int64(1); rev <= records; rev++ {
		r := store.Record{Rev: rev, Client: fmt.Sprint("c", rev%7), Seq: rev, User: "u", At: rev, Op: parse(t, `[{"insert":"a"}]`)}
		lines = append(lines, store.Line{Rev: rev, JSON: r.AppendJSON(nil)})
	}
	if err := s.store.Append("d", info.Epoch, 0, lines, store.Head{Rev: records, At: records, Length: records}); err != nil {
		s.t.Fatal(err)
	}
	s.takeIn(s.archive("d"), "?id=e").ok()
	for rev, want := range map[int64]int64{1000: 0, 17_000: 16_384, records: records} {
		if near, err := s.store.Snapshot("e", rev); err != nil || near.Rev != want {
			s.t.Errorf("the snapshot for %d is at %d, %v, want %d", rev, near.Rev, err, want)
		}
	}
	if mark, err := s.store.Mark("e", "c3"); err != nil || mark.Seq != 19_995 {
		s.t.Errorf("mark %+v, %v", mark, err)
	}
}

// What isn't wholly right leaves nothing behind.
func TestBadArchive(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.storied("d")
		good := s.archive("d")
		lines := strings.SplitAfter(strings.TrimSuffix(good, "\n"), "\n")
		record := func(i int) string { return lines[i] }
		end := lines[len(lines)-1]
		for name, bad := range map[string]string{
			"empty":             "",
			"no archive":        "{}\n",
			"text":              "hello\n",
			"a newer format":    strings.Replace(good, `"format":1`, `"format":2`, 1),
			"cut short":         strings.Join(lines[:10], ""),
			"no end":            strings.Join(lines[:len(lines)-1], ""),
			"half a line":       good[:len(good)/2],
			"a record missing":  strings.Replace(good, record(5), "", 1),
			"a record twice":    strings.Replace(good, record(5), record(5)+record(5), 1),
			"the last missing":  strings.Replace(good, record(31), "", 1),
			"another count":     strings.Replace(good, end, strings.Replace(end, `"records":31`, `"records":30`, 1), 1),
			"behind the end":    good + "\n{}\n",
			"a stray line":      strings.Replace(good, record(5), `{"hello":1}`+"\n"+record(5), 1),
			"a seq again":       strings.Replace(good, `"client":"c","seq":7`, `"client":"c","seq":0`, 1),
			"does not fit":      strings.Replace(good, `"op":[{"retain":`, `"op":[{"retain":9`, 1),
			"a carriage return": strings.Replace(good, `line 3 `, `line 3\r`, 1),
			"a lone surrogate":  strings.Replace(good, `line 3 `, `line 3\ud800`, 1),
			"a bad id":          strings.Replace(good, `"id":"d"`, `"id":"../d"`, 1),
			"a bad title":       strings.Replace(good, `"title":"Plan"`, `"title":"a\u0007"`, 1),
			"a bad time":        strings.Replace(good, `"createdAt":`, `"createdAt":-`, 1),
			"no newline":        strings.Replace(good, `{"insert":"\n","attributes":{"code-block":"go"}}]`, `{"insert":"x"}]`, 1),
			"a bad version":     strings.Replace(good, `{"version":{"rev":3,`, `{"version":{"rev":99,`, 1),
			"another kind":      strings.Replace(good, `"kind":"rich"`, `"kind":"text"`, 1),
		} {
			if bad == good {
				s.t.Fatalf("%s: nothing was changed", name)
			}
			a := s.takeIn(bad, "?id=e")
			if a.status != 422 {
				s.t.Errorf("%s: status %d: %s", name, a.status, a.body)
			}
			if _, err := s.store.Info("e"); err == nil {
				s.t.Errorf("%s left a document", name)
			}
			if lines, _ := s.store.Lines("e", 0, 1); len(lines) > 0 {
				s.t.Errorf("%s left records", name)
			}
		}
		s.call("POST", "/documents/archive", good, "Content-Type", "application/json").refused(415, "unsupported_media_type")
		s.takeIn(good, "?id=e").ok() // the id was never taken
	})
}
