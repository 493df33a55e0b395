package formats

import (
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// sanitizer lets through what the reader of HTML understands and nothing that
// runs. The reader takes only what it knows, too: this is the second lock. But
// for addresses, of which the reader alone decides: bluemonday would spell them
// anew, and what is written and read back would look changed.
var sanitizer = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for a := range blocks {
		p.AllowElements(a.String())
	}
	for tag := range readTags {
		p.AllowElements(tag)
	}
	p.AllowElements("a", "br", "hr", "img", "input", "span", "td", "th")
	p.RequireParseableURLs(false)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^[0-9]{1,5}(?:px|%)?$`)).OnElements("img")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked").OnElements("input")
	p.AllowAttrs("data-list").OnElements("li")
	p.AllowAttrs("class").Globally()
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(?:ltr|rtl)$`)).Globally()
	p.AllowStyles("white-space").MatchingEnum("pre", "pre-wrap").Globally()
	for _, s := range append(inlineStyles[:len(inlineStyles):len(inlineStyles)], blockStyles...) {
		p.AllowStyles(s.property).Matching(s.valid).Globally()
	}
	return p
})

// displayed is for HTML that goes to a browser without having been read: what
// a text document in Markdown looks like.
var displayed = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[A-Za-z0-9_+#.-]{1,32}$`)).OnElements("code")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").OnElements("input")
	return p
})
