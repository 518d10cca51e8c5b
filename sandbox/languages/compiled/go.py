"""Go: solution, tests and harness are files of one package `main`; the solution is compiled by itself as well, to tell one that
leans on its tests.

A test script is `func TestX(t *testing.T)` functions, or has a `main` that panics (MBXP), or is a list of statements in
which a line `assert(...)` is a test of its own. Test functions are run by the real `testing`, each within a test of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from sandbox.languages.compiled import goharness
from sandbox.languages.diagnostics import ALONE, bounded, line_number, lines
from sandbox.languages.language import BOX, MIB, Dialect, Language, Translation
from sandbox.languages.script import Script, rewrite
from sandbox.languages.values import Spelling, braced, json_text, typed
from sandbox.report import Diagnostic

ASSERTION = re.compile(r"\s*assert\w*\(.*\)\s*(?://.*)?$")
_PACKAGE = re.compile(r"^package\s+\w+[ \t]*;?", re.MULTILINE)
_MAIN = re.compile(r"^func\s+main\s*\(\s*\)", re.MULTILINE)
_TEST = re.compile(r"^func\s+(Test\w*)\s*\(\s*\w+\s+\*testing\.T\s*\)", re.MULTILINE)
_IMPORTS = re.compile(r"^import\b", re.MULTILINE)
_TESTIFY = re.compile(r"\bassert\.New\(t\)")
"""HumanEval-X, which keeps what its tests import in a field of its own."""
_OTHERWISE = re.compile(
    r"^func\s+(TestMain\s*\(\s*\w+\s+\*testing\.M\s*\)|Example\w*\s*\(\s*\)|Fuzz\w+\s*\(\s*\w+\s+\*testing\.F\s*\))",
    re.M,
)
"""What `go test` runs beside tests."""
_CLAUSE = re.compile(r"^package\s+(\w+)", re.MULTILINE)
_OWN = {
    "assert": 'func assert(holds bool, text ...interface{}) { if !holds { panic("it does not hold " + fmt.Sprint(text...)) } }',
    "assertEqual": """func assertEqual(expected interface{}, got interface{}) {
	if !reflect.DeepEqual(expected, got) { panic(fmt.Sprintf("expected %#v, got %#v", expected, got)) }
}""",
}
"""Words of ours, for tests that have none of their own."""


def assemble(code: str, tests: str) -> Script:
    """`main.go` with the solution (and tests that import nothing, after it), `tests.go`, `lab.go`."""
    why = _unfit(code, tests)
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
            lambda index, line: f"labTried({index}, func() {{ {line.strip()}; labOk({index}) }})",
            comments=("//",),
        )
        tests, call = f"func labTestsMain() {{ {body}\n}}", "labTestsMain();"
    lines = code.count("\n") + 1
    words = _words(code, tests)
    harness = (
        goharness.HARNESS.replace("$WORDS", words)
        .replace("$CALL", call)
        .replace("$SCRIPT", str(len(units)))
        .replace("$LINES", str(lines))
    )
    files = {"lab.go": harness, **({"lab_testing.go": goharness.TESTING} if named else {})}
    if named and _TESTIFY.search(tests) and not _IMPORTS.search(tests):
        files["lab_assert.go"] = goharness.ASSERT
        tests = f'import "testing"; {_TESTIFY.sub("labAsserting{t}", tests)}'
    main = f"package main; {code}\n{tests}\n"
    if _IMPORTS.search(tests):
        files["tests.go"] = f"package main; {tests}\n"
        main = f"package main; {code}\n"
    if named:
        files["vet.cfg"] = _vet(code)
    above = 0 if "tests.go" in files else lines
    return Script(main, files, units=(*units, (1, "the test script")), solution_lines=above, unfit=why)


def _unfit(code: str, tests: str) -> str:
    """What `go test` would do with these tests and nothing here does."""
    if constraint := _left_out(code):
        return f"The program is left out here by its build constraint ({constraint[:100]})."
    if found := _OTHERWISE.search(tests):
        return f"The tests have a function {found[1].partition('(')[0].strip()}, which is not run here."
    own, other = _CLAUSE.search(code), _CLAUSE.search(tests)
    if other and other[1].endswith("_test") and not (own and own[1] == other[1]):
        return f"The tests stand in a package of their own ({other[1][:60]}), which is not known here."
    if own and other and own[1] != other[1]:
        return f"Program and tests stand in two packages ({own[1][:60]}, {other[1][:60]})."
    return ""


_TAGS = frozenset(["linux", "amd64", "unix", "gc", *(f"go1.{minor}" for minor in range(1, 20))])


def _holds(words: list[str]) -> bool:
    """What a constraint says, which is taken from the words. Raises IndexError where it ends too early."""

    def one() -> bool:
        word = words.pop(0)
        if word == "(":
            held = _holds(words)
            words.pop(0)
            return held
        return not one() if word == "!" else word in _TAGS

    held, both = False, one()
    while words and words[0] in ("&&", "||"):
        if words.pop(0) == "&&":
            both = one() and both
        else:
            held, both = held or both, one()
    return held or both


def _left_out(code: str) -> str:
    """The constraint above the package clause by which `go test` leaves the program's file out; empty where it has none that does."""
    above = code[: found.start()] if (found := _CLAUSE.search(code)) else ""
    if said := re.search(r"^//go:build[ \t]+(.+)$", above, re.MULTILINE):
        words = re.findall(r"&&|\|\||[!()]|[\w.]+", said[1])[:200]
        try:
            holds = _holds(words) and not words
        except IndexError:
            holds = False
        return "" if holds else said[0]
    for line in re.finditer(r"^//[ \t]*\+build[ \t]+(.+)$(?=[\s\S]*\n[ \t]*\n)", above, re.MULTILINE):
        options = [[word.lstrip("!") in _TAGS for word in option.split(",") if word] for option in line[1].split()]
        signs = [[word.startswith("!") for word in option.split(",") if word] for option in line[1].split()]
        if not any(all(map(bool.__ne__, tags, turned)) for tags, turned in zip(options, signs, strict=True)):
            return line[0]
    return ""


