// shows: the smallest program
// verdict: untested
package main

import "fmt"

func main() { fmt.Println("hello") }
