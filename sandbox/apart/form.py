"""How a test script of plain calls looks: the fields of `forms.FORMS`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.apart.literals import Notation, Tagged

TRUTH: dict[str, Tagged] = {"true": ["b", True], "false": ["b", False]}
ALONE: dict[str, Tagged] = {**TRUTH, "null": ["n"], "undefined": ["u"]}
"""What a call is to give where no value is written."""
Rules = frozenset[str]


@dataclass(frozen=True)
class Assertion:
    """A one-line assertion of a call."""

    before: str
    """Before the call; group `type`, where there is one, is what the script makes of its result."""
    between: str
    """Between call and value."""
    after: str
    """Group `near`, where there is one, is by how much numbers may differ; `digits` the decimals they have in common."""
    never: frozenset[str] = frozenset()
    """Tags of values it does not hold for."""
    rules: Rules | None = frozenset()
    """What `compare.same` is to heed; None: as the script's own function compares."""
    unwritten: str = ""
    """A pattern that no expected value may hold."""
    value_first: bool = False
    """Whether the value stands before the call."""
    alone: str = ""
    """What the call is to give where no value is written."""
    declared: str | None = None
    """What the result is declared as where nothing says so; `issame`: as the script's function of that name takes it."""
    where: str = ""
    """A pattern that the script holds where this is its meaning."""
    compiles: str = ""
    """What the driver compiles beside the call, so that the compiler refuses what it would refuse of the script: with `{made}`,
    `{other}` (a value of the type that is expected), `{by}` (group of `before`) and `{junit}`."""


@dataclass(frozen=True)
class Form:
    """The statements a script may hold; all are patterns, and between them stands white space alone."""

    notation: Notation
    name: str
    """Of a variable."""
    function: str
    """Of a function."""
    assign: str
    """What stands before an assigned value; group `name` is the variable, `type` what it is declared as."""
    assign_end: str
    check: str
    """From the statement's begin to the expected value; group 1 is the variable that holds what came."""
    check_end: str
    frame: tuple[str, ...]
    """Statements that say nothing, such as the function that compares."""
    kept: tuple[str, ...] = ()
    """Statements that the program may need as well."""
    rules: Rules = frozenset()
    """What `compare.same` is to heed where the script's own function compares."""
    strict: tuple[str, ...] = ()
    """Statements of `frame`'s kind after which `strict_rules` stand in the place of `rules`."""
    strict_rules: Rules = frozenset()
    asserts: tuple[Assertion, ...] = ()
    converts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Types of variables that make another number of a literal: tag and kind."""
    alias: str = ""
    """A statement that gives a function (groups `name`, `function`) or an object (`kind` too) another name."""


TRANSLATED = frozenset({"near 1e-9", "whole"})
"""As the functions compare that translations' tests begin with."""
OBJECTS = frozenset({"l", "m", "set"})
"""Which are equal to nothing but themselves in JavaScript."""
NEAR = r"(?P<near>\d{0,3}(?:\.\d{1,20})?(?:e-\d{1,2})?)"
BELOW = rf"<(?P<equal>=?)\s*{NEAR}"
"""A difference below a tolerance, or of at most one."""
