// shows: a function that its tests refuse
// verdict: test_failure
package main

func add(a int, b int) int { return a - b }
// --- tests ---
import "testing"

func TestAdd(t *testing.T) {
	if got := add(1, 2); got != 3 {
		t.Errorf("expected 3, got %d", got)
	}
}
