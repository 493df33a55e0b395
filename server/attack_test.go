package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tutti/server"
	"tutti/session"
	"tutti/store"
)

// The attack suite. What is tried, and where:
//
//	calls and sockets of another site's pages     TestAnotherSiteDoesNothingByACookie, TestAPageOfAnotherSiteChangesNothing,
//	                                              TestHandshakeRefusals, TestASocketUnderAStrangersNameIsToldSo
//	a name that resolves to this machine          TestEveryRouteAsksWhoMayDoWhat
//	a cookie that was planted                     TestANewLogInNeverTakesTheCookieThatWasThere, TestALinkLeavesAPlantedCookieBehind
//	signed tokens that are confused or forged     signed: TestConfusedAndForgedTokensAreRefused, TestKeysInTheirForms;
//	                                              TestThePeopleOfAHostNeedNoAccount
//	answers of a provider, and where they lead    TestWhatAProviderSaysIsChecked, TestALogInEndsInTheBrowserThatBeganIt, TestALogInLeadsNowhereElse
//	paths and ids                                 TestNoPathLeadsToWhatIsAnothers, TestCreateRefuses, TestBadZIP (names in a ZIP)
//	another's client id, without its key          TestNobodySubmitsAsAnotherClient
//	headers that proxies add                      TestAnAddressThatIsMadeUpIsNotBelieved, TestForwardedHeadersMakeNoAddress, TestAddresses
//	guessing: passwords, links                    TestWhoGuessesShutsNobodyOut, TestGuessingIsSlowedDown, TestALinkThatIsGuessedSaysNothing
//	guessing: which documents there are           TestAGuestLearnsNoIDs
//	long heads, slow heads, slow bodies           TestAHeadThatIsTooLong, TestAHeadThatDoesNotCome, TestABodyMayTakeItsTimeButNotForEver
//	bombs: on the socket, in a ZIP, in HTML       TestTheLimitCountsWhatComesOutOfTheCompression, TestBadZIP, TestTheDirectoryOfAZIPIsBounded;
//	                                              TestABodyIsNotUnpacked; formats: hostile_test.go
//	SVG and HTML that was uploaded or written     TestWhatPeopleWriteIsInert, TestUploadsThatAreRefused, TestHTMLIsSafe
//	names that would become headers               TestATitleIsNoHeader
//	frames and scripts of other sites             TestOnlyTheEmbeddedPageMayBeHeldByOtherSites, TestOnlyAnOriginIsAnOrigin,
//	                                              TestAPageOfAHostSpeaksByItsToken, TestToHoldAFrameIsNotToBeLetIn
//	requests that hooks make for somebody         TestHooksLeadNowhereInside, TestATokenMakesHooksByItsScope,
//	                                              TestAHookIsToldWhatAnOwnerMayRead; hooks: TestAddresses, TestWhatIsDialledIsChecked
//	history in another's name                     TestAnArchiveSpeaksForNobodyHere
//	rights that were taken away                   TestTakingAwayIsNow, TestWhoIsSlowHoldsOnToNoRight, TestWhoIsRemovedDoesNotComeBack,
//	                                              TestAnExportStopsBeforeWhatIsNoLongerTheirs, TestADownloadThatIsUnderWayEnds,
//	                                              TestADocumentThatGoesIsGoneForAll, TestAnIDThatIsCreatedAgainInheritsNothing
//	who erases, who looks for what, what is kept  TestEraseKeepsWhoMayDoWhat, TestErasedRightsLast
//	the audit log, filled from outside            TestTheAuditLogIsNotFilledFromOutside
//	secrets in logs and in answers                house.kept (every test with accounts), TestNoAnswerRepeatsASecret

