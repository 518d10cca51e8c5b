"""From the facts of a run to its report: one pure function, decided outside the container."""

from __future__ import annotations

import base64
import errno
import json
import signal
from collections.abc import Collection
from typing import Any

from sandbox.policy import FATAL_LINT_RULES
from sandbox.report import Diagnostic, Limits, Program, Report, Stage, TestResult, Usage, Verdict


def judge(program: Program, limits: Limits, facts: dict[str, Any]) -> Report:
    """The report on a run. `facts` is what the container's watcher measured; nothing in it was written by the program
    except its own failures and its output. Raises KeyError or ValueError where the facts are not complete.
    """
    results = {item["test"]["index"]: item for item in facts["tests"]}  # a unit that failed later replaces itself
    facts = {**facts, "tests": [results[index] for index in sorted(results)]}
    tests = tuple(TestResult(**item["test"]) for item in facts["tests"])
    stages = _stages(program, facts, tests)
    verdict, detail = _decide(program, limits, facts, stages, tests)
    if stages[-1].name in ("test", "run"):
        good = verdict in (Verdict.accepted, Verdict.untested)
        stages = (*stages[:-1], Stage(stages[-1].name, good, stages[-1].seconds))
    status = facts["program"]["status"]
    ended = not facts["alive"]
    return Report(
        verdict=verdict,
        stages=stages,
        tests=tests,
        stdout=base64.b64decode(facts["stdout"]).decode("utf-8", "replace"),
        stderr=base64.b64decode(facts["stderr"]).decode("utf-8", "replace"),
        exit_code=status if ended and status >= 0 else None,
        signal=-status if ended and status < 0 else None,
        usage=Usage(
            wall_s=round(facts["wall_s"], 4),
            cpu_s=round(max(facts["program"]["cpu_s"], facts["cpu_all_s"] if facts["ended_by"] == "cpu" else 0.0), 4),
            memory_bytes=facts["program"]["memory_bytes"],
        ),
        detail=detail,
    )


def _stages(program: Program, facts: dict[str, Any], tests: tuple[TestResult, ...]) -> tuple[Stage, ...]:
    parse = facts["parse"] or {}
    syntax = parse.get("syntax")
    if syntax:
        place = (_whole(syntax.get("line")), _whole(syntax.get("column")))
        found = Diagnostic(*place, str(syntax.get("rule"))[:100], "error", str(syntax.get("message"))[:500])
        return (Stage("parse", False, _seconds(parse.get("seconds")), (found,)),)
    if "parsed" not in parse:
        return (Stage("parse", False, round(facts["wall_s"], 4)),)
    stages = [Stage("parse", True, _seconds(parse["parsed"]))]
    if "lint" in facts:
        diagnostics = _lint(facts["lint"], FATAL_LINT_RULES)
        fatal = any(item.severity == "error" for item in diagnostics)
        stages.append(Stage("lint", not fatal, _seconds(facts["parsed_s"]), diagnostics))
        if fatal:
            return tuple(stages)
    if "parsed_s" in facts:
        stages.append(Stage("test" if program.tests else "run", True, round(facts["wall_s"], 4)))
    return tuple(stages)


def _lint(encoded: str, fatal_rules: Collection[str]) -> tuple[Diagnostic, ...]:
    try:
        findings = json.loads(base64.b64decode(encoded) or b"[]")
        return tuple(
            Diagnostic(
                line=item["location"]["row"],
                column=item["location"]["column"],
                rule=item["code"] or "syntax",
                severity="error" if item["code"] in fatal_rules else "warning",
                message=item["message"],
            )
            for item in findings[:100]
        )
    except (ValueError, KeyError, TypeError):
        return (Diagnostic(0, 0, "linter", "warning", "the linter gave no readable answer"),)


