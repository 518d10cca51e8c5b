"""`lab`: the command line. It parses, calls and prints; what is done is done in the packages.

Exit codes: 0 done; 1 failed, with the reason on stderr; 2 wrong usage; 3 a count was not met within its budget; 130 Ctrl-C, SIGTERM.
"""

import gc
import importlib.metadata
import io
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

from commands import eval, export, filter, generate, machine, report, run, runs
from commands.door import end_by_sigterm_as_by_ctrl_c
from commands.options import say, show_logs_only
from commands.pretrain import pretrain_app
from commands.prompts import prompts_app
from commands.sandbox import sandbox_app
from commands.shape import HELP_OPTIONS, grouped
from commands.training import arena, rounds
from commands.training.train import train_app

GROUPS = {
    "Start here": ("doctor", "checkpoint", "run", "rounds"),
    "Make data": ("generate", "filter", "export", "arena", "prompts"),
    "Train and judge": ("train", "eval", "pretrain", "serve"),
    "Look at a run": ("runs", "watch", "report", "why"),
    "Run programs": ("sandbox",),
}
app = typer.Typer(
    cls=grouped(GROUPS),
    context_settings=HELP_OPTIONS,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    help="A synthetic-data and post-training lab: a checkpoint writes, a sandbox proves, training learns from what held up.",
)
for command in (generate, run, rounds, eval, arena, filter, runs, report, export, machine):
    app.add_typer(command.app)
app.add_typer(train_app, name="train")
app.add_typer(pretrain_app, name="pretrain")
app.add_typer(prompts_app, name="prompts")
app.add_typer(sandbox_app, name="sandbox")


def _version(asked: bool) -> None:
    if asked:
        say(f"lab {importlib.metadata.version('lab')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    show_logs_only()


def main() -> None:
    """The `lab` command."""
    # For every Python started from here on, by libraries too: none imports what lies in the directory of whoever calls.
    os.environ["PYTHONSAFEPATH"] = "1"
    # torch, transformers and vLLM are a million objects, none of them garbage: looking through them while they are imported
    # was a fifth of the time that took.
    gc.set_threshold(10_000, 10, 10)
    end_by_sigterm_as_by_ctrl_c()
    for stream in (sys.stdout, sys.stderr):  # a letter that a terminal's encoding lacks stands by its number
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except Exception as error:  # a fault of ours, whose message may quote whatever was read
        say(f"lab: {_fault(error)}", stderr=True)
        sys.exit(1)


def _fault(error: Exception) -> str:
    """One line for a person; what led there goes to a file, for whoever mends it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    told = (
        f"a fault of Lab's own at {Path(last.filename).name}:{last.lineno}: {type(error).__name__}: {str(error)[:300]}"
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="lab-fault-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(f"{' '.join(sys.argv)}\n{traceback.format_exc()}")
    except OSError:
        return told
    return f"{told}\nIt should not happen; what led there is in {file.name}, which whoever mends it needs."


if __name__ == "__main__":
    main()
