package session

import "sync"

// Frame is a text frame for a client. Sessions at the same place are given the
// same one, and it must not be changed.
type Frame struct {
	JSON   []byte
	Shared bool // others may be given it, too

	once sync.Once
	form any
}

// Form returns what make makes of the JSON. It is made once, for all who share
// the frame: a transport needs not frame and compress it for each.
func (f *Frame) Form(make func(json []byte) any) any {
	f.once.Do(func() { f.form = make(f.JSON) })
	return f.form
}
