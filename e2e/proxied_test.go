package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestBehindNginx and TestBehindCaddy run the examples of server/deploy in the
// real proxies.
func TestBehindNginx(t *testing.T) {
	turn(t)
	p := behind(t, "nginx", "nginx.conf",
		"listen 443 ssl", "listen 127.0.0.1:HTTPS ssl", "listen 80", "listen 127.0.0.1:PLAIN", "/etc/ssl/tutti", "FOLDER")
	temporary := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temporary += fmt.Sprintf("%s_temp_path %s/%s;\n", kind, p.folder, kind)
	}
	main := p.write("nginx.conf", "daemon off; pid "+p.folder+"/pid; error_log stderr warn; events {}\n"+
		"http { access_log off;\n"+temporary+"include "+p.folder+"/site; }")
	p.command = func() *exec.Cmd {
		return exec.Command(p.program, "-p", p.folder, "-e", "stderr", "-c", main)
	}
	p.works(func() { p.cmd.Process.Signal(syscall.SIGHUP) })
}

func TestBehindCaddy(t *testing.T) {
	turn(t)
	p := behind(t, "caddy", "Caddyfile",
		"\n"+publicName+" {", "\n{\n\tadmin off\n\thttps_port HTTPS\n\thttp_port PLAIN\n\tdefault_bind 127.0.0.1\n\tskip_install_trust\n}\n"+
			publicName+" {\n\ttls FOLDER/fullchain.pem FOLDER/privkey.pem")
	p.command = func() *exec.Cmd {
		cmd := exec.Command(p.program, "run", "--adapter", "caddyfile", "--config", filepath.Join(p.folder, "site"))
		cmd.Env = append(cmd.Environ(), "HOME="+p.folder, "XDG_DATA_HOME="+p.folder, "XDG_CONFIG_HOME="+p.folder)
		return cmd
	}
	p.works(nil)
}

// works is what is asked of each. reload has it read its configuration anew.
func (p *proxy) works(reload func()) {
	p.start()
	p.t.Cleanup(func() {
		p.stop()
		if p.t.Failed() {
			p.t.Logf("%s says:\n%s", p.name, p.said.tail(8<<10))
		}
	})
	p.t.Run("addresses", p.passesAddressesOn)
	p.t.Run("events", p.passesEventsAsTheyCome)
	p.t.Run("uploads", p.takesUploads)
	p.t.Run("long documents", p.carriesLongDocuments)
	p.t.Run("restarts", func(t *testing.T) { p.isRestartedAndLosesNothing(t, reload) })
}

// ask makes a request through the proxy.
func (p *proxy) ask(t *testing.T, by *http.Client, method, path string, body []byte, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://"+publicName+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := by.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{resp.StatusCode, resp.Header, read}
}

// tutti knows where requests come from, whatever they say of that themselves,
// and under which name people reach it; and who comes without TLS is sent to it.
func (p *proxy) passesAddressesOn(t *testing.T) {
	by := p.browser("127.0.0.2")
	p.ask(t, by, "GET", api+"/tags", nil, "X-Forwarded-For", "203.0.113.9", "Origin", "https://"+publicName).into(t, http.StatusOK, nil)
	p.s.until("the request in the log", func() bool { return strings.Contains(p.s.stderr.String(), "path="+api+"/tags ") })
	if said := p.s.stderr.String(); !strings.Contains(said, "address=127.0.0.2 ") || strings.Contains(said, "203.0.113.9") {
		t.Errorf("the request does not come from 127.0.0.2:\n%s", p.s.stderr.tail(1<<10))
	}
	if got := p.ask(t, by, "GET", api+"/tags", nil).header.Get("Strict-Transport-Security"); got == "" {
		t.Error("tutti does not know that it is reached by TLS")
	}
	p.ask(t, by, "POST", api+"/documents", []byte(`{"title":"a"}`), "Content-Type", "application/json", "Origin", "https://"+publicName).into(t, http.StatusCreated, nil)
	p.ask(t, by, "POST", api+"/documents", []byte(`{"title":"a"}`), "Content-Type", "application/json", "Origin", "https://evil.example").into(t, http.StatusForbidden, nil)

	plain := &http.Transport{DialContext: p.dialFrom("127.0.0.1", p.plain)}
	defer plain.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+publicName+"/d/notes?x=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := plain.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if to := resp.Header.Get("Location"); resp.StatusCode/100 != 3 || to != "https://"+publicName+"/d/notes?x=1" {
		t.Errorf("without TLS: %d to %q", resp.StatusCode, to)
	}
}

