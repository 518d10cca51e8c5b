"""A test script read as calls and the values they are to give, on the host. What is not recognised goes the other way."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from sandbox.apart.forms import FORMS, Form
from sandbox.apart.literals import LONGEST, Tagged, Unknown, scan, skip

MOST_CALLS = 200


@dataclass(frozen=True)
class Call:
    """A call of the program: the function, its arguments as written, what it is to give, and where the test is."""

    function: str
    arguments: tuple[str, ...]
    want: Tagged
    line: int
    source: str


@dataclass(frozen=True)
class Plan:
    """A script of calls, in order."""

    calls: tuple[Call, ...]
    rules: frozenset[str]
    """What `compare.same` is to allow."""
    kept: str
    """What stood before the calls and the program may need."""


@dataclass
class _Reader:
    """A place in a script and the variables assigned so far."""

    form: Form
    text: str
    at: int = 0

    def take(self, pattern: str) -> re.Match[str] | None:
        match = re.compile(rf"\s*(?:{pattern})").match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def need(self, pattern: str) -> re.Match[str]:
        match = self.take(pattern)
        if match is None:
            raise Unknown
        return match

    def literal(self) -> tuple[str, Tagged]:
        begin = skip(self.text, self.at)
        value, self.at = scan(self.form.notation, self.text, begin)
        return self.text[begin : self.at], value


@functools.lru_cache(maxsize=64)
def recognise(language: str, code: str, tests: str) -> Plan | None:
    """The script as calls; None where a statement is not one of the language's forms, a function is not the program's,
    or the result of a call is not compared exactly once.
    """
    if language not in FORMS or len(tests) > LONGEST:
        return None
    try:
        return _read(_Reader(FORMS[language], tests), code)
    except Unknown:
        return None


def _read(reader: _Reader, code: str) -> Plan:
    form = reader.form
    values: dict[str, tuple[str, Tagged]] = {}
    waiting: dict[str, tuple[str, tuple[str, ...]]] = {}
    kept: list[str] = []
    calls: list[Call] = []
    rules = form.rules

    def call() -> tuple[str, tuple[str, ...]]:
        function = reader.need(rf"({form.function})\(")[1]
        # The program's own, or it would be one of the test script's.
        if not re.search(rf"(?<!\w){re.escape(function.rpartition('.')[2])}(?!\w)", code):
            raise Unknown
        arguments: list[str] = []
        while not reader.take(r"\)"):
            if arguments:
                reader.need(",")
            arguments.append(operand()[0])
        return function, tuple(arguments)

    def operand() -> tuple[str, Tagged]:
        # A variable is handed on once: two calls that share a list might see each other's changes.
        name = re.compile(form.name).match(reader.text, skip(reader.text, reader.at))
        if name and name[0] in values:
            reader.at = name.end()
            return values.pop(name[0])
        return reader.literal()

    def add(function: str, arguments: tuple[str, ...], want: tuple[str, Tagged], end: str) -> None:
        line = reader.text.count("\n", 0, reader.at) + 1
        reader.need(end)
        source = f"{function}({', '.join(arguments)}) == {want[0]}"
        calls.append(Call(function, arguments, want[1], line, source))
        if len(calls) > MOST_CALLS:
            raise Unknown

    while skip(reader.text, reader.at) < len(reader.text):
        if match := next(filter(None, map(reader.take, form.kept)), None):
            kept.append(match[0].strip())
        elif any(map(reader.take, form.frame)):
            continue
        elif match := reader.take(form.check):
            if waiting and next(iter(waiting)) != match[1]:
                raise Unknown  # calls are made in the order in which they are compared
            if match[1] not in waiting:
                raise Unknown
            function, arguments = waiting.pop(match[1])
            add(function, arguments, operand(), form.check_end)
        elif match := reader.take(form.assign):
            if match[1] in values or match[1] in waiting:
                raise Unknown
            begin = reader.at
            try:
                values[match[1]] = reader.literal()
                reader.need(form.assign_end)
            except Unknown:
                values.pop(match[1], None)
                reader.at = begin
                waiting[match[1]] = call()
                reader.need(form.assign_end)
        else:
            rules = form.assert_rules
            _assertion(reader, call, operand, add)
    if waiting or not calls:
        raise Unknown
    return Plan(tuple(calls), rules, "\n".join(kept))


def _assertion(reader: _Reader, call, operand, add) -> None:  # type: ignore[no-untyped-def]
    for before, between, after, never in reader.form.asserts:
        if reader.take(before):
            function, arguments = call()
            reader.need(between)
            want = operand()
            if any(_holds(want[1], tag) for tag in never.split()):
                raise Unknown
            add(function, arguments, want, after)
            return
    raise Unknown


def _holds(value: Tagged, tag: str) -> bool:
    """Whether a value is of a tag, or holds one that is."""
    return value[0] == tag or (value[0] in ("l", "set") and any(_holds(item, tag) for item in value[1]))
