"""What goes into the sandbox and what comes out: plain frozen data, JSON both ways."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

FEEDBACK_CHARACTERS = 1500


class SandboxError(Exception):
    """The sandbox cannot do its work (no Docker, no image, no container that starts). Never the program's fault."""


class Verdict(StrEnum):
    """How a run ended: a closed vocabulary, the same words in code, JSON, documents and reports."""

    accepted = "accepted"
    """Every test completed and passed, within the limits, and the program was alive to the end."""
    test_failure = "test_failure"
    """The program ran; a test saw something else than it expected."""
    parse_error = "parse_error"
    """The source is not a program of its language."""
    lint_error = "lint_error"
    """The linter found what makes the program wrong as written, such as an undefined name."""
    compile_error = "compile_error"
    """The compiler refused it (languages that have one)."""
    runtime_error = "runtime_error"
    """The program raised, crashed, or ended before its tests were complete."""
    time_limit = "time_limit"
    """More CPU time than allowed."""
    wall_limit = "wall_limit"
    """More time on the clock than allowed."""
    memory_limit = "memory_limit"
    """More memory than allowed."""
    output_limit = "output_limit"
    """Far more output than allowed."""
    process_limit = "process_limit"
    """More processes or threads than allowed."""
    disk_limit = "disk_limit"
    """A full disk, no inode left, or too large a file."""
    forbidden = "forbidden"
    """A system call or a place that the policy denies."""
    untested = "untested"
    """It ran, but no test completed, so nothing is proved."""
    sandbox_fault = "sandbox_fault"
    """The sandbox failed. Never the program's fault; never to be recorded as a rejection."""


class Proof(StrEnum):
    """How a verdict was reached, the strongest first: what an accepted program would have had to get past."""

    isolated = "isolated"
    """The program ran apart and nothing of it decided: its tests held plain values in a process of their own, or what
    it printed was compared outside the container."""
    control = "control"
    """The tests shared the program's process, and failed once they were made to expect something else."""
    plain = "plain"
    """Neither: the word of a process the program could write to, or no test at all."""

    def suffices(self, least: Proof) -> bool:
        """Whether it is `least` or stronger."""
        order = list(Proof)
        return order.index(self) <= order.index(least)


@dataclass(frozen=True)
class Limits:
    """What one run may use."""

    cpu_s: float = 5.0
    """CPU seconds of all its processes together, tests included."""
    wall_s: float = 10.0
    """Seconds on the clock."""
    memory_bytes: int = 256 * 1024 * 1024
    """Memory of all its processes together."""
    pids: int = 32
    """Processes and threads alive at once."""
    output_bytes: int = 64 * 1024
    """Bytes kept of each stream; past 16 times as much the run is ended."""
    disk_bytes: int = 16 * 1024 * 1024
    """Bytes under /tmp, the only place to write."""


@dataclass(frozen=True)
class Case:
    """One run on one input, judged by what it prints. The expected output never enters the container."""

    stdin: str
    stdout: str
    compare: str = "tokens"
    """"tokens": equal when split at white space; "exact": equal to the byte; "floats": as tokens, of which two numbers are
    equal within 1e-6, absolute or relative, unless both are whole."""


@dataclass(frozen=True)
class Program:
    """Source to run, and the tests that judge it."""

    code: str
    tests: str = ""
    """An assertion script in the program's language (docs/prove/sandbox.md says what each language's adapter takes)."""
    entry_point: str | None = None
    """The name handed to `check(candidate)`; also lets that name shadow a builtin."""
    language: str = "python"
    stdin: str = ""
    lint: bool = True
    """Whether the linter is run; what it finds fatal then refuses the program."""
    cases: tuple[Case, ...] = ()
    """Tests by input and output, instead of a script."""
    files: tuple[tuple[str, str], ...] = ()
    """Further files in the working directory, and beside the source, where it imports and includes them: relative path and
    content in base64."""


@dataclass(frozen=True)
class Diagnostic:
    """One finding of a parser, linter or compiler. Lines and columns count from 1; 0 where unknown."""

    line: int
    column: int
    rule: str
    severity: str
    """"error" or "warning"."""
    message: str
    file: str = ""
    """Empty where it is the program's own."""


