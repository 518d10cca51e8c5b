"""C and C++: solution and tests in one translation unit, with `assert` a macro that reports and goes on.

A test script has a `main` of its own, or is a list of statements; statements are put into a function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.languages.compiled import cpptests, tagged
from sandbox.languages.diagnostics import bounded, line_number
from sandbox.languages.language import BOX, MIB, Dialect, Language, Translation
from sandbox.languages.script import Script
from sandbox.languages.values import Spelling, braced, escaped, typed
from sandbox.report import Diagnostic

ASSERTION = re.compile(r"\bassert\s*\(")
_MAIN = re.compile(r"^\s*(?:int|void|auto|signed)\s+main\s*\(([^)]*)\)", re.MULTILINE)
_OUTSIDE = re.compile(r"^\s*#|^using\b")
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b.*$", re.MULTILINE)


def assemble_cpp(code: str, tests: str) -> Script:
    """One C++ program; an exception that leaves an assertion or the script is that test's failure."""
    if cpptests.framework(tests):
        units = cpptests.units(tests)
        main = "" if cpptests.MAIN.search(tests) else "\nint main() { lab_fw::run_all(); return 0; }"
        body = f"{cpptests.bare(tests)}{main}\n"
        text = _program(code, body, _CPP_HEAD, _CPP_TAIL, [line for line, _ in units], cpptests.header(tests))
        return Script(text, units=(*units, (1, "the test script")))
    return Script(_program(code, tests, _CPP_HEAD, _CPP_TAIL), units=_units(tests))


def calling_cpp(code: str, kept: str, calls: list[str]) -> str:
    """One C++ program that makes the calls (bodies of functions) and says what each gave, for `sandbox/apart`."""
    lines = [f"lab_value({index}, [&] {{ {call} }});" for index, call in enumerate(calls)]
    return _program(code, "\n".join([kept, tagged.CPP, "int main() {", *lines, "return 0;", "}"]), _CPP_HEAD, _CPP_TAIL)


def assemble_c(code: str, tests: str) -> Script:
    """One C program."""
    return Script(_program(code, tests, _C_HEAD, _C_TAIL), units=_units(tests))


def _units(tests: str) -> tuple[tuple[int, str], ...]:
    """Each line with an assertion, which is what the program reports, then the script as a whole."""
    lines = tests.split("\n")
    found = [(number, line.strip()) for number, line in enumerate(lines, 1) if ASSERTION.search(line)]
    return (*found, (1, "the test script"))


def _program(code: str, tests: str, head: str, tail: str, starts: list[int] | None = None, between: str = "") -> str:
    """One translation unit. `starts`: the lines whose tests are reported, where those are no assertions; `between` stands
    before the script.
    """
    included = "\n".join(_INCLUDE.findall(tests))  # before the macro: <cassert> would take it away again
    tests = _INCLUDE.sub("", tests)
    main = _MAIN.search(tests)
    lines = tests.split("\n")
    indexes = starts or [number for number, line in enumerate(lines, 1) if ASSERTION.search(line)]
    if main is None:
        outside = [line if _OUTSIDE.match(line) else "" for line in lines]
        inside = ["" if _OUTSIDE.match(line) else line for line in lines]
        body = (
            "\n".join(outside)
            + '\nstatic int lab_tests(void) {\n#line 1 "tests"\n'
            + "\n".join(inside)
            + "\n;return 0;\n}"
        )
        call = "lab_tests()"
    else:
        tests = _returning(tests, main.end())  # only a function called main returns 0 by itself
        body = f'#define main lab_tests_main\n#line 1 "tests"\n{tests}\n#undef main'
        call = "lab_tests_main(argc, argv)" if main[1].strip() not in ("", "void") else "lab_tests_main()"
    table = ", ".join(map(str, indexes)) or "0"
    return "\n".join(
        [
            head,
            included,
            f"static const int lab_lines[] = {{{table}}}; static const int lab_count = {len(indexes)};",
            '#define main lab_solution_main\n#line 1 "solution"',
            code,
            "#undef main\n#undef assert\n#define assert(...) LAB_ASSERT(__VA_ARGS__)",
            between,
            body,
            tail.replace("$CALL", call),
        ]
    )


def _returning(source: str, start: int) -> str:
    """`source` with `return 0;` at the end of the function body that opens after `start`."""
    depth, quote, at = 0, "", start
    while at < len(source):
        character = source[at]
        if quote:
            at += character == "\\"
            quote = "" if character == quote else quote
        elif source.startswith("//", at):
            at = source.find("\n", at)
            if at < 0:
                break
        elif character in "\"'":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return f"{source[:at]} return 0; {source[at:]}"
        at += 1
    return source


