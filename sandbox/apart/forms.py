"""How test scripts of plain calls look, by language: a table."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.apart.literals import Notation, Tagged

TRUTH: dict[str, Tagged] = {"true": ["b", True], "false": ["b", False]}


@dataclass(frozen=True)
class Form:
    """The statements a script may hold; all are patterns, and between them stands white space alone."""

    notation: Notation
    name: str
    """Of a variable."""
    function: str
    """Of a function."""
    assign: str
    """What stands before an assigned value; group 1 is the variable."""
    assign_end: str
    check: str
    """From the statement's begin to the expected value; group 1 is the variable that holds what came."""
    check_end: str
    frame: tuple[str, ...]
    """Statements that say nothing, such as the function that compares."""
    kept: tuple[str, ...] = ()
    """Statements that the program may need as well."""
    asserts: tuple[tuple[str, str, str, bool], ...] = ()
    """One-line assertions: before the call, between call and value, after it, and whether they hold for lists."""
    rules: frozenset[str] = frozenset()
    """What `compare.same` is to allow."""


_JS_END = r"\)\s*;?[ \t]*(?=\n|$)"
FORMS: dict[str, Form] = {
    "javascript": Form(
        Notation(
            {**TRUTH, "null": ["n"], "undefined": ["u"]},
            lists=((r"\[", "]"),),
            maps=((r"\{", "}"),),
            sets=((r"new Set\(\[", "])"),),
            bare_keys=r"(?!__proto__)(?:[A-Za-z_$][\w$]{0,60}|\d{1,9})\s{0,3}:",
            itself="$&%#@!/ ",
            one_number=True,
        ),
        name=r"[A-Za-z_$][\w$]{0,60}",
        function=r"[A-Za-z_$][\w$]{0,80}",
        assign=r"(?:var|let|const)\s+([A-Za-z_$][\w$]{0,60})\s*=",
        assign_end=r"\s*;?",
        check=r"if\s*\(\s*!compare\(\s*([\w$]{1,60})\s*,",
        check_end=r"\s*\)\s*\)\s*\{\s*throw\s+[^{};]{0,300};?\s*\}",
        frame=(
            r"function compare\(object1, object2\)\s*\{\s*return _\.isEqual\(object1, object2\);?\s*\}",
            r"//[^\n]*",
        ),
        kept=(
            r"""const _ = require\(["']lodash["']\);?""",
            r"""(?:const|var|let) assert = require\(["'](?:node:)?assert(?:/strict)?["']\);?""",
        ),
        asserts=(
            (r"assert\.deepStrictEqual\(", r"\s*,", r"\s*" + _JS_END, True),
            (r"assert\.strictEqual\(", r"\s*,", r"\s*" + _JS_END, False),
            (r"(?:console\.)?assert\(", r"\s*===", r"\s*" + _JS_END, False),
        ),
        rules=frozenset({"nan"}),
    ),
}
