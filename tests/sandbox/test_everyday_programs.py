"""Programs and cases as people write them: reals, modules, classes that hold more than `main`."""

import asyncio

import pytest

from sandbox import Case, Program, Sandbox, Verdict, docker_problem
from sandbox.containers.image import built_languages
from sandbox.judge.printed import COMPARED
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
