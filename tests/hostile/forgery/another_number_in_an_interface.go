// attack: another kind of number in an interface
// verdict: untested test_failure
package main

func Double(n int) interface{} { return int64(2 * n) }
// --- tests ---
package main

import "testing"

func TestDouble(t *testing.T) {
	got := Double(2)
	if got != 4 {
		t.Errorf("got %v", got)
	}
}
