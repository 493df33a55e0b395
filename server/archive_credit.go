package server

import "strings"

// archived begins the ids of those whom only an archive names.
const archived = "archive:"

// crediting returns as whom those are known here that an archive names. It is
// the word of who brings it: nobody but they themselves is taken for somebody
// of this server, unless an administrator says so, who restores a backup.
func (s *Server) crediting(who principal) func(string) string {
	if _, trusted := s.may(who, administer, nil); trusted {
		return func(user string) string { return user }
	}
	return func(user string) string {
		if user == "" || user == who.User.ID || strings.HasPrefix(user, archived) {
			return user
		}
		return archived + user
	}
}
