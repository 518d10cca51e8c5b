"""The tests' own process: runs the assertion script against stubs that call into the program. Runs in the container.

It alone sees the tests and what they expect, and reports each result on a pipe the program has no handle to. A value
from the program is data by the time a test sees it; an object that is not plain data is a `Handle`, never equal to
anything plain.
"""

import functools
import json
import os
import re
import signal
import sys
import threading
import traceback
import types
from collections.abc import Callable
from typing import Any

from sandbox.inside import confine, wire
from sandbox.inside.compared import COMPARISONS, FILE, HOLDERS, OPPOSITE, WATCHED, idle, kind_of, plainly, watches
from sandbox.inside.crossing.both import both_sides, one_for_both
from sandbox.inside.crossing.errors import ErrorClass
from sandbox.inside.handles import Handle, HandleClass
from sandbox.inside.instrument import Script, instrument, recording
from sandbox.inside.names import Names, named, pytest_module, settle_names, solution_module
from sandbox.inside.recorded import Recorded, recorder
from sandbox.inside.stubs import ProgramGone, Session
from sandbox.inside.testing.fixtures import Fixture, Item, Key, Scopes, needs
from sandbox.inside.testing.marks import noted
from sandbox.inside.testing.results import NOTHING, RESULTS, Results, show
from sandbox.inside.values.entrusted import entrusted, guarded, heard

_OF_NAN = re.compile(r"(?<![a-z])nan|nan(?![a-z])|\b(\w+) != \1\b", re.IGNORECASE)
"""What tests say that have a word for what is no number: `isnan`, `x != x`."""

_OF_LARGE = re.compile(r"(?<![\d.])\d[\d_]{15,}(?![\d.e])|factorial|\bcomb\b|\bperm\b|\*\*|<<|\bpow\b|\bprod\b|\blcm\b")
_OF_FRACTIONS = re.compile(r"\d\.\d|\de[-+]?\d|approx|close|AlmostEqual")
"""What tests say that have to do with whole numbers which a float does not hold, and with numbers that it does."""
_OF_TOLERANCE = re.compile(
    r"approx|close|[Aa]lmost|abs\(|round|delta|tol\b|\beps|\de-\d|decimal=|float32|single|\bf4\b"
)
"""What tests say that are content with few digits."""


def run_tests() -> None:
    """The life of the process: job, wait for the program to load, run the script, say that it is done. Does not
    return.
    """
    job = wire.receive(RESULTS)
    confine.limit(job["limits"])
    os.chdir("/tmp")
    session = Session()
    os.register_at_fork(before=session.forks)
    of_nan, of_large, of_fractions = (said.search(job["tests"]) for said in (_OF_NAN, _OF_LARGE, _OF_FRACTIONS))
    session.of_few_digits = _OF_TOLERANCE.search(job["tests"]) is not None
    session.of_nan, session.of_large = of_nan is not None, of_large is not None or of_fractions is None
    results = Results(session)
    broken_script = None
    recorded = recorder(session, job["changes"]) if job["changes"] else None
    try:
        script = (recording if recorded else instrument)(job["tests"])
        session.wait_until_loaded()
        guarded(session, job["tests"], script.written)
        if recorded is None:  # else what does not hold may be what the program had changed
            heard(session, job["tests"])
        run_script(script, results, job["entry_point"], recorded)
    except ProgramGone:
        pass
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        broken_script = f"{type(error).__name__}: {error}"
    sys.stdout.flush()
    sys.stderr.flush()
    done: dict[str, Any] = {
        "calls": session.calls,
        "broken": session.broken,
        "script": broken_script,
        "sent": results.sent,
    }
    done |= {"judged": session.judged, "altered": session.changes.seen, "alike": session.alike.seen}
    done |= recorded.last(session) if recorded else {}
    wire.send(RESULTS, {"done": done})
    while True:  # to leave would close the channel and end the program, which has to be seen alive to the end
        signal.pause()


