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
    asserts: tuple[tuple[str, str, str, str], ...] = ()
    """One-line assertions: before the call, between call and value, after it, and the tags of values they do not hold
    for."""
    rules: frozenset[str] = frozenset()
    """What `compare.same` is to allow."""
    assert_rules: frozenset[str] = frozenset()
    """The same in a script with one-line assertions."""


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
            (r"assert\.deepStrictEqual\(", r"\s*,", r"\s*" + _END, ""),
            (r"assert\.strictEqual\(", r"\s*,", r"\s*" + _END, "l m set"),
            (r"(?:console\.)?assert\(", r"\s*===", r"\s*" + _END, "l m set"),
        ),
        rules=frozenset({"nan"}),
        assert_rules=frozenset({"nan"}),
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
        ),
        name=r"\$[A-Za-z_]\w{0,60}",
        function=r"[A-Za-z_]\w{0,80}",
        assign=r"(\$[A-Za-z_]\w{0,60})\s*=",
        assign_end=r"\s*;",
        check=r"if\s*\(\s*!compare\(\s*(\$\w{1,60})\s*,",
        check_end=r"\s*\)\s*\)\s*\{\s*throw new Exception\([^{};]{0,300}\);\s*\}",
        frame=(
            r"function compare\(\$x, \$y\)\s*\{\s*return \$x ===? \$y;\s*\}",
            r"//[^\n]*",
            r"<\?php\b",
            r"\?>(?=\s*$)",
        ),
        asserts=((r"assert\(", r"\s*===", r"\s*\)\s*;[ \t]*(?=\n|$)", "m"),),
        rules=frozenset({"arrays"}),
        assert_rules=frozenset({"arrays", "kinds"}),
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
        assign=r"([a-z_]\w{0,60})[ \t]*=(?!=)",
        assign_end=r"[ \t]*(?=\n|$)",
        check=r"if ([a-z_]\w{0,60}) != ",
        check_end=r"[ \t]*\n\s*raise StandardError, \"[^\"\n#]{0,200}\"\s*\nend\b",
        frame=(r"#[^\n]*",),
        kept=(r"require ['\"]set['\"]",),
        asserts=(
            (r"raise (?:\"[^\"\n#]{0,200}\" )?unless ", r"\s*==", r"[ \t]*(?=\n|$)", ""),
            (r"assert_equal\(", r"\s*,", r"\s*\)[ \t]*(?=\n|$)", ""),
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
        assign=r"(?:std::)?(?:auto|bool|int|long(?: long)?|double|string|(?:vector|(?:unordered_)?(?:map|set)|pair|tuple)"
        r"<[\w:<>, ]{1,100}>) ([A-Za-z_]\w{0,60})\s*=(?!=)",
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
        asserts=((r"assert\(", r"==", r"\)\s*;[ \t]*(?=\n|$)", ""),),
        rules=frozenset({"braces", "truth"}),
        assert_rules=frozenset({"braces", "truth"}),
    ),
}