// TestAnotherSiteDoesNothingByACookie sends every call that changes something
// with a person's cookie, as the form or the script of another site would.
func TestAnotherSiteDoesNothingByACookie(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	boss.writes("notes", "abc")
	for row := range needs {
		method, path, _ := strings.Cut(row, " ")
		if method == "GET" || method == "HEAD" {
			continue
		}
		path = strings.NewReplacer("/api/v1", "", "{id}", "notes", "{subject}", "everyone", "{person}", boss.id).Replace(path)
		for _, media := range []string{"application/json", "text/plain", "application/x-www-form-urlencoded", `multipart/form-data; boundary=x`} {
			for _, origin := range []string{"https://evil.example", "null", "http://localhost:1", "http://127.0.0.1.evil.example", "file://"} {
				boss.call(method, path, `{"login":"boss","password":"x"}`, "Content-Type", media, "Origin", origin).refused(403, "forbidden")
			}
		}
	}
	d := websocket.Dialer{Subprotocols: []string{"tutti.v1"}}
	for _, origin := range []string{"https://evil.example", "null", "http://localhost:1"} {
		_, resp, err := d.Dial("ws"+strings.TrimPrefix(h.http.URL, "http")+"/api/v1/documents/notes/socket", http.Header{"Cookie": {boss.cookie}, "Origin": {origin}})
		if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("a socket from %s: %v", origin, err)
		}
	}
	// A form has no JSON to send, whatever a browser says of where it comes from.
	for _, path := range []string{"/session", "/redeem", "/join", "/documents", "/invitations", "/tokens", "/session/password", "/notice"} {
		for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", `multipart/form-data; boundary=x`} {
			boss.call("POST", path, `{"administrator":true}`, "Content-Type", media).refused(415, "unsupported_media_type")
		}
	}
	boss.call("GET", "/session", "").ok() // is still logged in
}

// TestALinkLeavesAPlantedCookieBehind: who planted it isn't let in by the link
// that its bearer follows.
func TestALinkLeavesAPlantedCookieBehind(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	eve := ada.invites("eve")
	ada.writes("notes", "abc")
	ada.writes("other", "abc")
	_, public := ada.link("other", `{}`)
	guest := h.guest(public)
	_, secret := ada.link("notes", `{"role":"editor"}`)
	for _, planted := range []*member{eve, guest, {h: h, cookie: "tutti=" + strings.Repeat("x", 43)}} {
		if got := cookieOf(t, h.followLink(secret, "", planted.cookie).ok()); got == planted.cookie {
			t.Error("the planted cookie is kept")
		}
		if a := planted.call("GET", "/documents/notes", ""); a.status != 401 && a.status != 403 {
			t.Errorf("who planted it reads: %d", a.status)
		}
	}
}

