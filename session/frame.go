package session

import "sync"

// Frame is a text frame for a client. Sessions at the same place are given the
// same one, and it must not be changed.
type Frame struct {
	JSON []byte

	forms [2]struct {
		once  sync.Once
		bytes []byte
	}
}

// Form returns what make makes of the JSON, in one of the two forms, 0 and 1,
// that a transport may have. Each is made once, for all who are given the frame.
func (f *Frame) Form(n int, make func(json []byte) []byte) []byte {
	form := &f.forms[n]
	form.once.Do(func() { form.bytes = make(f.JSON) })
	return form.bytes
}
