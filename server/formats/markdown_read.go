package formats

import (
	"bytes"
	"fmt"
	"regexp"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	goldtext "github.com/yuin/goldmark/text"

	"tutti/ot"
)

// markdown turns Markdown into HTML as GitHub does, but for bare addresses,
// which stay text. HTML within comes out as it stands, so what it gives is
// always sanitised.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	inline := parser.DefaultInlineParsers()
	for i, p := range inline {
		if links, ok := p.Value.(linkParser); ok {
			inline[i].Value = boundedLinks{links}
		}
	}
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(parser.DefaultBlockParsers()...),
			parser.WithInlineParsers(inline...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...))),
		goldmark.WithExtensions(extension.Strikethrough, extension.Table, extension.TaskList),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
})

// ReadMarkdown makes the content of a rich document of Markdown.
func ReadMarkdown(source []byte) (ot.Delta, error) {
	page, err := markdownHTML(source)
	if err != nil {
		return nil, err
	}
	return readHTML(page, keepSpaces)
}

// What goldmark needs for some things grows with the square of their number:
// for a line that opens quotes and lists in one another, and for the
// definitions of links. So there is an end to both.
const (
	maxNested      = 100
	maxDefinitions = 20_000
)

var (
	marker     = regexp.MustCompile(`^[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t])`)
	definition = regexp.MustCompile(`(?m)^[> \t]*\[[^\n]*\]:`)
)

// nestsDeep reports whether a line opens too many quotes and lists.
func nestsDeep(source []byte) bool {
	for line := range bytes.Lines(source) {
		for n := 0; ; n++ {
			found := marker.FindIndex(line)
			if found == nil {
				break
			}
			if n == maxNested {
				return true
			}
			line = line[found[1]:]
		}
	}
	return false
}

// RenderMarkdown turns Markdown into HTML to be looked at: a part of a page,
// and a safe one.
func RenderMarkdown(source []byte) ([]byte, error) {
	page, err := markdownHTML(source)
	if err != nil {
		return nil, err
	}
	return displayed().SanitizeBytes(page), nil
}

// markdownHTML is Markdown as HTML that nobody has made safe yet.
func markdownHTML(source []byte) ([]byte, error) {
	if len(source) > MaxBytes {
		return nil, ErrTooLarge
	}
	if nestsDeep(source) {
		return nil, invalid("the Markdown nests too deep")
	}
	if len(definition.FindAllIndex(source, maxDefinitions+1)) > maxDefinitions {
		return nil, invalid("the Markdown defines more than %d links", maxDefinitions)
	}
	var page bytes.Buffer
	if err := markdown().Convert(source, &page); err != nil {
		return nil, fmt.Errorf("markdown: %w", err)
	}
	return page.Bytes(), nil
}

// linkParser is what goldmark's parser of links is, and no other of its
// inline parsers.
type linkParser interface {
	parser.InlineParser
	parser.CloseBlocker
}

// boundedLinks is that parser with an end to its patience: at each closing
// bracket it may look through all the rest of a paragraph, so 80 KB of `[a](`
// take it seconds, and 800 KB minutes. When all its looking comes to
// linkBytes, the brackets that are left stay text.
type boundedLinks struct{ linkParser }

const linkBytes = 64 << 20

var linkBudget = parser.NewContextKey()

func (l boundedLinks) Parse(parent ast.Node, block goldtext.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if lines := parent.Lines(); line[0] == ']' && lines.Len() > 0 {
		spent, _ := pc.Get(linkBudget).(int)
		spent += lines.At(lines.Len()-1).Stop - segment.Start
		if spent > linkBytes {
			return nil
		}
		pc.Set(linkBudget, spent)
	}
	return l.linkParser.Parse(parent, block, pc)
}
