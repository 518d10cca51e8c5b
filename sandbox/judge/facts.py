"""The facts of a run, in one form whichever way it went: Python beside its tests, or as commands.

What the container sends was measured by its watcher; nothing in it was written by the program but its own failures and
its output. Both readers raise KeyError, ValueError or TypeError where the facts are not complete.
"""

from __future__ import annotations

import base64
import json
import signal
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.apart.compare import decided
from sandbox.judge.printed import COMPARED
from sandbox.languages import diagnostics
from sandbox.languages.language import Language
from sandbox.languages.script import Script
from sandbox.report import Case, Diagnostic, Limits, Program, Stage, TestResult, Usage

SAID_CHARACTERS = 5000
"""Of a program's output that are searched for its runtime's words about memory."""


@dataclass(frozen=True)
class Ending:
    """How one run of the program ended, and what kernel and supervisor counted until then."""

    status: int
    """Exit status; negative: the signal that ended it."""
    alive: bool
    """Whether the program was alive when the sandbox, done with it, ended it."""
    ended_by: str | None
    """"cpu", "wall", "output", "memory" or "limit": what the supervisor ended it for."""
    out_of_memory: bool
    too_many_processes: bool
    disk_full: bool
    written: int
    """Bytes on both streams."""
    memory_bytes: int
    said: str = ""
    """The end of its output."""

    @property
    def failed(self) -> bool:
        return not self.alive and self.status != 0

    @property
    def how(self) -> str:
        """In words, after "it"."""
        if self.ended_by:
            return "was ended"
        return f"was killed by {signal_name(-self.status)}" if self.status < 0 else f"exited with status {self.status}"


@dataclass(frozen=True)
class Facts:
    """One run of a program, as the rules see it."""

    language: Language
    program: Program
    limits: Limits
    built: tuple[Stage, ...]
    """Parser, linter, compiler: what each said and whether it let the program pass."""
    ran: Stage | None
    """The stage of the run itself; None where it did not come to it."""
    runs: tuple[Ending, ...]
    """One; with cases one a case, to the first that ended them."""
    last: Ending
    """How the last process ended: the program's, or the tool's that did not let it pass."""
    tests: tuple[TestResult, ...]
    stdout: str
    stderr: str
    usage: Usage
    raised: dict[str, Any] | None = None
    """What the program raised: `type`, `message`, `line`, `errno`."""
    errors: frozenset[int] = field(default_factory=frozenset)
    """Tests in which something was raised, where they share the program's process."""
    void: frozenset[int] = field(default_factory=frozenset)
    """Tests that did not fail and prove nothing: they compared nothing, or an object of the program decided."""
    lost: int = 0
    """Results that were sent and did not arrive."""
    done: dict[str, Any] | None = None
    """The last word of tests in a process of their own: `broken`, `script`, `calls`."""
    unreadable: str = ""
    """Who said what the watcher could not read, and why; it may have been a failure."""
    driver_status: int = 0
    completed: bool = False
    """Whether the tests came to their end with the program as it has to be."""

    @property
    def has_tests(self) -> bool:
        return bool(self.program.tests.strip())


def beside_its_tests(language: Language, program: Program, limits: Limits, sent: dict[str, Any]) -> Facts:
    """The facts of a Python program whose tests ran in a process of their own."""
    units = {item["test"]["index"]: item for item in sent["tests"]}  # a unit that failed later replaces itself
    decided = [units[index] for index in sorted(units)]
    void = frozenset(item["test"]["index"] for item in decided if item["void"])
    causes = [item["cause"] for item in decided if not item["test"]["passed"] and not item["void"]]
    raised = sent["exception"] or (causes[0] if causes else None)
    used = sent["program"]
    ending = Ending(
        status=used["status"],
        alive=sent["alive"],
        ended_by=sent["ended_by"],
        out_of_memory=sent["counters"]["oom"] > 0,
        too_many_processes=sent["counters"]["pids"] > 0,
        disk_full=sent["disk_full"],
        written=sent["written"],
        memory_bytes=used["memory_bytes"],
    )
    stages = _stages(language, program, sent)
    run = "test" if program.tests.strip() else "run"
    goes_on = stages[-1].ok and "parsed_s" in sent
    return Facts(
        language,
        program,
        limits,
        built=stages,
        ran=Stage(run, True, round(sent["wall_s"], 4)) if goes_on else None,
        runs=(ending,),
        last=ending,
        tests=tuple(TestResult(**item["test"]) for item in decided),
        stdout=_text(sent["stdout"]),
        stderr=_text(sent["stderr"]),
        usage=Usage(
            wall_s=round(sent["wall_s"], 4),
            cpu_s=round(max(used["cpu_s"], sent["cpu_all_s"] if sent["ended_by"] == "cpu" else 0.0), 4),
            memory_bytes=used["memory_bytes"],
        ),
        raised=raised if isinstance(raised, dict) else None,
        void=void,
        lost=sent["done"]["sent"] - len(sent["tests"]) if sent["done"] else 0,
        done=sent["done"],
        unreadable=_unreadable(sent.get("unreadable")),
        driver_status=sent["driver"]["status"],
        completed=sent["alive"],
    )


