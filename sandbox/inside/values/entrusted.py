"""What tests do with an answer beside comparing it: execute it, load or fill it in, open the file that it names, compute with it.
In the tests' own process that would let the program decide, so what is written in an answer is not done there unless it is sure
to do nothing but give a value. Runs in the container, in the tests' own process.
"""

import ast
import builtins
import operator
import os
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from sandbox.inside.values.arrays import exactly

_COMPUTES: tuple[type[ast.AST], ...] = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Constant, ast.expr_context),
    *(ast.List, ast.Tuple, ast.Set, ast.Dict, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)
_CALLED = frozenset(("abs", "min", "max", "round", "int", "float", "len", "sum", "pow", "sorted"))
_LOOKS = re.compile(r"\{[^{}]*[.\[](?:_|f_|gi_|cr_|ag_|tb_)")
"""A field of a template that goes through what an object is made of to all that its module has."""
_CHANGES_ROWS = re.compile(r"\b(?:insert|update|delete|replace|drop|alter|create)\b", re.IGNORECASE)
_PICKLED = {
    "builtins": "set frozenset bytearray complex range slice object dict list tuple int float str bytes bool",
    "collections": "Counter OrderedDict defaultdict deque",
    "copyreg": "_reconstructor __newobj__",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "uuid": "UUID",
}
_OF_NUMPY = ("_reconstruct", "ndarray", "dtype", "scalar", "_frombuffer")
"""What a pickle may make: of modules of Python's, and of numpy's."""
_MOST_CLASSES = 2000
_WRITABLE = ("/tmp/", "/dev/shm/")
"""Where a program can write."""
_BY = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Pow": operator.pow,
    "LShift": operator.lshift,
    "MatMult": operator.matmul,
}
COMPUTED = frozenset(_BY)
CALCULATES = frozenset(
    (
        *("dot", "square", "multiply", "add", "subtract", "power", "matmul", "inner", "outer", "negative"),
        *("diff", "ediff1d", "abs", "absolute", "cumsum", "cumprod", "prod", "vdot", "cross", "convolve", "ptp"),
    )
)


EXECUTES = "it executes what the program may have written"
UNHEARD = "an assertion of it fails, and the test goes on"
NO_NUMBER = "it answers with what is no number (NaN), of which its tests say nothing"


def entrusted(session: Any, written: set[Any]) -> dict[str, Callable[..., Any]]:
    """What the rewritten script calls, by name; `session` is told where the program would decide. `written`: texts that stand in
    the script.
    """

    def refuse(why: str) -> NoReturn:
        """Whatever the tests make of the error, what they do here proves nothing."""
        session.stuck = why
        raise TypeError(why)

    def timed(function: Any, text: Any, *rest: Any, **words: Any) -> Any:
        """`timeit(text)`, but not `timeit(lambda: ...)`."""
        if isinstance(text, str) and text not in written:
            refuse(EXECUTES)
        return function(text, *rest, **words)

    def stated(function: Any, text: Any, *rest: Any, **words: Any) -> Any:
        """`db.execute(query(3))`: what a statement of the program's changes in a database of the tests is the program's change."""
        if isinstance(text, str) and text not in written and _CHANGES_ROWS.search(text):
            session.changes.seen = True
            if session.changes.undo:
                return function("SELECT 1 WHERE 0")
        return function(text, *rest, **words)

    def template(text: Any) -> Any:
        """`greeting(kind).format(user=user)`."""
        if isinstance(text, str) and _LOOKS.search(text):
            refuse("it fills in a template that looks into what it is given")
        return text

    def computed(sign: str, left: Any, right: Any) -> Any:
        """`root(49) ** 2 == 49`, which 121 makes true where there are eight bits for it."""
        outcome = _BY[sign](left, right)
        if type(outcome).__module__ == "numpy" and outcome.dtype.kind in "biu":
            _agrees(session, outcome, _BY[sign](exactly(left), exactly(right)))
        return outcome

    def in_place(sign: str, left: Any, right: Any) -> None:
        """`roots *= roots`, of an array."""
        if any(type(item).__module__ == "numpy" for item in (left, right)):
            computed(sign, left, right)

    def calculated(function: Any, *items: Any, **keywords: Any) -> Any:
        """`np.square(roots)`, `np.dot(a, b)`."""
        outcome = function(*items, **keywords)
        if getattr(outcome, "dtype", None) is not None and outcome.dtype.kind in "iu":
            _agrees(session, outcome, function(*map(exactly, items), **keywords))
        return outcome

    def number(function: Any, text: Any, *rest: Any) -> Any:
        """`float(text)`, where the text says that it is none."""
        value = function(text, *rest)
        if value != value and not session.of_nan:
            session.judge(NO_NUMBER)
        return value

    def expects(*kinds: Any) -> Any:
        """Of which class the next exception is to be."""
        expect(session, kinds)
        return kinds[0]

    names: dict[str, Callable[..., Any]] = {
        "_lab_timed": timed,
        "_lab_stated": stated,
        "_lab_template": template,
    }
    names |= {"_lab_calculated": calculated, "_lab_in_place": in_place}
    return {**names, "_lab_number": number, "_lab_computed": computed, "_lab_expects": expects}


