package server

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"

	"github.com/labstack/echo/v4"
)

// stats is what an administrator wants to know about the whole.
type stats struct {
	Version   string         `json:"version"`
	Mode      string         `json:"mode"`
	StartedAt string         `json:"startedAt"`
	Ready     bool           `json:"ready"`
	Documents documentCounts `json:"documents"`
	Sessions  int            `json:"sessions"`
	People    *int           `json:"people,omitempty"` // with accounts
	Groups    *int           `json:"groups,omitempty"`
	Sizes     wholeSizes     `json:"sizes"`
	Pending   int            `json:"pending,omitempty"`
}

type documentCounts struct {
	Active  int `json:"active"`
	Trashed int `json:"trashed"`
	Open    int `json:"open"`
}

// wholeSizes are in bytes. Those of the disk are left out where the system
// doesn't say.
type wholeSizes struct {
	Database  int64  `json:"database"`
	Accounts  int64  `json:"accounts"`
	Hooks     int64  `json:"hooks"`
	Search    int64  `json:"search"`
	Files     int64  `json:"files"`
	Logs      int64  `json:"logs"`
	Packed    int64  `json:"packed"`
	Unpacked  int64  `json:"unpacked"`
	DiskFree  *int64 `json:"diskFree,omitempty"`
	DiskTotal *int64 `json:"diskTotal,omitempty"`
}

// build is what this program was built from.
var build = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	if version == "" || version == "(devel)" {
		version = "development"
		for _, set := range info.Settings {
			if set.Key == "vcs.revision" {
				version = set.Value
			}
		}
	}
	return version
})

func (s *Server) getStats(c echo.Context) error {
	if _, err := s.authorize(c.Request(), administer, ""); err != nil {
		return err
	}
	room, err := s.measure()
	if err != nil {
		return err
	}
	all := stats{Version: build(), Mode: "open", StartedAt: timestamp(s.started.UnixMilli()), Pending: room.behind}
	all.Ready = !s.hub.Closing() && s.health.check() == nil
	if err := s.catalogue.each(func(e *entry) {
		if e.TrashedAt == 0 {
			all.Documents.Active++
		} else {
			all.Documents.Trashed++
		}
	}); err != nil {
		return err
	}
	open := map[string]bool{}
	for _, at := range s.hub.Everyone() {
		open[at.Document] = true
		all.Sessions++
	}
	all.Documents.Open = len(open)
	if s.accounts != nil {
		people, groups := len(s.accounts.People()), len(s.accounts.Groups())
		all.Mode, all.People, all.Groups = "accounts", &people, &groups
	}
	for _, of := range room.sizes {
		all.Sizes.Logs += of.log.Raw + of.log.Packed
		all.Sizes.Packed += of.log.Packed
		all.Sizes.Unpacked += of.log.Unpacked
		all.Sizes.Files += of.files.Bytes
	}
	if err := all.Sizes.look(s.data); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, all)
}

// look finds out how large what lies in the data folder is. The images are
// not in it: there may be very many, and they are counted by document.
func (w *wholeSizes) look(data string) (err error) {
	if data == "" {
		return nil
	}
	for path, size := range map[string]*int64{"tutti.db": &w.Database, "accounts.db": &w.Accounts, "hooks.db": &w.Hooks, "search": &w.Search} {
		if *size, err = sizeOf(filepath.Join(data, path)); err != nil {
			return err
		}
	}
	if free, total, ok := diskSpace(data); ok {
		w.DiskFree, w.DiskTotal = &free, &total
	}
	return nil
}

// sizeOf is how many bytes a file has, or all files in a folder of few; what
// isn't there has none.
func sizeOf(path string) (bytes int64, err error) {
	err = filepath.WalkDir(path, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return gone(err)
		}
		info, err := e.Info()
		if err == nil {
			bytes += info.Size()
		}
		return gone(err)
	})
	return bytes, err
}

// gone is err, unless it says that something was removed meanwhile.
func gone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
