"""A test script read as calls and the values they are to give, on the host. What is not recognised goes the other way."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace

from sandbox.apart.form import ALONE, Assertion, Form, Rules
from sandbox.apart.forms import FORMS
from sandbox.apart.literals import LONGEST, Tagged, Unknown, scan, skip
from sandbox.apart.shape import sound
from sandbox.languages.table import LANGUAGES

MOST_CALLS = 200
LARGEST_TOLERANCE = 0.01


@dataclass(frozen=True)
class Operand:
    """A literal, where it stands or in a variable."""

    written: str
    value: Tagged
    declared: str | None = None
    """None: in its place; else of a variable, with the type the script gives it, where it gives one."""


@dataclass(frozen=True)
class Call:
    """A call of the program: the function, its arguments, what it is to give, and where the test is."""

    function: str
    arguments: tuple[Operand, ...]
    want: Operand
    rules: Rules
    """What `compare.same` is to heed."""
    declared: str | None
    """None: compared where it is made; else its result stands in a variable, with the type the script gives it."""
    line: int
    source: str
    compiles: str = ""
    """What is compiled beside it (`Assertion.compiles`)."""
    throws: bool = True
    """Whether what calls it in the script may throw anything (Java)."""
    test: int = 0
    """Which of JUnit's tests it is in: an object that one of them makes is none of another's."""


Made = tuple[str, tuple[Operand, ...]]
"""A function and what it is called with."""


@dataclass(frozen=True)
class Plan:
    """A script of calls, in order."""

    calls: tuple[Call, ...]
    kept: str
    """What stood before the calls and the program may need."""
    copied: frozenset[str] = frozenset()
    """Functions that the script calls by a variable of its own."""


@dataclass
class _Reader:
    """A place in a script, the program it is about, and what was read so far."""

    form: Form
    text: str
    code: str
    language: str = ""
    at: int = 0
    rules: Rules = frozenset()
    """Of the script's own function that compares."""
    values: dict[str, Operand] = field(default_factory=dict)
    """Literals by variable."""
    names: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Functions, or what makes the object that has them, by the names that the script gives them; and in which test."""
    waiting: dict[str, tuple[Made, str]] = field(default_factory=dict)
    """Calls whose results wait in variables to be compared, and the types of these."""
    calls: list[Call] = field(default_factory=list)

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

    @property
    def test(self) -> int:
        """How many of JUnit's tests began above."""
        return self.text.count("@Test", 0, self.at)

    def literal(self, declared: str | None = None) -> Operand:
        begin = skip(self.text, self.at)
        value, self.at = scan(self.form.notation, self.text, begin)
        if declared in self.form.converts and value[0] in ("i", "f") and len(value) == 2:
            tag, kind = self.form.converts[declared]
            value = [tag, value[1], kind] if kind else [tag, value[1]]
        if declared is not None:
            value = self.form.notation.typed(declared, value)
        return Operand(self.text[begin : self.at], value, declared)

    def operand(self) -> Operand:
        """A literal, or a variable that holds one: handed on once, since two calls that share a list might see each
        other's changes.
        """
        name = re.compile(self.form.name).match(self.text, skip(self.text, self.at))
        if name and name[0] in self.values:
            self.at = name.end()
            return self.values.pop(name[0])
        return self.literal()

    def call(self) -> Made:
        """A function of the program, or it would be one of the test script's, and its arguments; or the variable that holds what
        it gave, where that has no type of its own.
        """
        kept = re.compile(rf"({self.form.name})(?![\w$]*\s*\()").match(self.text, skip(self.text, self.at))
        if kept and kept[1] in self.waiting and not self.waiting[kept[1]][1]:
            self.at = kept.end()
            return self.waiting.pop(kept[1])[0]
        function = self.need(rf"({self.form.function})\(")[1]
        owner, dot, method = function.partition(".")
        if owner in self.names:
            if self.names[owner][1] != self.test:
                raise Unknown
            function = self.names[owner][0] + (dot + method if method != "call" else "")
        if not re.search(rf"(?<!\w){re.escape(function.rpartition('.')[2])}(?!\w)", self.code):
            raise Unknown
        arguments: list[Operand] = []
        while not self.take(r"\)"):
            if arguments:
                self.need(",")
            arguments.append(self.operand())
        return function, tuple(arguments)

    def add(self, call: Made, declared: str | None, want: Operand, rules: Rules, end: str, compiles: str = "") -> None:
        function, arguments = call
        line = self.text.count("\n", 0, self.at) + 1
        said = self.need(end).groupdict()
        near = said.get("near")
        if "digits" in said:
            near = f"{10 ** -int(said['digits'] or 2) / 2:.12f}"
        if near is not None:
            if near[:1] in ("", "e") or float(near) > LARGEST_TOLERANCE or want.value[0] not in ("i", "f"):
                raise Unknown
            below = "digits" in said or said.get("equal") == ""
            rules = rules | {f"{'below' if below else 'near'} {near}"}
        source = f"{function}({', '.join(argument.written for argument in arguments)}) == {want.written}"
        throws = re.findall(r"\bvoid \w+\([^()]*\)([^{};]*)\{", self.text[: self.at])
        self.calls.append(
            Call(
                function,
                arguments,
                want,
                rules,
                declared,
                line,
                source,
                compiles,
                not throws or "throws" in throws[-1],
                self.test,
            )
        )
        if len(self.calls) > MOST_CALLS:
            raise Unknown


