"""`/run_code` in SandboxFusion's shape, so that trainers written for it work by changing a URL.

Its vocabulary is poorer than ours: a program Finished with a return code, or ran out of time; a fault of the sandbox is
`SandboxError`, which its clients do not count as an answer. Nothing is linted: it does not, and scripts made for it
would not pass.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field

from sandbox.languages.language import Language
from sandbox.languages.table import find
from sandbox.pool import MAX_CHARACTERS
from sandbox.report import Limits, Program, Report, SandboxError, Stage, Verdict
from sandbox.service.admission import Admission, memory_share
from sandbox.service.bodies import Problem, checked_files, client_left, json_response, read_body, told

MEMORY_BYTES = 1 << 30
"""What a program gets where the request asks for no limit."""

OUTPUT_BYTES = 1 << 20
LONGEST_S = 300.0

NAMES = {
    "python": "python",
    "cpp": "cpp",
    "nodejs": "javascript",
    "js": "javascript",
    "typescript": "typescript",
    "ts": "typescript",
    "go": "go",
    "java": "java",
    "php": "php",
    "csharp": "csharp",
    "bash": "bash",
    "sql": "sql",
    "rust": "rust",
    "perl": "perl",
    "ruby": "ruby",
}
"""SandboxFusion's languages that the sandbox may have, and what they are called here. Our own names are taken too."""

ABSENT = (
    *("python2", "python_gpu", "cuda", "go_test", "pytest", "junit", "jest", "gtest", "react", "lua", "R", "D_ut"),
    *("scala", "julia", "kotlin_script", "verilog", "lean", "swift", "racket"),
)
"""SandboxFusion's languages that the sandbox has not: answered with SandboxError, not with a complaint about the name."""


class RunCodeIn(BaseModel):
    """SandboxFusion's request. Keys it does not have are ignored, as it ignores them."""

    code: Annotated[str, Field(max_length=MAX_CHARACTERS)]
    language: Annotated[str, Field(max_length=50)]
    stdin: Annotated[str, Field(max_length=MAX_CHARACTERS)] | None = None
    compile_timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 10
    run_timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 10
    memory_limit_MB: Annotated[int, Field(ge=-1, le=1 << 30)] = -1
    files: Annotated[dict[str, str | None], Field(max_length=100)] = {}
    fetch_files: Annotated[list[str], Field(max_length=100)] = []


class Status(StrEnum):
    Success = "Success"
    Failed = "Failed"
    SandboxError = "SandboxError"


class CommandStatus(StrEnum):
    Finished = "Finished"
    TimeLimitExceeded = "TimeLimitExceeded"
    Error = "Error"


@dataclass(frozen=True)
class CommandResult:
    """The compiler's or the program's process."""

    status: CommandStatus
    execution_time: float | None = None
    return_code: int | None = None
    """Negative: the signal that ended it."""
    stdout: str | None = None
    stderr: str | None = None


@dataclass(frozen=True)
class RunCodeOut:
    """SandboxFusion's answer."""

    status: Status
    message: str = ""
    compile_result: CommandResult | None = None
    run_result: CommandResult | None = None
    executor_pod_name: str | None = None
    files: dict[str, str] | None = None


def add_routes(app: FastAPI, admission: Admission) -> None:
    @app.post(
        "/run_code",
        summary="Run a program; SandboxFusion's answer",
        tags=["SandboxFusion"],
        openapi_extra=told(RunCodeIn),
        responses={
            200: {"model": RunCodeOut},
            **{status: {"model": Problem} for status in (401, 408, 413, 415, 421, 422, 429, 503)},
        },
    )
    async def run_code(request: Request) -> Response:
        wanted, size = await read_body(request, RunCodeIn, admission)
        with admission.place(size) as place:
            try:
                language = _language(wanted)
                limits = limits_of(wanted, admission.box.slots, admission.box.limits)
                program = _program(wanted, language)
                report = await admission.run(place, program, limits, client_left(request))
                out = answer(wanted, report, language, limits)
            except SandboxError as error:
                out = RunCodeOut(Status.SandboxError, str(error))
            return json_response(to_dict(out))


def names_of(language: str) -> list[str]:
    """SandboxFusion's names of one of our languages."""
    return [name for name, ours in NAMES.items() if ours == language]


def limits_of(wanted: RunCodeIn, slots: int, default: Limits) -> Limits:
    """Our limits for a request. Its timeout is wall time, so a program may use every core for as long."""
    wall_s = min(wanted.run_timeout, LONGEST_S)
    asked = wanted.memory_limit_MB * (1 << 20) if wanted.memory_limit_MB > 0 else MEMORY_BYTES
    return replace(
        default,
        wall_s=wall_s,
        cpu_s=wall_s * (os.cpu_count() or 1),
        memory_bytes=min(asked, memory_share(slots)),
        output_bytes=OUTPUT_BYTES,
    )


