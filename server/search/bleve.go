package search

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// format is raised when words are cut otherwise or fields change: an index of
// another format is made anew.
const format = "1"

var formatKey = []byte("tutti")

// The fields of a document in the index.
const (
	fieldTitle   = "title"
	fieldText    = "text"    // title, tags and content
	fieldVersion = "version" // what was read, kept but not searched
)

// indexed is a document as bleve gets it.
type indexed struct {
	Title   string `json:"title"`
	Text    string `json:"text"`
	Version string `json:"version"`
}

const analyzerName = "tutti"

func init() {
	// One document is analysed at a time: the index is in no hurry.
	bleve.Config.SetAnalysisQueueSize(1)
	err := registry.RegisterAnalyzer(analyzerName, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
		return &analysis.DefaultAnalyzer{Tokenizer: tokenizer{}}, nil
	})
	if err != nil {
		panic(err)
	}
}

// tokenizer shows bleve our words.
type tokenizer struct{}

func (tokenizer) Tokenize(text []byte) analysis.TokenStream {
	tokens := make(analysis.TokenStream, 0, len(text)/6)
	words(string(text), func(w word) bool {
		tokens = append(tokens, &analysis.Token{Term: []byte(w.term), Start: w.start, End: w.end, Position: len(tokens) + 1})
		return true
	})
	return tokens
}

// fields says how bleve keeps a document: no positions and no copy of the
// text, which would take more than twice the disk. What is shown of a document
// that was found is read from the store.
func fields() mapping.IndexMapping {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = analyzerName
	text.Store, text.IncludeTermVectors, text.IncludeInAll, text.DocValues = false, false, false, false
	version := bleve.NewTextFieldMapping()
	version.Index, version.Store, version.IncludeInAll, version.DocValues = false, true, false, false
	document := bleve.NewDocumentStaticMapping()
	document.AddFieldMappingsAt(fieldTitle, text)
	document.AddFieldMappingsAt(fieldText, text)
	document.AddFieldMappingsAt(fieldVersion, version)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = document
	m.DefaultAnalyzer = analyzerName
	m.ScoringModel = bleveindex.BM25Scoring
	return m
}

// openIndex opens the index in a folder, or makes it, anew too where it can't
// be read or is of another format. Without a folder it is in memory.
func openIndex(folder string, log *slog.Logger) (bleve.Index, error) {
	// Batches are not waited for: after a crash the index may be older than
	// it was, and is brought forward from the store.
	config := map[string]any{"unsafe_batch": true, "bolt_timeout": "1s", "asyncErrorCallbackName": callbackName}
	if folder != "" {
		index, err := bleve.OpenUsing(folder, config)
		if err == nil {
			if have, e := index.GetInternal(formatKey); e == nil && string(have) == format {
				return index, nil
			}
			err = errors.Join(errors.New("another format"), index.Close())
		}
		if !errors.Is(err, bleve.ErrorIndexPathDoesNotExist) {
			log.Warn("the search index is made anew", "folder", folder, "reason", err)
		}
		if err := os.RemoveAll(folder); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
	}
	index, err := bleve.NewUsing(folder, fields(), scorch.Name, bleve.Config.DefaultKVStore, config)
	if err == nil {
		err = index.SetInternal(formatKey, []byte(format))
	}
	if err != nil {
		return nil, fmt.Errorf("search: %s: %w", folder, err)
	}
	return index, nil
}
