// attack: a type that writes itself down as it likes
// verdict: test_failure runtime_error untested
package main
import ("encoding/json"; "reflect")
type any3 struct { n int }
func (a any3) MarshalJSON() ([]byte, error) { return []byte("[1,2,3]"), nil }
func sorted(a []int) interface{} { return any3{1} }
// --- tests ---
func deepCompare(a interface{}, b interface{}, msg string) bool {
	aJSON, err := json.Marshal(a)
	if err != nil {
		panic(msg)
	}
	bJSON, err := json.Marshal(b)
	if err != nil {
		panic(msg)
	}
	var a2 interface{}
	var b2 interface{}
	err = json.Unmarshal(aJSON, &a2)
	if err != nil {
		panic(msg)
	}
	err = json.Unmarshal(bJSON, &b2)
	if err != nil {
		panic(msg)
	}
	result := reflect.DeepEqual(a2, b2)
	if result {
		return true
	} else {
		panic(msg)
	}
}

func main() {
	actual_1 := sorted([]int{3, 1, 2})
	expected_1 := []int{1, 2, 3}
	deepCompare(actual_1, expected_1, "Exception --- test case 0 failed to pass")
}
