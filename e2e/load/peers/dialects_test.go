package main

import (
	"encoding/binary"
	"slices"
	"testing"

	"tutti/e2e/load"
)

// yjs is a session of Hocuspocus as it is after joining.
func yjs(id uint64) *hocuspocusSession {
	return &hocuspocusSession{
		id: id, author: string(binary.AppendUvarint(nil, id)), address: appendString(nil, "d"),
		clocks: map[uint64]uint64{firstClient: uint64(len(load.Text))},
	}
}

func TestUpdatesOfOthersAreCounted(t *testing.T) {
	ada, bob := yjs(70_000), yjs(80_000)
	for n := int64(1); n <= 3; n++ {
		_, frame := ada.Edit(12, "x")
		var seen []int64
		taken, err := bob.Take(frame, func(author []byte, n int64) {
			if string(author) != ada.author {
				t.Errorf("an edit of %q", author)
			}
			seen = append(seen, n)
		})
		if err != nil || taken != (load.Taken{Edits: 1}) || !slices.Equal(seen, []int64{n}) {
			t.Errorf("%x: %+v, seen %d, %v", frame, taken, seen, err)
		}
		if taken, err := bob.Take(frame, nil); err != nil || taken != (load.Taken{}) {
			t.Errorf("the same again: %+v, %v", taken, err)
		}
		if taken, err := ada.Take(frame, nil); err != nil || taken != (load.Taken{}) {
			t.Errorf("one's own: %+v, %v", taken, err)
		}
	}
	// Two updates that the server has merged, of two people.
	merged := append(appendString(nil, "d"), messageSync, syncUpdate, 0,
		2, 1, 0xf0, 0xa2, 4, 3, refString|hasOrigin, 1, 5, 1, 'x', 1, 0x90, 0xf1, 4, 0, refString|hasOrigin, 1, 5, 1, 'x', 0)
	if taken, err := yjs(9).Take(merged, nil); err != nil || taken.Edits != 5 {
		t.Errorf("merged: %+v, %v", taken, err)
	}
	if taken, err := yjs(9).Take(append(appendString(nil, "d"), messageSyncStatus, 1), nil); err != nil || taken.Acks != 1 {
		t.Errorf("status: %+v, %v", taken, err)
	}
	for _, broken := range [][]byte{append(appendString(nil, "d"), messageSyncStatus, 0), merged[:9], {}} {
		if _, err := yjs(9).Take(broken, nil); err == nil {
			t.Errorf("%x is taken", broken)
		}
	}
}

func TestOpsOfShareDBAreCounted(t *testing.T) {
	s := &shareDBSession{author: "me", document: "d", version: 4, foreign: []byte(`{"a":"op","c":"docs","d":"d","v":`), own: []byte(`{"src":"me","seq":`)}
	for _, step := range []struct {
		frame string
		taken load.Taken
		fails bool
	}{
		{`{"a":"op","c":"docs","d":"d","v":4,"src":"you","seq":9,"op":[]}`, load.Taken{Edits: 1}, false},
		{`{"src":"me","seq":1,"v":5,"a":"op","c":"docs","d":"d"}`, load.Taken{Acks: 1}, false},
		{`{"a":"op","c":"docs","d":"d","v":4,"src":"you","seq":9,"op":[]}`, load.Taken{}, false},
		{`{"a":"op","c":"docs","d":"d","v":7,"src":"you","seq":11,"op":[]}`, load.Taken{}, true},
		{`{"a":"op","c":"docs","d":"d","error":{"code":"x"}}`, load.Taken{}, true},
	} {
		if taken, err := s.Take([]byte(step.frame), nil); taken != step.taken || (err != nil) != step.fails {
			t.Errorf("%s: %+v, %v", step.frame, taken, err)
		}
	}
}
