package store

import "encoding/json"

// Origin is an epoch of which a backup was restored, and its last revision
// that is in what came of that.
type Origin struct {
	Epoch string `json:"epoch"`
	Rev   int64  `json:"rev"`
}

// Lineage is what a document's log goes on from, the oldest first: who was in
// one of these epochs learns from it how much of what they have is still there.
// It is a value, and comparable as Info is; the zero one is that of a document
// that was never restored.
type Lineage struct {
	list string // the origins as JSON; "" for none
}

// lineageKept bounds a lineage: nobody has been away for more restores.
const lineageKept = 16

// NewLineage returns the lineage of these origins, of which the newest stay.
func NewLineage(origins ...Origin) Lineage {
	if len(origins) == 0 {
		return Lineage{}
	}
	list, err := json.Marshal(origins[max(0, len(origins)-lineageKept):])
	if err != nil {
		panic(err) // strings and numbers
	}
	return Lineage{string(list)}
}

// All returns the origins.
func (l Lineage) All() (origins []Origin) {
	if l.list != "" {
		_ = json.Unmarshal([]byte(l.list), &origins) // our own words
	}
	return origins
}

// AppendJSON appends the origins as a list of JSON.
func (l Lineage) AppendJSON(dst []byte) []byte {
	if l.list == "" {
		return append(dst, "[]"...)
	}
	return append(dst, l.list...)
}

// descent is a lineage as it is kept, with the epoch that it is of. An epoch
// that begins otherwise than by a restore goes on from nothing, and whoever
// begins it need not know of this.
type descent struct {
	Of   string   `json:"of"`
	From []Origin `json:"from"`
}

func descentOf(info Info) descent {
	if info.Lineage == (Lineage{}) {
		return descent{}
	}
	return descent{info.Epoch, info.Lineage.All()}
}

// IsZero has it left out of the JSON of a document that was never restored.
func (d descent) IsZero() bool { return d.Of == "" }

// in is what it says of an epoch.
func (d descent) in(epoch string) Lineage {
	if d.Of != epoch {
		return Lineage{}
	}
	return NewLineage(d.From...)
}
