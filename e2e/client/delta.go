package client

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"tutti/ot"
)

func parse(op json.RawMessage) (ot.Delta, error) {
	d, err := ot.Parse(op)
	if err != nil {
		return nil, fmt.Errorf("op %.200s: %w", op, err)
	}
	return d, nil
}

func spell(d ot.Delta) json.RawMessage { return d.AppendJSON(nil) }

func document(content json.RawMessage) (ot.Document, error) {
	d, err := parse(content)
	if err != nil {
		return ot.Document{}, err
	}
	return ot.NewDocument(d)
}

func apply(doc ot.Document, d ot.Delta) (ot.Document, error) {
	after, err := doc.Apply(d)
	if err != nil {
		return doc, fmt.Errorf("%s onto %d units: %w", spell(d), doc.Length(), err)
	}
	return after, nil
}

func invert(d ot.Delta, doc ot.Document) ot.Delta { return d.Invert(doc.Delta()) }

func same(a, b ot.Document) bool { return bytes.Equal(a.AppendJSON(nil), b.AppendJSON(nil)) }

// hash is what check says of a content.
func hash(doc ot.Document) string {
	sum := sha256.Sum256([]byte(doc.Text()))
	return hex.EncodeToString(sum[:])
}
