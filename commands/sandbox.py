"""`lab sandbox`: the sandbox's own commands. They parse, call and print; what is done is done beside this file.

Exit codes: 0 done; 1 failed, or the program was not accepted; 2 wrong usage.
"""

import builtins
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.door import GOES_ON, door, fail
from commands.options import Json, console, place, print_json, say
from commands.shape import Commands

sandbox_app = Commands(no_args_is_help=True, help="Run programs where they can do no harm.")


@sandbox_app.command(
    "run",
    examples=(
        "lab sandbox run fizz.py --tests test_fizz.py",
        "lab sandbox run sort.cpp --cases cases.jsonl",
        "lab sandbox run fizz.py --limits cpu_s=1,pids=4 --html fizz.html",
        "lab sandbox run fizz.py --json",
    ),
)
@door()
def sandbox_run(
    file: Annotated[Path, typer.Argument(help="The program.")],
    tests: Annotated[Path | None, typer.Option(help="A test script in the program's language.")] = None,
    cases: Annotated[
        Path | None, typer.Option(help="JSON lines of `stdin` and `stdout`, and `compare`: tokens, exact or floats.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="Its language; by the file's name where not given.")
    ] = None,
    entry_point: Annotated[str | None, typer.Option(help="The function for a `check(candidate)` script.")] = None,
    stdin: Annotated[Path | None, typer.Option(help="What it reads from standard input.")] = None,
    limits: Annotated[
        str,
        typer.Option(
            help="NAME=VALUE, separated by commas. Default: cpu_s=5, wall_s=10, memory_mb=256, pids=32, output_kb=64, disk_mb=16; more memory and pids where the language's runtime takes them."
        ),
    ] = "",
    lint: Annotated[bool, typer.Option("--lint/--no-lint", help="Whether the linter runs and may refuse it.")] = True,
    html: Annotated[Path | None, typer.Option(help="Also write the report as a page.")] = None,
    runtime: Annotated[str | None, typer.Option(help="Docker runtime, such as runsc.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="A new container for each run of it, also for the controls of its tests.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run a program in the sandbox and print its verdict.

    Exit code 0 where it is accepted (or, without tests, ran well), 1 where not.
    """
    from sandbox import Program, SandboxError, Verdict, render, run_once
    from sandbox.inputs import read_cases, read_limits, read_tests, read_text
    from sandbox.languages.table import find, has_language, of_file
    from sandbox.show import page, write

    if tests and cases:
        raise typer.BadParameter("a program is judged by --tests or by --cases; give one of them", param_hint="--cases")
    if entry_point and not tests:
        raise typer.BadParameter("is called by a test script; give --tests too", param_hint="--entry-point")
    if stdin and cases:
        raise typer.BadParameter("each of the --cases has its own; leave it out", param_hint="--stdin")
    if language is None and not has_language(file.name):
        raise typer.BadParameter(f"{file}: which language is it? Say --language NAME", param_hint="FILE")
    if html and not html.parent.is_dir():
        raise typer.BadParameter(f"{html}: there is no folder {html.parent}", param_hint="--html")
    try:
        allowed = read_limits(limits)
    except SandboxError as error:
        raise typer.BadParameter(str(error).removeprefix("--limits: "), param_hint="--limits") from None
    try:
        written_in = find(language or of_file(file.name)).name
        program = Program(
            read_text(file),
            read_tests(tests, file, written_in),
            entry_point,
            written_in,
            read_text(stdin),
            lint,
            read_cases(cases),
        )
    except SandboxError as error:
        raise typer.BadParameter(str(error)) from None
    if not lint and not find(written_in).lint:
        raise typer.BadParameter(f"changes nothing: {written_in} has no linter; leave it out", param_hint="--no-lint")
    if entry_point and not _takes(entry_point, program.tests, written_in):
        why = "these tests have no `check(candidate)` to hand it to; leave it out"
        raise typer.BadParameter(
            why if written_in == "python" else "is for Python alone; leave it out", param_hint="--entry-point"
        )
    found = run_once(program, limits=allowed, runtime=runtime, fresh=fresh)
    said = {"--tests": tests, "--cases": cases, "--stdin": stdin, "--language": language, "--entry-point": entry_point}
    said |= {"--limits": limits, "--runtime": runtime}
    words = [str(word) for option, value in said.items() if value for word in (option, value)]
    words += [word for word, wanted in (("--no-lint", not lint), ("--fresh", fresh)) if wanted]
    again = shlex.join(["lab", "sandbox", "run", str(file), *words])
    if html:
        try:
            write(page(program, found, allowed, name=file.name, command=again), html)
        except OSError as error:
            fail(f"{html}: cannot be written: {error.strerror}")
    if as_json:
        print_json(found.to_dict())
    else:
        from report.live.shown import state

        verdict, _, rest = render(found, program, allowed, again).partition(" ")
        console().print(state(verdict, "red"), end=" ", soft_wrap=True)
        say(rest)
    fine = found.accepted or (not program.tests and not program.cases and found.verdict is Verdict.untested)
    raise typer.Exit(0 if fine else 1)


def _takes(entry_point: str, tests: str, language: str) -> bool:
    """Whether a test script is handed the function that is named, or must be told that a built-in's name is the program's."""
    return language == "python" and ("candidate" in tests or "check" in tests or hasattr(builtins, entry_point))


@sandbox_app.command("languages", examples=("lab sandbox languages --json",))
@door()
def sandbox_languages(as_json: Json = False) -> None:
    """List the languages and what is built of them.

    Their tools, whether their image is built, and the version in it.
    """
    from sandbox.doctor import listing

    found = listing()
    if as_json:
        print_json({"languages": found})
        return
    rows = [
        (row["name"], "built" if row["built"] else "not built", " ".join(row["suffixes"]), row["version"])
        for row in found
    ]
    _table(("language", "image", "files", "version"), rows)


@sandbox_app.command("doctor", examples=("lab sandbox doctor",))
@door()
def sandbox_doctor(as_json: Json = False) -> None:
    """Look at what confines a program.

    At Docker, cgroups and images, and from inside a container. Exit code 1 where
    something does not hold.
    """
    from sandbox.doctor import findings

    found = findings()
    fine = all(one.ok or one.what.startswith("image for") for one in found)
    if as_json:
        print_json({"ok": fine, "findings": [one.to_dict() for one in found]})
    else:
        _table(("", "what", "found", "mend"), [("ok" if f.ok else "NO", f.what, f.found, f.mend) for f in found])
    raise typer.Exit(0 if fine else 1)


@sandbox_app.command(
    "bench",
    examples=(
        "lab sandbox bench",
        "lab sandbox bench sort.cpp --tests test.cpp --slots 1,2,4,8",
    ),
)
@door()
def sandbox_bench(
    file: Annotated[Path | None, typer.Argument(help="The program; a trivial Python one where not given.")] = None,
    tests: Annotated[Path | None, typer.Option(help="Its test script.")] = None,
    slots: Annotated[str, typer.Option(help="Numbers of slots, separated by commas.")] = "1,2",
    seconds: Annotated[float, typer.Option(min=0.1, help="Seconds for each number of slots.")] = 5.0,
    as_json: Json = False,
) -> None:
    """Measure runs a second and latency of one program."""
    import asyncio
    import re

    from sandbox import Limits, Program
    from sandbox.inputs import read_text
    from sandbox.languages.table import of_file
    from sandbox.speed import TRIVIAL, measure

    if tests and not file:
        raise typer.BadParameter("changes nothing without a program; name its FILE", param_hint="--tests")
    if not all(re.fullmatch(r"\s*0*[1-9][0-9]{0,3}\s*", part) for part in slots.split(",")):
        raise typer.BadParameter("numbers from 1 to 9999, separated by commas, such as 1,2,4", param_hint="--slots")
    program = Program(read_text(file), read_text(tests), language=of_file(file.name)) if file else TRIVIAL
    found = [asyncio.run(measure(program, int(part), seconds, Limits())) for part in slots.split(",")]
    if as_json:
        print_json({"speeds": [one.to_dict() for one in found]})
        return
    rows = [(str(s.slots), str(s.runs), f"{s.runs_per_s:g}", f"{s.median_ms:g}", f"{s.p99_ms:g}") for s in found]
    _table(("slots", "runs", "runs/s", "median ms", "p99 ms"), rows)


@sandbox_app.command(
    "shell",
    examples=(
        "lab sandbox shell",
        "lab sandbox shell --language php",
        "lab sandbox shell -- ls -l /tmp",
    ),
)
@door()
def sandbox_shell(
    command: Annotated[list[str] | None, typer.Argument(help="What to run instead of a shell, after --.")] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="Whose image.")] = "python",
    runtime: Annotated[str | None, typer.Option(help="Docker runtime, such as runsc.")] = None,
) -> None:
    """Open a shell in a fresh container under the sandbox's policy."""
    from sandbox.containers.shell import shell

    raise typer.Exit(shell(language, command or [], runtime))


@sandbox_app.command(
    "build",
    examples=(
        "lab sandbox build",
        "lab sandbox build --languages python,php",
        "lab sandbox build --languages all",
    ),
)
@door()
def sandbox_build(
    languages: Annotated[str, typer.Option(help="Separated by commas, or `all`.")] = "python",
) -> None:
    """Build the images of languages where they are missing.

    Each is a layer on Python's.
    """
    from sandbox import build_image
    from sandbox.languages.table import LANGUAGES

    names = list(LANGUAGES) if languages == "all" else [name.strip() for name in languages.split(",") if name.strip()]
    say("\n".join(build_image(say, names)))


@sandbox_app.command("clean", examples=("lab sandbox clean",))
@door()
def sandbox_clean() -> None:
    """Remove containers whose process is gone."""
    from sandbox import clean

    say(f"removed {clean()} containers")


@sandbox_app.command(
    "serve",
    examples=(
        "lab sandbox serve",
        "LAB_SANDBOX_TOKEN=... lab sandbox serve --host 0.0.0.0 --queue 256",
        "lab sandbox serve --slots 8 --runtime runsc",
    ),
)
@door()
def sandbox_serve(
    host: Annotated[str, typer.Option(help="Address to listen on; off loopback a token is required.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 8090,
    token: Annotated[
        str | None,
        typer.Option(envvar="LAB_SANDBOX_TOKEN", help="What requests must show; made where needed and not given."),
    ] = None,
    slots: Annotated[int | None, typer.Option(min=1, help="Programs at once; one a core where not given.")] = None,
    queue: Annotated[int, typer.Option(min=0, help="Requests that may wait; more are told when to come again.")] = 128,
    runtime: Annotated[str | None, typer.Option(help="Docker runtime, such as runsc.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="A new container for each program.")] = False,
) -> None:
    """Serve the sandbox over HTTP.

    Our own endpoint, and /run_code as SandboxFusion's clients know it.
    """
    from sandbox.service.service import Settings, serve, token_for

    asked = token_for(host, token)
    if asked and not token:
        say(f"lab: token {asked}", flush=True)
    serve(Settings(host, port, asked, slots, queue, runtime, fresh), lambda text: say(text, flush=True))


@sandbox_app.command(
    "report",
    examples=(
        "lab sandbox report runs/quickstart",
        "lab sandbox report data-audited.runs.jsonl --open",
    ),
)
@door()
def sandbox_report(
    source: Annotated[
        Path, typer.Argument(metavar="RUN_OR_REPORTS", help="A run directory, or JSONL of programs with their reports.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", parser=place, metavar="PATH", help="The page; beside the reports where not given."),
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: Json = False,
) -> None:
    """Write what became of programs as one HTML page.

    And print its summary; of a single program, its whole report.
    """
    from report.programs import recorded_runs
    from sandbox.show import (
        gather,
        page_of_many,
        page_of_run,
        read_runs,
        render,
        render_many,
        reproduce,
        runs_of,
        write,
    )

    target = out or (source / "sandbox.html" if source.is_dir() else source.with_suffix(".html"))
    try:
        runs = runs_of(recorded_runs(source), source) if source.is_dir() else read_runs(source)
        one = runs[0] if len(runs) == 1 else None
        found = gather(source.resolve().name, runs)
        write(page_of_run(one) if one else page_of_many(found), target)
    except OSError as error:
        fail(f"{target}: cannot be written: {error.strerror}")
    if as_json:
        print_json({"report": str(target), **(one.to_dict() if one else found.to_dict())})
    else:
        say(
            render(one.report, one.program, one.limits, reproduce(one.program, one.limits) if one.program.code else "")
            if one
            else render_many(found)
        )
        say(f"\nreport: {target}")
    if open_it:
        import webbrowser

        webbrowser.open(target.resolve().as_uri())


@sandbox_app.command(
    "audit",
    examples=(
        "lab sandbox audit mbpp.jsonl",
        "lab sandbox audit runs/x/data/sft --out audited.parquet",
        "lab sandbox audit runs/x --mutants 50 --limit 200 --json",
    ),
)
@door()
def sandbox_audit(
    dataset: Annotated[
        Path, typer.Argument(help="JSONL or Parquet with code and tests, a folder of Parquet, or a run directory.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="The rows with audit_ columns, .parquet or .jsonl; default DATASET-audited.jsonl.",
        ),
    ] = None,
    mutants: Annotated[int, typer.Option(min=0, help="Faulty versions of each solution.")] = 20,
    reruns: Annotated[int, typer.Option(min=0, help="Re-executions of each solution.")] = 3,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first rows.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="A new container for each run of a program.")] = False,
    as_json: Json = False,
) -> None:
    """Ask of each row whether its tests prove anything.

    A call that was cut off goes on where it stopped.
    """
    from report.programs import accepted_samples, run_around
    from verification.audits import (
        Settings,
        audit_data,
        figures,
        journal_path,
        output_of,
        read_rows,
        rows_of_run,
        summary,
    )

    if out and out.suffix not in (".parquet", ".jsonl"):
        raise typer.BadParameter(f"{out}: what is written is .parquet or .jsonl", param_hint="--out")
    run = run_around(dataset)
    is_run = run == dataset.absolute()
    target = out or output_of(dataset, is_run=is_run)
    with door(stopped=f"what is done is kept, {GOES_ON}"):
        recorded = accepted_samples(run) if run else {}
        rows = rows_of_run(dataset, recorded, limit) if is_run else read_rows(dataset, limit, recorded)
        audited = audit_data(rows, target, Settings(mutants, reruns), fresh=fresh)
    if as_json:
        print_json({"out": str(target), "runs": str(journal_path(target)), **figures(audited)})
    else:
        say(summary(audited))
        say(f"\nrows: {target}\nnext: lab sandbox report {journal_path(target)}")


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.table import Table

    from report.live.shown import state

    table = Table(box=None, pad_edge=False)
    for title in header:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*map(state, row))
    console().print(table)
