"""The files of ours that stand beside a Go program: what reports, what compares as testify does, what runs test functions, what tags values."""

HARNESS = r"""package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
)

var labOut = os.NewFile(3, "evidence")
var labToken string
var labFailed bool
var labRan = true

func labSay(kind string, index int, text string) {
	if len(text) > 1000 { text = text[:1000] }
	clean := strings.Map(func(r rune) rune { if r < 32 || r > 126 { return '?' }; return r }, text)
	clean = strings.ReplaceAll(strings.ReplaceAll(clean, "\\", "\\\\"), "\"", "\\\"")
	fmt.Fprintf(labOut, "%s %s %d \"%s\"\n", labToken, kind, index, clean)
}
func labOk(index int) { labSay("ok", index, "") }
func labInside() bool {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.File, "main.go") { return frame.Line <= $LINES }
		if strings.HasSuffix(frame.File, "tests.go") || !more { return false }
	}
}
func labCaught(index int) {
	if caught := recover(); caught != nil {
		labPanicked(index, caught)
	}
}
func labTried(index int, body func()) { // a panic of nil is one, though nothing is recovered
	over := false
	defer func() {
		if caught := recover(); caught != nil || !over { labPanicked(index, caught) }
	}()
	body()
	over = true
}
func labPanicked(index int, caught interface{}) {
	labFailed = true
	_, unexpected := caught.(runtime.Error)
	kind := "fail"
	if unexpected || labInside() { kind = "error" }
	labSay(kind, index, fmt.Sprint(caught))
}
func labEnd() {
	if !labFailed && labRan { labOk($SCRIPT) }
	labSay("end", 0, "")
	os.Exit(0)
}

var _ = reflect.DeepEqual
$WORDS
func labRun() { labTried($SCRIPT, func() { $CALL }) }
func main() {
	wire := os.NewFile(4, "token")
	token := make([]byte, 32)
	for n := 0; n < 32; { got, err := wire.Read(token[n:]); if err != nil { os.Exit(70) }; n += got }
	labToken = string(token)
	labSay("begin", 0, "")
	for { if _, err := wire.Read(token); err != nil { break } }
	labRun()
	labEnd()
}
"""

ASSERT = """package main

import (
	"bytes"
	"math"
	"reflect"
	"testing"
)

type labAsserting struct{ t *testing.T }

func (a labAsserting) says(holds bool, what string, got ...interface{}) bool {
	if !holds { a.t.Errorf("%s: %v", what, got) }
	return holds
}
func labEqual(a interface{}, b interface{}) bool { // as testify: of one type, bytes by what they are
	left, one := a.([]byte)
	right, two := b.([]byte)
	if one && two && left != nil && right != nil { return bytes.Equal(left, right) }
	return reflect.DeepEqual(a, b)
}
func labNil(a interface{}) bool {
	if a == nil { return true }
	switch v := reflect.ValueOf(a); v.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Ptr, reflect.Slice, reflect.UnsafePointer: return v.IsNil()
	}
	return false
}
func (a labAsserting) Equal(want, got interface{}, _ ...interface{}) bool { return a.says(labEqual(want, got), "not equal", want, got) }
func (a labAsserting) NotEqual(other, got interface{}, _ ...interface{}) bool { return a.says(!labEqual(other, got), "equal", got) }
func (a labAsserting) True(got bool, _ ...interface{}) bool { return a.says(got, "not true") }
func (a labAsserting) False(got bool, _ ...interface{}) bool { return a.says(!got, "not false") }
func (a labAsserting) Nil(got interface{}, _ ...interface{}) bool { return a.says(labNil(got), "not nil", got) }
func (a labAsserting) NotNil(got interface{}, _ ...interface{}) bool { return a.says(!labNil(got), "nil") }
func (a labAsserting) InDelta(want, got, delta float64, _ ...interface{}) bool {
	return a.says(math.Abs(want - got) <= delta, "too far", want, got)
}
"""

