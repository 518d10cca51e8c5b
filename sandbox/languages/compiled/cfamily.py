"""C and C++: solution and tests in one translation unit, in this order, with `assert` a macro that reports and goes on.
What reports is a unit of its own, so that it lends neither headers nor names.

A test script has a `main` of its own, or is a list of statements; statements are put into a function.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from sandbox.languages.compiled import cppstandard, cpptests, tagged
from sandbox.languages.diagnostics import bounded, line_number
from sandbox.languages.language import BOX, MIB, Dialect, Language, Translation
from sandbox.languages.script import Script
from sandbox.languages.values import Spelling, braced, escaped, typed
from sandbox.report import Diagnostic

ASSERTION = re.compile(r"\bassert\s*\(")
_MAIN = re.compile(r"^\s*(?:int|void|auto|signed)\s+main\s*\(([^)]*)\)", re.MULTILINE)
_OWN_MAIN = re.compile(r"(?<![\w.>:])main(?=\s*\([^;{}()]*\)\s*(?:->\s*int\s*)?\{)")
_OUTSIDE = re.compile(r"^\s*#|^using\b")
_OURS = re.compile(r"(?<!\w)(?:lab|LAB)_")
_DEFINES = re.compile(r"^[ \t]*(?:#|%:)[ \t]*define[ \t]+(\w+)", re.MULTILINE)
STANDARD = "standard"
"""The file of the option that says which C++ it is."""
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b.*$", re.MULTILINE)


def assemble_cpp(code: str, tests: str) -> Script:
    """One C++ program; an exception that leaves an assertion or the script is that test's failure. Without tests, the program."""
    standard = {STANDARD: cppstandard.of(code, tests)}
    if not tests.strip():
        return Script(code, standard)
    if cpptests.framework(tests):
        units = cpptests.units(tests)
        main = "" if cpptests.MAIN.search(tests) else "\nint main() { lab_fw::run_all(); return 0; }"
        body = f"{cpptests.bare(tests)}{_renaming(code)(main)}\n"
        text, files = _beside(code, body, ".cpp", [line for line, _ in units], cpptests.header(tests))
        return Script(text, files | standard, units=(*units, (1, "the test script")), unfit=cpptests.unfit(tests))
    text, files = _beside(code, tests, ".cpp")
    return Script(text, files | standard, units=_units(tests))


def calling_cpp(code: str, kept: str, calls: list[str]) -> tuple[str, dict[str, str]]:
    """One C++ program, and its standard, that makes the calls (bodies of functions) and says what each gave, for `sandbox/apart`. All that it
    needs stands above the program, whose macros it does not know.
    """
    made = "\n".join(f"lab_value({index}, [&] {{ {call} }});" for index, call in enumerate(calls))
    text = "\n".join(
        [
            _REPORT + _CPP_INCLUDES + "static const int lab_lines[] = {0}; static const int lab_count = 0;" + _SEEN,
            *_INCLUDE.findall(kept),
            '#line 1 "solution"',
            _renamed(code),
            '#line 1 "tests"',
            _INCLUDE.sub("", kept),
            tagged.CPP,
            f"int lab_entry(int, char **) {{\n{made}\nreturn 0;\n}}",
            _CPP_MAIN,
        ]
    )
    return text, {STANDARD: cppstandard.of(code, kept + made)}


def assemble_c(code: str, tests: str) -> Script:
    """One C program."""
    return Script(*_beside(code, tests, ".c"), units=_units(tests))


def _units(tests: str) -> tuple[tuple[int, str], ...]:
    """Each line with an assertion, which is what the program reports, then the script as a whole."""
    lines = tests.split("\n")
    found = [(number, line.strip()) for number, line in enumerate(lines, 1) if ASSERTION.search(line)]
    return (*found, (1, "the test script"))


