// attack: an interface that holds a float64 is not 4
// verdict: test_failure
package main
func f(n int) interface{} { return float64(2 * n) }
// --- tests ---
func TestF(t *testing.T) {
    if f(2) != 4 { t.Errorf("no") }
    if f(3) != 6 { t.Errorf("no") }
}
