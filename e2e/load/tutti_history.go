package load

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"tutti/e2e/client"
)

// stretch is how far apart the snapshots are that an import leaves. A history
// ends the same way behind one whatever its length, or lengths would differ by
// what is replayed behind the last.
const (
	stretch = 16384
	behind  = 500
)

// History implements Dialect: it sends an archive. The content stays small,
// since every character that is typed is deleted again.
func (d Tutti) History(ctx context.Context, server *Server, document string, edits int) error {
	if edits >= stretch {
		edits = edits/stretch*stretch + behind
	}
	body, to := io.Pipe()
	go func() { to.CloseWithError(writeHistory(to, document, edits)) }()
	defer body.Close()
	return d.call(ctx, http.MethodPost, server.URL+"/api/v1/documents/archive", "application/x-ndjson", body)
}

func writeHistory(to io.Writer, document string, edits int) error {
	// An archive may have a gibibyte. So that ten million records are less,
	// names are short in it, and times early.
	const began, author, user = 1_000_000, "c", "u"
	w := bufio.NewWriterSize(to, 64<<10) // it keeps an error for Flush
	type head struct {
		Tutti     string              `json:"tutti"`
		Format    int                 `json:"format"`
		ID        string              `json:"id"`
		Kind      string              `json:"kind"`
		Title     string              `json:"title"`
		Language  string              `json:"language"`
		Tags      []string            `json:"tags"`
		Epoch     string              `json:"epoch"`
		CreatedAt int64               `json:"createdAt"`
		ChangedAt int64               `json:"changedAt"`
		CreatedBy client.User         `json:"createdBy"`
		Content   []map[string]string `json:"content"`
	}
	first, err := json.Marshal(head{
		Tutti: "archive", Format: 1, ID: document, Kind: "text", Title: document, Tags: []string{}, Epoch: document, CreatedAt: began, ChangedAt: began,
		CreatedBy: client.User{ID: user, Name: "Load"}, Content: []map[string]string{{"insert": Text}},
	})
	if err != nil {
		return err
	}
	w.Write(append(first, '\n'))
	for i := range edits {
		// A run of characters is typed, and then deleted from its end.
		const run = 40
		step := i % (2 * run)
		at, op := step, `{"insert":"x"}`
		if step >= run {
			at, op = 2*run-1-step, `{"delete":1}`
		}
		at += 1 + i/(2*run)*89%(len(Text)-1)
		fmt.Fprintf(w, `{"rev":%d,"client":"%s","seq":%d,"user":"%s","at":%d,"op":[{"retain":%d},%s]}`+"\n", i+1, author, i+1, user, began+200*i, at, op)
	}
	fmt.Fprintf(w, `{"end":{"records":%d,"versions":0,"names":0}}`+"\n", edits)
	return w.Flush()
}
