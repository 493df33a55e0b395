package store

// Hide is the first step of Delete.
func Hide(b *Bolt, id string) error { return b.hide(id) }

// Rewrite writes a file anew without packing anything.
var Rewrite = rewrite
