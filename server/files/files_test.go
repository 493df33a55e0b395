package files

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"tutti/ot"
	"tutti/store"
)

// rig is a folder over a store with the document d.
type rig struct {
	*Folder
	t     *testing.T
	store *store.Memory
	path  string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, store: store.NewMemory(), path: filepath.Join(t.TempDir(), "data", "files")}
	r.create("d")
	r.open()
	return r
}

func (r *rig) create(id string) {
	r.t.Helper()
	if err := r.store.Create(store.Info{ID: id, Kind: ot.Rich, Epoch: "e"}, []byte(`[{"insert":"\n"}]`)); err != nil {
		r.t.Fatal(err)
	}
}

// open opens the folder as another process would.
func (r *rig) open() {
	r.t.Helper()
	f, err := Open(r.path, r.store)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { f.Close() })
	r.Folder = f
}

func (r *rig) save(document string, b []byte) File {
	r.t.Helper()
	f, err := r.Save(document, "image/png", bytes.NewReader(b))
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func (r *rig) read(document, name string) []byte {
	r.t.Helper()
	f, err := r.Get(document, name)
	if err != nil {
		r.t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

// wantNames checks which files there are, on the disk and in the list.
func (r *rig) wantNames(document string, want ...File) {
	r.t.Helper()
	got, err := r.List(document)
	slices.SortFunc(want, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	if err != nil || !slices.Equal(got, want) {
		r.t.Fatalf("%s has %+v, %v; want %+v", document, got, err, want)
	}
	left, err := os.ReadDir(filepath.Join(r.path, incoming))
	if err != nil || len(left) > 0 {
		r.t.Errorf("unfinished: %v, %v", left, err)
	}
}

func picture(width, height int, c color.Color) image.Image {
	m := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{c})
	return m
}

func pngOf(width, height int, c color.Color) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, picture(width, height, c)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

var (
	red    = color.RGBA{255, 0, 0, 255}
	blue   = color.RGBA{0, 0, 255, 255}
	webp   = decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	images = func() map[string][]byte {
		var j, g bytes.Buffer
		if err := errors.Join(jpeg.Encode(&j, picture(3, 2, red), nil), gif.Encode(&g, picture(3, 2, red), nil)); err != nil {
			panic(err)
		}
		return map[string][]byte{"image/png": pngOf(3, 2, red), "image/jpeg": j.Bytes(), "image/gif": g.Bytes(), "image/webp": webp}
	}()
)

func decode(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// bomb is a PNG that says it has that many pixels.
func bomb(width, height uint32) []byte {
	b := pngOf(1, 1, red)
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestAnImageIsKeptUnderTheNameOfItsBytes(t *testing.T) {
	r := newRig(t)
	var all []File
	for media, b := range images {
		first, err := r.Save("d", media, bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", media, err)
		}
		if first.Type != media || first.Size != int64(len(b)) || first.Width < 1 || first.Height < 1 || TypeOf(first.Name) != media || !validName.MatchString(first.Name) {
			t.Errorf("%s: %+v", media, first)
		}
		if again, err := r.Save("d", media, bytes.NewReader(b)); err != nil || again != first {
			t.Errorf("again %+v, %v", again, err)
		}
		if !bytes.Equal(r.read("d", first.Name), b) {
			t.Errorf("%s: other bytes", media)
		}
		all = append(all, first)
	}
	r.wantNames("d", all...)
	r.open()
	r.wantNames("d", all...)
	for _, f := range all {
		if err := r.Remove("d", f.Name); err != nil {
			t.Error(err)
		}
		if _, err := r.Get("d", f.Name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get: %v", err)
		}
		if err := r.Remove("d", f.Name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Remove: %v", err)
		}
	}
	r.wantNames("d")
}

func TestWhatIsNoImageOfItsTypeIsRefused(t *testing.T) {
	r := newRig(t)
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	for name, c := range map[string]struct {
		media string
		bytes []byte
		want  error
	}{
		"svg":              {"image/svg+xml", svg, ErrType},
		"svg as png":       {"image/png", svg, ErrType},
		"jpeg as png":      {"image/png", images["image/jpeg"], ErrType},
		"html":             {"text/html", []byte("<html>"), ErrType},
		"nothing":          {"image/png", nil, ErrType},
		"no type":          {"", images["image/png"], ErrType},
		"a head alone":     {"image/png", images["image/png"][:12], ErrType},
		"too many bytes":   {"image/png", append(pngOf(1, 1, red), make([]byte, MaxFile)...), ErrTooLarge},
		"too wide":         {"image/png", bomb(maxSide+1, 1), ErrTooLarge},
		"too high":         {"image/png", bomb(1, maxSide+1), ErrTooLarge},
		"too many pixels":  {"image/png", bomb(maxSide, maxSide), ErrTooLarge},
		"absurd":           {"image/png", bomb(1<<31-1, 1<<31-1), ErrTooLarge},
		"as much as there": {"image/png", bomb(maxSide, maxPixels/maxSide), nil},
	} {
		if _, err := r.Save("d", c.media, bytes.NewReader(c.bytes)); !errors.Is(err, c.want) && !(name == "absurd" && errors.Is(err, ErrType)) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	broken := errors.New("broken")
	if _, err := r.Save("d", "image/png", iotest.ErrReader(broken)); !errors.Is(err, ErrRead) || !errors.Is(err, broken) {
		t.Errorf("a broken body: %v", err)
	}
	left, err := os.ReadDir(filepath.Join(r.path, incoming))
	if err != nil || len(left) > 0 {
		t.Errorf("unfinished: %v, %v", left, err)
	}
}

func TestHostileNamesReachNothing(t *testing.T) {
	r := newRig(t)
	kept := r.save("d", images["image/png"])
	if err := os.WriteFile(filepath.Join(r.path, "..", strings.Repeat("0", 32)+".png"), images["image/png"], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"", ".", "..", "../" + kept.Name, "../d/" + kept.Name, "../../" + strings.Repeat("0", 32) + ".png", "/etc/passwd", kept.Name + "\x00",
		kept.Name + "/", strings.ToUpper(kept.Name), kept.Name + "\n", strings.TrimSuffix(kept.Name, ".png") + ".svg", "%2e%2e",
	} {
		if _, err := r.Get("d", name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get(%q) = %v", name, err)
		}
		if err := r.Remove("d", name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Remove(%q) = %v", name, err)
		}
	}
	for _, document := range []string{"", ".", "..", incoming, "d/../d", "../files/d", "d\x00", strings.Repeat("d", 65)} {
		if _, err := r.Get(document, kept.Name); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get of %q = %v", document, err)
		}
		if _, err := r.Save(document, "image/png", bytes.NewReader(images["image/png"])); !errors.Is(err, ErrNotFound) {
			t.Errorf("Save in %q = %v", document, err)
		}
		if all, err := r.List(document); err != nil || len(all) > 0 {
			t.Errorf("List of %q = %v, %v", document, all, err)
		}
		if err := r.Copy("d", document, []string{kept.Name}); !errors.Is(err, ErrNotFound) {
			t.Errorf("Copy to %q = %v", document, err)
		}
	}
	r.wantNames("d", kept)
}

func TestALinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	r := newRig(t)
	secret := filepath.Join(t.TempDir(), strings.Repeat("0", 32)+".png")
	if err := errors.Join(os.WriteFile(secret, images["image/png"], 0o600), os.Symlink(filepath.Dir(secret), filepath.Join(r.path, "d"))); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Get("d", filepath.Base(secret)); err == nil {
		t.Error("a file outside was opened")
	}
}

func TestADocumentsFilesAreBounded(t *testing.T) {
	r := newRig(t)
	first := r.save("d", pngOf(1, 1, red))
	r.total = first.Size + 10
	if _, err := r.Save("d", "image/png", bytes.NewReader(pngOf(2, 2, red))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many bytes: %v", err)
	}
	r.save("d", pngOf(1, 1, red)) // the same needs no room
	r.total, r.most = maxTotal, 1
	if _, err := r.Save("d", "image/png", bytes.NewReader(pngOf(2, 2, red))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many files: %v", err)
	}
	r.create("e")
	r.save("e", pngOf(2, 2, red))
	r.wantNames("d", first)
}

func TestFilesLiveAndDieWithTheirDocument(t *testing.T) {
	r := newRig(t)
	b := pngOf(1, 1, red)
	if _, err := r.Save("nowhere", "image/png", bytes.NewReader(b)); !errors.Is(err, ErrNotFound) {
		t.Errorf("no document: %v", err)
	}
	kept := r.save("d", b)
	no := errors.New("no")
	if err := r.Purge("d", func() error { return no }); !errors.Is(err, no) {
		t.Errorf("Purge: %v", err)
	}
	r.wantNames("d", kept)
	if err := r.Purge("d", func() error { return r.store.Delete("d") }); err != nil {
		t.Fatal(err)
	}
	r.wantNames("d")
	r.create("d")
	r.wantNames("d")
}

// TestAnUploadDoesNotOutliveItsDocument has the document deleted while an
// image is coming in, and made again.
func TestAnUploadDoesNotOutliveItsDocument(t *testing.T) {
	r := newRig(t)
	from, to := io.Pipe()
	saved := make(chan error)
	go func() {
		_, err := r.Save("d", "image/png", from)
		saved <- err
	}()
	if _, err := to.Write(images["image/png"]); err != nil {
		t.Fatal(err)
	}
	if err := r.Purge("d", func() error { return r.store.Delete("d") }); err != nil {
		t.Fatal(err)
	}
	to.Close()
	if err := <-saved; !errors.Is(err, ErrNotFound) {
		t.Errorf("Save: %v", err)
	}
	r.create("d")
	r.wantNames("d")
}

func TestOpenRemovesWhatACrashHasLeft(t *testing.T) {
	r := newRig(t)
	r.create("trashed")
	if _, err := r.store.Update("trashed", func(i *store.Info) error { i.TrashedAt = 1; return nil }); err != nil {
		t.Fatal(err)
	}
	kept, trashed := r.save("d", pngOf(1, 1, red)), r.save("trashed", pngOf(1, 1, red))
	r.create("gone")
	r.save("gone", pngOf(2, 2, red))
	err := errors.Join(r.store.Delete("gone"), // and the process died
		os.WriteFile(filepath.Join(r.path, incoming, "half"), []byte("half an image"), 0o600),
		os.WriteFile(filepath.Join(r.path, "README"), []byte("somebody's"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	r.open()
	r.wantNames("d", kept)
	r.wantNames("trashed", trashed)
	r.create("gone")
	r.wantNames("gone")
	if _, err := os.Stat(filepath.Join(r.path, "README")); err != nil {
		t.Error(err)
	}
}

func TestCopiesAreTheirOwn(t *testing.T) {
	r := newRig(t)
	one, two := r.save("d", pngOf(1, 1, red)), r.save("d", pngOf(1, 1, blue))
	r.create("e")
	names := []string{one.Name, strings.Repeat("0", 32) + ".png", "../x", one.Name}
	if err := errors.Join(r.Copy("d", "e", names), r.Copy("d", "e", names)); err != nil {
		t.Fatal(err)
	}
	r.wantNames("e", one)
	if err := r.Purge("d", func() error { return r.store.Delete("d") }); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(r.read("e", one.Name), pngOf(1, 1, red)) {
		t.Error("the copy has other bytes")
	}
	if err := r.Copy("e", "nowhere", []string{two.Name}); !errors.Is(err, ErrNotFound) {
		t.Errorf("Copy to nowhere: %v", err)
	}
}

func TestTheSameImageManyTimesAtOnce(t *testing.T) {
	r := newRig(t)
	var group sync.WaitGroup
	b, other := pngOf(9, 9, red), pngOf(9, 9, blue)
	for i := range 16 {
		group.Go(func() {
			mine := b
			if i%2 == 1 {
				mine = other
			}
			f, err := r.Save("d", "image/png", bytes.NewReader(mine))
			if err != nil {
				t.Error(err)
				return
			}
			if !bytes.Equal(r.read("d", f.Name), mine) {
				t.Error("other bytes")
			}
		})
	}
	group.Wait()
	r.wantNames("d", r.save("d", b), r.save("d", other))
}

func TestADiskThatTakesNothing(t *testing.T) {
	r := newRig(t)
	if err := r.root.RemoveAll(incoming); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Save("d", "image/png", bytes.NewReader(images["image/png"])); !errors.Is(err, ErrUnavailable) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Save: %v", err)
	}
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(r.path, r.store); err != nil {
		t.Errorf("Open of an empty folder: %v", err)
	}
	if _, err := r.Save("d", "image/png", bytes.NewReader(images["image/png"])); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Save without its store: %v", err)
	}
}

// FuzzSave: whatever bytes come, what is kept is an image within the bounds,
// and is what the list says it is.
func FuzzSave(f *testing.F) {
	for media, b := range images {
		f.Add(media, b)
	}
	f.Add("image/png", bomb(1<<31-1, 1))
	f.Fuzz(func(t *testing.T, media string, b []byte) {
		r := newRig(t)
		file, err := r.Save("d", media, bytes.NewReader(b))
		if err != nil {
			if !errors.Is(err, ErrType) && !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
			r.wantNames("d")
			return
		}
		all, err := r.List("d")
		if err != nil || len(all) != 1 || all[0] != file || file.Type != media || !bytes.Equal(r.read("d", file.Name), b) {
			t.Errorf("kept as %+v; listed %+v, %v", file, all, err)
		}
	})
}

func TestVerifyFindsTheImageThatChanged(t *testing.T) {
	r := newRig(t)
	first, second := r.save("d", pngOf(1, 1, red)), r.save("d", pngOf(2, 2, red))
	var damaged []string
	verify := func() (images int, err error) {
		damaged = nil
		return Verify(r.path, func(name string) { damaged = append(damaged, name) })
	}
	if images, err := verify(); images != 2 || err != nil || len(damaged) > 0 {
		t.Errorf("%d images, %v, %v", images, damaged, err)
	}
	path := filepath.Join(r.path, "d", second.Name)
	b := r.read("d", second.Name)
	b[len(b)-1] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if images, err := verify(); images != 2 || err != nil || !slices.Equal(damaged, []string{"d/" + second.Name}) {
		t.Errorf("%s and %s: %d images, %v, %v", first.Name, second.Name, images, damaged, err)
	}
	if images, err := Verify(filepath.Join(t.TempDir(), "none"), nil); images != 0 || err != nil {
		t.Errorf("no folder: %d, %v", images, err)
	}
}
