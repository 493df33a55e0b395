package server

import (
	"mime"
	"strconv"
	"strings"
)

// negotiate returns which of the offers the Accept headers like best, the
// first of equals; -1 if none. A range speaks for an offer where no more
// precise one does (RFC 9110, 12.5.1).
func negotiate(accept []string, offers []representation) int {
	ranges := strings.Split(strings.Join(accept, ","), ",")
	if strings.TrimSpace(strings.Join(accept, "")) == "" {
		return 0
	}
	best, bestQuality := -1, 0.0
	for i, o := range offers {
		quality, precise := 0.0, 0
		for _, r := range ranges {
			media, params, err := mime.ParseMediaType(r)
			if err != nil {
				continue
			}
			p := precision(media, o.media)
			if p <= precise {
				continue
			}
			q, err := strconv.ParseFloat(params["q"], 64)
			if err != nil {
				q = 1
			}
			quality, precise = q, p
		}
		if quality > bestQuality {
			best, bestQuality = i, quality
		}
	}
	return best
}

// precision tells how closely a media range describes a type; 0: not at all.
func precision(media, offer string) int {
	switch kind, _, _ := strings.Cut(offer, "/"); media {
	case offer:
		return 3
	case kind + "/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}
