"""The tests' own process: runs the assertion script against stubs that call into the program. Runs in the container.

It alone sees the tests and what they expect, and reports each result on a pipe the program has no handle to. A value
from the program is data by the time a test sees it; an object that is not plain data is a `Handle`, never equal to
anything plain.
"""

import functools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from sandbox.inside import confine, wire
from sandbox.inside.compared import COMPARISONS, FILE, HOLDERS, OPPOSITE, idle, watches
from sandbox.inside.handles import Handle
from sandbox.inside.instrument import Script, instrument
from sandbox.inside.names import Names, lacks, named, needs, pytest_module, settle_names, solution_module, start
from sandbox.inside.stubs import FAILURE, ProgramGone, Session

RESULTS = 3
MAX_TESTS = 500
"""Results that are sent; after them one that is worse than all of these."""


def run_tests() -> None:
    """The life of the process: job, wait for the program to load, run the script, say that it is done. Does not
    return.
    """
    job = wire.receive(RESULTS)
    confine.limit(job["limits"])
    os.chdir("/tmp")
    session = Session()
    results = Results(session)
    broken_script = None
    try:
        script = instrument(job["tests"])
        session.wait_until_loaded()
        run_script(script, results, job["entry_point"])
    except ProgramGone:
        pass
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        broken_script = f"{type(error).__name__}: {error}"
    sys.stdout.flush()
    sys.stderr.flush()
    done = {"calls": session.calls, "broken": session.broken, "script": broken_script, "sent": results.sent}
    done["judged"] = session.judged
    wire.send(RESULTS, {"done": done})
    while True:  # to leave would close the channel and end the program, which has to be seen alive to the end
        signal.pause()


