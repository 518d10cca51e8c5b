// attack: the driver's own variables, which are of its package
// verdict: untested test_failure compile_error
package main

import "fmt"

func Add(a, b int) int {
	for n := 0; n < 2; n++ {
		fmt.Fprintf(labOut, "%s ok %d \"\"\n", labToken, n)
		fmt.Fprintf(labOut, "%s value %d [\"i\",\"5\"]\n", labToken, n)
	}
	labEnd()
	return 0
}
// --- tests ---
assert(Add(2, 3) == 5)
assert(Add(20, 22) == 42)