def run_script(script: Script, results: Results, entry_point: str | None, recorded: Recorded | None = None) -> None:
    """Execute the script, then start what it only defines: `check(candidate)`, `test_*` functions, unittest cases."""
    session = results.session
    names = Names(session, entry_point)
    last: list[str | None] = [None]
    before: list[str | None] = [None]
    made = [0]
    seen = [0]
    reached, came = set[int](), set[int]()

    def begin(leaks: bool) -> None:
        """`leaks`: what an object decides in this statement may be known to those after it."""
        last[0], made[0], seen[0] = None, 0, len(session.handles)
        before[0] = None if leaks else session.judged or ""

    def count(value: Any = None, of: Any = True) -> Any:
        """`of`: what is compared with what is made of it, which is no comparison where that holds nothing."""
        made[0] += not isinstance(of, HOLDERS) or bool(of)
        of_it = isinstance(value, Handle) and not object.__getattribute__(value, "_lab_built")
        if of_it or isinstance(type(value), ErrorClass):
            session.judge("the test asks whether an object of the program is true")
        return value

    def each(function: Any, items: Any) -> Any:
        """The items of `all` and `any`: a comparison is made where there is one, or the script has its own `all`."""
        if function not in (all, any):
            return count(items)
        return map(count, items)

    def compare(sign: str, flipped: bool, left: Any, right: Any) -> Any:
        one_for_both(session, left, right, seen[0])
        if left is right and isinstance(left, Handle) and type(left) is not Handle:
            late = object.__getattribute__(left, "_lab_serial") >= seen[0]
            if late and object.__getattribute__(left, "_lab_id") not in session.made:
                session.judge("both sides are one object that the program gives for the first time")
        words, function = COMPARISONS[sign]
        left, right = kind_of(left), kind_of(right)
        outcome = watched["_lab_order"](sign, left, right) if sign in WATCHED else function(left, right)
        if not outcome:
            got, expected = (right, left) if flipped else (left, right)
            if flipped:
                words = COMPARISONS[OPPOSITE.get(sign, sign)][0]
            last[0] = f"expected {words}{show(expected)}, got {show(got)}"
        return outcome

    def told(run: Callable[[], Any]) -> Any:
        """What a function of the script that compares says, of which no more is asserted than that it holds."""
        before = made[0]
        value = run()
        place, why = (id(run.__code__), 0), "it compared nothing"
        session.asked[place] = None if made[0] > before else session.asked.get(place, why)
        return value

    def entered() -> int:
        return made[0]

    def left(name: str, before: int) -> None:
        """A function of the script is done on whose word a test rests."""
        session.asked[name, 0] = None if made[0] > before else session.asked.get((name, 0), "it compared nothing")

    def void(name: str = "") -> str | None:
        """`name`: of the method of a test class that is done."""
        reason, made[0] = session.judged if made[0] else NOTHING, 0
        ended = "it ended before it came to all that it asserts"
        short = None if came.issuperset(script.inner.get(name, ())) else ended
        return None if recorded else idle(session) or reason or short

    def record(unit: int, error: BaseException | None) -> None:
        line, text = script.units[unit]
        reached.add(unit)
        results.record(unit, line, text, error, last[0], void())
        if before[0] is not None:
            session.judged = before[0] or None
        if isinstance(error, ProgramGone):
            raise error

    json.JSONEncoder.default = plainly(json.JSONEncoder.default)  # type: ignore[assignment,method-assign]
    watched = watches(session)
    names.update(
        watched,
        **both_sides(session),
        **entrusted(session, script.written),
        **(recorded.named() if recorded else {}),
        _lab_made=count,
        _lab_each=each,
        _lab_told=told,
        _lab_entered=entered,
        _lab_left=left,
        _lab_came=came.add,
    )
    names.update(_lab_begin=begin, _lab_compare=compare, _lab_record=record, _lab_base=BaseException)
    sys.modules["solution"] = solution_module(names)
    sys.modules["pytest"] = pytest_module(session)
    threading.excepthook = lambda failed: session.judge(f"a thread of the tests ends with {failed.exc_type.__name__}")
    first = len(script.units)
    settle_names(session, script.reads, names, script.loose)
    if not _attempt(results, first, lambda: exec(script.code, names)):
        return
    scopes = Scopes(names)
    steps = [
        (name, functools.partial(_function, name, used, scopes, results, number, entry_point))
        for number, (name, used) in enumerate(script.starts, first + 1)
    ]
    made_tests, made_classes, unknown = _made_tests(names, script)
    for number, name in enumerate(unknown, first + 500):
        results.record(number, 0, name, None, None, "nothing here starts this test, which pytest finds")
    for number, name in enumerate(made_tests, first + len(script.starts) + 1):
        steps.append((name, functools.partial(_function, name, False, scopes, results, number, entry_point)))
    classes = [*script.classes, *made_classes]
    for number, name in enumerate(classes, 1):
        if type(names.get(name)) is HandleClass and name.startswith("Test"):
            results.record(first + 1000 * number, 0, name, None, None, "the program says what this class of tests is")
        step = functools.partial(_run_class, names.get(name), scopes, results, first + 1000 * number, void)
        steps.append((name, functools.partial(_alone, step)))
    for mark in _listed(names.get("pytestmark", ())):
        for name, _ in steps:
            mark(names.get(name))
    order = {name: at for at, name in enumerate(names)}
    steps.sort(key=lambda step: order.get(step[0], len(order)))
    planned = [step() for _, step in steps]
    while planned:
        keys, _ = planned[0]
        together = [planned[0]] if keys == [()] else [step for step in planned if step[0] == keys]
        planned = [step for step in planned if not any(step is other for other in together)]
        for key in keys:  # tests that share a parametrized fixture of the module, one parameter after the other
            for _, run in together:
                run(key)
    _attempt(results, first + 1000 * (len(classes) + 1), functools.partial(scopes.end, "session"))
    for name, _ in script.starts:
        for unit in script.inner.get(name, ()) if _is_run(names.get(name), scopes, name) else ():
            if unit not in reached:
                results.record(unit, *script.units[unit], None, None, "its test ended before it came to this")