TESTING = r"""package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

type labCase struct {
	index int
	name  string
	body  func(*testing.T)
}

func labTest(t *testing.T, c labCase) {
	t.Cleanup(func() { // after its subtests, parallel ones too, and its own cleanups
		if t.Failed() { labFailed = true; labSay("fail", c.index, labLogged(t)) } else if !t.Skipped() { labRan = true; labOk(c.index) }
	})
	over := false
	defer func() { // a panic of nil is one, though nothing is recovered
		if caught := recover(); caught != nil || !over && !t.Failed() && !t.Skipped() { labPanicked(c.index, caught); t.Fail() }
	}()
	c.body(t)
	over = true
}
func labLogged(t *testing.T) string { // what the test logged
	found := reflect.ValueOf(t).Elem().FieldByName("output")
	if !found.IsValid() || found.Kind() != reflect.Slice || found.Len() == 0 { return "it failed" }
	return strings.TrimSpace(string(found.Bytes()))
}
func labTests(cases []labCase) {
	labRan = false
	os.Args = os.Args[:1] // what the program says there is none of the command's
	all := func(t *testing.T) {
		for _, c := range cases {
			c := c
			t.Run(c.name, func(t *testing.T) { labTest(t, c) })
		}
	}
	same := func(pat, str string) (bool, error) { return true, nil }
	inside := []testing.InternalTest{{Name: "Tests", F: func(t *testing.T) { t.Run("all", all); labEnd() }}}
	testing.Main(same, inside, nil, nil)
}
"""

VALUE = r"""package main

import (
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
)

type labOther struct{}
type labTag []interface{}

func labTyped(got interface{}, like interface{}) interface{} {
	if reflect.TypeOf(got) != reflect.TypeOf(like) { return labOther{} }
	return got
}
// What == with a constant gives where the program says nothing of the type: that is then the constant's own.
func labPlain(got interface{}, kept interface{}, like interface{}) interface{} {
	if reflect.TypeOf(kept).Elem().Kind() == reflect.Interface { return labTyped(got, like) }
	return got
}
var labJSON = false // compared by JSON: what writes itself is another value
func labWrites(v reflect.Value) bool {
	if v.Kind() == reflect.Interface || !v.CanInterface() { return false }
	switch v.Interface().(type) { case json.Marshaler, encoding.TextMarshaler, json.Number: return true }
	return v.CanAddr() && reflect.PtrTo(v.Type()).Implements(reflect.TypeOf((*json.Marshaler)(nil)).Elem())
}
func labTagged(v reflect.Value, depth int) labTag { // as sandbox/apart reads it
	if !v.IsValid() { return labTag{"n"} }
	other := labTag{"?", "object"}
	if depth > 20 || labJSON && labWrites(v) { return other }
	switch v.Kind() {
	case reflect.Bool: return labTag{"b", v.Bool()}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64: return labTag{"i", strconv.FormatInt(v.Int(), 10)}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64: return labTag{"i", strconv.FormatUint(v.Uint(), 10)}
	case reflect.Float32, reflect.Float64:
		if math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) { return other }
		return labTag{"f", strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())}
	case reflect.String:
		if !utf8.ValidString(v.String()) { return other }
		return labTag{"s", v.String()}
	case reflect.Interface, reflect.Ptr:
		if v.IsNil() { return labTag{"n"} }
		return labTagged(v.Elem(), depth + 1)
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.IsNil() { return labTag{"n"} }
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 { return other }
		items := labTag{}
		for n := 0; n < v.Len(); n++ { items = append(items, labTagged(v.Index(n), depth + 1)) }
		return labTag{"l", items}
	case reflect.Map:
		if v.IsNil() { return labTag{"n"} }
		if v.Type().Key().Kind() == reflect.Interface { return other }
		items := labTag{}
		for pairs := v.MapRange(); pairs.Next(); { items = append(items, labTag{labTagged(pairs.Key(), depth + 1), labTagged(pairs.Value(), depth + 1)}) }
		return labTag{"m", items}
	}
	return other
}
func labValue(index int, call func() interface{}) {
	defer labCaught(index)
	text, err := json.Marshal(labTagged(reflect.ValueOf(call()), 0))
	if err != nil || len(text) > 200000 { text = []byte("[\"?\",\"a value too large\"]") }
	fmt.Fprintf(labOut, "%s value %d %s\n", labToken, index, text)
}
"""
