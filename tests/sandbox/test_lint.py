"""The linter refuses what is wrong as written, unless tests alone are to decide."""

import pytest

from sandbox import Program, Verdict, docker_problem, run_once

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
DEAD_BRANCH = "def f(x):\n    return x\n\ndef unused():\n    return nowhere\n"
TESTS = "assert f(1) == 1\nassert f(2) == 2\n"


@pytest.mark.parametrize(("lint", "verdict"), [(True, Verdict.lint_error), (False, Verdict.accepted)])
def test_an_undefined_name_nobody_reaches_is_refused_only_by_the_linter(lint: bool, verdict: Verdict) -> None:
    report = run_once(Program(DEAD_BRANCH, TESTS, "f", lint=lint))
    assert report.verdict is verdict
    assert [item.rule for stage in report.stages for item in stage.diagnostics] == (["F821"] if lint else [])
