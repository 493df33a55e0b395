package session

import (
	"time"
)

// pause lets everything happen that is due, in a bubble: presence is told at
// most once each presenceEvery.
func pause() { time.Sleep(2 * presenceEvery) }
