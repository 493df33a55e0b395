package store

import (
	"errors"
	"fmt"
	"os"
)

// Compact packs all that is in the file at path, which no process has open, and
// writes it anew, so that it has no room in it that nothing uses: bbolt gives
// none back. Beside it there
// must be room for another. A crash leaves the one or the other. A file that is
// damaged in any way is left as it is: ErrDamaged. It returns the sizes, in
// bytes.
func Compact(path string) (before, after int64, err error) {
	r, err := Verify(path)
	if err == nil && len(r.Damage) > 0 {
		err = fmt.Errorf("store: %s: %w: %s", path, ErrDamaged, r.Damage[0])
	}
	if err != nil && !errors.Is(err, errOlder) { // which brings it up to date
		return 0, 0, err
	}
	if before, err = sizeOf(path); err != nil {
		return 0, 0, err
	}
	if err := packAll(path); err != nil {
		return before, before, err
	}
	if err := rewrite(path); err != nil {
		return before, before, fmt.Errorf("store: %s: %w", path, err)
	}
	after, err = sizeOf(path)
	return before, after, err
}

// packAll packs the logs of all documents.
func packAll(path string) (err error) {
	b, err := Open(path, Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	for info, err := range b.List() {
		if err != nil {
			return err
		}
		for more := true; more; {
			if more, err = b.Pack(info.ID, info.Epoch, info.Head.Rev); err != nil {
				return err
			}
		}
	}
	return nil
}

func sizeOf(path string) (int64, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return stat.Size(), nil
}
