package ot_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"tutti/ot"
)

func TestAttributesAreBuiltNameByName(t *testing.T) {
	a := ot.Attr("size", 12).With("bold", true).With("color", "r\"ed").With("size", 1.5).With("list", nil)
	if want := `{"bold":true,"color":"r\"ed","list":null,"size":1.5}`; a.JSON() != want {
		t.Errorf("got %s, want %s", a.JSON(), want)
	}
	if value, ok := a.Get("color"); value != `"r\"ed"` || !ok {
		t.Errorf("color is %s, %v", value, ok)
	}
	if _, ok := a.Get("font"); ok {
		t.Error("there is no font")
	}
	if all := maps.Collect(a.All()); len(all) != 4 || all["size"] != "1.5" {
		t.Errorf("all are %v", all)
	}
	var none *ot.Attributes
	if _, ok := none.Get("bold"); ok || none.JSON() != "" || len(maps.Collect(none.All())) != 0 || none.Equal(a) || !none.Equal(nil) {
		t.Error("nil is not empty")
	}
	for _, bad := range []func(){
		func() { ot.Attr("__proto__", 1) }, func() { ot.Attr("a", []int{1}) }, func() { ot.Delta{}.InsertEmbed(`{"a":1,"b":2}`, nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a mistake went through")
				}
			}()
			bad()
		}()
	}
}

// TestEqualAttributesNeedNotBeOnePointer fills the table of attributes several
// times over, as a client could, and looks at what was made before and after.
func TestEqualAttributesNeedNotBeOnePointer(t *testing.T) {
	long := strings.Repeat("x", 1000)
	before := []*ot.Attributes{ot.Attr("bold", true), ot.Attr("link", long)}
	for i := range 10_000 {
		ot.Attr(fmt.Sprint("name", i), i)
	}
	after := []*ot.Attributes{ot.Attr("bold", true), ot.Attr("link", long)}
	for i := range before {
		if !before[i].Equal(after[i]) {
			t.Errorf("%.50s is not equal to itself", before[i].JSON())
		}
		if d := (ot.Delta{}.Retain(1, before[i]).Retain(1, after[i])); len(d) != 1 {
			t.Errorf("%.100s is not joined", d)
		}
	}
	if before[1].Equal(ot.Attr("link", long+"y")) {
		t.Error("different, and yet equal")
	}
}