def _agrees(session: Any, outcome: Any, exact: Any) -> None:
    same: Any = outcome == exact
    if not (same if isinstance(same, bool) else same.all()):
        session.judge("what it computes of numbers of numpy's runs over")


def _flat(kinds: Any) -> list[Any]:
    return [inner for kind in kinds for inner in (_flat(kind) if isinstance(kind, tuple) else [kind])]


def expect(session: Any, kinds: Any) -> None:
    """Of which classes the next exception is to be."""
    session.expected = tuple(kind for kind in _flat(kinds) if isinstance(kind, type))


def of_several_classes(session: Any, kind: type) -> None:
    """An exception of the class `kind` has come from the program where the tests expect some: at several places it may not be of
    classes that have nothing to do with each other.
    """
    found = next((one for one in session.expected if issubclass(kind, one)), None)
    if found is not None:
        taken_for(session, kind, found)


def taken_for(session: Any, kind: type, found: type) -> None:
    """The tests find an exception of the class `kind`, or that class, to be of the class `found`."""
    for other, one in session.raised_as:
        unrelated = not issubclass(found, one) and not issubclass(one, found)
        if unrelated and issubclass(kind, one) and issubclass(other, found):
            session.judge("one exception of the program is of every class that the tests expect")
    if len(session.raised_as) < _MOST_CLASSES:
        session.raised_as.add((kind, found))


def of_class(session: Any, one: type, kind: type) -> None:
    """The tests find an object of the class `one` of the program's, which they did not build, or that class, to be of `kind`."""
    known = session.kinds.setdefault(one, [])
    if any(not issubclass(kind, other) and not issubclass(other, kind) for other in known):
        session.judge("an object of the program is of every class that the tests ask for")
    if kind not in known:
        known.append(kind)


