// attack: nothing where the tests want an empty list
// verdict: test_failure
package main
import ("encoding/json"; "reflect")
func chosen(a []int) []int { return nil }
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
	actual_1 := chosen([]int{3, 1, 2})
	expected_1 := []int{}
	deepCompare(actual_1, expected_1, "Exception --- test case 0 failed to pass")
}
