"""Everyday tests of the frameworks that people use: the sandbox says what the real framework says.

The truth was recorded by `benchmarks/verification/frameworks.py --decide`. Here a part of them, on the images that are
always there; all of them by `make test-languages`.
"""

from __future__ import annotations

import asyncio
import os
import re

import pytest
from labelled.everyday import Everyday, everyday, languages, truth

from sandbox import Program, Report, Sandbox, Verdict, docker_problem, jobs
from sandbox.containers.image import built_languages
from sandbox.languages.scripted.plainly import phpunit_of_today, unfit_for_phpunit
from sandbox.languages.table import find
from sandbox.pool import run_once

ALWAYS = ("python", "javascript", "php", "cpp")
ALL = bool(os.environ.get("LAB_ALL_LANGUAGES"))
SEEN_FROM_OUTSIDE = {
    *("stack_contains", "stack_contains_plain", "account_equal", "show_capsys", "show_redirect"),
    *("files_tmp_path", "files_tempfile", "home_monkeypatch", "home_patch_dict"),
}
"""Of Python's, whose tests run in another process: what asks an object of the program or replaces what it uses."""
UNTESTED = {"python": SEEN_FROM_OUTSIDE}


@pytest.mark.parametrize("language", languages())
def test_each_language_has_everyday_tests_whose_truth_its_own_framework_decided(language: str) -> None:
    tests, recorded = everyday(language), truth()[language]
    assert set(recorded["passes"]) == {test.name for test in tests} and len(tests) == len(recorded["passes"]) >= 40
    assert all(passes == [True, False] for passes in recorded["passes"].values())
    assert all(recorded["frameworks"].values())


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
@pytest.mark.parametrize("language", languages())
def test_everyday_tests_judge_as_their_framework_does(language: str) -> None:
    if language not in ALWAYS and not ALL:
        pytest.skip("`make test-languages` checks all languages")
    tests = everyday(language) if ALL else everyday(language)[3::13]

    async def judged() -> list[tuple[Everyday, Report, Report]]:
        async with Sandbox(slots=2) as box:
            asked = [
                Program(code, test.tests, language=language) for test in tests for code in (test.right, test.wrong)
            ]
            reports = await asyncio.gather(*map(box.run, asked))
            return list(zip(tests, reports[::2], reports[1::2], strict=True))

    for test, right, wrong in asyncio.run(judged()):
        assert not wrong.accepted, test.name
        expected = (Verdict.untested,) if test.name in UNTESTED.get(language, ()) else (Verdict.accepted,)
        assert right.verdict in expected, (test.name, right.feedback())


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_a_word_of_the_tests_that_is_not_here_is_not_blamed_on_the_program() -> None:
    tests = "#include <gtest/gtest.h>\nTEST(Add, adds) {\n  $(add(1, 2), 3);\n}\n"

    async def judged() -> list[Report]:
        async with Sandbox(slots=2) as box:
            asked = [("add", "EXPECT_THAT"), ("sum", "EXPECT_EQ")]
            return await asyncio.gather(
                *(
                    box.run(
                        Program(
                            f"int {name}(int a, int b) {{ return a + b; }}", tests.replace("$", word), language="cpp"
                        )
                    )
                    for name, word in asked
                )
            )

    unknown, lacking = asyncio.run(judged())
    assert (unknown.verdict, lacking.verdict) == (Verdict.untested, Verdict.compile_error)
    assert "EXPECT_THAT" in unknown.detail and "add" in lacking.detail


FORGOTTEN = {
    "javascript": (
        "function half(n) { return Math.floor(n / 2); }",
        "assert.ok([4].includes(half(8)));\nassert.ok([4].includes(half(9)));\n",
    ),
    "php": (
        "<?php\nfunction half($n) { return intdiv($n, 2); }",
        "<?php\nnamespace Tests;\nclass HalfTest extends TestCase {\n"
        "    public function testHalf(): void { $this->assertSame(4, \\half(8)); }\n}\n",
    ),
}


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_a_framework_that_the_tests_forgot_to_bring_is_not_blamed_on_the_program() -> None:
    async def judged() -> list[Report]:
        async with Sandbox(slots=1) as box:
            asked = [Program(code, tests, language=name) for name, (code, tests) in FORGOTTEN.items()]
            brought = f'const assert = require("assert");\n{FORGOTTEN["javascript"][1]}'
            asked.append(Program("function whole(n) { return n; }", brought, language="javascript"))
            return await asyncio.gather(*map(box.run, asked))

    *forgotten, lacking = asyncio.run(judged())
    assert [report.verdict for report in forgotten] == [Verdict.untested] * 2
    assert "assert is not defined" in forgotten[0].detail and "TestCase" in forgotten[1].detail
    assert lacking.verdict is Verdict.runtime_error and "half" in lacking.detail