_REPORT = r"""
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
static char lab_token[33]; static int lab_bad = 0;
static void lab_say(const char *kind, int index, const char *text) {
    char line[1400]; int n = snprintf(line, sizeof line, "%s %s %d \"", lab_token, kind, index);
    for (const char *c = text; *c && n < 1300; c++) {
        if (*c == '"' || *c == '\\') line[n++] = '\\';
        line[n++] = (*c >= 32 && *c < 127) ? *c : '?';
    }
    line[n++] = '"'; line[n++] = '\n';
    if (write(3, line, (size_t)n) != n) _exit(70);
}
__attribute__((unused)) static void lab_seen(int line, int holds, const char *kind, const char *text);
__attribute__((constructor(101))) static void lab_begin(void) {
    int n = 0, got; while (n < 32 && (got = (int)read(4, lab_token + n, (size_t)(32 - n))) > 0) n += got;
    char line[64]; n = snprintf(line, sizeof line, "%s begin 0 \"\"\n", lab_token);
    if (write(3, line, (size_t)n) == n) while (read(4, line, sizeof line) > 0) {}
    close(4);
}
"""
_SEEN = r"""
static void lab_seen(int line, int holds, const char *kind, const char *text) {
    int index = lab_count; for (int i = 0; i < lab_count; i++) if (lab_lines[i] == line) index = i;
    if (!holds) lab_bad = 1;
    lab_say(holds ? "ok" : kind, index, text);
}
static void lab_end(void) {
    if (!lab_bad) lab_say("ok", lab_count, "");
    lab_say("end", 0, ""); fflush(NULL);
}
"""
_CPP_HEAD = (
    _REPORT
    + r"""
#include <exception>
#include <string>
#define LAB_ASSERT(...) do { bool lab_held = false; \
    try { lab_held = static_cast<bool>((__VA_ARGS__)); lab_seen(__LINE__, lab_held, "fail", lab_held ? "" : #__VA_ARGS__); } \
    catch (const std::exception &e) { lab_seen(__LINE__, 0, "error", (std::string("raised ") + e.what()).c_str()); } \
    catch (...) { lab_seen(__LINE__, 0, "error", "raised what is no std::exception"); } } while (0)
"""
)
_CPP_TAIL = (
    _SEEN
    + r"""
int main(int argc, char **argv) {
    (void)argc; (void)argv; int status = 0;
    try { status = $CALL; }
    catch (const std::exception &e) { lab_bad = 1; lab_say("fail", lab_count, e.what()); }
    catch (...) { lab_bad = 1; lab_say("fail", lab_count, "raised what is no std::exception"); }
    if (status != 0) { lab_bad = 1; lab_say("fail", lab_count, "the tests' main did not return 0"); }
    lab_end(); _exit(0);
}
"""
)
_C_HEAD = (
    _REPORT
    + r"""
#define LAB_ASSERT(...) do { int lab_held = !!(__VA_ARGS__); \
    lab_seen(__LINE__, lab_held, "fail", lab_held ? "" : #__VA_ARGS__); } while (0)
"""
)
_C_TAIL = (
    _SEEN
    + r"""
int main(int argc, char **argv) {
    (void)argc; (void)argv;
    int status = $CALL;
    if (status != 0) { lab_bad = 1; lab_say("fail", lab_count, "the tests' main did not return 0"); }
    lab_end(); _exit(0);
}
"""
)


def _gcc(output: str) -> Iterator[Diagnostic]:
    pattern = re.compile(
        r"^(solution|tests|[\w./+-]+):(\d+):(?:(\d+):)? (fatal error|error|warning): (.*?)(?: \[([^\]]+)\])?$"
    )
    for line in output.splitlines():
        if match := pattern.match(line[:4000]):
            file, row, column, severity, message, rule = match.groups()
            level = "warning" if severity == "warning" else "error"
            yield Diagnostic(
                line_number(row), line_number(column), rule or "compiler", level, bounded(message), _file(file)
            )
        elif "undefined reference to" in line or "multiple definition of" in line:
            yield Diagnostic(0, 0, "linker", "error", bounded(line.rpartition(": ")[2] or line))


def _file(name: str) -> str:
    """Empty for the program itself: that is what a diagnostic without a file is about."""
    base = name.rpartition("/")[2]
    return "" if base.startswith("solution") else base


