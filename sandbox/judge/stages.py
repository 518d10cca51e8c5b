"""Programs that run as commands: the job that goes into the container, and the report on the facts that come out."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, replace
from pathlib import PurePosixPath
from typing import Any

from sandbox import policy
from sandbox.judge import diagnostics
from sandbox.judge.verdict import over_a_limit, signal_name
from sandbox.languages import adapters
from sandbox.languages.adapters import Script
from sandbox.languages.table import Language
from sandbox.report import (
    Case,
    Diagnostic,
    Limits,
    Program,
    Report,
    SandboxError,
    Stage,
    TestResult,
    Usage,
    Verdict,
)

BUILD = {"wall_s": 60.0, "pids": 64, "output_bytes": 256 * 1024, "disk_bytes": policy.BOX_BYTES}
"""Limits of parser, linter and compiler beside their CPU time, which is the language's."""


def needs_commands(program: Program) -> bool:
    """Whether a program goes this way. Python with a test script has a way of its own, safer and faster."""
    return program.language != "python" or bool(program.cases) or bool(program.files)


def shares_a_process(program: Program) -> bool:
    """Whether program and tests run in one process: a test script in any language but Python."""
    return program.language != "python" and bool(program.tests.strip()) and not program.cases


def proves_nothing(report: Report) -> Report:
    """An accepted report whose tests passed the controls as well."""
    stages = (*report.stages[:-1], replace(report.stages[-1], ok=False))
    detail = "The tests pass as well when they are made to expect other values, so they prove nothing."
    return replace(report, verdict=Verdict.untested, stages=stages, detail=detail)


def job(language: Language, program: Program, limits: Limits, artefact: dict[str, str] | None) -> dict[str, Any]:
    """The job for the container's supervisor. `artefact` is what the compiler made of the same sources before, if kept.
    Raises SandboxError for a further file whose path leads out of the working directory.
    """
    script = assembled(language, program)
    beside = {name: adapters.source_of(name) for name in language.files}
    solution = adapters.solution_of(language.name, program.code)
    sources = {language.solution: solution, language.main: script.main, **script.files, **beside}
    if artefact is not None:
        sources = {}
    steps: list[dict[str, Any]] = []
    if artefact is None:
        build = {**BUILD, "cpu_s": language.compile_cpu_s}
        if language.parse:
            # A parser that runs parts of the program has no more rights than the program.
            steps.append(_step("parse", language.parse, build, stops=None, builder=not language.parse_runs_code))
        if language.lint and program.lint:
            steps.append(_step("lint", language.lint, build, stops=list(language.lint_stops)))
        if language.compile:
            steps.append(_step("compile", language.compile, build, stops=None))
    own = asdict(limits)
    if program.cases:
        steps += [_step("test", language.run, own, stdin=case.stdin, stops=[], builder=False) for case in program.cases]
    else:
        stage = "test" if program.tests.strip() else "run"
        steps.append(_step(stage, language.run, own, stdin=program.stdin, builder=False, evidence=stage == "test"))
    return {
        "steps": steps,
        "sources": {**{name: _base64(text) for name, text in sources.items()}, **(artefact or {})},
        "files": [[_inside(name), content] for name, content in program.files],
        "artefacts": list(language.artefacts),
        "hidden": [language.solution, language.main, *script.files],
        "environment": {**policy.ENVIRONMENT, **language.environment},
        "kill_after_output": policy.KILL_AFTER_OUTPUT,
        "sockets_are_fatal": language.sockets_are_fatal,
    }


def longest_s(job: dict[str, Any]) -> float:
    """How long a job may take by the limits of its steps."""
    return float(sum(step["limits"]["wall_s"] for step in job["steps"]))


def assembled(language: Language, program: Program) -> Script:
    """The program with its test script, as one program."""
    return adapters.assemble(language.name, program.code, "" if program.cases else program.tests)


