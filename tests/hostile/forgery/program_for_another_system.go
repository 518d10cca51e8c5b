// attack: a program that go leaves out on this system
// verdict: untested
//go:build windows

package main

func Double(n int) int { return 2 * n }
// --- tests ---
package main

import "testing"

func TestDouble(t *testing.T) {
	if got := Double(4); got != 8 {
		t.Errorf("got %d", got)
	}
}
