// shows: a source that is no program
// verdict: compile_error
package main

func main() { undefinedName() }