def _only_computes(text: str, known: set[Any]) -> bool:
    """Whether an expression does nothing but give a value of what is written in it, and of the names `known`."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # which raises where it is evaluated as well
    called = {id(node.func): node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and not node.keywords}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            plain = node.id in _CALLED and node.id not in known if id(node) in called else node.id in known
            if not plain:
                return False
        elif not isinstance(node, (*_COMPUTES, ast.Call)) or (
            isinstance(node, ast.Call) and id(node.func) not in called
        ):
            return False
    return all(isinstance(function, ast.Name) for function in called.values())


def _guard_execution(session: Any, written: set[Any]) -> None:
    """`eval(infix(tokens)) == 14`, `exec(generated, names)`: what the tests did not write down themselves may only compute."""

    def guard(function: Any, computes: bool) -> Any:
        def guarded(text: Any, *names: Any, **words: Any) -> Any:
            frame = sys._getframe(1)
            if frame.f_code.co_filename == "tests.py" and not (isinstance(text, str) and text in written):
                known = set[Any]().union(*[held for held in names if isinstance(held, dict)])
                if not computes or not isinstance(text, str) or not _only_computes(text, known):
                    session.stuck = EXECUTES
                    raise TypeError(EXECUTES)
            return function(text, *(names or (frame.f_globals, frame.f_locals)), **words)

        return guarded

    made: Any = builtins
    made.eval, made.exec = guard(builtins.eval, True), guard(builtins.exec, False)


def guarded(session: Any, tests: str, written: set[Any]) -> None:
    """Have what the tests load, execute and open be looked at: a pickle makes objects of plain classes alone, no file is executed
    that may be the program's, and what they keep in a file to compare with is not for the program to read.
    """
    _guard_execution(session, written)
    if not session.of_nan and "json" in tests:
        _guard_json(session)
    if "doctest" in tests:
        _guard_examples(session, written)

    def look(event: str, about: tuple[Any, ...]) -> None:
        if event == "exec" and str(about[0].co_filename).startswith(_WRITABLE):
            session.stuck = EXECUTES
            raise ImportError(EXECUTES)
        if event == "pickle.find_class" and not _is_plain(*about[:2]):
            session.stuck = "it loads a pickle of more than plain values"
            raise TypeError(session.stuck)
        if event in ("marshal.loads", "function.__new__") and sys._getframe(1).f_code.co_filename == "tests.py":
            session.stuck = EXECUTES
            raise TypeError(EXECUTES)
        if event == "open" and isinstance(about[0], str | bytes):
            _opened(session, os.path.abspath(os.fsdecode(about[0])), about[2])  # noqa: PTH100 -- pathlib may be what opens it

    sys.addaudithook(look)


def _is_plain(module: str, name: str) -> bool:
    return name in _PICKLED.get(module, "").split() or (module.startswith("numpy") and name in _OF_NUMPY)


def _opened(session: Any, path: str, flags: int) -> None:
    """A file that the tests wrote before they called the program, which was not told its name, is read by them."""
    if not path.startswith(_WRITABLE):
        return
    if flags & (os.O_WRONLY | os.O_RDWR):
        session.files.setdefault(path, session.asks)
    elif session.files.get(path, session.asks) < session.asks:
        name = path.rpartition("/")[2]
        told = any(name in text or path.startswith(f"{os.path.abspath(text)}/") for text in session.told)  # noqa: PTH100
        if not told:
            session.judge("what it compares with lay in a file that the program may have read")


def heard(session: Any, tests: str) -> None:
    """Have it be known where a failed assertion of the tests, or what else is raised in them, goes on unheard."""
    if "asyncio" in tests:
        _guard_loops(session)
    if "unittest" in tests:
        _guard_failures(session)
    sys.unraisablehook = lambda failed: session.judge(f"nobody is told of {failed.exc_type.__name__} in the tests")


def _guard_failures(session: Any) -> None:
    """What `assertEqual` raises, so that it is known where nobody is told of it."""
    import unittest

    class Failure(AssertionError):
        def __init__(self, *said: Any) -> None:
            super().__init__(*said)
            session.judge(UNHEARD)

    Failure.__name__ = Failure.__qualname__ = "AssertionError"
    Failure.__module__ = "builtins"
    unittest.TestCase.failureException = Failure


def _guard_examples(session: Any, written: set[Any]) -> None:
    """Examples in a text of the program's, with what it says comes of them."""
    import doctest

    parse = doctest.DocTestParser.parse
    known = {" ".join(text.split()) for text in written}

    def parsed(parser: Any, text: str, *rest: Any) -> Any:
        if " ".join(text.split()) not in known:
            session.judge("the program says itself what its examples are and come to")
        return parse(parser, text, *rest)

    made: Any = doctest.DocTestParser
    made.parse = parsed


def _guard_loops(session: Any) -> None:
    """An event loop is told of what is raised in a task that nobody awaits, and in what it calls itself."""
    import asyncio

    told: Any = asyncio.BaseEventLoop

    def handle(loop: Any, context: dict[str, Any]) -> None:
        if context.get("exception") is not None:
            session.judge("what is raised in a task, or by an event loop, is told to nobody")

    told.default_exception_handler = handle


def _guard_json(session: Any) -> None:
    import json

    def constant(word: str) -> float:
        if word == "NaN":
            session.judge(NO_NUMBER)
        return float(word)

    made: Any = json
    made._default_decoder = json.JSONDecoder(parse_constant=constant)