def _decide(
    program: Program, limits: Limits, facts: dict[str, Any], stages: tuple[Stage, ...], tests: tuple[TestResult, ...]
) -> tuple[Verdict, str]:
    """The first rule that fits, most certain evidence first: counters of the kernel, then the program's own failure,
    then the tests.
    """
    last = stages[-1]
    if last.name == "parse" and last.diagnostics:
        where = f"line {last.diagnostics[0].line}: " if last.diagnostics[0].line else ""
        return Verdict.parse_error, f"The source does not parse: {where}{last.diagnostics[0].message}."
    if last.name == "lint" and not last.ok:
        first = next(item for item in last.diagnostics if item.severity == "error")
        return Verdict.lint_error, f"The linter refuses it: line {first.line}: {first.message}."
    return over_a_limit(limits, facts) or _failed(facts, tests) or _tested(program, facts, tests)


def over_a_limit(limits: Limits, facts: dict[str, Any]) -> tuple[Verdict, str] | None:
    """The limit a run went over, by what kernel and supervisor counted; None where it kept within all of them."""
    status = facts["program"]["status"]
    if facts["counters"]["oom"] > 0 or facts["program"]["memory_bytes"] > limits.memory_bytes:
        return Verdict.memory_limit, f"It needed more than {limits.memory_bytes >> 20} MiB of memory."
    if facts["counters"]["pids"] > 0:
        return Verdict.process_limit, f"It wanted more than {limits.pids} processes or threads at once."
    if facts["ended_by"] == "output":
        return Verdict.output_limit, f"It wrote {facts['written']} bytes of output before it was ended."
    if facts["ended_by"] == "cpu" or (not facts["alive"] and status == -24):
        return Verdict.time_limit, f"It used more than {limits.cpu_s:g} s of CPU time."
    if facts["ended_by"] == "wall":
        return Verdict.wall_limit, f"It was not done after {limits.wall_s:g} s."
    if facts["disk_full"] or (not facts["alive"] and status == -25):
        return Verdict.disk_limit, f"It filled the {limits.disk_bytes >> 20} MiB (or the inodes) it may write."
    if not facts["alive"] and status == -31:
        return Verdict.forbidden, "It made a system call that the policy denies."
    return None


def _failed(facts: dict[str, Any], tests: tuple[TestResult, ...]) -> tuple[Verdict, str] | None:
    """The program's own failure: an uncaught exception, or what it raised in the first test that failed."""
    causes = [item.get("cause") for item in facts["tests"] if not item["test"]["passed"]]
    error = facts["exception"] or (causes[0] if causes else None)
    if not isinstance(error, dict):
        return None
    kind, number = str(error.get("type")), error.get("errno")
    line = f" at line {error['line']}" if isinstance(error.get("line"), int) else ""
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


def _tested(program: Program, facts: dict[str, Any], tests: tuple[TestResult, ...]) -> tuple[Verdict, str]:
    status, done = facts["program"]["status"], facts["done"]
    if not facts["alive"] and (status != 0 or program.tests):
        how = f"was killed by {signal_name(-status)}" if status < 0 else f"exited with status {status}"
        return Verdict.runtime_error, f"It {how}" + (" before its tests were complete." if program.tests else ".")
    if not program.tests:
        return Verdict.untested, "It ran to its end; there was no test to judge it."
    if done is None:
        return Verdict.untested, "The tests ended without saying so: " + _ending(facts["driver"]["status"])
    if done["broken"]:
        return Verdict.runtime_error, f"Its tests could not be completed: {done['broken']}."
    failed = [test for test in tests if not test.passed]
    if failed:
        first = failed[0]
        what = f"{first.source.strip()[:200]}: " if first.source else "The test script failed: "
        return Verdict.test_failure, f"{len(failed)} of {len(tests)} tests failed. {what}{first.message[:300]}"
    if done["script"]:
        return Verdict.untested, f"The test script could not be run: {done['script'][:300]}"
    if not tests:
        return Verdict.untested, "The test script asserted nothing."
    count = "The one test" if len(tests) == 1 else f"All {len(tests)} tests"
    vacuous = "" if done["calls"] else " But no test called the program, so they prove nothing."
    return Verdict.accepted, f"{count} passed.{vacuous}"


def signal_name(number: int) -> str:
    """SIGSEGV for 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _ending(status: int) -> str:
    return f"signal {-status}." if status < 0 else f"exit status {status}."


def _whole(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 10**9 else 0


def _seconds(value: Any) -> float:
    return round(float(value), 4) if isinstance(value, int | float) else 0.0
