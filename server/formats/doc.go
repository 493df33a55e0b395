// Package formats turns the contents of rich documents into HTML and Markdown
// and back.
//
// What is read may come from anywhere. It is bounded in size and in the time
// that it takes, and gives a content that [ot.NewDocument] takes, ending in a
// newline, or an error: [ErrTooLarge], or an [Invalid]. What a rich document
// can't show is left out, its text kept: the cells of a table become text with
// tabs between. Nothing that could run comes in, and nothing that could run is
// written, whatever the content holds: no scripts, no handlers, no address of
// a scheme that isn't known to be harmless.
//
// What is written of a content that uses the formats of Quill 2 is read back
// as the same content, but for what the format can't say: an embed that isn't
// a picture, a value that isn't safe.
package formats

import (
	"errors"
	"fmt"
)

// MaxBytes bounds what is read as HTML or Markdown: the parsers take some
// thirty times the memory of the text.
const MaxBytes = 8 << 20

// ErrTooLarge says that a text has more than MaxBytes.
var ErrTooLarge = errors.New("formats: the text is too large")

// Invalid is what is wrong with a text that can't be read.
type Invalid string

func (e Invalid) Error() string { return string(e) }

func invalid(format string, args ...any) error { return Invalid(fmt.Sprintf(format, args...)) }
