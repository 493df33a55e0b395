package session

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"weak"

	"tutti/ot"
)

// Version is a document's content at one revision, immutable. Its encodings
// are made when first asked for and shared by all who ask.
type Version struct {
	Rev int64
	Doc ot.Document

	encode  sync.Mutex
	content weak.Pointer[[]byte]
	sum     sync.Once
	hash    string
}

func newVersion(rev int64, doc ot.Document) *Version { return &Version{Rev: rev, Doc: doc} }

// Content is the content as a delta in JSON. It must not be changed. Many may
// join at once; a document at rest does not keep it beyond the next collection.
func (v *Version) Content() []byte {
	v.encode.Lock()
	defer v.encode.Unlock()
	if content := v.content.Value(); content != nil {
		return *content
	}
	content := v.Doc.AppendJSON(nil)
	v.content = weak.Make(&content)
	return content
}

// Hash is the lower-case hex SHA-256 of the text in UTF-8, each embed as
// U+FFFC.
func (v *Version) Hash() string {
	v.sum.Do(func() {
		sum := sha256.New()
		v.Doc.WriteText(sum) // a hash never fails to be written to
		v.hash = hex.EncodeToString(sum.Sum(nil))
	})
	return v.hash
}
