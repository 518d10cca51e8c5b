// attack: true is false
// verdict: untested test_failure compile_error
package main

var true = false

func Even(n int) bool { return n%2 != 0 }
// --- tests ---
package main

import "testing"

func TestEven(t *testing.T) {
	if Even(2) != true {
		t.Error("2")
	}
	if Even(3) != false {
		t.Error("3")
	}
}
