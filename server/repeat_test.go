package server_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"tutti/session"
)

const key = "0123456789abcdefghijKLMN"

func TestARepeatGetsTheFirstAnswer(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "text", "a\n")
		first := s.edits("d", `{"append":"x"}`) // not keyed: it is no repeat of anything
		first.wrote(1, `[{"retain":2},{"insert":"x"}]`)
		w := s.put("d", plain, "b\nx", "Idempotency-Key", key).written()
		s.edits("d", `{"append":"y"}`).ok()
		for _, repeat := range []answer{
			s.put("d", plain, "b\nx", "Idempotency-Key", key),
			s.put("d", plain, "\xff", "Idempotency-Key", key, "If-Match", `"99"`),
			s.put("d", "image/png", "", "Idempotency-Key", key),
			s.patch("d", `nonsense`, "Idempotency-Key", key),
		} {
			repeat.wrote(w.Revision, string(w.Op))
		}
		s.wantText("d", "b\nxy")
		if r := s.records("d")[w.Revision-1]; r.Seq != 1 || len(r.Client) != 22 {
			t.Errorf("the record is %+v", r)
		}
		// What committed nothing is tried anew.
		other := key + "2"
		s.patch("d", `{"edits":[{"find":"nowhere","replace":"x"}]}`, "Idempotency-Key", other).refused(422, "find_not_found")
		s.patch("d", `{"edits":[]}`, "Idempotency-Key", other).wrote(3, `[]`)
		s.patch("d", `{"edits":[{"append":"z"}]}`, "Idempotency-Key", other).wrote(4, `[{"retain":4},{"insert":"z"}]`)
		// In another document it is another write.
		s.create("e", "text", "")
		s.patch("e", `{"edits":[{"append":"z"}]}`, "Idempotency-Key", other).wrote(1, `[{"insert":"z"}]`)
	})
}

func TestARepeatIsKnownAfterARestartAndFarBack(t *testing.T) {
	path := t.TempDir() + "/tutti.db"
	st := openBolt(t, path)
	s := newRest(t, st)
	s.create("d", "text", "")
	w := s.patch("d", `{"edits":[{"append":"z"}]}`, "Idempotency-Key", key).written()
	for i := range 2500 { // more than the tail holds, and a snapshot
		if _, err := s.hub.Submit(t.Context(), "d", session.Submission{Client: "other", Seq: int64(i + 1), Rev: int64(i + 1), Op: parse(t, `[{"insert":"."}]`)}); err != nil {
			t.Fatal(err)
		}
	}
	s.patch("d", `{"edits":[{"append":"again"}]}`, "Idempotency-Key", key).wrote(w.Revision, string(w.Op))
	s.close()
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	s = newRest(t, openBolt(t, path))
	s.patch("d", `{"edits":[{"append":"again"}]}`, "Idempotency-Key", key).wrote(w.Revision, string(w.Op))
	if n := len(s.records("d")); n != 2501 {
		t.Errorf("%d records", n)
	}
}

func TestTwoWritersWithOneKeyAtOnceMakeOneCommit(t *testing.T) {
	onEachStore(t, func(s *rest) {
		s.create("d", "text", "")
		for round := range 20 {
			answers := make([]written, 8)
			var group sync.WaitGroup
			for i := range answers {
				group.Go(func() {
					a := s.patch("d", fmt.Sprintf(`{"edits":[{"append":"%d.%d "}]}`, round, i), "Idempotency-Key", fmt.Sprint(key, round))
					if a.status != 200 {
						t.Errorf("status %d: %s", a.status, a.body)
					}
					if err := json.Unmarshal(a.body, &answers[i]); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			for _, a := range answers[1:] {
				if a.Revision != int64(round+1) || string(a.Op) != string(answers[0].Op) {
					t.Fatalf("round %d: %+v", round, answers)
				}
			}
		}
		if n := len(s.records("d")); n != 20 {
			t.Errorf("%d records", n)
		}
	})
}
