// Package frontend holds the web app, built by Vite into dist and embedded here.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Assets returns the built app, index.html at its root and files that carry a
// hash of their content in their name under assets/. The second result is false
// when the binary was compiled before the app was built: then there is no
// index.html, and the server has only a page to show that says how to build it.
func Assets() (fs.FS, bool) {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only if "dist" were no valid path
	}
	_, err = fs.Stat(root, "index.html")
	return root, err == nil
}
