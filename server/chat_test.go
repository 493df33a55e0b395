package server_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// chatPage is what a list of messages answers.
type chatPage struct {
	Items []struct {
		ID      int64
		User    struct{ ID, Name string }
		Text    string
		At      int64
		Deleted bool
	}
	Next string
}

// chat returns a page as "id:text", a deleted message as "-id", and the next.
func (s *rest) chat(id, query string) (said, next string) {
	s.t.Helper()
	var page chatPage
	s.call("GET", "/documents/"+id+"/chat"+query, "").ok().into(&page)
	if page.Items == nil {
		s.t.Error("items is no list")
	}
	var all []string
	for _, m := range page.Items {
		if m.Deleted {
			all = append(all, fmt.Sprint("-", m.ID))
			continue
		}
		all = append(all, fmt.Sprint(m.ID, ":", m.Text))
	}
	return strings.Join(all, " "), page.Next
}

func (s *rest) wantChat(id, query, want, wantNext string) {
	s.t.Helper()
	if got, next := s.chat(id, query); got != want || next != wantNext {
		s.t.Errorf("%s: %q and then %q, want %q, %q", query, got, next, want, wantNext)
	}
}

func (s *rest) say(id, text string) answer {
	s.t.Helper()
	return s.call("POST", "/documents/"+id+"/chat", fmt.Sprintf(`{"text":%q}`, text))
}

func TestChatIsPagedFromItsEnd(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "text", "abc")
		s.wantChat("d", "", "", "")
		for i := range 5 {
			said := s.say("d", fmt.Sprintf(" m%d\n", i+1)).ok()
			if want := fmt.Sprint("/api/v1/documents/d/chat/", i+1); said.status != 201 || said.header.Get("Location") != want {
				s.t.Errorf("%d %s, want %s", said.status, said.header.Get("Location"), want)
			}
		}
		s.call("DELETE", "/documents/d/chat/4", "").ok()
		s.wantChat("d", "", "5:m5 -4 3:m3 2:m2 1:m1", "")
		s.wantChat("d", "?limit=2", "5:m5 -4", "4")
		s.wantChat("d", "?limit=2&before=4", "3:m3 2:m2", "2")
		s.wantChat("d", "?limit=2&before=2", "1:m1", "")
		s.wantChat("d", "?before=1", "", "")
		s.wantChat("d", "?before=-9", "", "")
		s.wantChat("d", "?before=99&limit=1", "5:m5", "5")
		s.call("GET", "/documents/d/chat?before=x", "").refused(400, "bad_parameter")
		if s.head("d") != 0 || s.content("d") != `[{"insert":"abc"}]` {
			s.t.Error("the chat is in the history")
		}
	})
}

func TestChatIsToldAndDeletionsToo(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	ada, _ := s.dial("d", "Ada")
	ben, _ := s.dial("d", "Ben")
	s.say("d", "beep").ok()
	ada.say(`{"t":"chat","text":"what?"}`)
	for _, w := range []*wire{ada, ben} {
		heard := ""
		for strings.Count(heard, ";") < 2 {
			for _, m := range w.hear("chat").Messages {
				heard += fmt.Sprint(m.ID, m.User.Name, m.Text, m.Color != "", ";")
			}
		}
		if heard != "1Guestbeepfalse;2Adawhat?true;" {
			t.Errorf("heard %s", heard)
		}
	}
	s.call("DELETE", "/documents/d/chat/2", "").ok()
	if m := ben.hear("chat").Messages; len(m) != 1 || m[0].ID != 2 || !m[0].Deleted || m[0].Text != "" {
		t.Errorf("heard %+v", m)
	}
	s.wantChat("d", "", "-2 1:beep", "")
}

func TestChatRefusals(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "")
	for _, text := range []string{"", ` \n`, `\u0007`, strings.Repeat("x", 2001)} {
		s.call("POST", "/documents/d/chat", `{"text":"`+text+`"}`).refused(422, "field_invalid")
	}
	s.call("POST", "/documents/d/chat", `{}`).refused(400, "bad_parameter")
	s.call("POST", "/documents/d/chat", `{"text":"\ud800"}`).refused(400, "bad_json")
	s.say("nowhere", "x").refused(404, "document_not_found")
	s.call("GET", "/documents/nowhere/chat", "").refused(404, "document_not_found")
	s.say("d", "x").ok()
	s.call("DELETE", "/documents/d/chat/1", "").ok()
	for _, message := range []string{"1", "2", "0", "-1", "x", "99999999999999999999"} {
		s.call("DELETE", "/documents/d/chat/"+message, "").refused(404, "not_found")
	}
	s.call("DELETE", "/documents/d", "").ok()
	s.say("d", "x").refused(410, "document_deleted")
	s.call("GET", "/documents/d/chat", "").refused(410, "document_deleted")
	s.call("DELETE", "/documents/d?permanent=true", "").ok()
	s.create("d", "text", "")
	s.wantChat("d", "", "", "")
}

// TestWhatIsNoEditIsCountedToo: what people say, the images they add, and the
// clients whose content is another than the server's.
func TestWhatIsNoEditIsCountedToo(t *testing.T) {
	s := inMemory(t)
	s.create("d", "text", "abc")
	s.say("d", "hello").ok()
	s.upload("d", dot(1, 1, 1))
	ada, _ := s.dial("d", "Ada")
	ada.say(`{"t":"check","rev":0,"hash":"` + strings.Repeat("0", 64) + `"}`)
	ada.hear("diverged")
	resp, err := s.http.Client().Get(s.http.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	figures, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tutti_chat_messages_total", "tutti_files_uploaded_total", "tutti_clients_diverged_total"} {
		if !strings.Contains(string(figures), "\n"+name+" 1\n") {
			t.Errorf("%s is not 1", name)
		}
	}
}