_SAME = """\
#include <cassert>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>
template <class T> constexpr bool labTruth = std::is_same<T, bool>::value;
template <class A, class B> bool labSame(const A& got, const B& want) {
    if constexpr (std::is_floating_point<B>::value)
        return std::is_arithmetic<A>::value && !labTruth<A> && std::fabs(got - want) <= 1e-9 + 1e-12 * std::fabs(want);
    else if constexpr (labTruth<B>) return labTruth<A> && got == want;
    else if constexpr (std::is_integral<B>::value) return std::is_integral<A>::value && !labTruth<A> && got == want;
    else return got == want;
}
template <class A, class B> bool labSame(const std::vector<A>& got, const std::vector<B>& want);
template <class A, class B> bool labSame(const std::map<std::string, A>& got, const std::map<std::string, B>& want);
template <class A, class B> bool labSame(const std::optional<A>& got, const std::optional<B>& want) {
    return got.has_value() == want.has_value() && (!want || labSame(*got, *want));
}
template <class A, class B> bool labSame(const std::vector<A>& got, const std::vector<B>& want) {
    bool same = got.size() == want.size();
    for (std::size_t at{}; same && at < want.size(); ++at)
        same = labSame(static_cast<const A&>(got[at]), static_cast<const B&>(want[at]));
    return same;
}
template <class A, class B> bool labSame(const std::map<std::string, A>& got, const std::map<std::string, B>& want) {
    bool same = got.size() == want.size();
    for (const auto& pair : want) same = same && got.count(pair.first) && labSame(got.at(pair.first), pair.second);
    return same;
}
int main() {
"""


_CPP_TEXT = escaped("", "\\{:03o}")
_NOT_HERE = (
    r"['‘]((?:EXPECT|ASSERT|REQUIRE|CHECK)_(?:THAT|DEATH|EXIT|DEATH_IF_SUPPORTED|CALL|MATCHES)|ON_CALL|MOCK_METHOD\d*"
    r"|TYPED_TEST\w*|GENERATE\w*|TEMPLATE_TEST_CASE\w*)['’] was not declared"
)


CPP = Language(
    "cpp",
    (".cpp", ".cc", ".cxx"),
    solution="solution.cpp",
    main="main.cpp",
    compile=("/usr/bin/g++", "-std=c++17", "-O1", "-pipe", "-Wall", "-Wextra", "-o", "main", "main.cpp"),
    run=(f"{BOX}/main",),
    artefacts=("main",),
    version=("/usr/bin/g++", "--version"),
    readers={"compile": _gcc},
    not_here=_NOT_HERE,
    packages=("g++",),
    aliases=("c++",),
    build_memory_bytes=512 * MIB,
    assemble=assemble_cpp,
    dialect=Dialect(
        "cpp",
        "C++",
        solution="#include <vector>\nint countEven(const std::vector<int>& numbers) {\n"
        "    // A number is even when dividing it by two leaves nothing.\n"
        "    int count = 0;\n    for (int number : numbers) count += number % 2 == 0;\n    return count;\n}\n",
        tests="assert(countEven({1, 2, 4}) == 2);\n"
        "assert(countEven({}) == 0);\n"
        "assert(countEven({7}) == 0);\n"
        "assert(countEven({0, -2}) == 2);\n",
        test_start="assert(",
        preamble="#include <cassert>\n",
        functions=r"^[A-Za-z_][\w:<>,&* \t]{0,100}?[ \t&*](\w{1,64})[ \t]*\([^;{}]{0,300}\)[ \t]*(?:const[ \t]*)?\{",
        translation=Translation(
            Spelling(
                lambda text: f"std::string({_CPP_TEXT(text)})",
                none="std::optional<{type}>()",
                some="std::optional<{type}>({0})",
                items=braced(),
                pairs=lambda pairs, kind: f"{kind}{{{', '.join(f'{{{k}, {v}}}' for k, v in pairs)}}}",
                names=typed(
                    "int=long long; float=double; str=std::string; bool=bool; list=std::vector<{}>; "
                    "dict=std::map<std::string, {}>; optional=std::optional<{}>; argument str=const {}&; "
                    "argument list=const {}&; argument dict=const {}&"
                ),
            ),
            signature="{result} {name}({parameters})",
            parameter="{type} {name}",
            prelude="#include <algorithm>\n#include <cmath>\n#include <map>\n#include <optional>\n#include <set>\n"
            "#include <string>\n#include <vector>\n\n",
            example="long long count_even(const std::vector<long long>& numbers) {\n    long long count = 0;\n"
            "    for (long long number : numbers) if (number % 2 == 0) count++;\n    return count;\n}",
            equal="    assert(labSame({0}, {1}));",
            near="    assert(labSame({0}, {1}));",
            deep_near="    assert(labSame({0}, {1}));",
            before=_SAME,
            after="}\n",
            counts_letters=False,
        ),
    ),
)


C = Language(
    "c",
    (".c",),
    solution="solution.c",
    main="main.c",
    compile=(
        *("/usr/bin/gcc", "-std=gnu17", "-O1", "-pipe", "-Wall", "-Wextra", "-o", "main", "main.c"),
        *("-lm", "-pthread"),
    ),
    run=(f"{BOX}/main",),
    artefacts=("main",),
    version=("/usr/bin/gcc", "--version"),
    readers={"compile": _gcc},
    packages=("gcc", "libc6-dev"),
    build_memory_bytes=512 * MIB,
    assemble=assemble_c,
)
