"""Programs and cases as people write them: reals, modules, classes that hold more than `main`."""

import asyncio
import base64

import pytest

from sandbox import Case, Program, Sandbox, Verdict, docker_problem, run_once
from sandbox.containers.image import built_languages
from sandbox.judge.printed import COMPARED
from sandbox.languages.compiled.cfamily import assemble_cpp
from sandbox.languages.compiled.java import assemble


@pytest.mark.parametrize(
    ("got", "want", "same"),
    [
        ("0.3333333333333333", "0.333333", True),
        ("0.25\n", "0.250", True),
        ("x = 1e3 .", "x = 1000.0 .", True),
        ("-0.0", "0", True),
        ("0.0000001", "0.0", True),
        ("123456789.1", "123456789.2", True),
        ("nan", "nan", True),
        ("50000000000000001", "50000000000000000", False),
        ("1000000999.0", "1000000007", False),
        ("1999999999.9999", "2000000000", True),
        ("1.00001", "1.0", False),
        ("1e9999", "2e9999", False),
        ("nan", "1.0", False),
        ("1 2", "1.0", False),
        ("1,5", "1.5", False),
        ("0x10", "16.0", False),
        ("no", "yes", False),
    ],
)
def test_reals_are_equal_within_a_millionth_and_whole_numbers_exactly(got: str, want: str, same: bool) -> None:
    assert COMPARED["floats"](got, want) is same


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("public class Main {\n    static class Pair { int a, b; }\n    public static void main(String[] a) { }\n}", "Main"),
        ("class Main { enum Op { ADD } record P(int a) {} interface F {} static public void main(String... a) {} }", "Main"),
        ("class Main { static class In { static void main(String[] a) {} } public static void main(String[] a) {} }", "Main"),
        ('/* class names { */ class Main { String s = "class Y {"; char c = \'{\'; public static void main(String[] a) {} }', "Main"),
        ("class Helper {}\nclass Main { private static class Pair {} public static void main(String[] a) {} }", "Main"),
        ("class Outer { static class Inner { public static void main(String[] a) {} } }", "Outer.Inner"),
    ],
)  # fmt: skip
def test_java_starts_the_class_that_holds_main(source: str, name: str) -> None:
    assert f"{{ {name}.main(arguments); }}" in assemble(source, "").main


def test_java_tests_that_are_a_class_with_main_may_hold_another_class() -> None:
    tests = "class Check {\n  static class Pair { int a; }\n  public static void main(String[] args) { }\n}"
    assert "Check.main(new String[0]);" in assemble("class Add { }", tests).main


@pytest.mark.parametrize(
    ("code", "tests", "standard"),
    [
        ("int half(int n) { return n / 2; }", "assert(half(4) == 2);", 17),
        ("#include <span>", "", 20),
        ("template <class T> requires std::is_integral_v<T> T half(T n);", "", 20),
        ("struct P { int x; auto operator<=>(const P&) const = default; };", "", 20),
        ("int count(std::map<int, int> m) { return m.contains(1); }", "", 20),
        ("struct Bag { bool contains(int n) const; }; bool has(Bag b) { return b.contains(1); }", "", 17),
        ("std::map<int, int> made();", "assert(made().contains(1));", 20),
        ('// with C++20 by std::ranges\nint concept = 1; const char* text = "<=>";', "", 17),
    ],
)
def test_cpp_is_20_where_program_or_tests_use_its_words_and_else_17(code: str, tests: str, standard: int) -> None:
    assert assemble_cpp(code, tests).files["standard"] == f"-std=gnu++{standard}"


def _beside(code: str, language: str, name: str, content: str) -> Program:
    files = ((name, base64.b64encode(content.encode()).decode()),)
    return Program(code, language=language, cases=(Case("", "4"),), files=files)


