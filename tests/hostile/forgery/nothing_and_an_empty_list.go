// attack: nil for an empty list
// verdict: untested test_failure
package main

func Evens(items []int) []int {
	var out []int
	for _, n := range items {
		if n%2 == 0 {
			out = append(out, n)
		}
	}
	return out
}
// --- tests ---
package main

import (
	"reflect"
	"testing"
)

func TestEvens(t *testing.T) {
	if !reflect.DeepEqual(Evens([]int{1, 2}), []int{2}) {
		t.Error("one")
	}
	if !reflect.DeepEqual(Evens([]int{1}), []int{}) {
		t.Error("none")
	}
}
