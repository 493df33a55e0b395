package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"tutti/store"
)

var closeTests = []test{
	{"EveryMethodAnswersErrClosed", closedAnswers},
	{"CloseMayBeCalledAgain", closeAgain},
	{"CloseAnswersAllThatWait", closeAnswers},
}

func closedAnswers(t *testing.T, s store.Store) {
	create(t, s, "a")
	must(t, s.Close())
	errs := all(s, "a")
	errs["Create"] = s.Create(info("b"), content("b"))
	errs["Probe"] = s.Probe()
	for _, err := range s.List() {
		errs["List"] = err
	}
	for _, method := range []string{"Create", "Info", "List", "Update", "Delete", "Append", "Lines", "LogSize", "SaveSnapshot", "Snapshot", "DropSnapshot", "Mark",
		"SaveVersion", "Versions", "DropVersion", "SaveName", "Name", "SaveOrigins", "Origins", "Probe"} {
		if !errors.Is(errs[method], store.ErrClosed) {
			t.Errorf("%s = %v, want ErrClosed", method, errs[method])
		}
	}
}

func closeAgain(t *testing.T, s store.Store) {
	together(4, func(int) {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	must(t, s.Close())
}

// closeAnswers closes in the middle of appends: each of them returns, and
// with nothing but success or ErrClosed.
func closeAnswers(t *testing.T, s store.Store) {
	const writers = 50
	for i := range writers {
		create(t, s, fmt.Sprint("d", i))
	}
	var appended, refused atomic.Int32
	underWay := make(chan struct{})
	together(writers+1, func(i int) {
		if i == writers {
			<-underWay
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			return
		}
		for at := int64(0); ; at++ {
			lines, head := run(at, 1)
			err := s.Append(fmt.Sprint("d", i), epoch, at, lines, head)
			if errors.Is(err, store.ErrClosed) {
				refused.Add(1)
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
			if appended.Add(1) == writers {
				close(underWay)
			}
		}
	})
	if refused.Load() != writers {
		t.Errorf("%d of %d writers were told that the store is closed", refused.Load(), writers)
	}
}
