// shows: deep
// verdict: accepted
// limits: cpu_s=10
package main

import "sort"

func Sorted(items []int) []int {
	out := append([]int{}, items...)
	sort.Ints(out)
	return out
}
// --- tests ---
package main

import (
	"reflect"
	"testing"
)

func TestSorted(t *testing.T) {
	if !reflect.DeepEqual(Sorted([]int{3, 1, 2}), []int{1, 2, 3}) {
		t.Error("three")
	}
	got := Sorted([]int{2, 1})
	if !reflect.DeepEqual(got, []int{1, 2}) {
		t.Errorf("two: %v", got)
	}
}