def _made_tests(names: Names, script: Script) -> tuple[list[str], list[str], list[str]]:
    """Functions and classes that the script has under a name of a test, as pytest finds them, and defines in no statement of its own;
    and what it made by a function of the program's, or otherwise, under such a name.
    """
    functions: list[str] = []
    classes: list[str] = []
    unknown: list[str] = []
    known = [names.get(name) for name in script.classes]
    for name, value in names.items():
        # Of anything else the program would be asked.
        kept = type(value) is types.FunctionType or issubclass(type(value), type)
        of_it = kept and value.__module__ == "tests" and not any(value is other for other in known)
        if type(value) is types.FunctionType and name.startswith("test") and name not in script.inner and of_it:
            functions.append(name)
        elif issubclass(type(value), type) and of_it and type(value) is not HandleClass:
            of_unittest = any(kind.__name__ == "TestCase" for kind in type.mro(value))
            classes += [name] if name not in script.classes and (of_unittest or name.startswith("Test")) else []
        elif name.startswith("test") and type(value) in (Handle, functools.partial) and name not in script.inner:
            unknown += [name] if names.session.functions.get(name) is not value else []  # else it is imported
    return functions, classes, unknown


def _is_run(function: Any, scopes: Scopes, name: str) -> bool:
    """Whether a test function runs to its end, if it passes."""
    if type(function) is Fixture or noted(function, "skip") or noted(function, "xfail"):
        return False
    item = Item(scopes, function, None, name)
    return bool(item.runs) and (name == "check" or not item.missing)


Planned = tuple[list[Key], Callable[[Key], Any]]
"""A test to be run: once for each parameter of fixtures that are wider than it, and how."""


def _alone(step: Callable[[], Any]) -> Planned:
    return [()], lambda key: step()


def _listed(marks: Any) -> list[Any]:
    return [mark for mark in (marks if isinstance(marks, list | tuple) else [marks]) if callable(mark)]


def _function(name: str, used: bool, scopes: Scopes, results: Results, number: int, entry_point: str | None) -> Planned:
    function = scopes.names[name]
    if type(function) is Fixture or noted(function, "skip"):
        return [], lambda key: None
    item = Item(scopes, function, None, name)
    if name == "check" and needs(function) and not used:
        check = functools.partial(_check, function, results.session, entry_point)
        return _alone(functools.partial(_attempt, results, number, check))
    if item.missing:
        nobody = f"nobody gives it {item.missing!r}"
        tell = functools.partial(results.record, number, 0, f"{name}({item.missing})", None, None, nobody)
        return _alone((lambda: None) if used or name == "check" else tell)  # it may be called with what it needs
    marks = noted(function, "xfail")
    return item.wide(), lambda key: _expecting(results, number, name, marks, functools.partial(scopes.run, item, key))


