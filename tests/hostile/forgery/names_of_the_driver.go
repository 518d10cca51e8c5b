// attack: names of the driver defined by the program
// verdict: untested test_failure compile_error
package main

func labTyped(got interface{}, like interface{}) interface{} { return like }
func labPlain(got, kept, like interface{}) interface{}       { return like }
func Double(n int) int                                       { return 0 }
// --- tests ---
package main

import "testing"

func TestDouble(t *testing.T) {
	if Double(2) != 4 {
		t.Error("2")
	}
}
