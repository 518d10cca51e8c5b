"""The linter refuses what is wrong as written, unless tests alone are to decide."""

import pytest

from sandbox import Program, Proof, Verdict, docker_problem, run_once
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
