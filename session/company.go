package session

import "time"

const (
	// waitForCompany is how long a batch is held open for those who are expected.
	waitForCompany = 150 * time.Microsecond
	// promptly is how soon after their answers those come back who write as
	// fast as they are answered. Nobody types like that: people never wait
	// for each other.
	promptly = time.Millisecond
)

// company guesses how many sessions are about to submit. Programs that write as
// fast as they are answered fall into two groups otherwise: one waits for the
// commit of the other, and each edit for two commits. A moment's patience
// brings them into one batch, which is sooner durable for all of them.
type company struct {
	turn     int64 // counts the batches
	here     int   // how many sessions had a part in the last
	expected int   // in the last or the one before
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
		here++
		if s.turn == c.turn-1 {
			again++
		}
		s.turn = c.turn
	}
	c.expected = here + c.here - again
	c.here = here
}

// next returns what comes next, or nothing if there is nothing and nobody is
// worth waiting for. have is how many the batch has; for the first of a batch
// that waits, began is false.
func (c *company) next(inbox <-chan request, have int, began bool) (r request, waited bool) {
	select {
	case r = <-inbox:
		return r, began
	default:
	}
	if have >= c.expected || time.Since(c.answered) > promptly {
		return request{}, began
	}
	switch {
	case c.timer == nil:
		c.timer = time.NewTimer(waitForCompany)
	case !began:
		c.timer.Reset(waitForCompany)
	}
	select {
	case r = <-inbox:
	case <-c.timer.C:
	}
	return r, true
}