def answer(wanted: RunCodeIn, report: Report, language: Language, limits: Limits) -> RunCodeOut:
    """SandboxFusion's words for a report. A program that ran into a bound of this service, not of its request, is not
    blamed: SandboxError. Raises SandboxError for it, and where the sandbox failed.
    """
    if report.verdict is Verdict.sandbox_fault:
        raise SandboxError(report.detail)
    if report.verdict is Verdict.wall_limit and limits.wall_s < wanted.run_timeout:
        raise SandboxError(f"this service runs a program for {limits.wall_s:g} s at most")
    unasked = wanted.memory_limit_MB <= 0 or limits.memory_bytes < wanted.memory_limit_MB << 20
    if report.verdict is Verdict.memory_limit and unasked:
        raise SandboxError(f"this service gives a program {limits.memory_bytes} bytes of memory at most")
    if report.verdict is Verdict.process_limit:  # no request can name these two
        raise SandboxError(f"this service gives a program {limits.pids} processes at most")
    if report.verdict is Verdict.disk_limit:
        raise SandboxError(f"this service gives a program {limits.disk_bytes} bytes of disk at most")
    compiled = _compiled(wanted, report, language)
    if compiled is not None and (compiled.status is not CommandStatus.Finished or compiled.return_code):
        return RunCodeOut(Status.Failed, report.detail, compiled)
    ran = _ran(report)
    good = ran.status is CommandStatus.Finished and ran.return_code == 0
    return RunCodeOut(Status.Success if good else Status.Failed, "" if good else report.detail, compiled, ran)


def to_dict(out: RunCodeOut) -> dict[str, object]:
    results = {name: (vars(part) if part else None) for name, part in vars(out).items() if name.endswith("_result")}
    return {**vars(out), **results, "files": out.files or {}}


def _language(wanted: RunCodeIn) -> Language:
    """Raises SandboxError for a language that is missing here, HTTPException for one nobody has heard of."""
    name = NAMES.get(wanted.language, wanted.language)
    try:
        return find(name)
    except SandboxError as error:
        if wanted.language in NAMES or wanted.language in ABSENT:
            raise
        raise HTTPException(422, f"language: {error}") from None


def _program(wanted: RunCodeIn, language: Language) -> Program:
    if wanted.fetch_files:
        raise SandboxError("this service gives no files back: fetch_files must be empty. Print what you need")
    try:
        files = checked_files({name: content for name, content in wanted.files.items() if content is not None})
    except ValueError as error:
        raise HTTPException(422, f"files: {error}") from None
    return Program(
        wanted.code, language=language.name, stdin=wanted.stdin or "", lint=False, files=tuple(files.items())
    )


def _compiled(wanted: RunCodeIn, report: Report, language: Language) -> CommandResult | None:
    if not language.compile:
        return None
    stage = next((stage for stage in reversed(report.stages) if stage.name in ("compile", "parse")), None)
    if stage is None:  # kept from an earlier run of the same source
        return CommandResult(CommandStatus.Finished, 0.0, 0, "", "")
    ran_out = not stage.ok and report.verdict in (Verdict.time_limit, Verdict.wall_limit)
    if ran_out or stage.seconds > wanted.compile_timeout:
        return CommandResult(CommandStatus.TimeLimitExceeded, stage.seconds, None, "", _listed(stage))
    return CommandResult(CommandStatus.Finished, stage.seconds, 0 if stage.ok else 1, "", _listed(stage))


def _ran(report: Report) -> CommandResult:
    seconds, out, err = report.usage.wall_s, report.stdout, report.stderr
    if report.verdict in (Verdict.time_limit, Verdict.wall_limit):
        return CommandResult(CommandStatus.TimeLimitExceeded, seconds, None, out, err)
    if report.verdict is Verdict.parse_error:
        listed = "".join(_listed(stage) for stage in report.stages if not stage.ok)
        return CommandResult(CommandStatus.Finished, seconds, 1, out, err or listed)
    code = -report.signal if report.signal is not None else report.exit_code
    if report.verdict in (Verdict.untested, Verdict.accepted):
        return CommandResult(CommandStatus.Finished, seconds, code or 0, out, err)
    return CommandResult(CommandStatus.Finished, seconds, code or -9, out, err)  # a limit ended it


def _listed(stage: Stage) -> str:
    return "".join(
        f"{item.file or 'program'}:{item.line}:{item.column}: {item.severity}: {item.message} [{item.rule}]\n"
        for item in stage.diagnostics
    )
