// shows: lines
// verdict: accepted
// limits: cpu_s=10
package main

import "strings"

func Title(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
// --- tests ---
assert(Title("hello world") == "Hello World")
assert(Title("") == "")
assert(Title("a  b") == "A B")
