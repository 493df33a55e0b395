package formats

import (
	"net/url"
	"regexp"
	"strings"
)

// safeLink reports whether an address can be followed from a page without
// running anything: no javascript:, nor any scheme that isn't named here. One
// without a scheme is relative.
func safeLink(address string) bool {
	switch scheme, ok := schemeOf(address); scheme {
	case "", "http", "https", "mailto", "tel":
		return ok
	}
	return false
}

// dataImage is a picture within its address. SVG is not among the types: it
// may hold scripts.
var dataImage = regexp.MustCompile(`^(?i:data:image/(?:gif|jpeg|png|webp);base64,)[A-Za-z0-9+/]+=*$`)

// safeImage reports whether a picture may be shown from there.
func safeImage(address string) bool {
	switch scheme, ok := schemeOf(address); scheme {
	case "", "http", "https":
		return ok && address != ""
	case "data":
		return dataImage.MatchString(address)
	}
	return false
}

// schemeOf finds the scheme that a browser would: it overlooks controls and
// spaces before an address, and line ends and tabs within.
func schemeOf(address string) (scheme string, ok bool) {
	address = strings.TrimLeftFunc(address, func(r rune) bool { return r <= ' ' })
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(address)
	before, _, found := strings.Cut(address, ":")
	if !found || strings.ContainsAny(before, "/?#") {
		return "", true
	}
	u, err := url.Parse(before + ":")
	if err != nil {
		return "", false
	}
	return strings.ToLower(u.Scheme), true
}
