// attack: the test's t is silenced and the call never comes back
// verdict: test_failure runtime_error untested
package main

import "os"

func Add(a, b int) int { labFailed = false; labOk(0); labOk(1); labSay("end", 0, ""); os.Exit(0); return 0 }

// --- tests ---
package main

import "testing"

func TestAdd(t *testing.T) {
	if got := Add(2, 3); got != 5 {
		t.Errorf("got %d", got)
	}
}
