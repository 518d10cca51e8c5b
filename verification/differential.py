"""Two solutions on inputs the tests never tried: the tests' own calls with their literals changed a little.

Inputs are made on the host out of literals (`ast.literal_eval`, nothing else); answers come from the sandbox. The
script that collects them runs where tests run, so a solution cannot see the mark its answers are written behind.
"""

from __future__ import annotations

import ast
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import syntax
from sandbox.report import Report
from verification.python_source import functions, nodes

INPUT_CHARACTERS = 2_000
INT_AT_MOST = 10**6
"""No larger number is made of a smaller one: most solutions take time or memory in proportion."""

_SCRIPT = """\
def _ask(number, function, arguments):
    try:
        value = function(*arguments)
        if type(value).__name__ == "generator":
            value = [item for item, _ in zip(value, range(1000))]
        told = ["value", repr(value) if value is not None else "None, its arguments then " + repr(arguments)]
    except Exception as error:
        told = ["raised", type(error).__name__]
    print({mark!r}, number, repr(told)[:{longest}], flush=True)

{calls}
"""
_ANSWER_CHARACTERS = 20_000


@dataclass(frozen=True)
class Call:
    """A call of the solution: a function of its, and literal arguments."""

    function: str
    arguments: tuple[Any, ...]

    def source(self) -> str:
        return f"{self.function}({', '.join(map(repr, self.arguments))})"


def new_inputs(tests: str, entry_point: str | None, code: str, *, at_most: int, seed: int = 0) -> list[Call]:
    """Calls that are not in the tests but near one that is. Empty where the tests call with anything but literals."""
    known = list(dict.fromkeys((call.function, repr(call.arguments)) for call in _calls(tests, entry_point, code)))
    calls = [Call(function, syntax.literal(arguments)) for function, arguments in known]
    order = random.Random(f"{seed}/{known}")
    found: dict[tuple[str, str], Call] = {}
    for _ in range(20 * at_most if calls else 0):
        call = order.choice(calls)
        arguments = _changed(call.arguments, order)
        key = (call.function, repr(arguments))
        if key not in known and len(key[1]) <= INPUT_CHARACTERS:
            found.setdefault(key, Call(call.function, arguments))
        if len(found) == at_most:
            break
    return list(found.values())


def script_for(calls: Sequence[Call], mark: str) -> str:
    """A script for the sandbox that asks a program for its answers; it asserts nothing."""
    asked = "\n".join(f"_ask({number}, {call.function}, {call.arguments!r})" for number, call in enumerate(calls))
    return _SCRIPT.format(mark=mark, longest=_ANSWER_CHARACTERS, calls=asked)


def answers_in(report: Report, mark: str, count: int) -> list[str | None]:
    """The answer to each call: "raised ..." or the text of a value; None where there is none, or no plain data."""
    answers: list[str | None] = [None] * count
    for line in report.stdout.split("\n"):
        said, _, rest = line.partition(" ")
        number, _, told = rest.partition(" ")
        if said != mark or not number.isdigit() or int(number) >= count:
            continue
        try:
            kind, value = syntax.literal(told)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
        if kind == "raised":
            answers[int(number)] = f"raised {value}"
        elif " object at 0x" not in value:
            answers[int(number)] = value
    return answers


def majority(answers: Sequence[Sequence[str | None]]) -> list[str | None]:
    """For each call the answer that more than half of at least three solutions give; None where there is no such."""
    agreed: list[str | None] = []
    for column in zip(*answers, strict=True):
        (answer, votes), *_ = Counter(column).most_common(1)
        agreed.append(answer if len(column) >= 3 and 2 * votes > len(column) else None)
    return agreed


def compare(own: Sequence[str | None], reference: Sequence[str | None]) -> tuple[list[int], list[int]]:
    """(calls that could be compared, those of them where the answers differ). A call the reference has no value for
    (it raised, or took too long) is outside what the problem defines, and not counted.
    """
    compared = [n for n, answer in enumerate(reference) if answer is not None and not answer.startswith("raised ")]
    return compared, [n for n in compared if not _same(own[n], str(reference[n]))]


