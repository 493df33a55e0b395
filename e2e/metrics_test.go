package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"go.yaml.in/yaml/v3"

	"tutti/e2e/client"
)

// A rule about a metric that nobody gives never fires, and nobody learns that.
func TestTheDashboardAndTheAlertsNameMetricsThatThereAre(t *testing.T) {
	turn(t)
	given := map[string]bool{}
	for line := range strings.Lines(string(metricsOf(t))) {
		if !strings.HasPrefix(line, "#") {
			given[line[:strings.IndexAny(line, "{ ")]] = true
		}
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	readDeploy(t, "grafana.json", json.Unmarshal, &dashboard)
	var alerts struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Annotations struct{ Summary string }
			}
		}
	}
	readDeploy(t, "alerts.yaml", yaml.Unmarshal, &alerts)
	exprs := map[string]string{}
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			exprs[target.Expr] = p.Title
		}
	}
	for _, g := range alerts.Groups {
		for _, r := range g.Rules {
			exprs[r.Expr] = r.Alert
			if r.Annotations.Summary == "" {
				t.Errorf("%s says nothing", r.Alert)
			}
		}
	}
	named := map[string]bool{}
	for expr, where := range exprs {
		for _, name := range regexp.MustCompile(`\b(tutti|go|process)_\w+`).FindAllString(expr, -1) {
			named[name] = true
			if !given[name] {
				t.Errorf("%s: there is no %s", where, name)
			}
		}
	}
	if len(named) < 30 {
		t.Errorf("only %d metrics are named", len(named))
	}
}

// Whoever reads a figure finds what it is of, and in which unit.
func TestEachMetricSaysWhatItIs(t *testing.T) {
	turn(t)
	problems, err := promlint.New(bytes.NewReader(metricsOf(t))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "tutti_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// metricsOf is all that a server gives once something of each kind has
// befallen it.
func metricsOf(t *testing.T) []byte {
	t.Helper()
	s := serve(t)
	doc := s.create("abc")
	r := s.join(t, doc.ID)
	r.op(1, 0, `[{"insert":"x"}]`)
	r.acknowledged(1)
	r.op(2, 1, `[{"delete":99}]`)
	r.want("refused")
	r.send("no frame")
	r.closed(4400)
	s.call("GET", api+"/documents/nowhere", nil).into(t, http.StatusNotFound, nil)
	answer := s.call("GET", "/metrics", nil)
	answer.into(t, http.StatusOK, nil)
	return answer.body
}

// readDeploy decodes a file of server/deploy.
func readDeploy(t *testing.T, name string, decode func([]byte, any) error, v any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "server", "deploy", name))
	if err == nil {
		err = decode(b, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// Who looks into what somebody met finds by the id of one request what became
// of it, and by that of a session to whom.
func TestTheLogNamesRequestsAndSessions(t *testing.T) {
	turn(t)
	s := serve(t, withArgs("--log-level", "debug"))
	doc := s.create("abc")
	ws, _, err := subprotocol.Dial(s.socket(doc.ID), http.Header{"X-Request-Id": {"from-the-proxy"}})
	if err != nil {
		t.Fatal(err)
	}
	r := (&raw{t: t, ws: ws, key: client.NewKey()}).hello(object{})
	ws.Close()
	for _, said := range []string{
		`msg=request method=GET path=\S+/socket .* request=from-the-proxy`,
		`msg="a session begins" document=` + doc.ID + ` session=` + r.welcome.Session + ` user=\S+ request=from-the-proxy`,
		`msg="a session has ended" session=` + r.welcome.Session + ` request=from-the-proxy`,
	} {
		s.until(said, func() bool { return regexp.MustCompile(said).MatchString(s.stderr.String()) })
	}
}
