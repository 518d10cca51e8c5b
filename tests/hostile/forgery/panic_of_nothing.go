// attack: a panic of nil, which recover does not tell
// verdict: runtime_error
package main

func check(n int) error {
	if n < 0 { return nil } // forgot to say what
	return nil
}

func Root(n int) int {
	if n < 0 { panic(check(n)) }
	r := 0
	for (r+1)*(r+1) <= n { r++ }
	return r
}
// --- tests ---
package main

import "testing"

func TestRoot(t *testing.T) {
	if got := Root(10); got != 3 {
		t.Errorf("got %d", got)
	}
}
func TestNegative(t *testing.T) {
	if got := Root(0); got != 0 {
		t.Errorf("got %d", got)
	}
	Root(-1) // gives something, whatever that is
}