def judge(language: Language, program: Program, limits: Limits, facts: dict[str, Any]) -> Report:
    """The report on a run of commands. Raises KeyError, ValueError or TypeError where the facts are not complete."""
    steps = facts["steps"]
    runs = [step for step in steps if step["stage"] in ("test", "run")]
    above = assembled(language, program).solution_lines
    built = tuple(_stage(language, step, above) for step in steps if step["stage"] not in ("test", "run"))
    last = steps[-1]
    tests = _case_results(program.cases, runs) if program.cases else _script_results(language, program, runs)
    verdict, detail = _decide(language, program, limits, built, runs, tests, last)
    stages = built
    if runs:
        good = verdict in (Verdict.accepted, Verdict.untested)
        stages = (*built, Stage(runs[0]["stage"], good, round(sum(step["wall_s"] for step in runs), 4)))
    status = last["status"]
    shown = runs or [last]
    return Report(
        verdict=verdict,
        stages=stages,
        tests=tests,
        stdout=_output(shown[-1], "stdout"),
        stderr=_output(shown[-1], "stderr"),
        exit_code=status if status is not None and status >= 0 and not last["ended_by"] else None,
        signal=-status if status is not None and status < 0 else None,
        usage=Usage(
            wall_s=round(sum(step["wall_s"] for step in shown), 4),
            cpu_s=round(sum(step["cpu_s"] for step in shown), 4),
            memory_bytes=max(step["memory_bytes"] for step in shown),
        ),
        detail=detail,
    )


def _step(
    stage: str,
    argv: tuple[str, ...],
    limits: dict[str, Any],
    *,
    stdin: str = "",
    stops: list[int] | None = None,
    builder: bool = True,
    evidence: bool = False,
) -> dict[str, Any]:
    return {
        "stage": stage,
        "argv": list(argv),
        "limits": limits,
        "stdin": _base64(stdin),
        "stops": stops,
        "builder": builder,
        "evidence": evidence,
    }


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name or len(name) > 200:
        raise SandboxError(f"a further file must have a relative path inside the working directory, not {name[:200]!r}")
    return str(path)


def _stage(language: Language, step: dict[str, Any], above: int) -> Stage:
    """Parser, linter or compiler: what it said, and whether it let the program pass."""
    reader = language.readers.get(step["stage"])
    said = _output(step, "stdout") + _output(step, "stderr")
    found = diagnostics.read(reader, said) if reader else ()
    if above and step["stage"] == "compile":
        found = tuple(
            replace(item, line=item.line - above, file="tests") if item.line > above and not item.file else item
            for item in found
        )
    if step["stage"] == "lint":
        return Stage("lint", not any(item.severity == "error" for item in found), round(step["wall_s"], 4), found)
    ok = step["status"] == 0 and not step["ended_by"]
    if ok:
        found = tuple(replace(item, severity="warning") for item in found)
    if not ok and not any(item.severity == "error" for item in found):
        words = said.strip().splitlines()
        found = (*found, Diagnostic(0, 0, language.name, "error", (words[-1] if words else "it gave no reason")[:500]))
    return Stage(step["stage"], ok, round(step["wall_s"], 4), found)


def _script_results(language: Language, program: Program, runs: list[dict[str, Any]]) -> tuple[TestResult, ...]:
    """One result for each test of the script that was decided; a failure is never taken back."""
    units = assembled(language, program).units
    results: dict[int, TestResult] = {}
    for kind, index, text in _evidence(runs):
        if kind == "end" or not 0 <= index < len(units) or (index in results and not results[index].passed):
            continue
        line, source = units[index]
        results[index] = TestResult(index, line, source[:400], kind == "ok", "" if kind == "ok" else text[:1000])
    script = len(units) - 1  # the script as a whole counts where it holds no other test, or failed by itself
    if len(results) > 1 and script in results and results[script].passed:
        del results[script]
    return tuple(results[index] for index in sorted(results))


