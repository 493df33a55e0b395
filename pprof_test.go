package main

import (
	"testing"
)

// Profiles tell what is in the memory: nobody gets them but this machine.
func TestProfilesStayOnThisMachine(t *testing.T) {
	for addr, fine := range map[string]bool{"": true, "127.0.0.1:0": true, "[::1]:0": true, ":0": false, "0.0.0.0:0": false, "192.168.1.7:6060": false, "nonsense": false} {
		end, err := (&serve{Pprof: addr}).profile()
		if (err == nil) != fine {
			t.Errorf("--pprof %q: %v", addr, err)
		}
		if err == nil {
			if err := end(); err != nil {
				t.Error(err)
			}
		}
	}
}