def as_commands(language: Language, program: Program, limits: Limits, script: Script, sent: dict[str, Any]) -> Facts:
    """The facts of a run of commands; `script`: what was run, as `jobs.assembled` gives it."""
    steps = sent["steps"]
    runs = [step for step in steps if step["stage"] in ("test", "run")]
    above = script.solution_lines
    shown = runs or steps[-1:]
    told = decided(script.wants, _told(runs)) if script.wants else _told(runs)
    endings = tuple(_ending(step) for step in runs)
    return Facts(
        language,
        program,
        limits,
        built=tuple(_stage(language, program, step, above) for step in steps if step["stage"] not in ("test", "run")),
        ran=Stage(runs[0]["stage"], True, round(sum(step["wall_s"] for step in runs), 4)) if runs else None,
        runs=endings,
        last=endings[-1] if endings else _ending(steps[-1]),
        tests=_case_results(program.cases, runs, endings) if program.cases else _script_results(script, told),
        stdout=_text(shown[-1]["stdout"]),
        stderr=_text(shown[-1]["stderr"]),
        usage=Usage(
            wall_s=round(sum(step["wall_s"] for step in shown), 4),
            cpu_s=round(sum(step["cpu_s"] for step in shown), 4),
            memory_bytes=max(step["memory_bytes"] for step in shown),
        ),
        errors=frozenset(index for index, kind in _first_failures(told).items() if kind == "error"),
        void=frozenset(index for kind, index, _ in told if kind == "void"),
        completed=sum(kind == "end" for kind, _, _ in told) >= max(1, len(script.runs)),
    )


def signal_name(number: int) -> str:
    """SIGSEGV for 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _ending(step: dict[str, Any]) -> Ending:
    return Ending(
        status=step["status"],
        alive=False,
        ended_by=step["ended_by"],
        out_of_memory=step["counters"]["oom"] > 0,
        too_many_processes=step["counters"]["pids"] > 0,
        disk_full=step["disk_full"],
        written=step["written"],
        memory_bytes=step["memory_bytes"],
        said=(_text(step["stdout"]) + _text(step["stderr"]))[-SAID_CHARACTERS:],
    )


def stopped_for_nothing(language: Language, program: Program, sent: dict[str, Any]) -> bool:
    """Whether the container, which knows the linter's rules alone, did not run a program for what is no error in it."""
    if "steps" not in sent:
        said = _text(sent.get("lint", ""))
    else:
        step = sent["steps"][-1]
        said = _text(step["stdout"]) + _text(step["stderr"]) if step["stage"] == "lint" else ""
    reader = language.readers.get("lint")
    if not said or reader is None or not _refuses(diagnostics.read(reader, said, "lint")):
        return False
    return not _refuses(_linted(language, program, said))


def _linted(language: Language, program: Program, said: str) -> tuple[Diagnostic, ...]:
    found = diagnostics.read(language.readers["lint"], said, "lint")
    if language.lint_of and _refuses(found):
        found = diagnostics.read(language.lint_of(program.code), said, "lint")
    return found


def _refuses(found: tuple[Diagnostic, ...]) -> bool:
    return any(item.severity == "error" for item in found)


def _stages(language: Language, program: Program, sent: dict[str, Any]) -> tuple[Stage, ...]:
    """Parser and linter of a Python program beside its tests. The process that parses is the program's own, so what it
    says of the source is taken as a program's word.
    """
    parse = sent["parse"] or {}
    syntax = parse.get("syntax")
    if syntax:
        place = (_whole(syntax.get("line")), _whole(syntax.get("column")))
        found = Diagnostic(*place, str(syntax.get("rule"))[:100], "error", str(syntax.get("message"))[:500])
        return (Stage("parse", False, _seconds(parse.get("seconds")), (found,)),)
    if "parsed" not in parse:
        return (Stage("parse", False, round(sent["wall_s"], 4)),)
    stages = [Stage("parse", True, _seconds(parse["parsed"]))]
    if "lint" in sent:
        linted = _linted(language, program, _text(sent["lint"]))
        stages.append(Stage("lint", not _refuses(linted), _seconds(sent["parsed_s"]), linted))
    return tuple(stages)


