"""How test scripts of plain calls look, by language: a table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.apart.literals import Notation, Tagged

TRUTH: dict[str, Tagged] = {"true": ["b", True], "false": ["b", False]}
Rules = frozenset[str]


@dataclass(frozen=True)
class Assertion:
    """A one-line assertion of a call."""

    before: str
    """Before the call; group `type`, where there is one, is what the script makes of its result."""
    between: str
    """Between call and value."""
    after: str
    """Group `near`, where there is one, is by how much numbers may differ."""
    never: frozenset[str] = frozenset()
    """Tags of values it does not hold for."""
    rules: Rules | None = frozenset()
    """What `compare.same` is to heed; None: as the script's own function compares."""
    unwritten: str = ""
    """A pattern that no expected value may hold."""
    value_first: bool = False
    """Whether the value stands before the call."""
    alone: str = ""
    """The truth that the call is to give where no value is written."""
    declared: str | None = None
    """What the result is declared as where nothing says so."""


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


def _spaced(text: str) -> str:
    """A pattern of a text, whatever white space its words and brackets have between them."""
    return r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", text)))


_TRANSLATED = frozenset({"near 1e-9", "whole"})
"""As the functions compare that translations' tests begin with."""
_OBJECTS = frozenset({"l", "m", "set"})
"""Which are equal to nothing but themselves in JavaScript."""
_OBJECT_IS = frozenset({"nan", "zero"})
_ARRAYS = frozenset({"arrays", "kinds", "ordered"})
"""PHP's `===`: keys, kinds and order."""
_CPP = frozenset({"braces", "truth"})
_JAVA = frozenset({"exact", "kinds", "nan", "zero"})
"""Java's `equals` of boxed values."""
_GO_TYPE = r"(?:\[\]|map\[(?:int|string)\]){0,6}(?:int|string|float64|bool|interface\{\}|any)"
_GO_ANY = r"\binterface\{|\bany\b"
_TYPED = frozenset({"typed"})
"""Of the type that the expected value has: the driver looks."""
_LISTED = r"(?=\w{1,60}\.)"
_NEXT = r"\s*(?:,|(?=\);))"
"""An item of the list of truths in HumanEval-X's tests."""
_JAVA_TYPE = (
    r"(?:java\.util\.)?(?:boolean|int|long|double|char|Boolean|Integer|Long|Double|Character|String|Number|Object|"
    r"(?:List|ArrayList|Map|HashMap|Set|HashSet)<[\w<>, ]{1,100}>)"
)
_SAID = r"\s*(?:,\s*(?:'[^'\\\n]*'|\"[^\"\\\n]*\")\s*)?"
"""What `console.assert` says when it does not hold."""
_NEAR = r"(?P<near>\d{0,3}(?:\.\d{1,20})?(?:e-\d{1,2})?)"
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
            r"(?:const|let|var) test\w* = \(\) => \{",
            r"function test\w*\(\)\s*\{",
            r"\};?(?=\s*(?:test\w*\(\)|$))",
            r"test\w*\(\);?",
        ),
        kept=(
            r"""const _ = require\(["']lodash["']\);?""",
            r"""(?:const|var|let) assert = require\(["'](?:node:)?assert(?:/strict)?["']\);?""",
        ),
        asserts=(
            Assertion(r"assert\.deepStrictEqual\(", r"\s*,", r"\s*" + _END, rules=_OBJECT_IS),
            Assertion(r"assert\.strictEqual\(", r"\s*,", r"\s*" + _END, _OBJECTS, _OBJECT_IS),
            Assertion(r"console\.assert\(labSame\(", r"\s*,", r"\s*\)" + _END),
            Assertion(r"console\.assert\(labNear\(", r"\s*,", r"\s*\)" + _END, rules=_TRANSLATED),
            Assertion(r"assert\.deepEqual\(", r"\s*,", r"\s*" + _END, rules=frozenset({"nan", "odd"})),
            Assertion(r"(?:console\.)?assert\(", r"\s*===", _SAID + _END, _OBJECTS),
            Assertion(
                r"(?:console\.)?assert\(\s*JSON\.stringify\(",
                r"\s*\)\s*===\s*JSON\.stringify\(",
                r"\s*\)\s*" + _END,
                frozenset({"m", "set", "u"}),
            ),
            Assertion(r"(?:console\.)?assert\(\s*Math\.abs\(", r"\s*-(?! ?-)", rf"\s*\)\s*<=?\s*{_NEAR}\s*" + _END),
        ),
        rules=frozenset({"nan", "odd"}),
        alias=r"(?:let|const|var) (?P<name>candidate) = (?P<function>[A-Za-z_$][\w$]{0,80});?",
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
            r"function test\(\)(?:: void)?\s*\{",
            r"\}(?=\s*test\(\);)",
            r"test\(\);",
        ),
        alias=r"function (?P<name>candidate)\(\.\.\.\$args\)\s*\{\s*"
        r"return (?P<function>[A-Za-z_]\w{0,80})\(\.\.\.\$args\);\s*\}",
        rules=frozenset({"arrays", "loose"}),
        strict=(r"function compare\(\$x, \$y\)\s*\{\s*return \$x === \$y;\s*\}",),
        strict_rules=_ARRAYS,
        asserts=(
            Assertion(r"assert\(", r"\s*===", r"\s*\)\s*;[ \t]*(?=\n|$)", rules=_ARRAYS),
            Assertion(r"assert\(lab_same\(", r"\s*,", r"\s*\)\s*\)\s*;[ \t]*(?=\n|$)", rules=_TRANSLATED | {"arrays"}),
            Assertion(
                r"if\s*\(",
                r"\s*!==",
                r"\s*\)\s*\{\s*throw new Exception\(\"[^\"{};$\n]{0,200}\"\);\s*\}",
                rules=_ARRAYS,
            ),
        ),
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
        function=r"candidate\.call|[a-z_]\w{0,80}[?!]?",
        assign=r"(?P<name>[a-z_]\w{0,60})[ \t]*=(?!=)",
        assign_end=r"[ \t]*(?=\n|$)",
        check=r"if ([a-z_]\w{0,60}) != ",
        check_end=r"[ \t]*\n\s*raise StandardError, \"[^\"\n#]{0,200}\"\s*\nend\b",
        frame=(
            r"#[^\n]*",
            r"require ['\"]test/unit['\"]",
            r"class Test\w* < Test::Unit::TestCase",
            r"def test_\w+",
            r"end\b(?=\s*(?:end\s*)?$)",
        ),
        alias=r"(?P<name>candidate) = method\(:(?P<function>[a-z_]\w{0,80}[?!]?)\)",
        kept=(r"require ['\"]set['\"]",),
        asserts=(
            Assertion(r"raise (?:\"[^\"\n#]{0,200}\" )?unless ", r"\s*==", r"[ \t]*(?=\n|$)"),
            Assertion(r"assert_equal\(", r"\s*,", r"\s*\)[ \t]*(?=\n|$)"),
            Assertion(r"assert\(", r"\.eql\?\(", r"\s*\)\s*\)[ \t]*(?=\n|$)", rules=frozenset({"kinds"})),
            Assertion(r"assert\(lab_near\(", r"\s*,", r"\s*\)\s*\)[ \t]*(?=\n|$)", rules=_TRANSLATED),
            Assertion(r"assert_equal\(?", r"\s*,", r"\s*\)?[ \t]*(?=\n|$)", value_first=True),
        ),
    ),
    "cpp": Form(
        Notation(
            TRUTH,
            lists=(
                (r"(?:std::)?(?:vector|list|deque|(?:unordered_)?(?:map|set)|pair|tuple)<[\w:<>, ]{1,100}>\s?\{", "}"),
                (r"\{", "}"),
            ),
            wraps=(
                (r"(?:std::)?string\(", ")"),
                (r"\((?:float|double|int|long|bool)\)", ""),
                (r"(?:std::)?(?:vector|map|tuple)<[\w:<>, ]{1,100}>\((?!\))", ")"),
                (r"\((?!\s*\))", ")"),
            ),
            numbers=(
                (r"(-?(?:0|[1-9]\d{0,17})(?:\.\d{0,25})?(?:[eE][-+]?\d{1,3})?)[fF](?![\w.])", "f", "single"),
                (r"(-?(?:0|[1-9]\d{0,17})\.)(?![\w.])", "f", ""),
            ),
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
            *(
                _spaced(
                    f"bool issame({of} a, {of} b) {{ if (a.size()!=b.size()) return false; for (int i=0;i<a.size();i++) "
                    "{ if (a[i]!=b[i]) return false; } return true; }"
                )
                for of in ("vector<string>", "vector<int>")
            ),
            r"return 0;\s*\}\s*$",
            r"\}\s*$",
            r"//[^\n]*",
        ),
        kept=(r"#[ \t]*include\b[^\n]{0,100}", r"using namespace std;", r"#undef NDEBUG"),
        rules=_CPP,
        strict=tuple(
            _spaced(
                f"bool issame({of} a, {of} b) {{ if (a.size()!=b.size()) return false; for (int i=0;i<a.size();i++) "
                "{ if (abs(a[i]-b[i])>1e-4) return false; } return true; }"
            )
            for of in ("vector<float>", "vector<double>")
        ),
        strict_rules=_CPP | {"near 1e-4"},
        alias=r"auto (?P<name>candidate) = (?P<function>[A-Za-z_]\w{0,80});",
        asserts=(
            Assertion(r"assert\(labSame\(", r"\s*,", r"\s*\)\s*\)\s*;", rules=_TRANSLATED | {"braces"}),
            Assertion(r"assert ?\(", r"\s*==", r"\s*\)\s*;[ \t]*(?=\n|$)", rules=_CPP),
            Assertion(r"assert ?\(\s*issame\(", r"\s*,", r"\s*\)\s*\)\s*;", rules=None, declared="auto"),
            Assertion(r"assert ?\(\s*abs\(", r"\s*-(?! ?-)", rf"\s*\)\s*<=?\s*{_NEAR}\s*\)\s*;", rules=_CPP),
        ),
    ),
    "java": Form(
        Notation(
            {**TRUTH, "null": ["n"]},
            lists=(
                (r"(?:Arrays\.asList|List\.of)\(", ")"),
                (r"new (?:ArrayList|LinkedList)<[\w<>, ]{0,60}>\(\)", ""),
            ),
            maps=((r"Map\.of\(", ")"), (r"new HashMap<[\w<>, ]{0,60}>\(\)(?! ?\{)", "")),
            sets=((r"Set\.of\(", ")"), (r"new HashSet<[\w<>, ]{0,60}>\(\)(?! ?\{)", "")),
            wraps=(
                (r"new (?:ArrayList|LinkedList)<[\w<>, ]{0,60}>\((?=\s*(?:Arrays\.asList|List\.of)\()", ")"),
                (r"new HashMap<[\w<>, ]{0,60}>\((?=\s*Map\.of\()", ")"),
                (r"new HashSet<[\w<>, ]{0,60}>\((?=\s*Set\.of\()", ")"),
                (r"\((?!\s*\))", ")"),
            ),
            arrow=",",
            quotes='"',
            letter="'",
            numbers=(
                (r"(-?(?:0|[1-9]\d{0,18}))[lL](?![\w.])", "i", "long"),
                (r"(-?(?:0|[1-9]\d{0,17})(?:\.\d{1,25})?(?:[eE][-+]?\d{1,3})?)[dD](?![\w.])", "f", ""),
                (r"(-?(?:0|[1-9]\d{0,17})(?:\.\d{1,25})?[eE][-+]?\d{1,3})(?![\w.])", "f", ""),
                (r"new BigInteger\(\"(-?(?:0|[1-9]\d{0,300}))\"\)", "i", "big"),
            ),
            blocks=(
                (r"new HashMap(?:<[\w<>, ]{0,60}>)?\(\) ?\{\{", "put(", "m"),
                (r"new HashSet(?:<[\w<>, ]{0,60}>)?\(\) ?\{\{", "add(", "set"),
            ),
        ),
        name=r"[A-Za-z_]\w{0,60}",
        function=r"(?:[A-Za-z_]\w{0,80}\.)?[A-Za-z_]\w{0,80}",
        assign=rf"(?P<type>{_JAVA_TYPE}) (?P<name>[A-Za-z_]\w{{0,60}})\s*=(?!=)",
        assign_end=r"\s*;",
        check=r"if\s*\(\s*!\s*\(?compare\(\s*(\w{1,60})\s*,",
        check_end=r"\s*\)\s*\)?\s*\)\s*\{\s*throw new (?:java\.lang\.)?Exception\([^{};]{0,300}\);\s*\}",
        frame=(
            r"(?:public )?class Main\s*\{",
            _spaced(
                "public static boolean compare(Object obj1, Object obj2) { if (obj1 == null && obj2 == null){ "
                "return true; } else if (obj1 == null || obj2 == null){ return false; } else { "
                "return obj1.equals(obj2); } }"
            ),
            r"public static void main\(String\[\] \w+\)(?: throws (?:Exception|Throwable))?\s*\{",
            r"\}\s*\}\s*$",
            r"//[^\n]*",
            r"List<Boolean> correct = Arrays\.asList\(",
            r"\);\s*if \(correct\.contains\(false\)\)\s*\{\s*throw new AssertionError\(\);\s*\}",
        ),
        alias=r"(?P<kind>[A-Z]\w{0,60}) (?P<name>\w{1,60}) = new (?P<function>[A-Z]\w{0,60})\(\);",
        kept=(r"import (?:java\.(?:util|math|lang|io|util\.stream)\.(?:\w+|\*));",),
        rules=_JAVA,
        asserts=(
            Assertion(r"assert ", r"\s*==", r"\s*;[ \t]*(?=\n|$)", _OBJECTS | {"s"}),
            Assertion(r"assert ", r"\.equals\(", r"\s*\)\s*;[ \t]*(?=\n|$)", frozenset({"n"}), _JAVA),
            Assertion(
                r"assert (?P<type>Integer|Double|Boolean|Long)\.valueOf\(",
                r"\)\.equals\(",
                r"\s*\)\s*;[ \t]*(?=\n|$)",
                frozenset({"n"}),
                _JAVA,
            ),
            Assertion(_LISTED, r"\s*==", _NEXT, _OBJECTS | {"s"}),
            Assertion(_LISTED, r"\.equals\(", r"\s*\)" + _NEXT, frozenset({"n"}), _JAVA),
            Assertion(_LISTED, "", _NEXT, alone="true"),
            Assertion(r"!" + _LISTED, "", _NEXT, alone="false"),
            Assertion(r"Math\.abs\(", r"\s*-(?! ?-)", rf"\s*\)\s*<=?\s*{_NEAR}" + _NEXT),
            Assertion(r"assert Math\.abs\(", r"\s*-(?! ?-)(?: ?(?=\())?", rf"\s*\)\s*<=?\s*{_NEAR}\s*;[ \t]*(?=\n|$)"),
        ),
        converts={"long": ("i", "long"), "double": ("f", "")},
    ),
    "go": Form(
        Notation(
            {**TRUTH, "nil": ["n"]},
            lists=((rf"\[\]{_GO_TYPE}\{{", "}"), (r"\{(?!\s*\})", "}")),
            maps=((rf"map\[(?:int|string)\]{_GO_TYPE}\{{", "}"),),
            quotes='"',
        ),
        name=r"[A-Za-z_]\w{0,60}",
        function=r"[A-Za-z_]\w{0,80}",
        assign=r"(?P<name>[A-Za-z_]\w{0,60})[ \t]*:=",
        assign_end=r"[ \t]*(?=\n|$)",
        check=r"deepCompare\(\s*(\w{1,60})\s*,",
        check_end=r"\s*,\s*\"[^\"\n\\]{0,200}\"\s*\)[ \t]*(?=\n|$)",
        frame=(
            r"func main\(\)\s*\{",
            r"\}(?=\s*(?:func Test|$))",
            r"//[^\n]*",
            r"package main\b",
            r"import (?:\"testing\"|\(\s*(?:\"(?:testing|github\.com/stretchr/testify/assert)\"\s*)+\))",
            r"func Test\w*\(t \*testing\.T\)\s*\{",
            r"assert := assert\.New\(t\)",
        ),
        kept=(
            _spaced(
                "func deepCompare(a interface{}, b interface{}, msg string) bool { aJSON, err := json.Marshal(a) "
                "if err != nil { panic(msg) } bJSON, err := json.Marshal(b) if err != nil { panic(msg) } "
                "var a2 interface{} var b2 interface{} err = json.Unmarshal(aJSON, &a2) if err != nil { panic(msg) } "
                "err = json.Unmarshal(bJSON, &b2) if err != nil { panic(msg) } result := reflect.DeepEqual(a2, b2) "
                "if result { return true } else { panic(msg) } }"
            ),
        ),
        rules=frozenset({"json"}),
        asserts=(
            Assertion(r"assert\(", r"\s*==", r"\s*\)[ \t]*(?=\n|$)", _OBJECTS | {"n"}),
            Assertion(r"assertEqual\(", r"\s*,", r"\s*\)[ \t]*(?=\n|$)", frozenset({"n"}), _TYPED, _GO_ANY),
            Assertion(
                r"assert\.Equal\(", r"\s*,", r"\s*\)[ \t]*(?=\n|$)", frozenset({"n"}), _TYPED, _GO_ANY, value_first=True
            ),
        ),
    ),
}