PROGRAMS = {
    "reals": (
        Program("a, b = map(float, input().split()); print(a / b)", cases=(Case("1 3\n", "0.333333\n", "floats"),))
    ),
    "a function exported": Program(
        "export function add(a, b) { return a + b; }",
        'const assert = require("assert");\nassert.strictEqual(add(1, 2), 3);\n',
        language="javascript",
    ),
    "a default export": Program(
        "export default function add(a, b) { return a + b; }",
        "console.assert(add(1, 2) === 3);\n",
        language="javascript",
    ),
    "a list of exports": Program(
        "const add = (a, b) => a + b;\nexport { add };\n", "console.assert(add(1, 2) === 3);\n", language="javascript"
    ),
    "an import": Program(
        'import fs from "fs";\nconsole.log(fs.readFileSync(0, "utf8").trim());\n',
        language="javascript",
        cases=(Case("Ada\n", "Ada\n"),),
    ),
    "a default and a name imported": Program(
        'import fs, { readFileSync } from "fs"; // input\nconsole.log(readFileSync(0, "utf8") === "Ada\\n" && !!fs);\n',
        language="javascript",
        cases=(Case("Ada\n", "true\n"),),
    ),
    "a module that waits at its top": Program(
        'import readline from "node:readline";\nconst lines = readline.createInterface({ input: process.stdin });\n'
        "let sum = 0;\nfor await (const line of lines) sum += Number(line);\nconsole.log(sum);\n",
        language="javascript",
        cases=(Case("1\n2\n", "3\n"),),
    ),
    "a default and a name given to Jest": Program(
        "export default class Pile {\n  size() { return 0; }\n}\nexport const most = 3;\n",
        'import Pile, { most } from "./pile.js";\n'
        'test("empty", () => {\n  expect(new Pile().size()).toBe(0);\n  expect(most).toBe(3);\n});\n',
        language="javascript",
    ),
    "a module beside it": _beside(
        "from more import twice\nprint(twice(2))", "python", "more.py", "def twice(n): return 2 * n"
    ),
    "a module of JavaScript beside it": _beside(
        'import { twice } from "./more.js";\nconsole.log(twice(2));',
        "javascript",
        "more.js",
        "export const twice = (n) => 2 * n;",
    ),
    "a header beside it": _beside(
        '#include <iostream>\n#include "more.h"\nint main() { std::cout << twice(2); }',
        "cpp",
        "more.h",
        "int twice(int n) { return 2 * n; }",
    ),
    "words of C++20": Program(
        "#include <algorithm>\n#include <iostream>\n#include <map>\n#include <ranges>\n#include <vector>\n"
        "int main() {\n    std::vector<int> all{3, 1, 2};\n    std::ranges::sort(all);\n"
        "    std::map<int, int> seen{{all[0], 1}};\n    std::cout << seen.contains(1);\n}\n",
        language="cpp",
        cases=(Case("", "1"),),
    ),
    "words of C++20 with tests": Program(
        '#include <string>\nbool polite(const std::string& text) { return text.starts_with("Dear"); }\n',
        '#include <cassert>\nint main() {\n    assert(polite("Dear Ada") == true);\n    assert(polite("Hey") == false);\n}\n',
        language="cpp",
    ),
}


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_everyday_programs_are_accepted() -> None:
    async def judged() -> None:
        async with Sandbox(slots=1) as box:
            for name, program in PROGRAMS.items():
                if program.language in built_languages():
                    report = await box.run(program)
                    assert report.verdict is Verdict.accepted, (name, report.detail)

    asyncio.run(judged())


@pytest.mark.docker
def test_a_library_that_comes_with_the_program_is_not_the_one_of_the_tests() -> None:
    theirs = base64.b64encode(b"exports.isEqual = () => true;").decode()
    program = Program(
        "function add(a, b) { return 1; }",
        'const _ = require("lodash");\nconst assert = require("assert");\nassert(_.isEqual(add(1, 1), 2));\n',
        language="javascript",
        files=(("node_modules/lodash/index.js", theirs),),
    )
    assert run_once(program).verdict is Verdict.test_failure
