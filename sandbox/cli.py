"""`lab sandbox`: the sandbox's own commands. They parse, call and print; what is done is done beside this file.

Exit codes: 0 done; 1 failed, or the program was not accepted; 2 wrong usage.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

sandbox_app = typer.Typer(no_args_is_help=True, help="Run programs where they can do no harm.")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")]


@sandbox_app.command(
    "run", epilog="Examples:  lab sandbox run fizz.py --tests test_fizz.py   |   lab sandbox run fizz.py --json"
)
def sandbox_run(
    file: Annotated[Path, typer.Argument(help="The program.")],
    tests: Annotated[Path | None, typer.Option(help="An assertion script.")] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="Its language.")] = "python",
    stdin: Annotated[Path | None, typer.Option(help="What it reads from standard input.")] = None,
    cpu_s: Annotated[float, typer.Option(help="CPU seconds.")] = 5.0,
    wall_s: Annotated[float, typer.Option(help="Seconds on the clock.")] = 10.0,
    memory_mb: Annotated[int, typer.Option(help="MiB of memory.")] = 256,
    as_json: Json = False,
) -> None:
    """Run a program in the sandbox and print its verdict. Exit code 0 where it is accepted (or, without tests, ran well)."""
    from sandbox import Limits, Program, SandboxError, Verdict, render, run_once

    def text(path: Path | None) -> str:
        try:
            return path.read_text(encoding="utf-8", errors="replace") if path else ""
        except OSError as error:
            raise typer.BadParameter(f"{path}: {error.strerror}") from None

    program = Program(text(file), text(tests), None, language, text(stdin))
    limits = Limits(cpu_s=cpu_s, wall_s=wall_s, memory_bytes=memory_mb * 2**20)
    try:
        found = run_once(program, limits=limits)
    except SandboxError as error:
        _fail(error)
    if as_json:
        _print_json(found.to_dict())
    else:
        print(render(found, program, limits))
    fine = found.accepted or (tests is None and found.verdict is Verdict.untested)
    raise typer.Exit(0 if fine else 1)


@sandbox_app.command(
    "build",
    epilog="Examples:  lab sandbox build   |   lab sandbox build --languages python,php   |   ... --languages all",
)
def sandbox_build(
    languages: Annotated[str, typer.Option(help="Separated by commas, or `all`.")] = "python",
) -> None:
    """Build the images of languages where they are missing; each is a layer on Python's."""
    from sandbox import SandboxError, build_image
    from sandbox.languages import LANGUAGES

    names = list(LANGUAGES) if languages == "all" else [name.strip() for name in languages.split(",") if name.strip()]
    try:
        print("\n".join(build_image(print, names)))
    except SandboxError as error:
        _fail(error)


@sandbox_app.command("clean", epilog="Example: lab sandbox clean")
def sandbox_clean() -> None:
    """Remove containers whose process is gone."""
    from sandbox import SandboxError, clean

    try:
        print(f"removed {clean()} containers")
    except SandboxError as error:
        _fail(error)


@sandbox_app.command(
    "serve",
    epilog="Examples:  lab sandbox serve   |   LAB_SANDBOX_TOKEN=... lab sandbox serve --host 0.0.0.0 --queue 256   |   "
    "lab sandbox serve --slots 8 --runtime runsc",
)
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
) -> None:
    """Serve the sandbox over HTTP: our own endpoint, and /run_code as SandboxFusion's clients know it."""
    from sandbox import SandboxError
    from sandbox.service import Settings, serve, token_for

    asked = token_for(host, token)
    if asked and not token:
        print(f"lab: token {asked}", flush=True)
    try:
        serve(Settings(host, port, asked, slots, queue, runtime), lambda text: print(text, flush=True))
    except SandboxError as error:
        _fail(error)


@sandbox_app.command(
    "report",
    epilog="Examples:  lab sandbox report runs/quickstart   |   lab sandbox report data-audited.runs.jsonl --open",
)
def sandbox_report(
    source: Annotated[
        Path, typer.Argument(metavar="RUN_OR_REPORTS", help="A run directory, or JSONL of programs with their reports.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The page; beside the reports where not given.")
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: Json = False,
) -> None:
    """Write what became of programs as one HTML page, and print its summary; of a single program, its whole report."""
    from sandbox import SandboxError
    from sandbox.show import gather, page_of_many, page_of_run, read_runs, render, render_many, reproduce, write

    target = out or (source / "sandbox.html" if source.is_dir() else source.with_suffix(".html"))
    try:
        runs = read_runs(source)
        one = runs[0] if len(runs) == 1 else None
        found = gather(source.resolve().name, runs)
        write(page_of_run(one) if one else page_of_many(found), target)
    except SandboxError as error:
        _fail(error)
    except OSError as error:
        _fail(f"{target}: cannot be written: {error.strerror}")
    if as_json:
        _print_json({"report": str(target), **(one.to_dict() if one else found.to_dict())})
    else:
        print(
            render(one.report, one.program, one.limits, reproduce(one.program, one.limits))
            if one
            else render_many(found)
        )
        print(f"\nreport: {target}")
    if open_it:
        import webbrowser

        webbrowser.open(target.resolve().as_uri())


@sandbox_app.command(
    "audit",
    epilog="Examples:  lab sandbox audit mbpp.jsonl   |   lab sandbox audit runs/x/data/sft --out audited.parquet   |   "
    "lab sandbox audit runs/x --mutants 50 --limit 200 --json",
)
def sandbox_audit(
    dataset: Annotated[
        Path, typer.Argument(help="JSONL or Parquet with code and tests, a folder of Parquet, or a run directory.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The rows with audit_ columns; .parquet or .jsonl.")
    ] = None,
    mutants: Annotated[int, typer.Option(min=0, help="Faulty versions of each solution.")] = 20,
    reruns: Annotated[int, typer.Option(min=0, help="Re-executions of each solution.")] = 3,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first rows.")] = None,
    as_json: Json = False,
) -> None:
    """Ask of each row whether its tests prove anything. A call that was cut off goes on where it stopped."""
    from sandbox import SandboxError
    from sandbox.audit import Settings, audit_data, figures, journal_path, output_of, summary

    target = out or output_of(dataset)
    try:
        audited = audit_data(dataset, target, Settings(mutants, reruns), limit)
    except SandboxError as error:
        _fail(error)
    except KeyboardInterrupt:
        print("\nstopped; what is done is kept, and the same command goes on from there", file=sys.stderr)
        raise typer.Exit(130) from None
    if as_json:
        _print_json({"out": str(target), "runs": str(journal_path(target)), **figures(audited)})
    else:
        print(summary(audited))
        print(f"\nrows: {target}\nnext: lab sandbox report {journal_path(target)}")


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=True))


def _fail(error: object) -> NoReturn:
    print(f"lab: {error}", file=sys.stderr)
    raise typer.Exit(1)
