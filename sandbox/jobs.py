"""What the host sends into the container: one job a program, in the form the supervisor there reads.

A Python program with a test script runs beside its tests, in a process of its own (`inside/watch.py`). Everything else
is a run of commands: parse, lint, compile, then the program (`inside/commands.py`).
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from sandbox import apart, policy
from sandbox.languages.language import Language
from sandbox.languages.script import Script
from sandbox.languages.scripted.python import LINT_STDIN
from sandbox.report import Limits, Program, SandboxError

NOT_BESIDE = ("package.json", "node_modules")
"""Further files that do not lie beside the source as well: they would say how ours are run, or be libraries of the tests in the place of
those that are here.
"""
BUILD = {"wall_s": 60.0, "pids": 64, "output_bytes": 256 * 1024, "disk_bytes": policy.BOX_BYTES}
"""Limits of parser, linter and compiler beside their CPU time, which is the language's."""


class Way(Enum):
    """How program and tests are brought together."""

    apart = "apart"
    """The tests are not in the program's process, where they can be out of it."""
    together = "together"
    """They are in its process, by the language's harness, whether or not they could be apart from it."""
    plainly = "plainly"
    """As files for the language's own command (`languages/scripted/plainly.py`)."""


def needs_commands(program: Program) -> bool:
    """Whether a program goes as commands. Python with a test script has a way of its own, safer and faster."""
    return program.language != "python" or bool(program.cases) or bool(program.files)


def shares_a_process(program: Program) -> bool:
    """Whether program and tests run in one process: a test script in any language but Python that is more than calls
    whose results are compared on the host.
    """
    if program.language == "python" or not program.tests.strip() or program.cases:
        return False
    return apart.script(program.language, program.code, program.tests) is None


def unfit(language: Language, program: Program) -> str:
    """Why nothing here can run the tests, whatever the program is; empty where they can be run."""
    beside = program.language != "python" and not program.cases and bool(program.tests.strip())
    return assembled(language, program, Way.together).unfit if beside else ""


def job(
    language: Language,
    program: Program,
    limits: Limits,
    artefact: dict[str, str] | None = None,
    *,
    way: Way = Way.apart,
    lint_stops: bool = True,
    changes: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The job for the container's supervisor. `artefact` is what the compiler made of the same sources before, if kept;
    `lint_stops`: whether the program is not run where a rule of the linter's refuses it; `changes`: how Python's tests are to
    tell of what they compare (`judge/undone.py`).
    Raises SandboxError for a further file whose path leads out of the working directory, and for a Python test script
    beside further files.
    """
    if not needs_commands(program):
        return _beside(program, limits, lint_stops, changes)
    return _commands(language, program, assembled(language, program, way), limits, artefact, lint_stops)


def longest_s(job: dict[str, Any]) -> float:
    """How long a job may take by its limits, the linter's and parser's included."""
    if "steps" in job:
        return float(sum(step["limits"]["wall_s"] for step in job["steps"]))
    return 2 * float(job["limits"]["wall_s"])


def assembled(language: Language, program: Program, way: Way = Way.apart) -> Script:
    """The program with its test script, as one program; with a driver in the script's place where the answers can be compared
    on the host, unless the two are to be together. Raises SandboxError where the language has no way to join them.
    """
    if way is Way.plainly:
        if (plain := plainly(language, program)) is None:
            raise SandboxError(f"nothing here runs these tests in {language.name} by its own command")
        return plain
    tests = "" if program.cases else program.tests
    if not tests.strip() and not language.wraps_always:
        return Script(language.written(program.code))
    if tests.strip() and way is Way.apart and (script := apart.script(language.name, program.code, tests)) is not None:
        return script
    if language.assemble is None:
        raise SandboxError(f"a test script in {language.name} and further files do not go together; use cases")
    return language.assemble(program.code, tests)


def plainly(language: Language, program: Program) -> Script | None:
    """Program and tests as files for the language's own command, where there is one that would run them."""
    if language.plainly is None or program.cases or not program.tests.strip():
        return None
    return language.plainly(program.code, program.tests)


def build_limits(language: Language) -> Limits:
    """What parser, linter and compiler may use; memory is bounded by the container alone."""
    return Limits(
        cpu_s=language.compile_cpu_s,
        wall_s=BUILD["wall_s"],
        memory_bytes=1 << 40,
        pids=int(BUILD["pids"]),
        disk_bytes=policy.BOX_BYTES,
    )


def _beside(program: Program, limits: Limits, lint_stops: bool, changes: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "code": program.code,
        "tests": program.tests if program.tests.strip() else "",
        "entry_point": program.entry_point,
        "changes": changes,
        "stdin": program.stdin,
        "limits": asdict(limits),
        "lint": list(LINT_STDIN) if program.lint else [],
        "fatal_rules": sorted(policy.FATAL_LINT_RULES) if lint_stops else [],
        "kill_after_output": policy.KILL_AFTER_OUTPUT,
    }


def _commands(
    language: Language,
    program: Program,
    script: Script,
    limits: Limits,
    artefact: dict[str, str] | None,
    lint_stops: bool,
) -> dict[str, Any]:
    beside = {path.name: path.read_text(encoding="utf-8") for path in language.files}
    sources = {language.solution: language.written(program.code), language.main: script.main, **script.files, **beside}
    if artefact is not None:
        sources = {}
    if script.runs:
        sources = script.files
    files = {_inside(name): content for name, content in program.files}
    beside_it = {name: files[name] for name in files if name.partition("/")[0] not in NOT_BESIDE}
    steps: list[dict[str, Any]] = []
    if artefact is None and not script.runs:
        build = {**BUILD, "cpu_s": language.compile_cpu_s}
        if language.parse:
            # A parser that runs parts of the program has no more rights than the program.
            steps.append(_step("parse", language.parse, build, stops=None, builder=not language.parse_runs_code))
        if language.lint and program.lint:
            steps.append(_step("lint", language.lint, build, stops=list(language.lint_stops) if lint_stops else []))
        if language.compile:
            steps.append(_step("compile", language.compile, build, stops=None))
    own = asdict(limits)
    if program.cases:
        steps += [_step("test", language.run, own, stdin=case.stdin, stops=[], builder=False) for case in program.cases]
    else:
        stage = "test" if program.tests.strip() else "run"
        for command in script.runs or (language.run,):
            steps.append(_step(stage, command, own, stdin=program.stdin, builder=False, evidence=stage == "test"))
    return {
        "steps": steps,
        "sources": {**beside_it, **{name: _base64(text) for name, text in sources.items()}, **(artefact or {})},
        "files": list(map(list, files.items())),
        "artefacts": list(language.artefacts),
        "hidden": [] if script.runs else [language.solution, language.main, *script.files],
        "environment": {**policy.ENVIRONMENT, **language.environment},
        "kill_after_output": policy.KILL_AFTER_OUTPUT,
        "sockets_are_fatal": language.sockets_are_fatal,
    }


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


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape" if _is_escaped(text) else "replace")).decode("ascii")


def _is_escaped(text: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