def _evidence(runs: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    """The authenticated lines of the test harness: kind, index, text."""
    found = []
    for line in [line for step in runs for line in step["evidence"]]:
        kind, _, rest = str(line).partition(" ")
        index, _, text = rest.partition(" ")
        if kind in ("ok", "fail", "error", "end") and index.isdigit() and len(index) < 7:
            try:
                words = json.loads(text)
            except ValueError:
                words = text
            found.append((kind, int(index), str(words)))
    return found


def _case_results(cases: tuple[Case, ...], runs: list[dict[str, Any]]) -> tuple[TestResult, ...]:
    results = []
    for number, (case, step) in enumerate(zip(cases, runs, strict=False)):
        got = _output(step, "stdout")
        same = got == case.stdout if case.compare == "exact" else got.split() == case.stdout.split()
        clean = step["status"] == 0 and not step["ended_by"]
        message = "" if same else f"expected {_short(case.stdout)}, got {_short(got)}"
        if not clean:
            message = f"it {_ending(step)}" + (f"; {message}" if message else "")
        results.append(TestResult(number, 0, f"case {number + 1}", same and clean, message))
    return tuple(results)


def _decide(
    language: Language,
    program: Program,
    limits: Limits,
    built: tuple[Stage, ...],
    runs: list[dict[str, Any]],
    tests: tuple[TestResult, ...],
    last: dict[str, Any],
) -> tuple[Verdict, str]:
    for stage in built:
        if stage.ok:
            continue
        if (
            stage.name != "lint"
            and not runs
            and (verdict := over_a_limit(_build_limits(language, limits), _facts(last)))
        ):
            return verdict[0], f"In {stage.name}: {verdict[1]}"
        first = next(item for item in stage.diagnostics if item.severity == "error")
        where = f"line {first.line}: " if first.line and not first.file else ""
        words = {
            "parse": "The source does not parse",
            "lint": "The linter refuses it",
            "compile": "It does not compile",
        }
        return Verdict(f"{stage.name}_error"), f"{words[stage.name]}: {where}{first.message}"
    for step in runs:
        if (found := over_a_limit(limits, _facts(step))) is not None:
            return found
        ending = (_output(step, "stdout") + _output(step, "stderr"))[-5000:]
        if step["status"] != 0 and any(sign in ending for sign in language.memory_signs):
            return Verdict.memory_limit, f"It needed more than {limits.memory_bytes >> 20} MiB of memory."
    if program.cases:
        return _judge_cases(program, runs, tests)
    return _judge_script(program, last, tests, _evidence(runs))


def _judge_cases(program: Program, runs: list[dict[str, Any]], tests: tuple[TestResult, ...]) -> tuple[Verdict, str]:
    crashed = next((n for n, step in enumerate(runs) if step["status"] != 0), None)
    failed = [test for test in tests if not test.passed]
    if crashed is not None and failed[0].index == crashed:
        return Verdict.runtime_error, f"In case {crashed + 1} it {_ending(runs[crashed])}."
    if failed:
        return (
            Verdict.test_failure,
            f"{len(failed)} of {len(tests)} cases failed. {failed[0].source}: {failed[0].message[:300]}",
        )
    if len(tests) < len(program.cases):
        return Verdict.untested, f"Only {len(tests)} of {len(program.cases)} cases were run."
    return Verdict.accepted, "The one case passed." if len(tests) == 1 else f"All {len(tests)} cases passed."


def _judge_script(
    program: Program, last: dict[str, Any], tests: tuple[TestResult, ...], evidence: list[tuple[str, int, str]]
) -> tuple[Verdict, str]:
    if not program.tests.strip():
        if last["status"] != 0:
            return Verdict.runtime_error, f"It {_ending(last)}."
        return Verdict.untested, "It ran to its end; there was no test to judge it."
    failed = [test for test in tests if not test.passed]
    kinds = {index: kind for kind, index, _ in reversed(evidence) if kind in ("fail", "error")}
    if failed:
        first = failed[0]
        if kinds.get(first.index) == "error":
            return Verdict.runtime_error, f"{first.source[:200]}: {first.message[:300]}"
        return (
            Verdict.test_failure,
            f"{len(failed)} of {len(tests)} tests failed. {first.source[:200]}: {first.message[:300]}",
        )
    if last["status"] != 0:
        return Verdict.runtime_error, f"It {_ending(last)} before its tests were complete."
    if not any(kind == "end" for kind, _, _ in evidence):
        return Verdict.runtime_error, "It ended before its tests were complete."
    if not tests:
        return Verdict.untested, "The test script asserted nothing."
    return Verdict.accepted, "The one test passed." if len(tests) == 1 else f"All {len(tests)} tests passed."


def _facts(step: dict[str, Any]) -> dict[str, Any]:
    """A step's facts in the words of the Python way, for the rules both share."""
    program = {"status": step["status"], "memory_bytes": step["memory_bytes"]}
    return {**step, "program": program, "alive": False}


def _build_limits(language: Language, limits: Limits) -> Limits:
    return Limits(
        cpu_s=language.compile_cpu_s,
        wall_s=BUILD["wall_s"],
        memory_bytes=1 << 40,
        pids=int(BUILD["pids"]),
        disk_bytes=policy.BOX_BYTES,
    )


def _ending(step: dict[str, Any]) -> str:
    status = step["status"]
    if status is None or step["ended_by"]:
        return "was ended"
    return f"was killed by {signal_name(-status)}" if status < 0 else f"exited with status {status}"


def _output(step: dict[str, Any], name: str) -> str:
    return base64.b64decode(step[name]).decode("utf-8", "replace")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape" if _is_escaped(text) else "replace")).decode("ascii")


def _is_escaped(text: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _short(text: str) -> str:
    return repr(text) if len(text) <= 200 else f"{text[:180]!r}... ({len(text)} characters)"
