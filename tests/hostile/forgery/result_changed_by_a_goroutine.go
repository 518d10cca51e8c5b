// attack: what a call gave is changed while it waits to be compared
// verdict: untested test_failure
package main

import "time"

func Items(n int) []int {
	out := make([]int, n)
	go func() {
		time.Sleep(time.Millisecond)
		for i := range out {
			out[i] = i
		}
	}()
	return out
}
// --- tests ---
package main

import (
	"reflect"
	"testing"
)

func TestItems(t *testing.T) {
	got := Items(3)
	if !reflect.DeepEqual(got, []int{0, 1, 2}) {
		t.Errorf("%v", got)
	}
}
