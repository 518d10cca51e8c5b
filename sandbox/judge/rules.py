"""The rules by which a run gets its verdict, and the three orders in which they are asked.

The first rule that fits decides, most certain evidence first: what parser and compiler said, counters of the kernel, then
the program's own failure, then the tests.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable

from sandbox.jobs import build_limits, needs_commands
from sandbox.judge.facts import Ending, Facts
from sandbox.languages.diagnostics import ALONE
from sandbox.report import Limits, Verdict

Decision = tuple[Verdict, str]
"""The verdict, and the sentence that says why."""

Rule = Callable[[Facts], Decision | None]
_REFUSED = {
    "parse": "The source does not parse",
    "lint": "The linter refuses it",
    "compile": "It does not compile",
}


def decide(facts: Facts) -> Decision:
    """The verdict on a run."""
    rules = CASES if facts.program.cases else INSIDE if needs_commands(facts.program) else BESIDE
    return next(found for rule in rules if (found := rule(facts)) is not None)


def refused(facts: Facts) -> Decision | None:
    """Parser, linter or compiler did not let it pass."""
    for stage in facts.built:
        if stage.ok or not stage.diagnostics:
            continue
        over = None
        if stage.name != "lint" and not facts.runs:
            over = limit_of(build_limits(facts.language), facts.last)
        if over is not None:
            return over[0], f"In {stage.name}: {over[1]}"
        first = next(item for item in stage.diagnostics if item.severity == "error")
        where = f"line {first.line}: " if first.line and not first.file else ""
        return Verdict(f"{stage.name}_error"), f"{_REFUSED[stage.name]}: {where}{first.message.removesuffix('.')}."
    return None


def tests_use_what_is_not_here(facts: Facts) -> Decision | None:
    """The compiler refused only what the tests say, by a word or a module that no program could give them."""
    pattern = facts.language.not_here
    for stage in facts.built if pattern else ():
        errors = [item for item in stage.diagnostics if item.severity == "error"]
        if stage.ok or stage.name != "compile" or not errors or any(item.file != "tests" for item in errors):
            continue
        found = next((match for item in errors if (match := re.search(pattern, item.message))), None)
        if found is not None:
            word = next(filter(None, found.groups()))
            return Verdict.untested, f"The tests use {word[:100]}, which is not known here."
    return None


def framework_not_here(facts: Facts) -> Decision | None:
    """The tests failed, and were written for a framework that is not in the image."""
    passed = facts.completed and facts.tests and all(test.passed for test in facts.tests)
    if not facts.language.frameworks or not facts.has_tests or passed:
        return None
    found = re.search(facts.language.frameworks, facts.program.tests, re.MULTILINE)
    if found is None or found[0] in facts.program.code:
        return None
    return Verdict.untested, f"The tests use {found[0].strip()[:100]}, which is not known here."


def over_a_limit(facts: Facts) -> Decision | None:
    """A limit of the run was reached, by what kernel and supervisor counted or by the runtime's own words."""
    for ending in facts.runs:
        if (found := limit_of(facts.limits, ending)) is not None:
            return found
        if ending.status != 0 and any(sign in ending.said for sign in facts.language.memory_signs):
            return Verdict.memory_limit, _memory(facts.limits)
    return None


def limit_of(limits: Limits, ending: Ending) -> Decision | None:
    """The limit that one process and its descendants went over; None where they kept within all of them."""
    signal = 0 if ending.alive else -ending.status
    if ending.out_of_memory or ending.ended_by == "memory" or ending.memory_bytes > limits.memory_bytes:
        return Verdict.memory_limit, _memory(limits)
    if ending.too_many_processes:
        return Verdict.process_limit, f"It wanted more than {limits.pids} processes or threads at once."
    if ending.ended_by == "output":
        return Verdict.output_limit, f"It wrote {ending.written} bytes of output before it was ended."
    if ending.ended_by == "cpu" or signal == 24:
        return Verdict.time_limit, f"It used more than {limits.cpu_s:g} s of CPU time."
    if ending.ended_by == "wall":
        return Verdict.wall_limit, f"It was not done after {limits.wall_s:g} s."
    if ending.disk_full or signal == 25:
        return Verdict.disk_limit, f"It filled the {limits.disk_bytes >> 20} MiB (or the inodes) it may write."
    if signal == 31:
        return Verdict.forbidden, "It made a system call that the policy denies."
    return None


def raised(facts: Facts) -> Decision | None:
    """The program's own failure: an uncaught exception, or what it raised in the first test that failed."""
    error = facts.raised
    if error is None:
        return None
    kind, number = str(error.get("type")), error.get("errno")
    place = error.get("line")
    line = f" at line {place}" if isinstance(place, int) and 0 <= place < 10**9 else ""
    said = f"{kind}{line}: {str(error.get('message'))[:300]}".rstrip(": ")
    if kind == "MemoryError":
        return Verdict.memory_limit, f"It asked for more memory than there is ({said})."
    if number in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return Verdict.disk_limit, f"It may not write so much ({said})."
    if number in (errno.EPERM, errno.EACCES, errno.EROFS):
        return Verdict.forbidden, f"The policy denies what it tried ({said})."
    if kind == "RuntimeError" and "can't start new thread" in said:
        return Verdict.process_limit, f"It wanted more processes or threads than it may have ({said})."
    return Verdict.runtime_error, f"It raised {said}."


def unreadable(facts: Facts) -> Decision | None:
    """It, or its tests, said what cannot be read: a failure may have been in it, so nothing else decides."""
    return (Verdict.runtime_error, f"{facts.unreadable}.") if facts.unreadable else None


