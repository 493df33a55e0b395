package server_test

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"tutti/server"
	"tutti/session"
	"tutti/store"
)

// BenchmarkThousandDocuments measures a thousand documents of 10 KB going in
// and out as a ZIP, over bbolt.
func BenchmarkThousandDocuments(b *testing.B) {
	st, metrics := store.Watch(openBolt(b, filepath.Join(b.TempDir(), "tutti.db"))), session.NewMetrics()
	hub := session.NewHub(st, session.Options{Log: quiet(), Metrics: metrics})
	srv, err := server.New(server.Options{Store: st, Hub: hub, Metrics: metrics, Log: quiet()})
	if err != nil {
		b.Fatal(err)
	}
	call := func(method, path, media, body string) string {
		r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
		r.RemoteAddr, r.Host = "127.0.0.1:1", "localhost"
		r.Header.Set("Content-Type", media)
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 204 {
			b.Fatal(w.Code, w.Body)
		}
		return w.Body.String()
	}
	paragraph := "Some **bold** words and a [link](https://x.example/) in a paragraph of Markdown.\n\n"
	for _, extension := range []string{".md", ".html"} {
		var files []string
		for i := range 1000 {
			files = append(files, fmt.Sprintf("d%d%s", i, extension), strings.Repeat(paragraph, 120))
		}
		archive := zipped(b, files...)
		b.Run("import"+extension, func(b *testing.B) {
			for b.Loop() {
				call("POST", "/import", zipMedia, archive)
				b.StopTimer()
				emptied(b, st)
				b.StartTimer()
			}
		})
	}
	var files []string
	for i := range 1000 {
		files = append(files, fmt.Sprintf("d%d.html", i), strings.Repeat("<p>Some <b>bold</b> words and a <a href=https://x.example/>link</a> in a paragraph.</p>", 120))
	}
	call("POST", "/import", zipMedia, zipped(b, files...))
	for _, format := range []string{"txt", "md", "html", "delta", "archive"} {
		b.Run("export "+format, func(b *testing.B) {
			for b.Loop() {
				call("POST", "/export", "application/json", `{"format":"`+format+`"}`)
			}
		})
	}
	archives := call("POST", "/export", "application/json", `{"format":"archive"}`)
	emptied(b, st)
	b.Run("import archive", func(b *testing.B) {
		for b.Loop() {
			call("POST", "/import", zipMedia, archives)
			b.StopTimer()
			emptied(b, st)
			b.StartTimer()
		}
	})
}

// emptied deletes all documents.
func emptied(b *testing.B, st store.Store) {
	for info, err := range st.List() {
		if err == nil {
			err = st.Delete(info.ID)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
