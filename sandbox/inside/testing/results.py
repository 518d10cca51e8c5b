"""What became of the tests, as it is sent to the watcher. Runs in the container, in the tests' own process."""

from collections.abc import Callable
from typing import Any

from sandbox.inside import wire
from sandbox.inside.crossing.errors import FAILURE
from sandbox.inside.stubs import ProgramGone, Session
from sandbox.inside.testing.marks import Skipped

RESULTS = 3
NOTHING = "it compared nothing"
MAX_TESTS = 500
"""Results that are sent; after them one that is worse than all of these."""


class Results:
    """The results so far, and the pipe they go out on: one a unit, and once failed it stays failed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.held: dict[int, int] = {}
        self.idle = set[int]()
        """Units that compared nothing so far: with another parameter they may."""
        self.sent = 0
        """How many results went out: one that does not arrive is missed."""
        self.withheld: list[BaseException] | None = None
        """What failed in a test that is expected to fail, of which nothing is sent."""

    def record(
        self, unit: int, line: int, source: str, error: BaseException | None, got: str | None, void: str | None = None
    ) -> None:
        """Send one result. `void`: why it passed for nothing. A statement in a function that is called twice counts
        once, by the worst that came of it.
        """
        stuck, self.session.stuck = self.session.stuck, None
        if self.withheld is not None:
            self.withheld += [error] if error is not None else []
            return
        if isinstance(error, Skipped):
            void, error = "it was skipped", None
        if stuck:
            void, error = stuck, None  # whatever came of that was none of the program's doing
        rank = 2 if error is not None else 1 if void else 0
        if void == NOTHING and self.held.get(unit) == 0:
            return
        if rank == 0 and unit in self.idle and self.held[unit] == 1:
            del self.held[unit]
        if void == NOTHING:
            self.idle.add(unit)
        elif rank == 1:
            self.idle.discard(unit)
        if rank <= self.held.get(unit, -1) or (len(self.held) >= MAX_TESTS and rank <= max(self.held.values())):
            return  # past that many, only what is worse than anything told
        self.held[unit] = rank
        message = void or "" if error is None else self.session.broken or _reason(error, got)
        test = {"index": unit, "line": line, "source": source[:400], "passed": rank == 0, "message": message[:1000]}
        self.sent += 1
        cause = None if error is None else _failure_of(error)
        cause = cause and {**cause, "message": cause["message"][:400]}
        wire.send(RESULTS, {"test": test, "void": rank == 1, "cause": cause})


def _failure_of(error: BaseException) -> dict[str, Any] | None:
    """What the program said of an exception it raised; None for an exception of the test script's own."""
    failure: dict[str, Any] | None = error.__dict__.get(FAILURE)
    return failure


def _reason(error: BaseException, got: str | None) -> str:
    failure = _failure_of(error)
    if failure is None and isinstance(error, AssertionError):
        return " - ".join(part for part in (_safe(str, error), got) if part) or "the assertion does not hold"
    said = str(failure["message"]) if failure else _safe(str, error)
    kind = str(failure["type"]) if failure else type(error).__name__
    where = f" (line {failure['line']} of the program)" if failure and failure["line"] else ""
    return f"raised {kind}" + (f": {said}" if said else "") + where


def show(value: Any) -> str:
    text = _safe(repr, value)
    return text if len(text) <= 300 else text[:280] + f"... ({len(text)} characters)"


def _safe(render: Callable[[Any], str], value: Any) -> str:
    try:
        return render(value)
    except ProgramGone:
        raise
    except BaseException as error:
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"