// raw sends a request line as it is, with a cookie, and returns the answer.
func (m *member) raw(line string) (status int, body string) {
	m.h.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(m.h.http.URL, "http://"))
	if err != nil {
		m.h.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\nAccept: */*\r\nConnection: close\r\n\r\n", line, m.cookie)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		m.h.t.Fatalf("%s: %v", line, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		m.h.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// TestNoPathLeadsToWhatIsAnothers asks for a document in all ways to spell it.
func TestNoPathLeadsToWhatIsAnothers(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	ada.writes("secret", "treasure")
	bob.writes("notes", "abc")
	image := h.srvUpload(ada, "secret")
	for _, id := range []string{
		"secret", "%73ecret", "%2573ecret", "notes/../secret", "notes%2f..%2fsecret", "notes%2F%2e%2e%2Fsecret", "notes%252f..%252fsecret", "..%2fdocuments%2fsecret",
		"./secret", "secret%00", "notes%00secret", "secret%20", "secret.", "secret;x", "secret%3b", "secret%2f", "secret%5c", "..%5csecret", "%ef%bd%93ecret", "secre%cc%b2t",
		"SECRET", "Secret", "secret%0d%0aX-Evil:1", "%c0%aesecret", "secret%23", "secret%3f", "*", "%2a", "", "%2e", "%2e%2e",
	} {
		for _, rest := range []string{"", "/content", "/records", "/files/" + image, "/export?format=txt", "/archive", "/chat", "/access"} {
			status, body := bob.raw("GET /api/v1/documents/" + id + rest)
			if status < 300 && id+rest != "" || strings.Contains(body, "treasure") || strings.Contains(body, "PNG") {
				t.Errorf("%q%s answers %d %.100q", id, rest, status, body)
			}
		}
	}
	for _, line := range []string{
		"/api/v1/documents/notes/../secret/content", "/api/v1/documents/notes/%2e%2e/secret/content", "//api/v1/documents/secret/content", "/api/v1//documents/secret/content",
		"/api/v1/documents/notes/content/../../secret/content", "/d/../api/v1/documents/secret/content", "/api/v1/documents/notes/files/../../secret/content",
		"/api/v1/documents/notes/files/" + image, "/api/v1/documents/notes/files/..%2f..%2fsecret%2f" + image, "/api/v1/documents/notes/files/..%2f..%2faccounts.db",
		"/..%2faccounts.db", "/assets/..%2f..%2faccounts.db", "/assets/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/%00", "/.git/config",
		"http://localhost/api/v1/documents/secret/content",
	} {
		status, body := bob.raw("GET " + line)
		if strings.Contains(body, "treasure") || strings.Contains(body, "PNG") || strings.Contains(body, "root:") || status < 300 && !strings.Contains(body, "<title>tutti") {
			t.Errorf("%s answers %d %.100q", line, status, body)
		}
	}
	for _, ids := range []string{`["secret"]`, `["notes","secret"]`, `["../secret"]`, `["secret\u0000"]`, `["notes/../secret"]`} {
		if a := bob.call("POST", "/export", `{"ids":`+ids+`}`); a.status/100 != 4 {
			t.Errorf("an export of %s: %d", ids, a.status)
		}
	}
	for _, id := range []string{"secret", "%73ecret", "notes%2f..%2fsecret"} {
		w := bob.knock(id)
		if w.ends() < 4400 {
			t.Errorf("a socket to %s", id)
		}
	}
}

// srvUpload adds an image to a document and returns its name.
func (h *house) srvUpload(m *member, id string) string {
	h.t.Helper()
	var f shown
	m.call("POST", "/documents/"+id+"/files", dot(9, 9, 1), "Content-Type", "image/png").ok().into(&f)
	return f.Name
}

// ends reads until the socket is closed, and returns its code.
func (w *wire) ends() int {
	w.t.Helper()
	for {
		w.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, _, err := w.conn.ReadMessage(); err != nil {
			if closed, ok := err.(*websocket.CloseError); ok {
				return closed.Code
			}
			w.t.Fatal(err)
		}
	}
}

// TestNobodySubmitsAsAnotherClient knows the id of another's client, which all
// do, and tries to be taken for it: on an open server, and with accounts.
func TestNobodySubmitsAsAnotherClient(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	bob := ada.invites("bob")
	ada.writes("notes", "abc")
	ada.shares("notes", bob, session.Editor)
	open := &house{rest: inMemory(t)}
	open.create("notes", "text", "abc")
	for name, test := range map[string]struct{ owner, thief *member }{
		"with accounts": {ada, bob}, "open": {&member{h: open}, &member{h: open}},
	} {
		mine := test.owner.knock("notes")
		me := mine.fields("welcome")
		mine.say(`{"t":"op","seq":7,"rev":0,"op":[{"insert":"x"}]}`)
		mine.fields("records")
		for _, hello := range []string{
			`{"t":"hello","key":"` + me.Client + `"}`, // it looks like a key
			`{"t":"hello","key":"0123456789012345678901","client":"` + me.Client + `","session":"x","user":{"id":"` + me.User.ID + `"}}`,
		} {
			w := test.thief.open("notes")
			w.say(hello)
			f := w.fields("welcome")
			if f.Client == me.Client || f.Seq != 0 || f.User.ID == me.User.ID {
				t.Errorf("%s: welcomed as %+v, like %+v", name, f, me)
			}
			w.say(fmt.Sprintf(`{"t":"op","seq":1,"rev":%d,"client":"%s","user":"%s","op":[{"insert":"y"}]}`, f.Rev, me.Client, me.User.ID))
			record := string(w.fields("records").Records[0])
			if strings.Contains(record, me.Client) || strings.Contains(record, me.User.ID) {
				t.Errorf("%s: the record is %s", name, record)
			}
		}
		// By REST a key is bound to who asks: what they commit is never his.
		a := test.thief.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"z"}]}`, "Idempotency-Key", me.Client).ok()
		b := test.thief.call("GET", "/documents/notes/records?after=3", "").ok()
		if strings.Contains(string(b.body), me.Client) || strings.Contains(string(a.body), me.Client) {
			t.Errorf("%s: by REST: %s", name, b.body)
		}
		mine.say(`{"t":"ping","n":1}`) // is not disturbed
		mine.fields("pong")
	}
	// A key that both use is not the same to both.
	const key = "0123456789012345678901"
	first := ada.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"1"}]}`, "Idempotency-Key", key).written()
	if second := bob.call("PATCH", "/documents/notes/content", `{"edits":[{"append":"2"}]}`, "Idempotency-Key", key).written(); second.Revision == first.Revision {
		t.Error("bob is answered what ada wrote")
	}
}

// TestForwardedHeadersMakeNoAddress: what a link is, and whether a cookie is
// for TLS alone, is not for whoever sends a header to say.
func TestForwardedHeadersMakeNoAddress(t *testing.T) {
	h := newHouse(t)
	boss := h.first("boss")
	boss.writes("notes", "abc")
	lies := []string{"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https", "X-Forwarded-Scheme", "https", "X-Forwarded-Ssl", "on",
		"Forwarded", "host=evil.example;proto=https", "X-Original-Host", "evil.example", "X-Host", "evil.example", "X-Original-URL", "/api/v1/people", "X-Rewrite-URL", "/api/v1/people", "X-HTTP-Method-Override", "DELETE"}
	for _, path := range []string{"/invitations", "/documents/notes/links"} {
		a := boss.call("POST", path, `{}`, lies...).ok()
		if strings.Contains(string(a.body), "evil") || !strings.Contains(string(a.body), h.http.URL) {
			t.Errorf("%s answers %s", path, a.body)
		}
	}
	a := h.call("POST", "/session", `{"login":"boss","password":"`+password+`"}`, lies...).ok()
	if cookie := a.header.Get("Set-Cookie"); strings.Contains(cookie, "__Host") || a.header.Get("Strict-Transport-Security") != "" {
		t.Errorf("the cookie is %s", cookie)
	}
	boss.call("POST", "/documents/notes/restore", "", lies...).ok()
	boss.call("GET", "/documents/notes", "", lies...).ok() // and neither deleted nor somebody else's
	h.call("GET", "/people", "", lies...).refused(401, "unauthorized")
}

// TestALinkThatIsGuessedSaysNothing: a secret that never was, one that is over
// and one that is used up are the same to who guesses, and guessing ends.
func TestALinkThatIsGuessedSaysNothing(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	ada.writes("notes", "abc")
	id, revoked := ada.link("notes", `{"role":"editor"}`)
	ada.call("DELETE", "/documents/notes/links/"+id, "").ok()
	_, once := ada.link("notes", `{"uses":1}`)
	h.guest(once)
	never := string(h.followLink(strings.Repeat("x", 43), "", "").refused(404, "not_found").body)
	for _, secret := range []string{revoked, once, "", "x", id, strings.Repeat("x", 60_000), "' OR 1=1 --", "../" + revoked} {
		// Not by h, which would have them for secrets.
		if a := h.rest.call("POST", "/join", `{"secret":"`+secret+`"}`).refused(404, "not_found"); string(a.body) != never {
			t.Errorf("%.50q: %s", secret, a.body)
		}
		if a := h.rest.call("POST", "/redeem", `{"secret":"`+secret+`","login":"x","password":"`+password+`"}`).refused(404, "not_found"); string(a.body) != never {
			t.Errorf("%.50q redeemed: %s", secret, a.body)
		}
	}
	var last answer
	for i := range 200 {
		if last = h.followLink(fmt.Sprintf("%043d", i), "", ""); last.status != http.StatusNotFound {
			break
		}
	}
	if last.refused(429, "rate_limited"); last.header.Get("Retry-After") == "" {
		t.Error("nothing is said of when to try again")
	}
}

// TestAHeadThatIsTooLong is refused by net/http, whose 431 is no problem+json:
// nothing of ours has seen the request.
func TestAHeadThatIsTooLong(t *testing.T) {
	s := newSite(t)
	for _, head := range []string{
		"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
		"GET /" + strings.Repeat("x", 1<<20) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("X: x\r\n", 1<<17) + "\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + strings.Repeat("tutti=x; ", 1<<17) + "\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		go io.WriteString(conn, head) // is cut off before its end
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%.40q: %v", head, err)
		}
		if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge || !resp.Close {
			t.Errorf("%.40q: %s", head, resp.Status)
		}
		resp.Body.Close()
		conn.Close()
	}
}

// TestAHeadThatDoesNotCome holds no connection for long.
func TestAHeadThatDoesNotCome(t *testing.T) {
	bubble(t, func(t *testing.T, s *site) {
		for _, head := range []string{"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nX: x"} {
			conn, err := s.dial(t.Context(), "tcp", "")
			if err != nil {
				t.Fatal(err)
			}
			began, done := time.Now(), make(chan struct{})
			go func() {
				defer close(done)
				io.WriteString(conn, head)
				for {
					time.Sleep(3 * time.Second)
					if _, err := io.WriteString(conn, "x"); err != nil {
						return
					}
				}
			}()
			io.Copy(io.Discard, conn) // until the server ends it
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("%q was waited for %v", head, took)
			}
			conn.Close()
			<-done
		}
	})
}

// TestABodyIsNotUnpacked: one that says it is compressed is not taken at all.
func TestABodyIsNotUnpacked(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	ada.writes("notes", "abc")
	for _, coding := range []string{"gzip", "deflate", "br", "zstd", "gzip, gzip"} {
		for _, call := range [][3]string{{"PUT", "/documents/notes/content", plain}, {"POST", "/documents", "application/json"}, {"POST", "/documents/import", "text/html"}, {"POST", "/import", "application/zip"}} {
			ada.call(call[0], call[1], "x", "Content-Type", call[2], "Content-Encoding", coding).refused(415, "unsupported_media_type")
		}
	}
}

// TestWhatPeopleWriteIsInert puts scripts where they might run: each comes
// back as nothing that runs in this site.
func TestWhatPeopleWriteIsInert(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	const script = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`
	ada.call("POST", "/documents", `{"id":"notes","title":"</title><script>alert(1)</script>.html","content":"`+strings.ReplaceAll(script, `"`, `\"`)+`"}`).ok()
	ada.call("POST", "/documents/import?id=rich", script+"<p onclick=alert(1)>x</p><a href=javascript:alert(1)>y</a>", "Content-Type", "text/html").ok()
	for _, media := range []string{"image/svg+xml", "text/html", "image/png", "image/gif", "application/xhtml+xml", "text/xml", "image/png; x=text/html", "IMAGE/SVG+XML"} {
		ada.call("POST", "/documents/notes/files", script, "Content-Type", media).refused(415, "unsupported_media_type")
	}
	for _, id := range []string{"notes", "rich"} {
		for _, accept := range []string{"text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "image/svg+xml", "*/*"} {
			for _, path := range []string{"", "/content", "/records", "/diff?from=0&to=0", "/export?format=html", "/export?format=txt", "/export?format=delta", "/archive", "/chat", "/files", "/blame"} {
				a := ada.call("GET", "/documents/"+id+path, "", "Accept", accept)
				media, policy := a.header.Get("Content-Type"), a.header.Get("Content-Security-Policy")
				if a.header.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("%s as %s may be taken for something else", path, accept)
				}
				if strings.Contains(media, "svg") || strings.Contains(media, "xml") && !strings.Contains(media, "json") {
					t.Errorf("%s as %s is %s", path, accept, media)
				}
				if strings.Contains(media, "html") && (!strings.Contains(policy, "sandbox") || strings.Contains(policy, "script-src 'self'")) {
					t.Errorf("%s as %s is HTML under %q", path, accept, policy)
				}
				if strings.Contains(media, "html") && (strings.Contains(string(a.body), "<script") || strings.Contains(string(a.body), "onclick") || strings.Contains(string(a.body), "javascript:")) {
					t.Errorf("%s as %s holds %s", path, accept, a.body)
				}
				if strings.HasPrefix(path, "/export") && !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
					t.Errorf("%s is shown: %s", path, a.header.Get("Content-Disposition"))
				}
			}
		}
	}
	name := h.srvUpload(ada, "notes")
	a := ada.call("GET", "/documents/notes/files/"+name, "", "Accept", "text/html").ok()
	if a.header.Get("Content-Type") != "image/png" || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("an image comes with %v", a.header)
	}
}

