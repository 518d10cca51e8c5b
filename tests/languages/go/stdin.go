// shows: a program judged by what it prints for an input
// verdict: accepted
// cases: [["21\n", "42\n"], ["-1", "-2"]]
package main

import "fmt"

func main() {
	var n int
	fmt.Scan(&n)
	fmt.Println(2 * n)
}
