"""`lab`: the command line. It parses, calls and prints; what is done is done in the packages.

Exit codes: 0 done; 1 failed, with the reason on stderr; 2 wrong usage; 3 a count was not met within its budget; 130 Ctrl-C.
"""

import os
import sys
import traceback

import typer

from commands import eval, export, filter, generate, machine, report, run, runs
from commands.options import say
from commands.pretrain import pretrain_app
from commands.prompts import prompts_app
from commands.sandbox import sandbox_app
from commands.train import train_app

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="A synthetic-data and post-training lab: a checkpoint writes, a sandbox proves, training learns from what held up.",
)
for command in (generate, run, eval, filter, runs, report, export, machine):
    app.add_typer(command.app)
app.add_typer(train_app, name="train")
app.add_typer(pretrain_app, name="pretrain")
app.add_typer(prompts_app, name="prompts")
app.add_typer(sandbox_app, name="sandbox")


def main() -> None:
    """The `lab` command."""
    # For every Python started from here on, by libraries too: none imports what lies in the directory of whoever calls.
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        app()
    except Exception:  # a fault of ours, whose message may quote whatever was read
        say(traceback.format_exc(), stderr=True, end="")
        sys.exit(1)


if __name__ == "__main__":
    main()