def _expecting(results: Results, unit: int, name: str, marks: list[Any], step: Callable[[], Any]) -> bool:
    """Run a test. Where it is marked to fail it proves nothing, and is a failure where it may not pass and does."""
    if not marks:
        return _attempt(results, unit, step)
    failed: list[BaseException] = []
    results.withheld = failed
    try:
        if marks[0].get("run", True):
            _attempt(results, unit, step)
    finally:
        results.withheld = None
    kinds = marks[0].get("raises") or BaseException
    if marks[0].get("strict") and not failed:
        results.record(unit, 0, name, AssertionError("it passes, and is marked to fail"), None)
    elif wrong := [error for error in failed if not isinstance(error, kinds)]:
        results.record(unit, 0, name, wrong[0], None)
    elif failed:
        results.record(unit, 0, name, None, None, "it is expected to fail")
    return False


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


def _run_class(case: Any, scopes: Scopes, results: Results, first: int, void: Callable[..., str | None]) -> None:
    """The tests in a class: unittest's, or pytest's where it is called `Test...`; one result for each method."""
    if not issubclass(type(case), type):
        return None
    for mark in _listed(vars(case).get("pytestmark", ())):
        mark(case)
    if noted(case, "skip"):
        return None
    if "unittest" in sys.modules:
        import unittest

        if issubclass(case, unittest.TestCase):
            return _run_cases(case, scopes, results, first, void)
    if not case.__name__.startswith("Test") or "__init__" in vars(case):
        return None
    held = {name: item for kind in reversed(type.mro(case)) for name, item in vars(kind).items()}
    inner = [item for item in held.values() if issubclass(type(item), type)]
    for number, item in enumerate(inner, 1):
        scopes.outer[item] = case
        _run_class(item, scopes, results, first + 100 * number, void)
    tests = [name for name, item in held.items() if name.startswith("test") and type(item) is not Fixture]
    tests = [name for name in tests if callable(getattr(case, name)) and not noted(getattr(case, name), "skip")]
    for number, name in enumerate(tests):
        void()
        test = Item(scopes, getattr(case(), name), case, name)
        source = f"{case.__name__}.{name}"
        marks = [*noted(test.function, "xfail"), *noted(case, "xfail")]
        if test.missing:
            results.record(first + number, 0, source, None, None, f"nobody gives it {test.missing!r}")
        elif _expecting(results, first + number, source, marks, functools.partial(scopes.run, test)):
            results.record(first + number, 0, source, None, None, void(source))
    _attempt(results, first + len(tests), functools.partial(scopes.end, "class"))
    return None


def _run_cases(case: Any, scopes: Scopes, results: Results, first: int, void: Callable[..., str | None]) -> None:
    import unittest

    if vars(case).get("__unittest_skip__", False):
        return
    begun: list[bool] = []

    def run(test: Any, outcome: Any, marks: list[Any]) -> None:
        try:
            if not begun:
                case.setUpClass()
                begun.append(True)
            test.run(outcome)
            if marks and (outcome.failures or outcome.errors):
                raise AssertionError("it fails")
        except unittest.SkipTest as reason:
            outcome.addSkip(test, str(reason))

    number = -1
    for number, test in enumerate(unittest.defaultTestLoader.loadTestsFromTestCase(case)):
        outcome = unittest.TestResult()
        void()  # what was compared before is no comparison of this one
        name = str(getattr(test, "_testMethodName", ""))
        method = getattr(test, name, None)
        if getattr(method, "__unittest_skip__", False) is True or noted(method, "skip"):
            continue
        marks = [*noted(method, "xfail"), *noted(case, "xfail")]
        item = Item(scopes, method, case, name, takes=False)
        step = functools.partial(scopes.once, item, test, functools.partial(run, test, outcome, marks), {}, {})
        if not _expecting(results, first + number, name, marks, step) and not begun:
            break
        if results.session.broken:
            raise ProgramGone
        if marks:
            continue
        bad = [text for _, text in (*outcome.failures, *outcome.errors)]
        bad += ["it passes, and is expected to fail" for _ in outcome.unexpectedSuccesses]
        error = AssertionError(bad[0].strip().splitlines()[-1]) if bad else None
        skipped = (
            "it was skipped" if outcome.skipped else "it is expected to fail" if outcome.expectedFailures else None
        )
        results.record(first + number, 0, str(test), error, None, void(f"{case.__name__}.{name}") or skipped)
    if begun:
        _attempt(results, first + number + 1, functools.partial(_end_class, case))
    _attempt(results, first + number + 1, functools.partial(scopes.end, "class"))


def _end_class(case: Any) -> None:
    case.tearDownClass()
    case.doClassCleanups()
    for _, error, _ in case.tearDown_exceptions:
        raise error
