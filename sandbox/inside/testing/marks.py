"""Marks on the tests of a script: `pytest.mark`, `pytest.param` and `pytest.skip`. Runs in the container, in the tests' own
process.
"""

import functools
import types
from collections.abc import Callable, Sequence
from typing import Any


class Skipped(BaseException):
    """What `pytest.skip()` raises."""


class Parameters(tuple[Any, ...]):
    """`pytest.param(1, 2, id="...", marks=pytest.mark.skip)`."""

    left = False

    def __new__(cls, *values: Any, marks: Any = (), **_: Any) -> "Parameters":
        made = super().__new__(cls, values)
        for mark in marks if isinstance(marks, list | tuple) else (marks,):
            mark(made)
        made.left = bool(noted(made, "skip") or noted(made, "xfail"))
        return made


_NOTES: dict[int, tuple[Any, list[tuple[str, Any]]]] = {}
"""Marks, by the identity of what they stand on. They are kept here, not on the object: a `Mock` has every attribute, and
an object of the program would be asked for them.
"""


def _note(target: Any, kind: str, value: Any) -> Any:
    holder = holders(target)[0]
    _NOTES.setdefault(id(holder), (holder, []))[1].append((kind, value))
    return target


def noted(target: Any, kind: str) -> list[Any]:
    """The marks of one kind on a function, what it wraps, or a class and its bases."""
    notes = [_NOTES.get(id(holder), (None, []))[1] for holder in holders(target)]
    return [value for found in notes for name, value in found if name == kind]


def holders(target: Any) -> list[Any]:
    """What a mark may stand on: a function and what it wraps, or a class and its bases."""
    while type(target) in (types.MethodType, staticmethod, classmethod):
        target = target.__func__
    if issubclass(type(target), type):
        return list(type.mro(target))
    found = [target]
    while type(target) is types.FunctionType and "__wrapped__" in vars(target) and len(found) < 100:
        target = vars(target)["__wrapped__"]
        found.append(target)
    return found


class Mark:
    """`pytest.mark`: `parametrize`, `skip`, `skipif`, `xfail`, `usefixtures`; every other mark says nothing."""

    def __getattr__(self, name: str) -> Any:
        return {"parametrize": _parametrize, "usefixtures": _usefixtures}.get(name) or functools.partial(_marked, name)


def _marked(name: str, *arguments: Any, **keywords: Any) -> Any:
    """A mark with or without arguments: `@mark.skip`, `@mark.skip(reason="")`, `@mark.skipif(condition)`."""
    alone = len(arguments) == 1 and not keywords and (callable(arguments[0]) or isinstance(arguments[0], Parameters))
    if name not in ("skip", "skipif", "xfail"):
        return arguments[0] if alone else lambda target: target
    if alone:
        return _note(arguments[0], name, {})
    conditions = [keywords["condition"]] if "condition" in keywords else list(arguments) if name != "skip" else []
    if any(isinstance(item, bool | int) and not item for item in conditions) or (
        name == "skipif" and not any(isinstance(item, bool | int) for item in conditions)
    ):
        return lambda target: target
    return lambda target: _note(target, "skip" if name == "skipif" else name, keywords)


def _usefixtures(*names: str) -> Callable[[Any], Any]:
    return lambda target: _note(target, "usefixtures", names)


def _parametrize(names: str | Sequence[str], cases: Any, indirect: Any = False, **_: Any) -> Callable[[Any], Any]:
    """Notes on a function or class what each of its runs is given; of two such marks every pair is run."""
    keys = [name.strip() for name in names.split(",") if name.strip()] if isinstance(names, str) else list(names)
    rows = [case if len(keys) > 1 or isinstance(case, Parameters) else [case] for case in cases]
    rows = [row for row in rows if not (isinstance(row, Parameters) and row.left)]
    through = keys if indirect is True else list(indirect or ())
    given = [dict(zip(keys, row, strict=True)) for row in rows]
    return lambda target: _note(target, "parametrize", (keys, through, given))
