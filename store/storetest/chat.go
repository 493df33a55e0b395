package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"tutti/store"
)

var chatTests = []test{
	{"MessagesAreNumberedInOrder", messagesOrder},
	{"ADeletedMessageLeavesItsId", messageDropped},
	{"ChatComparesEpochs", chatRefused},
	{"ChatsOfDocumentsDoNotMix", chatsApart},
	{"OnlyTheNewestMessagesStay", messagesBounded},
	{"MessagesOfManyAreDense", messagesDense},
	{"ChatIsNoPartOfTheLog", chatOutsideLog},
	{"DeleteRemovesTheChatToo", chatDeleted},
}

func message(n int64) store.Message {
	return store.Message{ID: n, User: store.User{ID: "u1", Name: "Ada Ωλ"}, Color: "#d14b4b", Text: fmt.Sprint("<", n, ">\n\u2028😀"), At: 3000 + n}
}

// say adds messages, which must get these ids.
func say(t *testing.T, s store.Store, id string, ids ...int64) {
	t.Helper()
	for _, n := range ids {
		m := message(n)
		m.ID = 99 // is overwritten
		if got, err := s.AddMessage(id, epoch, m); err != nil || got != message(n) {
			t.Fatalf("AddMessage(%q) = %+v, %v; want %+v", id, got, err, message(n))
		}
	}
}

func gone(n int64) store.Message { return store.Message{ID: n, Deleted: true} }

func wantMessages(t *testing.T, s store.Store, id string, after int64, limit int, want ...store.Message) {
	t.Helper()
	got, err := s.Messages(id, after, limit)
	must(t, err)
	if !slices.Equal(got, want) {
		t.Errorf("Messages(%q, %d, %d) = %+v, want %+v", id, after, limit, got, want)
	}
}

func wantLast(t *testing.T, s store.Store, id string, want int64) {
	t.Helper()
	if got, err := s.LastMessage(id); err != nil || got != want {
		t.Errorf("LastMessage(%q) = %d, %v; want %d", id, got, err, want)
	}
}

func messagesOrder(t *testing.T, s store.Store) {
	create(t, s, "a")
	wantLast(t, s, "a", 0)
	wantMessages(t, s, "a", 0, 10)
	say(t, s, "a", 1, 2, 3)
	wantLast(t, s, "a", 3)
	wantMessages(t, s, "a", 0, 10, message(1), message(2), message(3))
	wantMessages(t, s, "a", -7, 2, message(1), message(2))
	wantMessages(t, s, "a", 1, 1, message(2))
	wantMessages(t, s, "a", 3, 10)
	wantMessages(t, s, "a", 0, 0)
}

func messageDropped(t *testing.T, s store.Store) {
	create(t, s, "a")
	say(t, s, "a", 1, 2, 3)
	must(t, s.DropMessage("a", epoch, 3))
	must(t, s.DropMessage("a", epoch, 1))
	wantMessages(t, s, "a", 0, 10, gone(1), message(2), gone(3))
	for _, n := range []int64{-1, 0, 1, 3, 4} {
		fails(t, s.DropMessage("a", epoch, n), store.ErrNoMessage)
	}
	wantLast(t, s, "a", 3)
	say(t, s, "a", 4)
}

func chatRefused(t *testing.T, s store.Store) {
	create(t, s, "a")
	say(t, s, "a", 1)
	_, err := s.AddMessage("a", "e0", message(2))
	fails(t, err, store.ErrConflict)
	fails(t, s.DropMessage("a", "e0", 1), store.ErrConflict)
	wantMessages(t, s, "a", 0, 10, message(1))
}

func chatsApart(t *testing.T, s store.Store) {
	create(t, s, "a", "aa", "b", "A")
	say(t, s, "a", 1, 2)
	say(t, s, "aa", 1)
	say(t, s, "b", 1, 2, 3)
	wantMessages(t, s, "a", 0, 10, message(1), message(2))
	wantMessages(t, s, "aa", 0, 10, message(1))
	wantLast(t, s, "a", 2)
	wantLast(t, s, "b", 3)
	wantLast(t, s, "A", 0)
}

func messagesBounded(t *testing.T, s store.Store) {
	create(t, s, "a")
	const extra = 3
	var group sync.WaitGroup // or each would pay for a sync of its own
	for range 20 {
		group.Go(func() {
			for range store.MessagesKept / 20 {
				if _, err := s.AddMessage("a", epoch, message(1)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	say(t, s, "a", store.MessagesKept+1, store.MessagesKept+2, store.MessagesKept+extra)
	got, err := s.Messages("a", 0, 2*store.MessagesKept)
	must(t, err)
	if len(got) != store.MessagesKept || got[0].ID != extra+1 {
		t.Errorf("%d messages are kept, the first is %d", len(got), got[0].ID)
	}
	fails(t, s.DropMessage("a", epoch, extra), store.ErrNoMessage)
}

func messagesDense(t *testing.T, s store.Store) {
	create(t, s, "a")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 25 {
				m, err := s.AddMessage("a", epoch, message(1))
				if err != nil {
					t.Error(err)
					return
				}
				// What is durable has all that comes before it.
				if got, err := s.Messages("a", 0, int(m.ID)); err != nil || int64(len(got)) != m.ID || got[m.ID-1].ID != m.ID {
					t.Errorf("behind message %d there are %d, %v", m.ID, len(got), err)
				}
			}
		})
	}
	group.Wait()
	wantLast(t, s, "a", 200)
}

func chatOutsideLog(t *testing.T, s store.Store) {
	create(t, s, "a")
	appendRun(t, s, "a", 0, 1)
	before, err := s.Info("a")
	must(t, err)
	say(t, s, "a", 1)
	must(t, s.DropMessage("a", epoch, 1))
	if after, err := s.Info("a"); err != nil || after != before {
		t.Errorf("Info = %+v, %v; was %+v", after, err, before)
	}
	appendRun(t, s, "a", 1, 1)
}

func chatDeleted(t *testing.T, s store.Store) {
	create(t, s, "a")
	say(t, s, "a", 1, 2)
	must(t, s.Delete("a"))
	create(t, s, "a")
	wantMessages(t, s, "a", 0, 10)
	say(t, s, "a", 1)
}
