package load

import (
	"slices"
	"testing"
)

func TestRecordsAreCounted(t *testing.T) {
	me, you := "me00000000000000000000", "you0000000000000000000"
	record := func(rev, client, seq string) string {
		return `{"rev":` + rev + `,"client":"` + client + `","seq":` + seq + `,"user":"{\"rev\":7","at":1,"op":[{"insert":"{\"rev\":9,\"client\":\""}]}`
	}
	for _, test := range []struct {
		frame string
		taken Taken
		seen  []int64
		fails bool
	}{
		{frame: `{"t":"records","records":[` + record("8", me, "3") + `]}`, taken: Taken{Acks: 1}},
		{frame: `{"t":"records","records":[` + record("9", you, "41") + `,` + record("10", me, "4") + `,` + record("11", you, "42") + `]}`, taken: Taken{Acks: 1, Edits: 2}, seen: []int64{41, 42}},
		{frame: `{"t":"records","records":[{"rev":12,"seq":5,"client":"` + me + `"}]}`, fails: true},
		{frame: `{"t":"presence","people":[{"text":"{\"rev\":"}]}`},
		{frame: `{"t":"refused","seq":1,"code":"rev_stale"}`, fails: true},
		{frame: `{"t":"bye","code":1012}`, fails: true},
	} {
		s := &tuttiSession{author: me}
		var seen []int64
		taken, err := s.Take([]byte(test.frame), func(author []byte, n int64) {
			if string(author) != you {
				t.Errorf("%s: an edit of %s", test.frame, author)
			}
			seen = append(seen, n)
		})
		if taken != test.taken || !slices.Equal(seen, test.seen) || (err != nil) != test.fails {
			t.Errorf("%s: %+v, seen %d, %v", test.frame, taken, seen, err)
		}
	}
}

func TestAnEditIsMadeAgainstWhatComesBeforeIt(t *testing.T) {
	s := &tuttiSession{author: "me", rev: 5}
	s.Take([]byte(`{"t":"records","records":[{"rev":6,"client":"you","seq":1,"user":"","at":1,"op":[]}]}`), nil)
	if _, frame := s.Edit(0, "ab"); string(frame) != `{"t":"op","seq":1,"rev":6,"op":[{"insert":"ab"}]}` {
		t.Errorf("%s", frame)
	}
	if _, frame := s.Edit(12, "x"); string(frame) != `{"t":"op","seq":2,"rev":7,"op":[{"retain":12},{"insert":"x"}]}` {
		t.Errorf("before the first is acknowledged: %s", frame)
	}
}
