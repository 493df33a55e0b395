package session

import "time"

// slowAfter is how long a record may wait for a session before it is counted
// as slow: longer than a good line takes, and shorter than people do not notice.
const slowAfter = time.Second

// Lag says how far delivery is behind just now: for how long the record that
// has waited most for a session has been committed, and how many sessions keep
// one waiting for longer than a second. Nobody counts while people write.
func (h *Hub) Lag() (longest time.Duration, slow int) {
	now := time.Now().UnixMilli()
	for _, d := range h.documents("") {
		d.mu.Lock()
		for _, s := range d.sessions {
			waiting, _ := d.tail.after(max(s.rev, d.tail.base)) // who is behind the tail, at least so long
			if len(waiting) == 0 {
				continue
			}
			waits := time.Duration(now-waiting[0].At) * time.Millisecond
			longest = max(longest, waits)
			if waits > slowAfter {
				slow++
			}
		}
		d.mu.Unlock()
	}
	return longest, slow
}