@dataclass(frozen=True)
class Stage:
    """One stage of a run: "parse", "lint", "compile" or "test" (without tests: "run")."""

    name: str
    ok: bool
    seconds: float
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class TestResult:
    """One statement of the test script that asserts something, or one case."""

    __test__ = False  # pytest would collect it

    index: int
    line: int
    source: str
    passed: bool
    message: str
    """What was expected and what came, or the exception; empty where it passed."""


@dataclass(frozen=True)
class Usage:
    """What a run used: seconds on the clock, CPU seconds, peak resident bytes of its largest process."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    memory_bytes: int = 0


@dataclass(frozen=True)
class Report:
    """Everything known about one run."""

    verdict: Verdict
    stages: tuple[Stage, ...] = ()
    tests: tuple[TestResult, ...] = ()
    stdout: str = ""
    stderr: str = ""
    exit_code: int | None = None
    signal: int | None = None
    usage: Usage = field(default_factory=Usage)
    detail: str = ""
    """One sentence that says why the verdict is what it is."""
    proof: Proof = Proof.plain
    """How far an `accepted` can be trusted; for other verdicts the way the program was run."""

    @property
    def accepted(self) -> bool:
        return self.verdict is Verdict.accepted

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe form. Text that is not valid Unicode was replaced when the report was made."""
        return {**asdict(self), "verdict": str(self.verdict), "proof": str(self.proof), "accepted": self.accepted}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Report:
        """The report that `to_dict` wrote; one from before there was a `proof` reads as `plain`. Raises SandboxError
        where it is not one.
        """
        try:
            return Report(
                verdict=Verdict(data["verdict"]),
                stages=tuple(
                    Stage(**{**stage, "diagnostics": tuple(Diagnostic(**item) for item in stage["diagnostics"])})
                    for stage in data["stages"]
                ),
                tests=tuple(TestResult(**test) for test in data["tests"]),
                usage=_usage(data["usage"]),
                proof=Proof(data.get("proof", Proof.plain)),
                **{name: data[name] for name in ("stdout", "stderr", "exit_code", "signal", "detail")},
            )
        except (KeyError, TypeError, ValueError) as error:
            raise SandboxError(f"not a sandbox report: {type(error).__name__}: {error}") from None

    def feedback(self) -> str:
        """What a developer would want to read to mend the program: at most FEEDBACK_CHARACTERS characters."""
        from sandbox.visible import visible

        lines = [f"Verdict: {self.verdict}. {self.detail}"]
        for stage in self.stages:
            for item in stage.diagnostics[:8]:
                where = f"{item.file + ' ' if item.file else ''}line {item.line}" + (
                    f", column {item.column}" if item.column else ""
                )
                lines.append(f"{stage.name} {item.severity}, {where}: {item.message} [{item.rule}]")
        if self.tests:
            failed = [test for test in self.tests if not test.passed]
            lines.append(f"Tests: {len(self.tests) - len(failed)} of {len(self.tests)} passed.")
            for test in failed[:5]:
                lines.append(
                    f"FAILED {_shorten(test.source, 200) or f'line {test.line}'}\n  {_shorten(test.message, 240)}"
                )
            if len(failed) > 5:
                lines.append(f"... and {len(failed) - 5} more failed.")
        if self.stderr.strip() and not self.accepted:
            lines.append("stderr (end):\n" + self.stderr.strip()[-500:])
        return _shorten(visible("\n".join(lines)), FEEDBACK_CHARACTERS)


def _usage(data: dict[str, Any]) -> Usage:
    """Raises ValueError where a figure is nothing that a run could have used: pages and sums are made of them."""
    for name, value in data.items():
        if type(value) not in (int, float) or not 0 <= value < 1 << 60:
            raise ValueError(f"usage.{name} is no amount: {str(value)[:40] if type(value) is not int else 'too large'}")
    return Usage(**data)


def _shorten(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 4] + " ..."