@functools.lru_cache(maxsize=64)
def recognise(language: str, code: str, tests: str) -> Plan | None:
    """The script as calls; None where a statement is not one of the language's forms, a function is not the program's,
    or the result of a call is not compared exactly once.
    """
    if language not in FORMS or len(tests) > LONGEST or not sound(language, tests):
        return None
    try:
        return _read(_Reader(FORMS[language], tests, code, language))
    except Unknown:
        return None


def _read(reader: _Reader) -> Plan:
    form = reader.form
    kept: list[str] = []
    rules = reader.rules = form.rules
    begin = _translated(reader.language)
    if begin and reader.text.startswith(begin):  # the functions that compare in a translation's tests, letter by letter
        reader.at = len(begin)
        compared = reader.language == "cpp"  # whose compiler looks at what is compared
        kept += (
            [begin.rpartition("int main")[0]]
            if compared
            else re.findall(r"^#include.*$|^import.*;$", begin, re.MULTILINE)
        )
    while skip(reader.text, reader.at) < len(reader.text):
        if match := next(filter(None, map(reader.take, form.kept)), None):
            kept.append(match[0].strip())
        elif form.alias and (match := reader.take(form.alias)):
            _named(reader, match["name"], match["function"], match.groupdict().get("kind"))
        elif any(map(reader.take, form.strict)):
            rules = reader.rules = form.strict_rules
        elif any(map(reader.take, form.frame)):
            continue
        elif match := reader.take(form.check):
            if match[1] not in reader.waiting:
                raise Unknown
            made, declared = reader.waiting.pop(match[1])
            want = reader.operand()
            if want.declared is None:  # both are of one type there: the one of the variable that was called for
                want = replace(want, value=form.notation.typed(declared, want.value))
            reader.add(made, declared, want, rules, form.check_end)
        elif match := reader.take(form.assign):
            _assignment(reader, match["name"], match.groupdict().get("type") or "")
        else:
            _assertion(reader)
    if reader.waiting or not reader.calls:
        raise Unknown
    return Plan(tuple(reader.calls), "\n".join(kept), frozenset(made for made, _ in reader.names.values()))


def _translated(language: str) -> str:
    """What the tests of a translation to a language begin with; nothing where there are none."""
    dialect = LANGUAGES[language].dialect if language in LANGUAGES else None
    return dialect.translation.before if dialect and dialect.translation else ""


def _assignment(reader: _Reader, name: str, declared: str) -> None:
    """Of a literal, or of a call whose result waits to be compared: one at a time, since a second call may change what
    the first gave.
    """
    if name in reader.values or name in reader.waiting:
        raise Unknown
    begin = reader.at
    try:
        value = reader.literal(declared)
        reader.need(reader.form.assign_end)
        reader.values[name] = value
    except Unknown:
        reader.at = begin
        if reader.waiting:
            raise Unknown from None
        reader.waiting[name] = reader.call(), declared
        reader.need(reader.form.assign_end)


def _named(reader: _Reader, name: str, function: str, kind: str | None) -> None:
    """A name for a function of the program or, with `kind`, for an object of a class of its."""
    known = {one: made for one, (made, test) in reader.names.items() if test == reader.test}
    if name in known or (kind is not None and kind != function):
        raise Unknown
    if not re.search(rf"(?<!\w){re.escape(function)}(?!\w)", reader.code):
        raise Unknown
    made = function if kind is None else f"new {function}()"
    if made in known.values():  # two objects of one class
        raise Unknown
    reader.names[name] = made, reader.test


def _assertion(reader: _Reader) -> None:
    """One statement of the forms that begin alike: the first that reads to its end."""
    begin, values, waiting = reader.at, dict(reader.values), dict(reader.waiting)
    for form in reader.form.asserts:
        if form.where and not re.search(form.where, reader.text):
            continue
        try:
            return _asserted(reader, form)
        except Unknown:
            reader.at, reader.values, reader.waiting = begin, dict(values), dict(waiting)
    raise Unknown


def _asserted(reader: _Reader, form: Assertion) -> None:
    before = reader.need(form.before).groupdict()
    declared = before.get("type", form.declared)
    if form.alone:
        call, want = reader.call(), Operand(form.alone, ALONE[form.alone])
        if form.between:
            reader.need(form.between)
    elif form.value_first:
        want = reader.operand()
        reader.need(form.between)
        call = reader.call()
    else:
        call = reader.call()
        reader.need(form.between)
        want = reader.operand()
    if any(_holds(want.value, tag) for tag in form.never):
        raise Unknown
    if form.unwritten and re.search(form.unwritten, want.written):
        raise Unknown
    if declared == "issame":
        declared = _of_issame(reader)
        want = replace(want, value=reader.form.notation.typed(declared, want.value))
    junit = "four" if re.search(r"\bimport (?:static )?org\.junit\.[A-Z]", reader.text) else "five"
    compiles = form.compiles.replace("{by}", before.get("by") or "").replace("{junit}", junit)
    reader.add(call, declared, want, form.rules if form.rules is not None else reader.rules, form.after, compiles)


def _of_issame(reader: _Reader) -> str:
    """The type of list that the script's own function compares."""
    found = set(re.findall(r"\bissame\s*\(\s*(vector\s*<\s*\w+\s*>)", reader.text[: reader.at]))
    if len(found) != 1:
        raise Unknown
    return re.sub(r"\s", "", found.pop())


def _holds(value: Tagged, tag: str) -> bool:
    """Whether a value is of a tag, or holds one that is; a letter is no text."""
    return (value[0] == tag and value[2:] != ["letter"]) or (
        value[0] in ("l", "set") and any(_holds(item, tag) for item in value[1])
    )