class Results:
    """The results so far, and the pipe they go out on: one a unit, and once failed it stays failed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.held: dict[int, int] = {}
        self.sent = 0
        """How many results went out: one that does not arrive is missed."""

    def record(
        self, unit: int, line: int, source: str, error: BaseException | None, got: str | None, void: str | None = None
    ) -> None:
        """Send one result. `void`: why it passed for nothing. A statement in a function that is called twice counts
        once, by the worst that came of it.
        """
        stuck, self.session.stuck = self.session.stuck, None
        if stuck and error is not None:
            void, error = stuck, None  # the right program would fail as well
        rank = 2 if error is not None else 1 if void else 0
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


def run_script(script: Script, results: Results, entry_point: str | None) -> None:
    """Execute the script, then start what it only defines: `check(candidate)`, `test_*` functions, unittest cases."""
    session = results.session
    names = Names(session, entry_point)
    last: list[str | None] = [None]
    before: list[str | None] = [None]
    made = [0]
    seen = [0]

    def begin(leaks: bool) -> None:
        """`leaks`: what an object decides in this statement may be known to those after it."""
        last[0], made[0], seen[0] = None, 0, len(session.handles)
        before[0] = None if leaks else session.judged or ""

    def count(value: Any = None, of: Any = True) -> Any:
        """`of`: what is compared with what is made of it, which is no comparison where that holds nothing."""
        made[0] += not isinstance(of, HOLDERS) or bool(of)
        if isinstance(value, Handle) and not object.__getattribute__(value, "_lab_built"):
            session.judge("the test asks whether an object of the program is true")
        return value

    def each(function: Any, items: Any) -> Any:
        """The items of `all` and `any`: a comparison is made where there is one, or the script has its own `all`."""
        if function not in (all, any):
            return count(items)
        return map(count, items)

    def compare(sign: str, flipped: bool, left: Any, right: Any) -> Any:
        if left is right and isinstance(left, Handle) and type(left) is not Handle:
            late = object.__getattribute__(left, "_lab_serial") >= seen[0]
            if late and object.__getattribute__(left, "_lab_id") not in session.made:
                session.judge("both sides are one object that the program gives for the first time")
        words, function = COMPARISONS[sign]
        outcome = watched["_lab_order"](sign, left, right) if sign in OPPOSITE else function(left, right)
        if not outcome:
            got, expected = (right, left) if flipped else (left, right)
            if flipped:
                words = COMPARISONS[OPPOSITE.get(sign, sign)][0]
            last[0] = f"expected {words}{_show(expected)}, got {_show(got)}"
        return outcome

    def told(run: Callable[[], Any]) -> Any:
        """What a function of the script that compares says, of which no more is asserted than that it holds."""
        before = made[0]
        value = run()
        place, why = (id(run.__code__), 0), "it compared nothing"
        session.asked[place] = None if made[0] > before else session.asked.get(place, why)
        return value

    def void() -> str | None:
        reason, made[0] = session.judged if made[0] else "it compared nothing", 0
        return idle(session) or reason

    def record(unit: int, error: BaseException | None) -> None:
        line, text = script.units[unit]
        results.record(unit, line, text, error, last[0], void())
        if before[0] is not None:
            session.judged = before[0] or None
        if isinstance(error, ProgramGone):
            raise error

    watched = watches(session)
    names.update(watched, _lab_made=count, _lab_each=each, _lab_told=told)
    names.update(_lab_begin=begin, _lab_compare=compare, _lab_record=record, _lab_base=BaseException)
    sys.modules["solution"] = solution_module(names)
    sys.modules["pytest"] = pytest_module()
    threading.excepthook = lambda failed: session.judge(f"a thread of the tests ends with {failed.exc_type.__name__}")
    first = len(script.units)
    settle_names(session, script.reads, names)
    if not _attempt(results, first, lambda: exec(script.code, names)):
        return
    for number, (name, used) in enumerate(script.starts, first + 1):
        function = names[name]
        if hasattr(function, "_lab_skipped"):
            continue
        if name == "check" and needs(function) and not used:
            _attempt(results, number, functools.partial(_check, function, session, entry_point))
        elif lacking := lacks(function, names):
            if not used and name != "check":  # else the script calls it with what it needs
                results.record(number, 0, f"{name}({lacking})", None, None, f"nobody gives it {lacking!r}")
        else:
            _attempt(results, number, functools.partial(start, function, names))
    for number, name in enumerate(script.classes, 1):
        if isinstance(case := names.get(name), type):
            _run_class(case, names, results, first + 1000 * number, void)


def _attempt(results: Results, unit: int, step: Callable[[], Any]) -> bool:
    """Do one step of the script; an exception that no unit caught is a failed test of its own."""
    try:
        step()
    except ProgramGone:
        raise
    except BaseException as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
        line = (frames[-1].lineno or 0) if frames else 0
        results.record(unit, line, (frames[-1].line or "") if frames else "", error, None)
        return False
    return True


def _check(function: Callable[[Any], Any], session: Session, entry_point: str | None) -> None:
    function(_candidate(session, entry_point))


def _candidate(session: Session, entry_point: str | None) -> Any:
    if entry_point is None:
        raise NameError("the tests define check(candidate) but no entry point was named")
    if entry_point not in session.names:
        raise NameError(f"the program does not define {entry_point!r}")
    return named(session, entry_point)


def _run_class(case: type, names: Names, results: Results, first: int, void: Callable[[], str | None]) -> None:
    """The tests in a class: unittest's, or pytest's where it is called `Test...`; one result for each method."""
    if "unittest" in sys.modules:
        import unittest

        if issubclass(case, unittest.TestCase):
            return _run_cases(case, results, first, void)
    if not case.__name__.startswith("Test") or "__init__" in vars(case):
        return None
    inner = [item for item in vars(case).values() if isinstance(item, type)]
    for number, item in enumerate(inner, 1):
        _run_class(item, names, results, first + 100 * number, void)
    tests = [name for name in dir(case) if name.startswith("test") and callable(getattr(case, name))]
    tests = [name for name in tests if not hasattr(getattr(case, name), "_lab_skipped")]
    for number, name in enumerate(tests):
        void()
        method = getattr(case(), name)
        source = f"{case.__name__}.{name}"
        if lacking := lacks(method, names):
            results.record(first + number, 0, source, None, None, f"nobody gives it {lacking!r}")
        elif _attempt(results, first + number, functools.partial(start, method, names)):
            results.record(first + number, 0, source, None, None, void())
    return None


def _run_cases(case: Any, results: Results, first: int, void: Callable[[], str | None]) -> None:
    import unittest

    if not _attempt(results, first, case.setUpClass):
        return
    for number, test in enumerate(unittest.defaultTestLoader.loadTestsFromTestCase(case)):
        outcome = unittest.TestResult()
        void()  # what was compared before is no comparison of this one
        if not _attempt(results, first + number, functools.partial(test.run, outcome)):
            continue
        if getattr(getattr(test, str(getattr(test, "_testMethodName", "")), None), "__unittest_skip__", False):
            continue
        if results.session.broken:
            raise ProgramGone
        bad = [text for _, text in (*outcome.failures, *outcome.errors)]
        error = AssertionError(bad[0].strip().splitlines()[-1]) if bad else None
        skipped = "it was skipped" if outcome.skipped else None
        results.record(first + number, 0, str(test), error, None, void() or skipped)
    _attempt(results, first, case.tearDownClass)


def _reason(error: BaseException, got: str | None) -> str:
    failure = _failure_of(error)
    if failure is None and isinstance(error, AssertionError):
        return " - ".join(part for part in (_safe(str, error), got) if part) or "the assertion does not hold"
    said = str(failure["message"]) if failure else _safe(str, error)
    kind = str(failure["type"]) if failure else type(error).__name__
    where = f" (line {failure['line']} of the program)" if failure and failure["line"] else ""
    return f"raised {kind}" + (f": {said}" if said else "") + where


def _show(value: Any) -> str:
    text = _safe(repr, value)
    return text if len(text) <= 300 else text[:280] + f"... ({len(text)} characters)"


def _safe(render: Callable[[Any], str], value: Any) -> str:
    try:
        return render(value)
    except ProgramGone:
        raise
    except BaseException as error:
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"
