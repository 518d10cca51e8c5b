"""Go: solution, tests and harness are files of one package `main`.

A test script is `func TestX(t *testing.T)` functions, or has a `main` that panics (MBXP), or is a list of statements in
which a line `assert(...)` is a test of its own. Test functions are run by the real `testing`, each within a test of ours.
"""

from __future__ import annotations

import re

from sandbox.languages.diagnostics import lines
from sandbox.languages.language import BOX, MIB, Dialect, Language, Translation
from sandbox.languages.script import Script, rewrite
from sandbox.languages.values import Spelling, braced, json_text, typed

ASSERTION = re.compile(r"\s*assert\w*\(.*\)\s*(?://.*)?$")
_PACKAGE = re.compile(r"^package\s+\w+[ \t]*;?", re.MULTILINE)
_MAIN = re.compile(r"^func\s+main\s*\(\s*\)", re.MULTILINE)
_TEST = re.compile(r"^func\s+(Test\w*)\s*\(\s*\w+\s+\*testing\.T\s*\)", re.MULTILINE)
_IMPORTS = re.compile(r"^import\b", re.MULTILINE)
_TESTIFY = re.compile(r"\bassert\.New\(t\)")
"""HumanEval-X, which keeps what its tests import in a field of its own."""


def assemble(code: str, tests: str) -> Script:
    """`main.go` with the solution (and tests that import nothing, after it), `tests.go`, `lab.go`."""
    code = _PACKAGE.sub("", code, count=1)
    if not tests.strip():
        return Script(f"package main; {code}")
    code = _MAIN.sub("func labSolutionMain()", code)
    tests = _PACKAGE.sub("", tests, count=1)
    named = [(tests.count("\n", 0, found.start()) + 1, found[1]) for found in _TEST.finditer(tests)]
    units: list[tuple[int, str]] = []
    if named:
        units = [(line, f"{name}()") for line, name in named]
        table = ", ".join(f'{{{index}, "{name}", {name}}}' for index, (_, name) in enumerate(named))
        call = f"labTests([]labCase{{{table}}});"
    elif _MAIN.search(tests):
        tests, call = _MAIN.sub("func labTestsMain()", tests), "labTestsMain();"
    else:
        body, units = rewrite(
            tests,
            ASSERTION,
            lambda index, line: f"func() {{ defer labCaught({index}); {line.strip()}; labOk({index}) }}()",
            comments=("//",),
        )
        tests, call = f"func labTestsMain() {{ {body}\n}}", "labTestsMain();"
    lines = code.count("\n") + 1
    harness = _HARNESS.replace("$CALL", call).replace("$SCRIPT", str(len(units))).replace("$LINES", str(lines))
    files = {"lab.go": harness, **({"lab_testing.go": _TESTING} if named else {})}
    if named and _TESTIFY.search(tests) and not _IMPORTS.search(tests):
        files["lab_assert.go"] = _ASSERT
        tests = f'import "testing"; {_TESTIFY.sub("labAsserting{t}", tests)}'
    main = f"package main; {code}\n{tests}\n"
    if _IMPORTS.search(tests):
        files["tests.go"] = f"package main; {tests}\n"
        main = f"package main; {code}\n"
    above = 0 if "tests.go" in files else lines
    return Script(main, files, units=(*units, (1, "the test script")), solution_lines=above)


def calling(code: str, kept: str, calls: list[str]) -> tuple[str, dict[str, str]]:
    """The files that make the calls (bodies of functions) and say what each gave, for `sandbox/apart`."""
    code = _MAIN.sub("func labSolutionMain()", _PACKAGE.sub("", code, count=1))
    lines = code.count("\n") + 1
    harness = _HARNESS.replace("$SCRIPT", str(len(calls))).replace("$LINES", str(lines))
    made = "\n".join(f"labValue({index}, func() interface{{}} {{ {call} }})" for index, call in enumerate(calls))
    return f"package main; {code}\n{kept}\n", {"lab.go": harness.replace("$CALL", f"\n{made}\n"), "value.go": _VALUE}


