"""A program's tests once more, in one process with it: what an accepted program must get past as well, and what says of
one that failed whether that was the border's doing. Accepted ones of Python are left out where nothing could tell the
two runs apart (`plain.py`).

Apart from its program a test sees copies: of an argument that the program keeps, of an object whose class it may not
judge, of a number of numpy's. Whatever that hides shows here, where nothing is copied; and what a program could do to
tests in its own process does not help it, because they have passed apart from it already. What fails apart and passes here
is `untested`: the border could not carry what its tests are about, or the program overcame them. No second run ever makes
a program accepted.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import syntax
from sandbox.judge.plain import plain
from sandbox.judge.reaching import LONGEST
from sandbox.report import Limits, Program, Report, Verdict

STARTED = (Path(__file__).parents[1] / "inside" / "testing" / "started.py").read_text(encoding="utf-8")
"""What the new interpreter of the second run begins with."""
UNASKED = frozenset([Verdict.parse_error, Verdict.lint_error, Verdict.untested, Verdict.sandbox_fault])
"""Verdicts of a run apart that no second run can change. A limit is not among them: a call that crosses takes time and
memory, and a file of the tests is closed to the program.
"""
FAILED = frozenset([Verdict.test_failure, Verdict.runtime_error, Verdict.forbidden])
"""Those of a run of Python apart that are asked about a second time whatever the tests look like."""
ASKED_OF_CALLS = frozenset(
    [Verdict.accepted, Verdict.test_failure, Verdict.runtime_error, Verdict.compile_error, Verdict.forbidden]
)
"""Those of calls that were compared on the host: a driver made them, and it, too, is compiled and may be what failed."""
LOOKING = frozenset(
    (
        *("_getframe", "_current_frames", "currentframe", "getouterframes", "getinnerframes", "f_back", "f_globals"),
        *("f_builtins", "f_locals", "tb_frame", "gi_frame", "cr_frame", "settrace", "setprofile", "get_objects"),
        *("get_referrers", "get_referents", "ctypes", "meta_path", "path_hooks", "addaudithook"),
    )
)
"""Names by which a program reaches what runs it: frames, all objects, traces, imports."""


def asked(program: Program, verdict: Verdict) -> bool:
    """Whether a Python program that came to this verdict apart from its tests runs with them in one process as well."""
    return verdict not in UNASKED and (verdict in FAILED or needed(program))


def needed(program: Program) -> bool:
    """Whether crossing may hide anything: all is but what is on the lists of `plain.py`."""
    if len(program.tests) + len(program.code) > LONGEST:
        return True
    try:
        tests, code = syntax.module(program.tests), syntax.module(program.code)
        return not plain(code, tests)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True


def looks(program: Program) -> str | None:
    """The first name in a Python program by which it may find, and change, the tests that share a process with it."""
    try:
        nodes = list(ast.walk(syntax.module(program.code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in nodes:
        said = [getattr(node, field, None) for field in ("id", "attr", "name", "module", "value")]
        found = [part for part in said if isinstance(part, str) and part.partition(".")[0] in LOOKING]
        if isinstance(node, ast.Attribute) and node.attr == "__code__" and isinstance(node.ctx, ast.Store):
            found.append(node.attr)
        if found:
            return found[0]
    return None


def joined(program: Program, status: int) -> Program:
    """One Python program that executes the program and then its tests, and ends with `status` where these pass: no exit of its own
    does that by chance.
    """
    what = (program.code, program.tests, program.entry_point, status, STARTED)
    code = f"from sandbox.inside.testing.one_process import run\nrun{what!r}\n"
    return replace(program, code=code, tests="", entry_point=None, lint=False)


def room(limits: Limits, verdict: Verdict) -> Limits:
    """The limits of the second run: pytest's start, on a busy machine too, is no time of the program's. One that took too
    long apart is to be much faster here: else it is slow itself.
    """
    if verdict is Verdict.time_limit:
        return replace(limits, cpu_s=limits.cpu_s / 4 + 1)
    return (
        limits if verdict is Verdict.wall_limit else replace(limits, cpu_s=limits.cpu_s + 5, wall_s=limits.wall_s + 30)
    )


def knows(apart: Report) -> Report:
    """What is left of an accepted report of a program that failed before, and has had its tests in its process since."""
    stages = (*apart.stages[:-1], replace(apart.stages[-1], ok=False))
    detail = "It failed when it was judged before, and its tests have been in its process since: that it passes now proves nothing."
    return replace(apart, verdict=Verdict.untested, stages=stages, detail=detail)


def unknown(apart: Report, name: str) -> Report:
    """What is left of an accepted report of a program that looks for what runs it, by this name."""
    stages = (*apart.stages[:-1], replace(apart.stages[-1], ok=False))
    detail = (
        f"Its tests pass apart from it; it looks at what runs it ({name}), so in one process they would prove nothing."
    )
    return replace(apart, verdict=Verdict.untested, stages=stages, detail=detail)


def agreed(apart: Report, together: Report, *, passed: bool, where: str = "in one process with it") -> Report:
    """What is left of a report after the same tests ran `where` the program itself does, and `passed` or not."""
    if together.verdict is Verdict.sandbox_fault:
        return together
    # What its tests use is not here, and nothing was run.
    if together.verdict is Verdict.untested and [stage.name for stage in together.stages[-1:]] == ["compile"]:
        return replace(together, proof=apart.proof)
    if passed == apart.accepted:
        return apart
    if passed:
        why = "what they failed by here is no fault of the program's"
        detail = f"Its tests pass {where}: {why} ({apart.verdict}: {apart.detail[:200]})."
        return replace(apart, verdict=Verdict.untested, detail=detail)
    stages = (*apart.stages[:-1], replace(apart.stages[-1], ok=False))
    told = [line[2:].strip() for line in together.stdout.splitlines() if line.startswith("E  ")]  # pytest's
    last = together.stderr.strip().splitlines()[-1:] if together.stages[-1].name == "run" else []
    said = (told or last or [together.detail])[0][:200]
    detail = f"Its tests pass here, and do not {where} ({together.verdict}: {said})."
    return replace(apart, verdict=Verdict.untested, stages=stages, detail=detail)
