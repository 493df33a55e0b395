package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"tutti/session"
	"tutti/store"
)

// BenchmarkList measures a page of ten thousand documents, in each order.
func BenchmarkList(b *testing.B) {
	log := slog.New(slog.DiscardHandler)
	bolt, err := store.Open(filepath.Join(b.TempDir(), "tutti.db"), store.Options{Log: log})
	if err != nil {
		b.Fatal(err)
	}
	st := store.Watch(bolt)
	defer st.Close()
	done := make(chan error, 64)
	for i := range 10_000 {
		if i >= cap(done) {
			<-done
		}
		go func() {
			info := store.Info{ID: fmt.Sprintf("d%05d", i), Kind: "text", Epoch: newID(), Title: fmt.Sprintf("Title %d of a document", i*7919%10_000),
				CreatedAt: int64(i), CreatedBy: store.User{ID: "guest:program", Name: "Guest"}, Tags: store.NewTags(fmt.Sprint("t", i%50))}
			done <- st.Create(info, []byte("[]"))
		}()
	}
	for range cap(done) {
		<-done
	}
	metrics := session.NewMetrics()
	srv, err := New(Options{Store: st, Hub: session.NewHub(st, session.Options{Log: log, Metrics: metrics}), Metrics: metrics, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	for _, query := range []string{"sort=updated", "sort=title&limit=1000", "tag=t7"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest("GET", "/api/v1/documents?"+query, nil)
				r.RemoteAddr = "127.0.0.1:1"
				r.Host = "localhost"
				w := httptest.NewRecorder()
				srv.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
