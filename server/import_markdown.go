package server

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"tutti/ot"
)

// markdown turns Markdown into HTML as GitHub does, but for bare addresses,
// which stay text. HTML within comes out as it stands, so what it gives is
// always sanitised.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Strikethrough, extension.Table, extension.TaskList),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
})

// importMarkdown makes the content of a rich document of Markdown.
func importMarkdown(source []byte) (ot.Delta, error) {
	page, err := markdownHTML(source)
	if err != nil {
		return nil, err
	}
	return readHTML(page, keepSpaces)
}

// markdownHTML is Markdown as HTML that nobody has made safe yet.
func markdownHTML(source []byte) ([]byte, error) {
	if len(source) > convertBytes {
		return nil, &http.MaxBytesError{Limit: convertBytes}
	}
	var page bytes.Buffer
	if err := markdown().Convert(source, &page); err != nil {
		return nil, fmt.Errorf("markdown: %w", err)
	}
	return page.Bytes(), nil
}
