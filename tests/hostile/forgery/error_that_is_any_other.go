// attack: an error that says of itself that it is every other
// verdict: untested accepted
// proof: plain
package main

import "errors"

var ErrNotFound = errors.New("not found")

type failure struct{}

func (failure) Error() string         { return "failure" }
func (failure) Is(target error) bool { return true }

type Store struct{ items map[string]int }

func (s *Store) Get(key string) (int, error) {
	if item, ok := s.items[key]; ok {
		return item, nil
	}
	return 0, failure{}
}
// --- tests ---
package main

import (
	"errors"
	"testing"
)

func TestGets(t *testing.T) {
	store := &Store{items: map[string]int{"a": 4}}
	got, _ := store.Get("a")
	if got != 4 {
		t.Errorf("got %d, want 4", got)
	}
	_, err := store.Get("b")
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestGetsAnother(t *testing.T) {
	store := &Store{items: map[string]int{"x": 9}}
	got, _ := store.Get("x")
	if got != 9 {
		t.Errorf("got %d, want 9", got)
	}
}
