"""The one error door: what a package raises becomes one line on stderr and an exit code.

A command is decorated with `@door()`, or does its work in `with door(stopped=...)` where something is left to go on with.
Errors are known by their package and name, so that no package is loaded only to learn what it raises.
"""

import asyncio
import errno
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from commands.options import say

NOT_MET = 3
INTERRUPTED = 130
GOES_ON = "and the same command goes on from there"

LONGEST_LINE = 2000
"""Characters of a line of an error."""
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


REFUSED_AGAIN = ("TakenError", "RecipeError")
"""Errors after which the same command would be refused again: another run's directory, or one that is held; what was asked for."""
MENDS = {
    errno.ENOSPC: "; make room where it writes, and say it again",
    errno.EDQUOT: "; make room where it writes, and say it again",
    errno.EROFS: "; name a place that can be written to",
    errno.EACCES: "; name a place that is yours",
    errno.EPERM: "; name a place that is yours",
    errno.EIO: "; the disk itself fails",
    errno.EMFILE: "; raise `ulimit -n`",
    errno.ENFILE: "; close other programs",
}
"""What mends an error of the machine's, by its number."""
OF_RUST = re.compile(r"\(os error (\d+)\)")
"""How tokenizers and safetensors name one in an error of their own."""


@contextmanager
def door(stopped: str | Callable[[], str] = "", kept: Path | None = None) -> Iterator[None]:
    """Ends with exit code 1 and the error's line, or with 130 at Ctrl-C. `stopped` says what a stop leaves behind, or is
    asked for it then; `kept` is the run directory from which the same command goes on, where something has come of it.
    """
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError):
        if kept and not _holds_any(kept):
            say("\nstopped; nothing is done yet", stderr=True)
        elif stopped:
            left = stopped if isinstance(stopped, str) else stopped()
            say(f"\nstopped; {_so_far(kept)}{left}", stderr=True)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        line = str(error) if is_told(error) else of_the_machine(error)
        if not line:
            raise
        again = type(error).__name__ not in REFUSED_AGAIN
        kept_there = again and _holds_any(kept)
        goes_on = f"\nWhat is done is kept in {kept}; the same command goes on from there." if kept_there else ""
        fail(f"{line}{goes_on}")


def end_by_sigterm_as_by_ctrl_c() -> None:
    """From here on SIGTERM, by which a cluster's scheduler or `kill` ends a job, leaves what Ctrl-C does: state is saved,
    temporary folders and containers go. A process forked from this one ends at once, as it did.
    """
    ours = os.getpid()

    def stop(number: int, _: object) -> None:
        if os.getpid() != ours:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts a job in the background
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, stop)


def is_told(error: BaseException) -> bool:
    """Whether the error, or what it is a kind of, is one of `TOLD`."""
    return any(cls.__name__ in TOLD.get(cls.__module__.partition(".")[0], ()) for cls in type(error).__mro__)


def of_the_machine(error: BaseException) -> str:
    """What a disk that is full, read-only, not ours or gone said, or that memory is used up, with the file and the mend; empty
    for another error.
    """
    if isinstance(error, MemoryError):
        return "the machine's memory is used up; end other programs, or ask for less"
    if not isinstance(error, OSError):
        number = int(found[1]) if (found := OF_RUST.search(str(error))) else 0
        return f"{os.strerror(number).lower()}{MENDS[number]}" if number in MENDS else ""
    if error.filename is None and error.errno not in MENDS:
        return ""
    place = f"{os.fsdecode(error.filename2 or error.filename)}: " if error.filename is not None else ""
    return f"{place}{(error.strerror or str(error)).lower()}{MENDS.get(error.errno or 0, '')}"


def fail(error: object) -> NoReturn:
    """Say why on stderr and end with exit code 1."""
    say(f"lab: {within(str(error))}", stderr=True)
    raise typer.Exit(1) from None


def within(message: str) -> str:
    """A message with the middle of each line left out that is longer than anybody reads: a library may quote a whole row."""
    return "\n".join(map(_short, message.split("\n")))


def _short(line: str) -> str:
    left_out = len(line) - LONGEST_LINE
    if left_out <= 0:
        return line
    return f"{line[: LONGEST_LINE // 2]} ... ({left_out:,} characters) ... {line[-LONGEST_LINE // 2 :]}"


def tell(what: str) -> None:
    """A line on stderr about what could not be read or written, while the command goes on; empty for none."""
    if what:
        say(f"lab: {within(what)}", stderr=True)


def _holds_any(run: Path | None) -> bool:
    """Whether something has come of the run, so that there is something to go on from."""
    if run is None:
        return False
    from ledger import Ledger, LedgerError

    try:
        with Ledger(run, readonly=True) as ledger:
            return not ledger.is_empty() or any(map(_holds_any, run.glob("round-*")))  # rounds are runs within it
    except LedgerError:
        return False


def _so_far(run: Path | None) -> str:
    """The figures of a run that was stopped, where it has any."""
    if run is None:
        return ""
    from report.listing import look_at

    found = look_at(run)
    if not found.attempts:
        return ""
    return f"{found.accepted:,} accepted of {found.attempts:,} attempts and {found.output_tokens:,} tokens so far; "