def _stage(language: Language, program: Program, step: dict[str, Any], above: int) -> Stage:
    """Parser, linter or compiler as a command: what it said, and whether it let the program pass."""
    reader = language.readers.get(step["stage"])
    said = _text(step["stdout"]) + _text(step["stderr"])
    if step["stage"] == "lint" and reader:
        found = _linted(language, program, said)
        return Stage("lint", not _refuses(found), round(step["wall_s"], 4), found)
    found = diagnostics.read(reader, said, step["stage"]) if reader else ()
    if above and step["stage"] == "compile":
        found = tuple(
            replace(item, line=item.line - above, file="tests") if item.line > above and not item.file else item
            for item in found
        )
    ok = step["status"] == 0 and not step["ended_by"]
    if ok:
        found = tuple(replace(item, severity="warning") for item in found)
    if not ok and not any(item.severity == "error" for item in found):
        words = said.strip().splitlines()
        found = (*found, Diagnostic(0, 0, language.name, "error", (words[-1] if words else "it gave no reason")[:500]))
    return Stage(step["stage"], ok, round(step["wall_s"], 4), found)


def _told(runs: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    """The authenticated lines of the test harness: kind, index, text."""
    found = []
    for line in [line for step in runs for line in step["evidence"]]:
        kind, _, rest = str(line).partition(" ")
        index, _, text = rest.partition(" ")
        if kind in ("ok", "fail", "error", "end", "value", "at", "void") and index.isdigit() and len(index) < 7:
            try:
                words = text if kind == "value" else str(json.loads(text))
            except (ValueError, RecursionError):
                words = text
            found.append((kind, int(index), words))
    return found


def _first_failures(told: list[tuple[str, int, str]]) -> dict[int, str]:
    """How each test failed first."""
    return {index: kind for kind, index, _ in reversed(told) if kind in ("fail", "error")}


def _script_results(ran: Script, told: list[tuple[str, int, str]]) -> tuple[TestResult, ...]:
    """One result for each test of the script that was decided; a failure is never taken back."""
    units = ran.units
    results: dict[int, TestResult] = {}
    at = 1
    for kind, index, text in told:
        if kind == "at":
            at = index
            continue
        if kind == "end" or not 0 <= index < len(units) or (index in results and not results[index].passed):
            continue
        line, source = units[index]
        line = at if index == len(units) - 1 and kind in ("fail", "error") else line
        results[index] = TestResult(index, line, source[:400], kind == "ok", "" if kind == "ok" else text[:1000])
    script = len(units) - 1  # the script as a whole counts where it holds no other test, or failed by itself
    if len(results) > 1 and script in results and results[script].passed:
        del results[script]
    return tuple(results[index] for index in sorted(results))


def _case_results(
    cases: tuple[Case, ...], runs: list[dict[str, Any]], endings: tuple[Ending, ...]
) -> tuple[TestResult, ...]:
    results = []
    for number, (case, step, ending) in enumerate(zip(cases, runs, endings, strict=False)):
        got = base64.b64decode(step["stdout"]).decode("utf-8", "surrogateescape")  # bytes that are no text equal none
        same = not step["cut"] and COMPARED[case.compare](got, case.stdout)
        clean = ending.status == 0 and not ending.ended_by
        message = (
            ""
            if same
            else f"it wrote more than {len(got)} characters"
            if step["cut"]
            else f"expected {_short(case.stdout)}, got {_short(got)}"
        )
        if not clean:
            message = f"it {ending.how}" + (f"; {message}" if message else "")
        results.append(TestResult(number, 0, f"case {number + 1}", same and clean, message))
    return tuple(results)


def _unreadable(said: dict[str, str] | None) -> str:
    if not said:
        return ""
    whose = "it said of itself" if said["of"] == "program" else "its tests reported"
    return f"What {whose} cannot be read: {said['why']}"


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode("utf-8", "replace")


def _whole(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 10**9 else 0


def _seconds(value: Any) -> float:
    """A program's word for how long something took; 0 where no run could have taken that."""
    return round(float(value), 4) if isinstance(value, int | float) and 0 <= value < 10**6 else 0.0


def _short(text: str) -> str:
    return repr(text) if len(text) <= 200 else f"{text[:180]!r}... ({len(text)} characters)"
