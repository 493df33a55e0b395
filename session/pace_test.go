package session

import (
	"testing"
	"testing/synctest"
	"time"
)

const ping = `{"t":"ping","n":1}`

// flood sends pings as fast as they are taken, and returns how many were, and
// after what time, when it was cut off or limit had passed.
func (p *peer) flood(limit time.Duration, before func(n int)) (n int, took time.Duration) {
	began := time.Now()
	for time.Since(began) < limit {
		before(n)
		if p.Handle([]byte(ping)) != nil {
			break
		}
		n++
		p.got()
	}
	return n, time.Since(began)
}

func never(int) {}

func TestWhoIsTooFastIsReadSlowlyAndThenCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "", limited(Limits{Rate: 100}))
		a := r.join("a")
		n, took := a.flood(time.Minute, never)
		if took < rateGrace || took > rateGrace+2*time.Second {
			t.Errorf("cut off after %v", took)
		}
		if most := 100 * int(took/time.Second+1); n > most+100 {
			t.Errorf("%d frames were taken, more than %d", n, most)
		}
		if why := a.wantEnd(CodeTooFast); why.RetryAfter < 1 {
			t.Error("without retryAfter")
		}
	})
}

// TestWhoIsTooFastIsCutOffAlthoughTimersAreLate: a real timer wakes up late,
// and then some frames are taken at once. That is no rest.
func TestWhoIsTooFastIsCutOffAlthoughTimersAreLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "", limited(Limits{Rate: 5000}))
		a := r.join("a")
		_, took := a.flood(time.Minute, func(n int) {
			if n%50 == 0 {
				time.Sleep(time.Millisecond)
			}
		})
		if took > rateGrace+2*time.Second {
			t.Errorf("cut off after %v", took)
		}
	})
}

func TestABurstIsTakenAtOnceAndARestForgivesIt(t *testing.T) {
	for _, rate := range []int{1, 10, 5000} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, "", limited(Limits{Rate: rate}))
			a := r.join("a")
			for range 5 {
				if n, took := a.flood(time.Second, func(n int) {
					if n == rate {
						time.Sleep(time.Second)
					}
				}); n < rate || took > 3*time.Second {
					t.Errorf("rate %d: %d frames in %v", rate, n, took)
				}
				time.Sleep(2 * time.Second)
			}
		})
	}
}

func TestWhoKeepsJustBelowTheRateIsNeverCutOff(t *testing.T) {
	for _, rate := range []int{1, 10, 100} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, "", limited(Limits{Rate: rate}))
			a := r.join("a")
			began := time.Now()
			n, took := a.flood(time.Minute, func(n int) {
				time.Sleep(time.Until(began.Add(time.Duration(n) * time.Second * 21 / 20 / time.Duration(rate))))
			})
			if took < time.Minute {
				t.Errorf("rate %d: cut off after %v and %d frames", rate, took, n)
			}
		})
	}
}

func TestWhoWaitsForItsRateIsFreedByTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "", limited(Limits{Rate: 1}))
		a := r.join("a")
		a.say(ping)
		began := time.Now()
		time.AfterFunc(10*time.Millisecond, func() { a.End(&Close{Code: CodeDone}) })
		if err := a.Handle([]byte(ping)); err == nil || time.Since(began) > 20*time.Millisecond {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}
