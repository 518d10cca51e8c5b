"""How test scripts of plain calls look, by language: a table."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.apart.literals import Notation, Tagged

TRUTH: dict[str, Tagged] = {"true": ["b", True], "false": ["b", False]}
Rules = frozenset[str]


@dataclass(frozen=True)
class Assertion:
    """A one-line assertion of a call."""

    before: str
    """Before the call."""
    between: str
    """Between call and value."""
    after: str
    never: frozenset[str] = frozenset()
    """Tags of values it does not hold for."""
    rules: Rules = frozenset()
    """What `compare.same` is to heed."""


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


_OBJECTS = frozenset({"l", "m", "set"})
"""Which are equal to nothing but themselves in JavaScript."""
_OBJECT_IS = frozenset({"nan", "zero"})
_ARRAYS = frozenset({"arrays", "kinds", "ordered"})
"""PHP's `===`: keys, kinds and order."""
_CPP = frozenset({"braces", "truth"})
_END = r"\)[ \t]*;?[ \t]*(?=\n|$)"
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
        assign=r"(?:var|let|const)\s+(?P<name>[A-Za-z_$][\w$]{0,60})\s*=",
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
            Assertion(r"assert\.deepStrictEqual\(", r"\s*,", r"\s*" + _END, rules=_OBJECT_IS),
            Assertion(r"assert\.strictEqual\(", r"\s*,", r"\s*" + _END, _OBJECTS, _OBJECT_IS),
            Assertion(r"(?:console\.)?assert\(", r"\s*===", r"\s*" + _END, _OBJECTS),
        ),
        rules=frozenset({"nan", "odd"}),
    ),
    "php": Form(
        Notation(
            {**TRUTH, "null": ["n"]},
            lists=((r"\[", "]"), (r"array\(", ")")),
            arrow="=>",
            array_maps=True,
            raw_quotes="'",
            unquotable="$",
            itself="$",
            no_escape="'",
        ),
        name=r"\$[A-Za-z_]\w{0,60}",
        function=r"[A-Za-z_]\w{0,80}",
        assign=r"(?P<name>\$[A-Za-z_]\w{0,60})\s*=",
        assign_end=r"\s*;",
        check=r"if\s*\(\s*!compare\(\s*(\$\w{1,60})\s*,",
        check_end=r"\s*\)\s*\)\s*\{\s*throw new Exception\([^{};]{0,300}\);\s*\}",
        frame=(
            r"function compare\(\$x, \$y\)\s*\{\s*return \$x == \$y;\s*\}",
            r"//[^\n]*",
            r"<\?php\b",
            r"\?>(?=\s*$)",
        ),
        rules=frozenset({"arrays", "loose"}),
        strict=(r"function compare\(\$x, \$y\)\s*\{\s*return \$x === \$y;\s*\}",),
        strict_rules=_ARRAYS,
        asserts=(Assertion(r"assert\(", r"\s*===", r"\s*\)\s*;[ \t]*(?=\n|$)", rules=_ARRAYS),),
    ),
    "ruby": Form(
        Notation(
            {**TRUTH, "nil": ["n"]},
            maps=((r"\{", "}"),),
            sets=((r"Set\[", "]"),),
            arrow="=>",
            raw_quotes="'",
            unquotable="#",
            itself="#",
        ),
        name=r"[a-z_]\w{0,60}",
        function=r"[a-z_]\w{0,80}[?!]?",
        assign=r"(?P<name>[a-z_]\w{0,60})[ \t]*=(?!=)",
        assign_end=r"[ \t]*(?=\n|$)",
        check=r"if ([a-z_]\w{0,60}) != ",
        check_end=r"[ \t]*\n\s*raise StandardError, \"[^\"\n#]{0,200}\"\s*\nend\b",
        frame=(r"#[^\n]*",),
        kept=(r"require ['\"]set['\"]",),
        asserts=(
            Assertion(r"raise (?:\"[^\"\n#]{0,200}\" )?unless ", r"\s*==", r"[ \t]*(?=\n|$)"),
            Assertion(r"assert_equal\(", r"\s*,", r"\s*\)[ \t]*(?=\n|$)"),
        ),
    ),
    "cpp": Form(
        Notation(
            TRUTH,
            lists=(
                (r"(?:std::)?(?:vector|list|deque|(?:unordered_)?(?:map|set)|pair|tuple)<[\w:<>, ]{1,100}>\s?\{", "}"),
                (r"\{", "}"),
            ),
            wraps=((r"(?:std::)?string\(", ")"),),
            quotes='"',
        ),
        name=r"[A-Za-z_]\w{0,60}",
        function=r"[A-Za-z_]\w{0,80}",
        assign=r"(?P<type>(?:std::)?(?:auto|bool|int|long(?: long)?|double|string|"
        r"(?:vector|(?:unordered_)?(?:map|set)|pair|tuple)<[\w:<>, ]{1,100}>)) (?P<name>[A-Za-z_]\w{0,60})\s*=(?!=)",
        assign_end=r";",
        check=r"if\s*\(!\(compare\((\w{1,60}),",
        check_end=r"\)\)\)\s*\{\s*throw (?:std::)?runtime_error\(\"[^\"\n]{0,200}\"\);\s*\}",
        frame=(
            r"template <typename T> bool compare\(T a, T b\)\s*\{\s*return a == b;\s*\}",
            r"int main\((?:int argc, char ?\* ?argv\[\])?\)\s*\{",
            r"return 0;\s*\}\s*$",
            r"\}\s*$",
            r"//[^\n]*",
        ),
        kept=(r"#[ \t]*include\b[^\n]{0,100}", r"using namespace std;"),
        rules=_CPP,
        asserts=(Assertion(r"assert\(", r"==", r"\)\s*;[ \t]*(?=\n|$)", rules=_CPP),),
    ),
}
