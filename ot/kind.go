package ot

// Kind is what a document can hold; it never changes.
type Kind string

const (
	Text Kind = "text" // plain text, Markdown, code: no attributes, no embeds
	Rich Kind = "rich" // attributes and embeds; always ends in a newline
)
