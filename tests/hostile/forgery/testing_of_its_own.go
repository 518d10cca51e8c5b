// attack: a type that is called as the variable of the tests, and a reflect of its own
// verdict: untested test_failure compile_error
package main

type own struct{}

func (own) DeepEqual(a, b interface{}) bool { return true }

var reflect own

func Items(n int) []int { return nil }
// --- tests ---
package main

import (
	"reflect"
	"testing"
)

func TestItems(t *testing.T) {
	got := Items(2)
	if !reflect.DeepEqual(got, []int{0, 1}) {
		t.Errorf("%v", got)
	}
}