def ended_early(facts: Facts) -> Decision | None:
    """It crashed, or was gone before its tests were complete, whatever its status."""
    if facts.last.failed or (facts.has_tests and not facts.completed):
        when = (
            "" if not facts.has_tests else " after its tests" if facts.completed else " before its tests were complete"
        )
        return Verdict.runtime_error, f"It {facts.last.how}{when}."
    return None


def no_tests(facts: Facts) -> Decision | None:
    if facts.has_tests:
        return None
    return Verdict.untested, "It ran to its end; there was no test to judge it."


def tests_left(facts: Facts) -> Decision | None:
    """The tests' own process ended without its last word."""
    if facts.done is not None:
        return None
    status = facts.driver_status
    how = f"signal {-status}." if status < 0 else f"exit status {status}."
    return Verdict.untested, f"The tests ended without saying so: {how}"


def tests_broken(facts: Facts) -> Decision | None:
    if facts.done is None or not facts.done["broken"]:
        return None
    return Verdict.runtime_error, f"Its tests could not be completed: {facts.done['broken']}."


def raised_in_a_test(facts: Facts) -> Decision | None:
    """The first test that failed did so because something was raised, not because an assertion did not hold."""
    first = next((test for test in facts.tests if not test.passed), None)
    if first is None or first.index not in facts.errors:
        return None
    return Verdict.runtime_error, f"{first.source[:200]}: {first.message[:300]}"


def crashed_in_a_case(facts: Facts) -> Decision | None:
    crashed = next((number for number, ending in enumerate(facts.runs) if ending.status != 0), None)
    first = next((test for test in facts.tests if not test.passed), None)
    if crashed is None or first is None or first.index != crashed:
        return None
    return Verdict.runtime_error, f"In case {crashed + 1} it {facts.runs[crashed].how}."


def failed(facts: Facts) -> Decision | None:
    """A test saw something else than it expected."""
    found = [test for test in facts.tests if not test.passed and test.index not in facts.void]
    if not found:
        return None
    what = f"{found[0].source.strip()[:200]}: " if found[0].source else "The test script failed: "
    count = f"{len(found)} of {len(facts.tests)} {_noun(facts)}s failed."
    return Verdict.test_failure, f"{count} {what}{found[0].message[:300]}"


def script_failed(facts: Facts) -> Decision | None:
    """The test script itself could not be run, so that no test in it failed."""
    if facts.done is None or not facts.done["script"]:
        return None
    return Verdict.untested, f"The test script could not be run: {facts.done['script'][:300]}"


def results_lost(facts: Facts) -> Decision | None:
    """What was reported of a test could not be read: a fault of this run, whatever the others say."""
    if not facts.lost:
        return None
    return (
        Verdict.runtime_error,
        f"{facts.lost} of {facts.lost + len(facts.tests)} results of its tests did not arrive.",
    )


def proved_nothing(facts: Facts) -> Decision | None:
    """A test that did not fail compared nothing, or let an object of the program decide."""
    found = [test for test in facts.tests if test.index in facts.void]
    if not found:
        judged = facts.done["judged"] if facts.done is not None else None
        return (Verdict.untested, f"Outside of its tests {judged}."[:400]) if judged else None
    what = f"{found[0].source.strip()[:200]}: " if found[0].source else ""
    return Verdict.untested, f"{len(found)} of {len(facts.tests)} tests prove nothing. {what}{found[0].message[:300]}"


def program_unused(facts: Facts) -> Decision | None:
    """No test called the program or read a value of it: whatever they compared, it was not the program."""
    if facts.done is None or facts.done["calls"]:
        return None
    return Verdict.untested, "No test called the program, so they prove nothing."


def leans_on_its_tests(facts: Facts) -> Decision | None:
    """Where tests may lend names to the program (Go): it does not compile without them, or `go test` does not take it."""
    said = [item for stage in facts.built for item in stage.diagnostics if item.rule == ALONE]
    if not said:
        return None
    return (
        Verdict.untested,
        f"By itself, without its tests, it is refused: line {said[0].line}: {said[0].message[:200]}.",
    )


def nothing_asserted(facts: Facts) -> Decision | None:
    if facts.tests:
        return None
    return Verdict.untested, "The test script asserted nothing."


def not_every_case(facts: Facts) -> Decision | None:
    if len(facts.tests) == len(facts.program.cases):
        return None
    return Verdict.untested, f"Only {len(facts.tests)} of {len(facts.program.cases)} cases were run."


def passed(facts: Facts) -> Decision:
    count = f"The one {_noun(facts)}" if len(facts.tests) == 1 else f"All {len(facts.tests)} {_noun(facts)}s"
    return Verdict.accepted, f"{count} passed."


BESIDE: tuple[Rule, ...] = (
    refused,
    over_a_limit,
    unreadable,
    raised,
    ended_early,
    no_tests,
    tests_left,
    tests_broken,
    results_lost,
    failed,
    proved_nothing,
    script_failed,
    nothing_asserted,
    program_unused,
    passed,
)
"""Python with its tests in a process of their own: a program that is gone fails every test after, so its end says more
than they do."""

INSIDE: tuple[Rule, ...] = (
    tests_use_what_is_not_here,
    refused,
    over_a_limit,
    framework_not_here,
    raised_in_a_test,
    failed,
    ended_early,
    no_tests,
    proved_nothing,
    nothing_asserted,
    leans_on_its_tests,
    passed,
)
"""Tests that share the program's process: what they reported before it ended still holds."""

CASES: tuple[Rule, ...] = (refused, over_a_limit, crashed_in_a_case, failed, not_every_case, passed)
"""One run for each input."""


def _memory(limits: Limits) -> str:
    return f"It needed more than {limits.memory_bytes >> 20} MiB of memory."


def _noun(facts: Facts) -> str:
    return "case" if facts.program.cases else "test"
