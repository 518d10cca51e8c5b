// shows: a program that crashes
// verdict: runtime_error
package main

func main() {
	var numbers []int
	println(numbers[len(numbers)])
}