def _beside(
    code: str, tests: str, kind: str, starts: list[int] | None = None, between: str = ""
) -> tuple[str, dict[str, str]]:
    """The unit of program and tests, and the file of what reports. `starts`: the lines whose tests are reported, where those are no
    assertions; `between` stands before the script.
    """
    ours = _renaming(code)
    included = "\n".join(_placed(tests, found) for found in _INCLUDE.finditer(tests))
    script = _INCLUDE.sub("", tests)  # <cassert> further below would take the macro away again
    main = _MAIN.search(script)
    lines = script.split("\n")
    indexes = starts or [number for number, line in enumerate(lines, 1) if ASSERTION.search(line)]
    if main is None:
        outside = "\n".join(line if _OUTSIDE.match(line) else "" for line in lines)
        inside = "\n".join("" if _OUTSIDE.match(line) else line for line in lines)
        body = f'{outside}\n{ours("static int lab_tests(void)")} {{\n#line 1 "tests"\n{inside}\n;return 0;\n}}'
        call = "lab_tests()"
    else:
        script = _returning(script, main.end())  # only a function called main returns 0 by itself
        body = f'{ours("#define main lab_tests_main")}\n#line 1 "tests"\n{script}\n#undef main'
        call = "lab_tests_main(argc, argv)" if main[1].strip() not in ("", "void") else "lab_tests_main()"
    own = main is not None and not starts and indexes
    linked = 'extern "C" ' if kind == ".cpp" else ""
    words = _CPP_WORDS if kind == ".cpp" else _C_WORDS
    before, behind = _without_macros(code, f"{words}{between}")
    text = "\n".join(
        [
            '#line 1 "solution"',
            _renamed(code),
            included,
            f'#ifndef assert\n#line {indexes[0]} "tests"\n#error "assert was not declared"\n#endif' if own else "",
            before,
            ours(words),
            ours(between),
            behind,
            body,
            ours(
                f"{linked}int lab_entry(int argc, char **argv);\n{linked}int lab_entry(int argc, char **argv) {{ (void)argc; (void)argv; return {call}; }}"
            ),
        ]
    )
    head, tail = (_CPP_INCLUDES, _CPP_RAISED + _CPP_MAIN) if kind == ".cpp" else ("", _C_MAIN)
    table = f"static const int lab_lines[] = {{{', '.join(map(str, indexes)) or 0}}}; static const int lab_count = {len(indexes)};"
    entry = f"{linked}int lab_entry(int argc, char **argv);\n"
    report = _REPORT + head + table + entry + _SEEN.replace("static void lab_seen", "void lab_seen") + tail
    return text + "\n", {f"lab{kind}": ours(report)}


def _renaming(code: str) -> Callable[[str], str]:
    """Gives what is ours names that no program can say: they follow from all of it."""
    own = hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:12]
    return lambda text: _OURS.sub(lambda match: f"{match[0]}{own}_", text)


def _without_macros(code: str, ours: str) -> tuple[str, str]:
    """What takes the program's macros away, and what gives them back, but those of our own names."""
    mine = set(_DEFINES.findall(ours))
    names = sorted({name for name in _DEFINES.findall(code.replace("\\\n", " ")) if name not in mine})
    taken = [f'#pragma push_macro("{name}")\n#undef {name}' for name in names]
    return "\n".join(taken), "\n".join(f'#pragma pop_macro("{name}")' for name in names)


def _renamed(code: str) -> str:
    """The program, whose `main` is not the one that runs; by a macro it could tell where it is."""
    return _OWN_MAIN.sub("lab_solution_main", code)


