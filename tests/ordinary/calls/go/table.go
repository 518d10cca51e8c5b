// shows: table
// verdict: accepted
// limits: cpu_s=10
package main

func Abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
// --- tests ---
package main

import "testing"

func TestAbs(t *testing.T) {
	if got := Abs(-3); got != 3 {
		t.Errorf("Abs(-3) = %d", got)
	}
	if got := Abs(4); got != 4 {
		t.Errorf("Abs(4) = %d", got)
	}
	if Abs(0) != 0 {
		t.Fatal("zero")
	}
}