// An event is there while the stream goes on: nobody waits for a page of them.
func (p *proxy) passesEventsAsTheyCome(t *testing.T) {
	doc := p.s.create("abc")
	req, err := http.NewRequestWithContext(t.Context(), "GET", "https://"+publicName+api+"/documents/"+doc.ID+"/events?after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.browser("127.0.0.1").Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for rev := 1; rev <= 3; rev++ {
		p.s.call("PATCH", api+"/documents/"+doc.ID+"/content", object{"edits": []object{{"append": "x"}}}).into(t, http.StatusOK, nil)
		for want := fmt.Sprint("id: ", rev); lines.Text() != want; {
			if !lines.Scan() {
				t.Fatalf("the stream ended before %q: %v", want, lines.Err())
			}
		}
	}
}

// What tutti takes, the proxy takes; and what it refuses, it refuses itself, in
// its own words.
func (p *proxy) takesUploads(t *testing.T) {
	by := p.browser("127.0.0.1")
	doc := p.s.create("\n", object{"kind": "rich"})
	noise := image.NewNRGBA(image.Rect(0, 0, 1000, 1000))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rand.Uint32())
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, noise); err != nil {
		t.Fatal(err)
	}
	path := api + "/documents/" + doc.ID + "/files"
	var kept struct{ URL string }
	p.ask(t, by, "POST", path, picture.Bytes(), "Content-Type", "image/png").into(t, http.StatusCreated, &kept)
	if got := p.ask(t, by, "GET", kept.URL, nil); !bytes.Equal(got.body, picture.Bytes()) {
		t.Errorf("%d bytes went up, %d came down", picture.Len(), len(got.body))
	}
	var why struct{ Code string }
	p.ask(t, by, "POST", path, make([]byte, 20<<20), "Content-Type", "image/png").into(t, http.StatusRequestEntityTooLarge, &why)
	if why.Code == "" {
		t.Error("the refusal is not tutti's")
	}
}

// Four megabytes come up by REST, down by REST and by socket, and are written in.
func (p *proxy) carriesLongDocuments(t *testing.T) {
	by := p.browser("127.0.0.1")
	long := strings.Repeat("All that is written here is long.\n", 4<<20/34)
	body, err := json.Marshal(object{"content": long})
	if err != nil {
		t.Fatal(err)
	}
	var doc resource
	p.ask(t, by, "POST", api+"/documents", body, "Content-Type", "application/json").into(t, http.StatusCreated, &doc)
	room := newRoom(t, p.s, doc.ID)
	room.typeToken(room.add(p.config(doc.ID)))
	room.settle()
	room.verify()
	got := p.ask(t, by, "GET", api+"/documents/"+doc.ID+"/content", nil, "Accept", "text/plain")
	if string(got.body) != p.s.text(doc.ID) || len(got.body) <= len(long) {
		t.Errorf("%d bytes come down", len(got.body))
	}
}

// People type while the proxy is restarted and reads its configuration anew,
// and while tutti behind it is restarted and crashes: all come back, and
// nothing is lost or there twice.
func (p *proxy) isRestartedAndLosesNothing(t *testing.T, reload func()) {
	doc := p.s.create("The beginning.\n")
	room := newRoom(t, p.s, doc.ID)
	for range 5 {
		room.add(p.config(doc.ID))
	}
	stop := make(chan struct{})
	typing := room.all(func(ty *typist) error { return ty.work(t, stop) })
	welcomes := func() (least int) {
		least = room.typists[0].Welcomes()
		for _, ty := range room.typists {
			least = min(least, ty.Welcomes())
		}
		return least
	}
	came := welcomes()
	for _, befalls := range []func(){
		func() { p.stop(); p.start() },
		func() { p.s.stop(); p.s.start() },
		func() { p.s.kill(); p.s.start() },
	} {
		acks, _ := room.ledger.from(0)
		room.ledger.await(t, len(acks)+50)
		befalls()
		came++
		p.s.until("all are back", func() bool { return welcomes() >= came })
	}
	if reload != nil {
		reload()
	}
	acks, _ := room.ledger.from(0)
	room.ledger.await(t, len(acks)+50)
	close(stop)
	if err := <-typing; err != nil {
		t.Fatal(err)
	}
	room.settle()
	room.verify()
}
