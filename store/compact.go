package store

import (
	"errors"
	"fmt"
	"os"
)

// Compact writes the file at path anew, which no process has open, so that it
// has no room in it that nothing uses: bbolt gives none back. Beside it there
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
	if err := rewrite(path); err != nil {
		return before, before, fmt.Errorf("store: %s: %w", path, err)
	}
	after, err = sizeOf(path)
	return before, after, err
}

func sizeOf(path string) (int64, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return stat.Size(), nil
}
