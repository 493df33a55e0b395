package session

// SetRole changes what the session may do: the client is told, and the next
// delta to be decided is decided by it. It may be called from any goroutine.
func (s *Session) SetRole(r Role) {
	s.doc.mu.Lock()
	defer s.doc.mu.Unlock()
	if s.Role == r || s.end != nil {
		return
	}
	s.Role = r
	if who := s.doc.presence.people[s.ID]; who != nil {
		who.Role = r
	}
	s.doc.wake(s)
}

// Epoch is that of the document which the session is in.
func (s *Session) Epoch() string { return s.doc.epoch }

// role is what the session may do now.
func (s *Session) role() Role {
	s.doc.mu.Lock()
	defer s.doc.mu.Unlock()
	return s.Role
}