def _same(own: str | None, reference: str) -> bool:
    if own is None or own == reference:
        return own == reference
    try:
        return _alike(syntax.literal(own), syntax.literal(reference))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return False


def _alike(one: Any, other: Any) -> bool:
    """Equal as Python has it, floats up to rounding, a list and a tuple of the same items taken as one."""
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return numbers and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return bool(one == other)


def _calls(tests: str, entry_point: str | None, code: str) -> Iterator[Call]:
    """The calls in a test script of functions the solution defines, where every argument is a literal."""
    names = {name: name for name in functions(code)}
    if entry_point in names:
        names["candidate"] = str(entry_point)
    for node in nodes(tests):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names):
            continue
        if node.keywords or not node.args:
            continue
        try:
            arguments = tuple(ast.literal_eval(argument) for argument in node.args)
            syntax.literal(repr(arguments))  # 1e999 reads as a float and writes as a name
            yield Call(names[node.func.id], arguments)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue


def _changed(arguments: tuple[Any, ...], order: random.Random) -> tuple[Any, ...]:
    """The arguments with one of them changed, sometimes two."""
    changed = list(arguments)
    for _ in range(order.choice((1, 1, 2))):
        at = order.randrange(len(changed))
        changed[at] = _other(changed[at], order)
    return tuple(changed)


def _other(value: Any, order: random.Random) -> Any:
    """A value of the same type, near this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        near = order.choice((value + 1, value - 1, value + 2, value * 2, value + order.randint(1, 10), 0, 1))
        # A test that never shows a negative number mostly means that there are none.
        return near if abs(near) <= max(INT_AT_MOST, abs(value)) and (near >= 0 or value < 0) else abs(value) // 2
    if isinstance(value, float):
        near_float = order.choice((value + 1.0, value / 2, value * 2, value + 0.5))
        return near_float if math.isfinite(near_float) else 0.0
    if isinstance(value, str):
        return _other_text(value, order)
    if isinstance(value, list):
        return _other_list(value, order)
    if isinstance(value, tuple):
        return tuple(_element(list(value), order)) if value else value  # a tuple's length often means something
    if isinstance(value, set | frozenset):
        return type(value)(_other_list(sorted(value, key=repr), order))
    if isinstance(value, dict) and value:
        key = order.choice(list(value))
        return {**value, key: _other(value[key], order)}
    return value


def _other_text(text: str, order: random.Random) -> str:
    at = order.randrange(len(text)) if text else 0
    letters = sorted(set(text)) or ["a"]
    changes: tuple[Callable[[], str], ...] = (
        lambda: text[:at] + text[at + 1 :],
        lambda: text[:at] + order.choice(letters) + text[at:],
        lambda: text[:at] + order.choice(letters) + text[at + 1 :],
        lambda: text[::-1],
        lambda: text + text[: at + 1],
        lambda: text.swapcase(),
    )
    return order.choice(changes)()


def _other_list(items: list[Any], order: random.Random) -> list[Any]:
    if not items:
        return items
    at = order.randrange(len(items))
    changes: tuple[Callable[[], list[Any]], ...] = (
        lambda: _element(items, order),
        lambda: _element(items, order),
        lambda: items[:at] + items[at + 1 :] or items,
        lambda: [*items, items[at]],
        lambda: items[::-1],
        lambda: sorted(items, key=json.dumps) if _is_plain(items) else items[::-1],
    )
    return order.choice(changes)()


def _element(items: list[Any], order: random.Random) -> list[Any]:
    at = order.randrange(len(items))
    return [*items[:at], _other(items[at], order), *items[at + 1 :]]


def _is_plain(items: list[Any]) -> bool:
    return all(isinstance(item, int | float | str) for item in items)
