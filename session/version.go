package session

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"tutti/ot"
)

// Version is a document's content at one revision, immutable. Its encodings
// are made when first asked for and shared by all who ask.
type Version struct {
	Rev int64
	Doc ot.Document

	content func() []byte
	hash    func() string
}

func newVersion(rev int64, doc ot.Document) *Version {
	return &Version{
		Rev:     rev,
		Doc:     doc,
		content: sync.OnceValue(func() []byte { return doc.AppendJSON(nil) }),
		hash: sync.OnceValue(func() string {
			sum := sha256.New()
			doc.WriteText(sum) // a hash never fails to be written to
			return hex.EncodeToString(sum.Sum(nil))
		}),
	}
}

// Content is the content as a delta in JSON. It must not be changed.
func (v *Version) Content() []byte { return v.content() }

// Hash is the lower-case hex SHA-256 of the text in UTF-8, each embed as
// U+FFFC.
func (v *Version) Hash() string { return v.hash() }
