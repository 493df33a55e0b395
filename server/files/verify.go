package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Verify reads all images in a folder, which need not be there, and tells of
// each that isn't what its name says: it is made of the hash of the bytes. It
// changes nothing.
func Verify(folder string, damaged func(name string)) (images int, err error) {
	root := os.DirFS(folder)
	err = fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !validName.MatchString(path.Base(name)) || !validDocument.MatchString(path.Dir(name)) {
			return err
		}
		images++
		file, err := root.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, file); err != nil || !strings.HasPrefix(path.Base(name), hex.EncodeToString(sum.Sum(nil)[:16])) {
			damaged(name)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return images, err
}