ABSENT = {
    "bash": (
        "half() { echo $(($1 / 2)); }",
        '#!/usr/bin/env bats\n@test "halves" {\n  result="$(half 8)"\n  [ "$result" -eq 4 ]\n}\n',
    ),
    "perl": (
        "sub half { return int($_[0] / 2); }",
        "use Test::More;\nuse Test::Exception;\nlives_ok { half(8) };\nis(half(8), 4);\ndone_testing();\n",
    ),
    "c": (
        "int half(int n) { return n / 2; }",
        '#include "unity.h"\nvoid test_half(void) { TEST_ASSERT_EQUAL_INT(4, half(8)); }\n'
        "int main(void) { UNITY_BEGIN(); RUN_TEST(test_half); return UNITY_END(); }\n",
    ),
}


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
@pytest.mark.parametrize("language", ABSENT)
def test_a_framework_that_is_not_in_the_image_is_not_blamed_on_the_program(language: str) -> None:
    if language not in built_languages():
        pytest.skip("no image of this language is built")
    code, tests = ABSENT[language]
    report = run_once(Program(code, tests, language=language))
    assert report.verdict is Verdict.untested and "not known here" in report.detail


LEFT_OUT = """describe("half", () => {
  it("halves", () => {
    expect([4]).toContain(half(8));
  });
  it.skip("is exact", () => {
    expect(half(9)).toBe(4.5);
  });
  xit("halves text", () => {
    expect(half("9")).toBe("4");
  });
  fit("rounds down", () => {
    expect([4, 5]).toContain(half(9) + 0);
  });
});
"""


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
@pytest.mark.parametrize(("tests", "run"), [(LEFT_OUT, 1), (LEFT_OUT.replace("fit(", "specify("), 2)])
def test_what_jests_tests_leave_out_is_not_run_and_the_controls_know_it(tests: str, run: int) -> None:
    report = run_once(Program("function half(n) { return Math.floor(n / 2); }", tests, language="javascript"))
    assert report.verdict is Verdict.accepted and len(report.tests) == run, report.detail


MOCHA = """const assert = require("assert");
describe("later", function () {
  this.timeout(200);
  beforeEach(function () { this.one = 1; });
  it("calls back", function (done) {
    later(function (error, value) { assert.strictEqual(value, 42); done(error); });
  });
  it("has what the hook made", function () { assert.deepStrictEqual([this.one, 2], [1, 2]); });
  it("is left out", function () { this.skip(); assert.fail(); });
});
"""


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_mochas_tests_have_its_this_with_its_time() -> None:
    async def judged() -> list[Report]:
        async with Sandbox(slots=1) as box:
            code = "function later(call) { setTimeout(() => call(null, 42), $); }"
            asked = [(code.replace("$", time), MOCHA) for time in ("10", "500")]
            asked.append((asked[1][0], MOCHA.replace("(done) {", "(done) { this.timeout(4000);")))
            return [await box.run(Program(*one, language="javascript")) for one in asked]

    right, slow, given_time = asyncio.run(judged())
    assert [right.verdict, slow.verdict, given_time.verdict] == [
        *(Verdict.accepted, Verdict.runtime_error, Verdict.accepted)
    ], right.detail
    assert "longer than 200 ms" in slow.detail and len(right.tests) == 2


NEWER = """<?php
use PHPUnit\\Framework\\Attributes\\{DataProvider, Test};
use PHPUnit\\Framework\\TestCase;

final class HalfTest extends TestCase
{
    public static function numbers(): array
    {
        return [[8, 4], [9, 4]];
    }

    #[DataProvider('numbers')]
    public function testHalf(int $n, int $want): void
    {
        $this->assertSame($want, half($n));
    }

    /** Below nothing. */
    #[Test]
    #[Group('signs')]
    public function it_halves_what_is_negative(): void
    {
        $this->assertSame(-4, half(-8));
    }
}
"""


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_phpunits_attributes_mean_what_they_mean_there() -> None:
    right = "<?php\nfunction half($n) { return intdiv($n, 2); }"
    unsigned = right.replace("$n, 2", "abs($n), 2")  # which one test alone tells, and that by its attribute
    lists = NEWER.replace("assertSame(-4, half(-8))", "assertIsList([half(-8)])")  # of a newer PHPUnit

    async def judged() -> list[Verdict]:
        async with Sandbox(slots=1) as box:
            asked = [(right, NEWER), (unsigned, NEWER), (right, lists)]
            return [(await box.run(Program(*one, language="php"))).verdict for one in asked]

    assert asyncio.run(judged()) == [Verdict.accepted, Verdict.test_failure, Verdict.untested]


