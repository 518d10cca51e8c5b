// shows: got and want
// verdict: accepted
// limits: cpu_s=10
package main

import "strings"

func Reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func Count(s string, of string) int { return strings.Count(s, of) }
// --- tests ---
package main

import "testing"

func TestReverse(t *testing.T) {
	got := Reverse("abc")
	want := "cba"
	if got != want {
		t.Errorf("got %q, want cba", got)
	}
}

func TestCount(t *testing.T) {
	got := Count("banana", "a")
	if got != 3 {
		t.Fatalf("got %d", got)
	}
}