// TestATitleIsNoHeader gives documents titles that end a header or a value in
// it: of a download, and in a ZIP.
func TestATitleIsNoHeader(t *testing.T) {
	h := newHouse(t)
	ada := h.first("ada")
	for i, title := range []string{`a\r\nX-Evil: 1`, `a\nSet-Cookie: tutti=x`, `a\u0000b`, `a\u0085b`, `a\u007fb`} {
		ada.call("POST", "/documents", fmt.Sprintf(`{"id":"no%d","title":"%s"}`, i, title)).refused(422, "field_invalid")
	}
	for i, title := range []string{`a\"; filename=\"evil.exe`, `a\u2028X-Evil: 1`, `..\\..\\evil`, `../../evil`, `a; filename*=UTF-8''evil.html`, `%0d%0aX-Evil: 1`, `CON`, `\u202egpj.exe`, strings.Repeat("é", 500)} {
		id := fmt.Sprintf("t%d", i)
		ada.call("POST", "/documents", `{"id":"`+id+`","title":"`+title+`","content":"x"}`).ok()
		for _, path := range []string{"/export?format=txt", "/archive"} {
			a := ada.call("GET", "/documents/"+id+path, "").ok()
			said := a.header.Get("Content-Disposition")
			if a.header.Get("X-Evil") != "" || len(a.header.Values("Set-Cookie")) > 0 || !strings.HasPrefix(said, "attachment; filename") ||
				strings.Count(said, "filename") > 1 && strings.Contains(said, "; filename=\"evil") || strings.ContainsAny(said, "/\\\r\n") {
				t.Errorf("%s is sent with %q", title, said)
			}
		}
	}
}

