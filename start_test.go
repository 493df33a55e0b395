package main

import (
	"strings"
	"testing"
)

func TestOtherMachinesTakeAccountsOrAWord(t *testing.T) {
	for _, test := range []struct {
		addr           string
		accounts, open bool
		refusal        string
	}{
		{"127.0.0.1:0", false, false, ""},
		{"[::1]:0", false, false, ""},
		{"localhost:8080", false, false, ""},
		{"127.0.0.1:0", true, false, ""},
		{"127.0.0.1:0", false, true, ""},
		{":8080", false, false, "--accounts"},
		{"0.0.0.0:8080", false, false, "--accounts"},
		{"[::]:8080", false, false, "--open"},
		{"192.168.1.7:8080", false, false, "--open"},
		{"0.0.0.0:8080", true, false, ""},
		{"0.0.0.0:8080", false, true, ""},
		{"127.0.0.1:0", true, true, "exclude"},
		{"nonsense", false, false, "nonsense"},
	} {
		err := (&serve{Addr: test.addr, Accounts: test.accounts, Open: test.open}).checkAddress()
		if (err == nil) != (test.refusal == "") || err != nil && !strings.Contains(err.Error(), test.refusal) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}
