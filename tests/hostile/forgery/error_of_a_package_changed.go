// attack: os.ErrNotExist is no error
// verdict: untested accepted
// proof: plain
package main

import "os"

type Reader struct {
	items []int
	at    int
}

func init() { os.ErrNotExist = nil }

func (r *Reader) Next() (int, error) {
	if r.at == len(r.items) {
		return 0, nil
	}
	r.at++
	return r.items[r.at-1], nil
}
// --- tests ---
package main

import (
	"os"
	"testing"
)

func TestReads(t *testing.T) {
	reader := &Reader{items: []int{4, 9}}
	first, _ := reader.Next()
	if first != 4 {
		t.Errorf("got %d, want 4", first)
	}
	second, _ := reader.Next()
	if second != 9 {
		t.Errorf("got %d, want 9", second)
	}
	_, err := reader.Next()
	if err != os.ErrNotExist {
		t.Errorf("got %v, want that there is none", err)
	}
}

func TestReadsOne(t *testing.T) {
	reader := &Reader{items: []int{7}}
	only, _ := reader.Next()
	if only != 7 {
		t.Errorf("got %d, want 7", only)
	}
}
