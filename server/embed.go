package server

import (
	"fmt"
	"regexp"
	"strings"
)

// Origin is a site, as https://wiki.example.org or http://localhost:3000.
type Origin string

var validOrigin = regexp.MustCompile(`^https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$`)

// UnmarshalText implements encoding.TextUnmarshaler. An origin goes into a
// header, so nothing else can be one.
func (o *Origin) UnmarshalText(text []byte) error {
	site := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(string(text))), "/")
	if !validOrigin.MatchString(site) {
		return fmt.Errorf("%q is no origin such as https://wiki.example.org", text)
	}
	*o = Origin(site)
	return nil
}

// embedPolicy is the contentPolicy for a page that those sites may hold in a
// frame. What is in the frame is a page of this server all the same: its
// requests and sockets come from its own origin.
func embedPolicy(sites []Origin) string {
	policy := contentPolicy // which ends in who may
	for _, site := range sites {
		policy += " " + string(site)
	}
	return policy
}
