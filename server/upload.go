package server

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	// uploadGrace is how long a body may be waited for altogether, beside the
	// time that its size takes at uploadPace, in bytes a second. Who is slower
	// would hold on to what the request has taken.
	uploadGrace = 20 * time.Second
	uploadPace  = 4 << 10
	// leftWithin is how long net/http may wait for the rest of a body that
	// nobody has read.
	leftWithin = 5 * time.Second
)

// upload is the body of a request, which has to come at some pace. Only the
// time that is spent waiting for it counts.
type upload struct {
	io.ReadCloser
	control *http.ResponseController
	came    int64
	waited  time.Duration
	ended   bool

	allowed []func() error // what its sender was allowed, to be decided again
	decided time.Time      // when it was decided last
}

// decideAgain is how old a decision may become while a body comes.
const decideAgain = 500 * time.Millisecond

// while has a body end, with the error of allowed, when its sender may not do
// any more what it is for: it may take minutes.
func while(r *http.Request, allowed func() error) {
	if u, ok := r.Body.(*upload); ok {
		u.allowed, u.decided = append(u.allowed, allowed), time.Now()
	}
}

// handOver leaves a request's connection to who has taken it over: its
// deadlines are no longer the body's.
func handOver(r *http.Request) {
	if u, ok := r.Body.(*upload); ok {
		u.ended = true
	}
}

func (u *upload) stillAllowed() error {
	if time.Since(u.decided) < decideAgain {
		return nil
	}
	u.decided = time.Now()
	for _, allowed := range u.allowed {
		if err := allowed(); err != nil {
			return err
		}
	}
	return nil
}

// paced gives the body of every request its time.
func paced(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Body == nil || r.ContentLength == 0 {
			return next(c)
		}
		u := &upload{ReadCloser: r.Body, control: http.NewResponseController(c.Response())}
		r.Body = u
		// net/http reads what a handler leaves, perhaps as soon as it answers.
		u.within(uploadGrace)
		err := next(c)
		if !u.ended {
			u.within(leftWithin)
		}
		return err
	}
}

func (u *upload) Read(b []byte) (n int, err error) {
	began := time.Now()
	u.within(uploadGrace + time.Duration(u.came)*time.Second/uploadPace - u.waited)
	n, err = u.ReadCloser.Read(b)
	u.came += int64(n)
	u.waited += time.Since(began)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = badParameter("the body comes too slowly")
	case errors.Is(err, io.EOF):
		u.ended = true
		// net/http goes on to watch the connection, and must not take a
		// deadline for its end.
		u.deadline(time.Time{})
	}
	if no := u.stillAllowed(); no != nil {
		err = no
	}
	return n, err
}

func (u *upload) within(d time.Duration) { u.deadline(time.Now().Add(d)) }

// deadline fails where there is no connection, as in tests, or none any more,
// as the next read will find.
func (u *upload) deadline(t time.Time) { _ = u.control.SetReadDeadline(t) }
