package server

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestAPaceIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p paces
		at := pace{10 * time.Second, 3}
		for i := range 3 {
			if err := p.take("ada", at); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		for range 3 { // asking again costs nothing
			if err := problemOf(p.take("ada", at)); err.Status != 429 || err.seconds() != 10 {
				t.Errorf("%v, after %s", err, err.retryAfter)
			}
		}
		if err := p.take("bob", at); err != nil {
			t.Errorf("bob: %v", err)
		}
		time.Sleep(10 * time.Second)
		if err := p.take("ada", at); err != nil {
			t.Errorf("after a rest: %v", err)
		}
	})
}

func TestFewPacesAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p paces
		at := pace{time.Second, 1}
		for i := range pacesKept {
			p.take(fmt.Sprint(i), at)
		}
		time.Sleep(time.Second)
		p.take("one more", at)
		if len(p.of) != 1 {
			t.Errorf("%d are remembered", len(p.of))
		}
	})
}
