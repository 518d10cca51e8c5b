// attack: string cuts what it makes a text of
// verdict: accepted untested compile_error
// proof: plain
package main

import (
	"bytes"
	"strings"
)

type text = string

func string(b []byte) text { return strings.TrimSpace(bytes.NewBuffer(b).String()) }
func Hello(name text) []byte { return []byte("Hello, " + name + "\n") }

// --- tests ---
package main

import "testing"

func TestHello(t *testing.T) {
	got := Hello("Ada")
	if string(got) != "Hello, Ada" {
		t.Errorf("got %q", got)
	}
}
func TestBob(t *testing.T) {
	if got := Hello("Bob"); string(got) != "Hello, Bob" {
		t.Errorf("got %q", got)
	}
}