// TestNoAnswerRepeatsASecret that a request has brought.
func TestNoAnswerRepeatsASecret(t *testing.T) {
	h, _ := matrixHouse(t)
	boss := h.first("boss")
	boss.writes("notes", "abc")
	const mark = "tutti_hunter2hunter2hunter2"
	for _, a := range []answer{
		h.signIn("boss", mark), h.signIn(mark, mark), h.followLink(mark, mark, "tutti="+mark),
		h.call("POST", "/redeem", `{"secret":"`+mark+`","password":"`+mark+`"}`),
		h.call("POST", "/redeem", `{"secret":"`+mark),
		h.call("POST", "/session", `{"login":"x","password":"`+mark+`","password":1}`),
		h.call("GET", "/documents", "", "Authorization", "Bearer "+mark), h.call("GET", "/documents", "", "Cookie", "tutti="+mark),
		boss.call("POST", "/session/password", `{"current":"`+mark+`","password":"another horse"}`),
		boss.call("GET", "/logins", ""), boss.call("GET", "/tokens", ""), boss.call("GET", "/people", ""), boss.call("GET", "/session", ""),
	} {
		if strings.Contains(string(a.body), mark) || strings.Contains(string(a.body), "argon2") {
			t.Errorf("%s answers %s", a.what, a.body)
		}
	}
}

// TestToHoldAFrameIsNotToBeLetIn: on an open server, where nobody shows a
// token, a site that may hold a document in a frame could else do everything
// with the browser of whoever looks at it.
func TestToHoldAFrameIsNotToBeLetIn(t *testing.T) {
	const wiki = "https://wiki.example.org"
	s := newRest(t, store.NewMemory(), func(o *server.Options) { o.Embed = []server.Origin{wiki} })
	s.create("notes", "text", "abc")
	for _, method := range []string{"PATCH", "DELETE"} {
		s.call(method, "/documents/notes", "{}", "Origin", wiki).refused(403, "forbidden")
	}
	for _, method := range []string{"GET", "OPTIONS"} {
		a := s.call(method, "/documents/notes", "", "Origin", wiki, "Access-Control-Request-Method", "GET")
		if a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", method, a.header)
		}
	}
	d := websocket.Dialer{Subprotocols: []string{"tutti.v1"}}
	_, resp, err := d.Dial("ws"+strings.TrimPrefix(s.http.URL, "http")+"/api/v1/documents/notes/socket", http.Header{"Origin": {wiki}})
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a socket: %v", err)
	}
}
