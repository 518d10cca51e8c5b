"""The one error door: what a package raises becomes one line on stderr and an exit code.

A command is decorated with `@door()`, or does its work in `with door(stopped=...)` where something is left to go on with.
Errors are known by their package and name, so that no package is loaded only to learn what it raises.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from commands.options import say

NOT_MET = 3
INTERRUPTED = 130
GOES_ON = "and the same command goes on from there"

TOLD = {
    "alignment": {"AlignmentError"},
    "checkpoints": {"CheckpointError"},
    "curation": {"FilterError"},
    "evaluation": {"EvaluationError"},
    "generators": {"GeneratorError", "OptionError", "SeedError"},
    "ledger": {"LedgerError"},
    "pretrain": {"PretrainError"},
    "prompts": {"PromptError"},
    "recipes": {"RecipeError"},
    "rows": {"RowsError"},
    "sandbox": {"SandboxError"},
    "serving": {"ServingError"},
}
"""Package -> its errors that say what, where and the mend. Any other exception is a fault of ours and keeps its traceback."""


@contextmanager
def door(stopped: str = "", kept: Path | None = None) -> Iterator[None]:
    """Ends with exit code 1 and the error's line, or with 130 at Ctrl-C. `stopped` says what a stop leaves behind; `kept` is
    the directory from which the same command goes on after an error.
    """
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError):
        if stopped:
            say(f"\nstopped; {stopped}", stderr=True)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if not is_told(error):
            raise
        goes_on = f"\nWhat is done is kept in {kept}; the same command goes on from there." if _holds_any(kept) else ""
        fail(f"{error}{goes_on}")


def is_told(error: BaseException) -> bool:
    """Whether the error, or what it is a kind of, is one of `TOLD`."""
    return any(cls.__name__ in TOLD.get(cls.__module__.partition(".")[0], ()) for cls in type(error).__mro__)


def fail(error: object) -> NoReturn:
    """Say why on stderr and end with exit code 1."""
    say(f"lab: {error}", stderr=True)
    raise typer.Exit(1) from None


def tell(what: str) -> None:
    """A line on stderr about what could not be read or written, while the command goes on; empty for none."""
    if what:
        say(f"lab: {what}", stderr=True)


def _holds_any(run: Path | None) -> bool:
    """Whether something has come of the run, so that there is something to go on from."""
    if run is None:
        return False
    from ledger import Ledger, LedgerError

    try:
        with Ledger(run, readonly=True) as ledger:
            return not ledger.is_empty()
    except LedgerError:
        return False