def _words(code: str, tests: str) -> str:
    """Words of ours, but those that program or tests have: a function, a variable or a package."""
    both = f"{code}\n{tests}"
    known = [word for word in _OWN if not re.search(rf"\b(?:func|var|const|type)\s+{word}\b|[/\"]{word}\"", both)]
    return "\n".join(_OWN[word] for word in known)


def calling(code: str, kept: str, calls: list[str]) -> tuple[str, dict[str, str]]:
    """The files that make the calls (bodies of functions) and say what each gave, for `sandbox/apart`."""
    code = _MAIN.sub("func labSolutionMain()", _PACKAGE.sub("", code, count=1))
    lines = code.count("\n") + 1
    harness = goharness.HARNESS.replace("$WORDS", "").replace("$SCRIPT", str(len(calls))).replace("$LINES", str(lines))
    made = "\n".join(f"labValue({index}, func() interface{{}} {{ {call} }})" for index, call in enumerate(calls))
    return f"package main; {code}\n{kept}\n", {
        "lab.go": harness.replace("$CALL", f"\n{made}\n"),
        "value.go": goharness.VALUE,
    }


_VETTED = "-atomic -bool -buildtags -errorsas -ifaceassert -nilfunc -printf -stringintconv"
"""Of `go vet`, what `go test` asks before it runs anything."""
_BUILD = (
    "export HOME=/box/go GOCACHE=/box/go/cache GOTMPDIR=/box && mkdir -p /box/go/cache && "
    "{ { go tool compile -e -p solution -o /box/go/alone solution.txt | grep -v 'imported and not used'; "
    f"[ ! -e vet.cfg ] || go tool vet {_VETTED} vet.cfg; }} 2>&1 | sed 's/^/alone: /'; "
    "go build -o main *.go && rm -rf /box/go; }"
)
"""What compiler and vet say of the solution by itself, but of imports that only its tests use, is told and stops nothing."""


def _vet(code: str) -> str:
    """What `go vet` is told of the solution where nobody lists packages for it."""
    declared = " ".join(re.findall(r"^import\s*(\([^)]*\)|[^\n]*)", code, re.MULTILINE))
    names = sorted(set(re.findall(r"[\"`]([\w./-]+)[\"`]", declared)))
    told = {
        **{
            "ID": "solution",
            "Compiler": "gc",
            "Dir": BOX,
            "ImportPath": "solution",
            "GoFiles": [f"{BOX}/solution.txt"],
        },
        **{"ImportMap": {name: name for name in names}, "Standard": dict.fromkeys(names, True)},
        **{"PackageFile": {name: f"/usr/lib/go/pkg/linux_amd64/{name}.a" for name in names}},
        **{"VetxOutput": "/box/go/vetx", "SucceedOnTypecheckFailure": True},
    }
    return json.dumps(told)


def _said(output: str) -> Iterator[Diagnostic]:
    yield from _of_all(output)
    for found in re.finditer(r"^(?:\./)?tests\.go:(\d+):(?:(\d+):)? (.*)", output[:20_000], re.MULTILINE):
        yield Diagnostic(line_number(found[1]), line_number(found[2]), "go", "error", bounded(found[3]), "tests")
    for found in re.finditer(r"^alone: (?:/box/work/)?solution\.txt:(\d+):(\d+): (.*)", output[:20_000], re.MULTILINE):
        yield Diagnostic(line_number(found[1]), line_number(found[2]), ALONE, "warning", bounded(found[3]))


_of_all = lines("go", r"^(?:\./)?main\.go:(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.*)")
LANGUAGE = Language(
    "go",
    (".go",),
    solution="solution.txt",
    main="main.go",
    compile=("/bin/sh", "-c", _BUILD),
    run=(f"{BOX}/main",),
    artefacts=("main",),
    version=("/usr/bin/go", "version"),
    readers={"compile": _said},
    written=lambda code: code if _PACKAGE.search(code) else f"package main; {code}",
    not_here=r"cannot find package \"([^\"]+)\"",
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
