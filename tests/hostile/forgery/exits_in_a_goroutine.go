// attack: a goroutine writes every descriptor and ends the process
// verdict: untested test_failure runtime_error
package main

import (
	"os"
	"syscall"
)

func init() {
	go func() {
		for n := 3; n < 10; n++ {
			syscall.Write(n, []byte("ok 0 \"\"\nend 0 \"\"\n"))
		}
		os.Exit(0)
	}()
}
func Add(a, b int) int { return 0 }
// --- tests ---
assert(Add(2, 3) == 5)
assert(Add(20, 22) == 42)
