package files

import (
	"errors"
	"io/fs"
)

// Usage is what the files of a document amount to.
type Usage struct {
	Files int
	Bytes int64
}

// Usage returns what a document's files amount to. It is found out once, and
// again after they have changed.
func (f *Folder) Usage(document string) (u Usage, err error) {
	if known, ok := f.used.Load(document); ok {
		return known.(Usage), nil
	}
	turn := f.turn(document)
	turn.Lock()
	defer turn.Unlock()
	entries, err := f.entries(document)
	if err != nil {
		return u, err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed by somebody else than us
		}
		if err != nil {
			return u, err
		}
		u.Files, u.Bytes = u.Files+1, u.Bytes+info.Size()
	}
	f.used.Store(document, u)
	return u, nil
}