@pytest.mark.parametrize(
    ("attributes", "made"),
    [
        ("#[Test]", "/** @test */"),
        ("#[\\PHPUnit\\Framework\\Attributes\\Test]", "/** @test */"),
        ('#[Test]\n    #[DataProvider("rows")]', "/** @test\n * @dataProvider rows */"),
        ("/** Adds. */\n    #[Depends('testOne')]", "/** Adds. \n * @depends testOne */"),
        ("#[Group('slow')]", "#[Group('slow')]"),
    ],
)
def test_phpunits_attributes_become_annotations_line_by_line(attributes: str, made: str) -> None:
    tests = f"use PHPUnit\\Framework\\Attributes;\n    {attributes}\n    public function testTwo(): void {{}}\n"
    found = phpunit_of_today(tests)
    assert made in found and found.count("\n") == tests.count("\n") and not unfit_for_phpunit(found)


@pytest.mark.parametrize("one", ["#[TestWith([1, 2])]", "#[Test, DataProvider('rows')]", "#[RequiresPhp('>= 8.1')]"])
def test_an_attribute_that_the_phpunit_here_would_not_heed_leaves_the_program_untested(one: str) -> None:
    tests = f"<?php\nuse PHPUnit\\Framework\\Attributes;\nclass T extends TestCase {{\n    {one}\n    function testA() {{}}\n}}"
    assert "of a newer PHPUnit" in jobs.unfit(find("php"), Program("<?php", tests, language="php"))


@pytest.mark.docker
@pytest.mark.skipif(not ALL or docker_problem() is not None, reason="`make test-languages` checks all languages")
def test_words_of_nunit_3_mean_what_they_mean_there() -> None:
    program = """using System; using System.Threading.Tasks;
public class Stock {
    public static int Left(int n) { return Math.Max(0, n - 1); }
    public static string Say(int n) { return "left: " + Left(n); }
    public static async Task<int> Take(int n) { await Task.Yield(); if (n == 0) throw new InvalidOperationException(); return n - 1; }
}
"""
    tests = """using System; using NUnit.Framework;
public class StockTests {
    private string said;
    [OneTimeSetUp] public void Once() { said = Stock.Say(5); }
    [Test] public void Left() {
        Assert.Multiple(() => {
            Assert.That(Stock.Left(1), Is.Zero);
            Assert.That(Stock.Left(3), Is.Positive.And.Not.EqualTo(3));
            Assert.That(Stock.Left(3), Is.Not.Negative);
        });
    }
    [Test] public void Say() {
        Assert.That(said, Does.StartWith("left").And.EndsWith("4"));
        Assert.That(said, Does.Not.Contain("5"));
        Assert.That(new[] { Stock.Left(3) }, Does.Contain(2));
    }
    [Test] public void Take() {
        Assert.ThrowsAsync<InvalidOperationException>(async () => await Stock.Take(0));
        Assert.DoesNotThrowAsync(() => Stock.Take(1));
    }
}
"""
    wrong = [("n - 1); }", "n); }"), ('"left: "', '"5 left: "'), ("if (n == 0)", "if (n == 9)")]

    async def judged() -> list[Verdict]:
        async with Sandbox(slots=2) as box:
            asked = [program, *(program.replace(*change, 1) for change in wrong)]
            reports = await asyncio.gather(*(box.run(Program(code, tests, language="csharp")) for code in asked))
            return [report.verdict for report in reports]

    assert asyncio.run(judged()) == [Verdict.accepted, *[Verdict.test_failure] * 3]


@pytest.mark.parametrize(
    ("language", "said", "word"),
    [
        ("csharp", "`NUnit.Framework.Assert' does not contain a definition for `Multiple'", "`Multiple'"),
        ("csharp", "The type or namespace name `Xunit' could not be found. Are you missing an assembly?", "`Xunit'"),
        ("csharp", "The type or namespace name `VisualStudio' does not exist in the namespace `M'.", "`VisualStudio'"),
        ("csharp", "The name `Numbers' does not exist in the current context", None),
        ("csharp", "`Numbers' does not contain a definition for `Clamp'", None),
        ("csharp", "The type or namespace name `Account' could not be found. Are you missing an assembly?", None),
        ("typescript", "Cannot find module 'sinon' or its corresponding type declarations.", "'sinon'"),
        ("typescript", "Cannot find name 'assert'.", "'assert'"),
        ("typescript", "Cannot find name 'half'.", None),
        ("c", "unity.h: No such file or directory", "unity.h"),
        ("c", "\u2018half\u2019 undeclared (first use in this function)", None),
        ("rust", "unresolved import `rand`", "`rand`"),
        ("rust", "unresolved import `super::clamp`", None),
    ],
)
def test_what_is_not_here_is_told_from_what_the_program_lacks(language: str, said: str, word: str | None) -> None:
    found = re.search(find(language).not_here, said)
    assert (found and next(filter(None, found.groups()))) == word
