package session

import "time"

const (
	// waitForCompany is how long a batch is held open for the next of those who
	// are expected: in a crowd they come one after the other.
	waitForCompany = 300 * time.Microsecond
	// promptly is how soon after their answers those come back who write as
	// fast as they are answered, and so for how long any batch is held open.
	promptly = 3 * time.Millisecond
)

// company guesses how many sessions are about to submit. Programs that write as
// fast as they are answered fall into groups otherwise: one waits for the
// commit of the other, and each is sent a frame for every group. A moment's
// patience brings them into one batch, which is sooner durable for all of them.
// People who type are never twice among so few batches, unless they are few:
// then long after the last answer.
type company struct {
	turn     int64 // counts the batches
	here     int   // how many sessions had a part in the last, and in one of the two before
	expected int   // such in the last or the one before
	answered time.Time
	timer    *time.Timer
}

// meet notes who has a part in a batch, before it is answered: then they are
// their authors' again.
func (c *company) meet(batch []*submission) {
	c.turn++
	here, again := 0, 0
	for _, sub := range batch {
		s := sub.session
		if s == nil || s.turn == c.turn {
			continue
		}
		switch c.turn - s.turn {
		case 1:
			again++
			here++
		case 2:
			here++
		}
		s.turn = c.turn
	}
	c.expected = here + max(0, c.here-again)
	c.here = here
}

// next returns what comes next, or nothing if there is nothing and nobody is
// worth waiting for. have is how many the batch has.
func (c *company) next(in *inbox, have int) request {
	if r, ok := in.take(); ok || have >= c.expected || time.Since(c.answered) > promptly {
		return r
	}
	if c.timer == nil {
		c.timer = time.NewTimer(waitForCompany)
	} else {
		c.timer.Reset(waitForCompany)
	}
	for comes := in.comes(); ; {
		if r, ok := in.take(); ok {
			return r
		}
		select {
		case <-comes:
		case <-c.timer.C:
			return request{}
		}
	}
}