_VALUE = r"""package main

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
_HARNESS = r"""package main

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

func assert(holds bool, text ...interface{}) { if !holds { panic("it does not hold " + fmt.Sprint(text...)) } }
func assertEqual(expected interface{}, got interface{}) {
	if !reflect.DeepEqual(expected, got) { panic(fmt.Sprintf("expected %#v, got %#v", expected, got)) }
}
func labRun() { defer labCaught($SCRIPT); $CALL }
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


_ASSERT = """package main

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

_TESTING = r"""package main

import (
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
	defer func() {
		if caught := recover(); caught != nil { labPanicked(c.index, caught); t.Fail() }
	}()
	c.body(t)
}
func labLogged(t *testing.T) string { // what the test logged
	found := reflect.ValueOf(t).Elem().FieldByName("output")
	if !found.IsValid() || found.Kind() != reflect.Slice || found.Len() == 0 { return "it failed" }
	return strings.TrimSpace(string(found.Bytes()))
}
func labTests(cases []labCase) {
	labRan = false
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
_BUILD = (
    "export HOME=/box/go GOCACHE=/box/go/cache GOTMPDIR=/box && mkdir -p /box/go/cache && "
    "go build -o main *.go && rm -rf /box/go"
)
LANGUAGE = Language(
    "go",
    (".go",),
    solution="solution.txt",
    main="main.go",
    compile=("/bin/sh", "-c", _BUILD),
    run=(f"{BOX}/main",),
    artefacts=("main",),
    version=("/usr/bin/go", "version"),
    readers={"compile": lines("go", r"^(?:\./)?main\.go:(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.*)")},
    packages=("golang-go",),
    aliases=("golang",),
    memory_signs=("out of memory",),
    memory_bytes=128 * MIB,
    build_memory_bytes=1024 * MIB,
    pids=16,
    build_pids=64,
    environment={"GOMAXPROCS": "2", "GOFLAGS": "-p=1", "GO111MODULE": "off", "CGO_ENABLED": "0"},
    assemble=assemble,
    wraps_always=True,
    dialect=Dialect(
        "go",
        "Go",
        solution="package main\n\nfunc countEven(numbers []int) int {\n"
        "\t// A number is even when dividing it by two leaves nothing.\n"
        "\tcount := 0\n\tfor _, number := range numbers {\n\t\tif number%2 == 0 {\n\t\t\tcount++\n\t\t}\n\t}\n"
        "\treturn count\n}\n",
        tests="assert(countEven([]int{1, 2, 4}) == 2)\n"
        "assert(countEven([]int{}) == 0)\n"
        "assert(countEven([]int{7}) == 0)\n"
        "assert(countEven([]int{0, -2}) == 2)\n",
        test_start="assert(",
        functions=r"^func[ \t]+(\w{1,64})[ \t]*\(",
        translation=Translation(
            Spelling(
                json_text,
                items=braced(),
                pairs=lambda pairs, kind: f"{kind}{{{', '.join(f'{k}: {v}' for k, v in pairs)}}}",
                names=typed("int=int; float=float64; str=string; bool=bool; list=[]{}; dict=map[string]{}"),
            ),
            signature="func {name}({parameters}) {result}",
            parameter="{name} {type}",
            prelude="package main\n\n",
            example="func count_even(numbers []int) int {\n\tcount := 0\n\tfor _, number := range numbers {\n"
            "\t\tif number%2 == 0 {\n\t\t\tcount++\n\t\t}\n\t}\n\treturn count\n}",
            equal="assertEqual({0}, {1})",
            near="assert({0} - ({1}) <= {2} && {0} - ({1}) >= -{2})",
            empty="assert(len({0}) == 0)",
        ),
    ),
)
