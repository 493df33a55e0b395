package server_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"tutti/store"
)

func TestReadyOnlyWhenEditsCanBeTaken(t *testing.T) {
	s := newSite(t)
	s.get("/healthz").want(http.StatusOK).wantBody("ok\n")
	s.get("/readyz").want(http.StatusOK)
	s.store.fail(store.ErrUnavailable)
	s.until("not ready", func() bool { return s.get("/readyz").status == http.StatusServiceUnavailable })
	s.get("/readyz").wantProblem(http.StatusServiceUnavailable, "unavailable")
	s.get("/healthz").want(http.StatusOK)
	s.store.heal()
	s.until("ready again", func() bool { return s.get("/readyz").status == http.StatusOK })
	if err := s.hub.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.get("/readyz").wantProblem(http.StatusServiceUnavailable, "unavailable")
}

func TestMetricsCount(t *testing.T) {
	s := newSite(t)
	d := s.create(`{}`)
	p := s.join(d.ID, "a")
	p.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
	p.want("records")
	p.say(`{"t":"op","seq":1,"rev":0,"op":[{"insert":"x"}]}`)
	p.want("records")
	p.say(`{"t":"op","seq":2,"rev":1,"op":[{"delete":9}]}`)
	p.want("refused")
	p.say(`{"t":"check","rev":1,"hash":"%064d"}`, 0)
	p.want("diverged")
	s.get(api+"/documents/nowhere").wantProblem(http.StatusNotFound, "document_not_found")
	a := s.get("/metrics").want(http.StatusOK)
	for _, line := range []string{
		`tutti_documents_open 1`, `tutti_sessions 1`, `tutti_records_committed_total 1`, `tutti_deltas_resent_total 1`,
		`tutti_deltas_refused_total\{code="beyond_end"\} 1`, `tutti_clients_diverged_total 1`, `tutti_sequencers_deposed_total 0`,
		`tutti_append_seconds_count 1`, `tutti_ack_seconds_count 1`, `tutti_queue_wait_seconds_count 3`, `tutti_batch_records_sum 1`,
		`tutti_ready 1`, `tutti_sessions_slow 0`, `tutti_http_problems_total\{code="document_not_found"\} 1`, `go_goroutines \d+`,
	} {
		if !regexp.MustCompile(`(?m)^` + line + `$`).Match(a.body) {
			t.Errorf("no line %s", line)
		}
	}
	s.store.fail(store.ErrUnavailable)
	p.say(`{"t":"op","seq":3,"rev":1,"op":[]}`)
	p.wantClose(1013)
	p.leave()
	s.store.heal()
	for _, line := range []string{`tutti_sequencers_deposed_total 1`, `tutti_sockets_closed_total\{code="1013"\} 1`, `tutti_sessions 0`, `tutti_documents_open 0`} {
		s.until(line, func() bool {
			return regexp.MustCompile(`(?m)^` + line + `$`).Match(s.get("/metrics").body)
		})
	}
}

// until waits for what nothing announces.
func (s *site) until(what string, holds func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("never came to be: %s", what)
		}
	}
}