def _placed(tests: str, found: re.Match[str]) -> str:
    return f'#line {tests.count(chr(10), 0, found.start()) + 1} "tests"\n{found[0]}'


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
__attribute__((constructor(101))) static void lab_begin(void) {
    int n = 0, got; while (n < 32 && (got = (int)read(4, lab_token + n, (size_t)(32 - n))) > 0) n += got;
    char line[64]; n = snprintf(line, sizeof line, "%s begin 0 \"\"\n", lab_token);
    if (write(3, line, (size_t)n) == n) while (read(4, line, sizeof line) > 0) {}
    close(4);
}
"""
_SEEN = r"""
#ifdef __cplusplus
extern "C" {
#endif
static void lab_seen(int line, int holds, const char *kind, const char *text) {
    int index = lab_count; for (int i = 0; i < lab_count; i++) if (lab_lines[i] == line) index = i;
    if (!holds) lab_bad = 1;
    lab_say(holds ? "ok" : kind, index, text);
}
void lab_void(const char *text) { lab_say("void", lab_count, text); }
#ifdef __cplusplus
}
#endif
static void lab_end(void) {
    if (!lab_bad) lab_say("ok", lab_count, "");
    lab_say("end", 0, "");
}
"""
_CPP_INCLUDES = "#include <exception>\n#include <string>\n"
_CPP_WORDS = r"""extern "C" { void lab_seen(int, int, const char *, const char *); void lab_raised(int); void lab_void(const char *); }
#undef assert
#define assert(...) LAB_ASSERT(__VA_ARGS__)
#define LAB_ASSERT(...) do { bool lab_held = false; \
    try { lab_held = static_cast<bool>((__VA_ARGS__)); lab_seen(__LINE__, lab_held, "fail", lab_held ? "" : #__VA_ARGS__); } \
    catch (...) { lab_raised(__LINE__); } } while (0)
"""
_CPP_RAISED = r"""
extern "C" void lab_raised(int line) {
    try { throw; }
    catch (const std::exception &e) { lab_seen(line, 0, "error", (std::string("raised ") + e.what()).c_str()); }
    catch (...) { lab_seen(line, 0, "error", "raised what is no std::exception"); }
}
"""
_CPP_MAIN = r"""
int main(int argc, char **argv) {
    int status = 0;
    try { status = lab_entry(argc, argv); }
    catch (const std::exception &e) { lab_bad = 1; lab_say("fail", lab_count, e.what()); }
    catch (...) { lab_bad = 1; lab_say("fail", lab_count, "raised what is no std::exception"); }
    if (status != 0) { lab_bad = 1; lab_say("fail", lab_count, "the tests' main did not return 0"); }
    lab_end(); return 0; // what runs after it, and fails, is the program's own end
}
"""
_C_WORDS = r"""void lab_seen(int line, int holds, const char *kind, const char *text);
#undef assert
#define assert(...) LAB_ASSERT(__VA_ARGS__)
#define LAB_ASSERT(...) do { int lab_held = !!(__VA_ARGS__); \
    lab_seen(__LINE__, lab_held, "fail", lab_held ? "" : #__VA_ARGS__); } while (0)
"""
_C_MAIN = r"""
int main(int argc, char **argv) {
    int status = lab_entry(argc, argv);
    if (status != 0) { lab_bad = 1; lab_say("fail", lab_count, "the tests' main did not return 0"); }
    lab_end(); return 0; // what runs after it, and fails, is the program's own end
}
"""


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
    r"['‘]((?:EXPECT|ASSERT|REQUIRE|CHECK|STATIC)_\w+|ON_CALL|MOCK_METHOD\d*|TYPED_TEST\w*|GENERATE\w*|TEMPLATE_TEST_CASE\w*"
    r"|BOOST_\w+)['’] was not declared|['‘]([\w:<>, ]+)['’] is not a member of ['‘](?:testing|doctest|Catch)\b|([\w./+-]+): No such file|#error \"(assert) was not declared"
)


CPP = Language(
    "cpp",
    (".cpp", ".cc", ".cxx"),
    solution="solution.txt",
    main="main.cpp",
    compile=("/bin/sh", "-c", f"exec /usr/bin/g++ @{STANDARD} -O1 -pipe -Wall -Wextra -o main *.cpp"),
    run=(f"{BOX}/main",),
    artefacts=("main",),
    version=("/usr/bin/g++", "--version"),
    readers={"compile": _gcc},
    not_here=_NOT_HERE,
    packages=("g++",),
    aliases=("c++",),
    build_memory_bytes=512 * MIB,
    assemble=assemble_cpp,
    wraps_always=True,
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
    solution="solution.txt",
    main="main.c",
    compile=("/bin/sh", "-c", "exec /usr/bin/gcc -std=gnu17 -O1 -pipe -Wall -Wextra -o main *.c -lm -pthread"),
    run=(f"{BOX}/main",),
    artefacts=("main",),
    version=("/usr/bin/gcc", "--version"),
    readers={"compile": _gcc},
    not_here=_NOT_HERE,
    packages=("gcc", "libc6-dev"),
    build_memory_bytes=512 * MIB,
    assemble=assemble_c,
)
