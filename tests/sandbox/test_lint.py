"""The linter refuses what is wrong as written, unless tests alone are to decide."""

import pytest

from sandbox import Case, Program, Proof, Verdict, docker_problem, run_once
from sandbox.inside import commands, watch, wire

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
DEAD_BRANCH = "def f(x):\n    return x\n\ndef unused():\n    return nowhere\n"
WARNINGS = "".join(f"import os as unused_{n}_{'x' * 60}\n" for n in range(4000))
TESTS = "assert f(1) == 1\nassert f(2) == 2\n"


@pytest.mark.parametrize(("lint", "verdict"), [(True, Verdict.lint_error), (False, Verdict.accepted)])
def test_an_undefined_name_nobody_reaches_is_refused_only_by_the_linter(lint: bool, verdict: Verdict) -> None:
    report = run_once(Program(DEAD_BRANCH, TESTS, "f", lint=lint))
    assert report.verdict is verdict
    assert [item.rule for stage in report.stages for item in stage.diagnostics] == (["F821"] if lint else [])


@pytest.mark.parametrize(
    "code", [WARNINGS + DEAD_BRANCH, "# ruff: noqa\n" + DEAD_BRANCH.replace("re\n", "re # noqa\n")]
)
def test_neither_a_comment_nor_a_mebibyte_of_warnings_hides_what_the_linter_refuses(code: str) -> None:
    report = run_once(Program(code, TESTS, "f"))
    assert report.verdict is Verdict.lint_error
    assert "nowhere" in report.detail


def test_a_mebibyte_of_warnings_refuses_nothing() -> None:
    assert run_once(Program(WARNINGS + "def f(x):\n    return x\n", TESTS, "f")).accepted


ANNOTATED = "def f(x):\n    found: Dict[int, int] = {x: x}\n    return found[x]\n"
LOOP = "def f(x):\n    for i in range(3):\n        if i:\n            x = last\n        last = x\n    return x\n"
CASES = (Case("3\n", "3\n"),)
READS = "\nif __name__ == '__main__':\n    print(f(int(input())))\n"


@pytest.mark.parametrize("code", [ANNOTATED, LOOP, f"__all__ = ['f', 'nowhere']\n{ANNOTATED}"])
def test_a_name_that_the_interpreter_never_misses_is_a_warning_and_the_run_decides(code: str) -> None:
    report = run_once(Program(code, TESTS, "f"))
    assert report.accepted
    (lint,) = [stage for stage in report.stages if stage.name == "lint"]
    assert lint.ok
    assert {item.severity for item in lint.diagnostics} == {"warning"}
    assert run_once(Program(code + READS, cases=CASES)).accepted
    assert run_once(Program(code.replace("return ", "return 1 + "), TESTS, "f")).verdict is Verdict.test_failure


def test_beside_such_a_name_one_that_is_missed_is_refused() -> None:
    spared = "".join(f"    a{n}: Nowhere = x\n" for n in range(150))
    code = f"def f(x):\n{spared}    return x\n\ndef g():\n    return elsewhere\n"
    for program in (Program(code, TESTS, "f"), Program(code + READS, cases=CASES)):
        report = run_once(program)
        assert report.verdict is Verdict.lint_error
        assert "elsewhere" in report.detail


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("function f(n) { s = 0; for (i = 1; i <= n; i++) s += i; return s; }", Verdict.accepted),
        ("function f(n) { let s = 0; for (x of [1, 2, 3]) { s += x; } return s * n / 3; }", Verdict.accepted),
        ("globalThis.k = 2;\nfunction f(n) { return n * k; }", Verdict.accepted),
        ("function f(n) { s += n; return s; }", Verdict.runtime_error),
        ("'use strict';\nfunction f(n) { s = n; return s * 2; }", Verdict.lint_error),
        ("function f(n) { return n * 2; }\nfunction g() { return nowhere; }", Verdict.lint_error),
        ("function f(n) { return n * 2; }\nfunction g() { return nowhere === 1 || nowhere >= 2; }", Verdict.lint_error),
    ],
)
def test_in_sloppy_javascript_a_name_that_is_assigned_needs_no_declaration(code: str, verdict: Verdict) -> None:
    tests = "console.assert(f(3) === 6);\n"
    assert run_once(Program(code, tests, language="javascript")).verdict is verdict


LONG = "n" * 300_000


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (f"def f(x):\n    return x\n\ndef g():\n    return {LONG}{LONG}{LONG}\n", Verdict.lint_error),
        (f"import os as {LONG}\nimport os as {LONG}2\nimport os as {LONG}3\n{DEAD_BRANCH}", Verdict.lint_error),
        (f"import os as {LONG}{LONG}{LONG}\ndef f(x):\n    return x\n", Verdict.accepted),
        (f"import os as {LONG}{LONG}{LONG}\ndef f(x):\n    return x + 1\n", Verdict.test_failure),
    ],
)
def test_a_finding_longer_than_all_that_is_kept_decides_as_a_short_one(code: str, verdict: Verdict) -> None:
    report = run_once(Program(code, TESTS, "f"))
    assert (report.verdict, report.proof) == (verdict, Proof.isolated)
    assert len(report.detail) < 1000


def test_what_a_run_keeps_at_most_fits_one_frame_to_the_host() -> None:
    in_base64 = (2 * wire.KEPT_BYTES + watch.LINT_BYTES) * 4 // 3
    assert in_base64 + watch.RESULTS_BYTES + watch.SAID_BYTES < wire.MAX_FRAME_BYTES
    assert 4 * watch.LINT_BYTES * 4 // 3 + in_base64 + watch.SAID_BYTES < wire.MAX_FRAME_BYTES  # refused: no results
    assert commands.ALL_OUTPUT_BYTES * 4 // 3 + commands.EVIDENCE_BYTES < wire.MAX_FRAME_BYTES
