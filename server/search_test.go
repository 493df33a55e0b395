package server_test

import (
	"fmt"
	"testing"
)

// indexed waits until the index has read everything.
func (s *rest) indexed() {
	s.t.Helper()
	s.eventually("all is indexed", func() bool { return s.index.Behind() == 0 })
}

func TestDocumentsAreFound(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.add(`{"id":"minutes","title":"Minutes","tags":["meeting"],"content":"We spoke 😀 about the budget.\nAnd about the weather."}`)
		s.add(`{"id":"plan","kind":"rich","title":"The budget","content":[{"insert":"Numb"},{"insert":"ers","attributes":{"bold":true}},{"insert":" only\n"}]}`)
		s.indexed()
		s.wantList("q=budget", "plan", "minutes")
		s.wantList("q=numbers", "plan")
		s.wantList("q=weath", "minutes")
		s.wantList("q=budget+weather", "minutes")
		s.wantList("q=budget&sort=title", "minutes", "plan")
		s.wantList("q=budget&tag=meeting", "minutes")
		s.wantList("q=budget&kind=rich", "plan")
		s.wantList("q=nowhere")
		s.wantList("q=%21%3F")
		s.wantList("q=++&sort=title", "minutes", "plan")

		found := s.list("q=the+budg").Items
		if got := fmt.Sprint(found[0].TitleMarks); got != "[{0 3} {4 10}]" {
			t.Errorf("title marks %s", got)
		}
		if got := fmt.Sprintf("%+v", *found[1].Snippet); got != "{Text:We spoke 😀 about the budget. And about the weather. Marks:[{Start:18 End:21} {Start:22 End:28} {Start:40 End:43}]}" {
			t.Errorf("snippet %s", got)
		}

		s.put("minutes", plain, "We spoke about the agenda.").ok()
		s.call("PATCH", "/documents/plan", `{"title":"Weather"}`).ok()
		s.indexed()
		s.wantList("q=budget")
		s.wantList("q=agenda", "minutes")
		s.wantList("q=weather", "plan")
		s.call("DELETE", "/documents/plan", "").ok()
		s.wantList("q=weather")
		s.wantList("q=weather&trashed=true", "plan")
	})
}

func TestSearchIsPaged(t *testing.T) {
	s := inMemory(t)
	for i := range 20 {
		s.add(fmt.Sprintf(`{"id":"d%02d","content":"word word %d"}`, i, i))
	}
	s.indexed()
	seen := map[string]bool{}
	for next := ""; ; {
		page := s.list("q=word&limit=6" + next)
		for _, item := range page.Items {
			if seen[item.ID] {
				t.Errorf("%s twice", item.ID)
			}
			seen[item.ID] = true
		}
		if page.Next == "" {
			break
		}
		next = "&cursor=" + page.Next
	}
	if len(seen) != 20 {
		t.Errorf("%d of 20", len(seen))
	}
}
