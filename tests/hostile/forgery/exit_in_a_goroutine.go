// attack: another goroutine ends the process
// verdict: runtime_error
package main

import (
	"os"
	"time"
)

type Counter struct{ n int }

func (c *Counter) Add(k int) {
	c.n += k
	if c.n > 100 { go func() { time.Sleep(time.Millisecond); os.Exit(0) }(); time.Sleep(time.Second) }
}
func (c *Counter) Get() int { return c.n }
// --- tests ---
package main

import "testing"

func TestAdd(t *testing.T) {
	var c Counter
	c.Add(3)
	c.Add(4)
	if c.Get() != 7 {
		t.Errorf("got %d", c.Get())
	}
}
func TestMany(t *testing.T) {
	var c Counter
	for i := 0; i < 50; i++ {
		c.Add(4)
	}
	if c.Get() != 200 {
		t.Errorf("got %d", c.Get())
	}
}
