package ot

import (
	"sync"

	"tutti/ot/scan"
)

// The table of attributes in use makes equality a comparison of pointers
// nearly always, and spares the memory of a thousand times the same bold.
// Clients choose what goes in, so it is bounded: a full table is thrown away
// and begun again, and what is long is never put in. Equal falls back on
// comparing the JSON, so nothing depends on being in the table.
const (
	maxInterned     = 4096
	maxInternedSize = 256 // bytes of JSON
)

var interned struct {
	sync.RWMutex
	table map[string]*Attributes
}

// intern returns the attributes that consist of pairs, which are sorted by
// name, each name once, and not written to afterwards; nil if there are none.
func intern(pairs []attribute) *Attributes {
	if len(pairs) == 0 {
		return nil
	}
	var space [maxInternedSize]byte
	json := append(space[:0], '{')
	for i, p := range pairs {
		if i > 0 {
			json = append(json, ',')
		}
		json = scan.AppendString(json, p.name)
		json = append(json, ':')
		json = append(json, p.value...)
	}
	json = append(json, '}')
	if len(json) > maxInternedSize {
		return &Attributes{string(json), pairs}
	}
	if a := lookUp(json); a != nil {
		return a
	}
	a := &Attributes{string(json), pairs}
	interned.Lock()
	defer interned.Unlock()
	if interned.table == nil || len(interned.table) >= maxInterned {
		interned.table = make(map[string]*Attributes)
	}
	interned.table[a.json] = a
	return a
}

// lookUp returns the attributes with this canonical JSON if they are in the
// table, else nil.
func lookUp(json []byte) *Attributes {
	interned.RLock()
	defer interned.RUnlock()
	return interned.table[string(json)]
}
