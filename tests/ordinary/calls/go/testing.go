// shows: Go's own way of testing
// verdict: accepted
package main

func Add(a, b int) int { return a + b }

func IsEven(n int) bool { return n%2 == 0 }

func Doubled(list []int) []int {
	out := []int{}
	for _, n := range list {
		out = append(out, 2*n)
	}
	return out
}

func Greet(name string) string { return "hello " + name }

// --- tests ---
package main

import (
	"reflect"
	"testing"
)

func TestAdd(t *testing.T) {
	if got := Add(2, 3); got != 5 {
		t.Errorf("Add(2, 3) = %d; want 5", got)
	}
	if Add(-1, 1) != 0 {
		t.Error("nought")
	}
}

func TestOthers(t *testing.T) {
	if !IsEven(2) {
		t.Fatal("two")
	}
	if IsEven(3) {
		t.Errorf("three")
	}
	if !reflect.DeepEqual(Doubled([]int{1, 2}), []int{2, 4}) {
		t.Error("doubled")
	}
	if result := Greet("Ada"); result != "hello Ada" {
		t.Errorf("got %q", result)
	}
}
