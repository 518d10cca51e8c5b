"""Go: solution, tests and harness are files of one package `main`.

A test script is `func TestX(t *testing.T)` functions, or has a `main` that panics (MBXP), or is a list of statements in
which a line `assert(...)` is a test of its own. `*testing.T` is a small one of ours.
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
_TESTING = re.compile(r"^import\s+\"testing\"[ \t]*$|^[ \t]*\"testing\"[ \t]*$", re.MULTILINE)
_IMPORTS = re.compile(r"^import\b", re.MULTILINE)


def assemble(code: str, tests: str) -> Script:
    """`main.go` with the solution (and tests that import nothing, after it), `tests.go`, `lab.go`."""
    code = _PACKAGE.sub("", code, count=1)
    if not tests.strip():
        return Script(f"package main; {code}")
    code = _MAIN.sub("func labSolutionMain()", code)
    tests = _TESTING.sub("", _PACKAGE.sub("", tests, count=1)).replace("*testing.T", "*labT")
    named = [
        (tests.count("\n", 0, found.start()) + 1, found[1])
        for found in _TEST.finditer(tests.replace("*labT", "*testing.T"))
    ]
    units: list[tuple[int, str]] = []
    if named:
        units = [(line, f"{name}()") for line, name in named]
        call = " ".join(f"labTest({index}, {name});" for index, (_, name) in enumerate(named))
    elif _MAIN.search(tests):
        tests, call = _MAIN.sub("func labTestsMain()", tests), "labTestsMain();"
    else:
        body, units = rewrite(
            tests,
            ASSERTION,
            lambda index, line: f"func() {{ defer labCaught({index}); {line.strip()}; labOk({index}) }}()",
        )
        tests, call = f"func labTestsMain() {{ {body}\n}}", "labTestsMain();"
    lines = code.count("\n") + 1
    harness = _HARNESS.replace("$CALL", call).replace("$SCRIPT", str(len(units))).replace("$LINES", str(lines))
    files = {"lab.go": harness}
    main = f"package main; {code}\n{tests}\n"
    if _IMPORTS.search(tests):
        files["tests.go"] = f"package main; {tests}\n"
        main = f"package main; {code}\n"
    above = 0 if "tests.go" in files else lines
    return Script(main, files, units=(*units, (1, "the test script")), solution_lines=above)


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
		labFailed = true
		if _, stopped := caught.(labStop); stopped { return }
		_, unexpected := caught.(runtime.Error)
		kind := "fail"
		if unexpected || labInside() { kind = "error" }
		labSay(kind, index, fmt.Sprint(caught))
	}
}

type labStop struct{}
type labT struct { index int; failed bool }
func (t *labT) Errorf(format string, values ...interface{}) { t.failed = true; labSay("fail", t.index, fmt.Sprintf(format, values...)) }
func (t *labT) Error(values ...interface{}) { t.Errorf("%s", fmt.Sprintln(values...)) }
func (t *labT) Fatalf(format string, values ...interface{}) { t.Errorf(format, values...); panic(labStop{}) }
func (t *labT) Fatal(values ...interface{}) { t.Error(values...); panic(labStop{}) }
func (t *labT) Fail() { t.Errorf("failed") }
func (t *labT) FailNow() { t.Fatalf("failed") }
func (t *labT) Log(values ...interface{}) {}
func (t *labT) Logf(format string, values ...interface{}) {}
func (t *labT) Helper() {}
func (t *labT) Run(name string, body func(t *labT)) bool { inner := &labT{index: t.index}; body(inner); t.failed = t.failed || inner.failed; return !inner.failed }
func labTest(index int, body func(t *labT)) {
	defer labCaught(index)
	t := &labT{index: index}
	body(t)
	if t.failed { labFailed = true } else { labOk(index) }
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
	if !labFailed { labOk($SCRIPT) }
	labSay("end", 0, "")
	os.Exit(0)
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
