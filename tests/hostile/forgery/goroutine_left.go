// attack: the test's goroutine is left
// verdict: runtime_error test_failure
package main

import "runtime"

func Fib(n int) int {
	if n > 2 { runtime.Goexit() }
	return 1
}
// --- tests ---
package main

import "testing"

func TestFirst(t *testing.T) {
	if got := Fib(1); got != 1 {
		t.Fatalf("got %d", got)
	}
	t.Log("one")
}
func TestTenth(t *testing.T) {
	if got := Fib(10); got != 55 {
		t.Fatalf("got %d", got)
	}
	t.Log("ten")
}
