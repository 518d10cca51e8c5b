"""How test scripts of plain calls look in JavaScript, PHP and Ruby."""

from __future__ import annotations

from sandbox.apart.form import BELOW, NEAR, OBJECTS, TRANSLATED, TRUTH, Assertion, Form
from sandbox.apart.literals import Notation
from sandbox.languages.scripted.plainly import PHP_TAKES

_OBJECT_IS = frozenset({"nan", "zero"})
_ARRAYS = frozenset({"arrays", "kinds", "ordered"})
"""PHP's `===`: keys, kinds and order."""
_STRICT = r"['\"](?:node:)?assert/strict['\"]|['\"](?:node:)?assert['\"]\)\s*\.strict\b|\bstrict as assert\b"
"""Node's `assert` whose loose words are the strict ones."""
_SAID = r"\s*(?:,\s*(?:'[^'\\\n]*'|\"[^\"\\\n]*\")\s*)?"
"""What `console.assert` says when it does not hold."""
_END = r"\)[ \t]*;?[ \t]*(?=\n|$|//|\}\s*\)|\}\s*$)"
_QUOTED = r"(?:'[^'\\\n]*'|\"[^\"\\\n]*\"|`[^`\\$\n]*`)"
_OF_UNIT = r"(?:\$this->|self::|static::)assert"
_THROW = r"throw [^{};\n]{0,200};?"
_PHP_THROW = r"throw new \\?\w{1,40}\((?:\"[^\"{};$\n]{0,200}\"|'[^'\\\n]{0,200}')?\);"
_LINE = r"[ \t]*(?=\n|$|#)"
_PHP_END = r"\)\s*;[ \t]*(?=\n|$|//|#)"
_TRUTHY = {language: frozenset({f"truthy {language}"}) for language in ("javascript", "php", "ruby")}
"""Where a lone value is asserted, which holds by its truth."""
SCRIPTED: dict[str, Form] = {
    "javascript": Form(
        Notation(
            {**TRUTH, "null": ["n"], "undefined": ["u"]},
            lists=((r"\[", "]"),),
            maps=((r"\{", "}"),),
            sets=((r"new Set\(\[", "])"),),
            bare_keys=r"(?!__proto__)(?:[A-Za-z_$][\w$]{0,60}|0|[1-9]\d{0,8})\s{0,3}:",
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
            r"//[^\n]*",
            r"(?:const|let|var) test\w* = \(\) => \{",
            r"function test\w*\(\)\s*\{",
            r"\};?(?=\s*(?:test\w*\(\)|$))",
            r"test\w*\(\);?",
            rf"console\.log\({_QUOTED}\);?",
            r"(?:const|let|var) (?:test|\{[\w$, ]{1,100}\}) = require\(['\"]node:test['\"]\);?",
            r"import (?:test|\{[\w$, ]{1,100}\}) from ['\"]node:test['\"];?",
            rf"(?:test|it|describe)\(\s*{_QUOTED}\s*,\s*(?:async\s*)?(?:\(\s*\)\s*=>|function\s*\w*\(\s*\))\s*\{{",
            r"\}\s*\)\s*;?",
        ),
        kept=(
            r"function compare\(object1, object2\)\s*\{\s*return _\.isEqual\(object1, object2\);?\s*\}",
            r"""const \{[\w$, ]{1,200}\} = require\(["']\.{1,2}/[\w./-]{1,60}["']\);?""",
            r"""import \{[\w$, ]{1,200}\} from ["']\.{1,2}/[\w./-]{1,60}["'];?""",
            r"""const _ = require\(["']lodash["']\);?""",
            r"""import (?:assert|\{ ?strict as assert ?\}) from ["'](?:node:)?assert(?:/strict)?["'];?""",
            r"""(?:const|var|let) assert = require\(["'](?:node:)?assert(?:/strict)?["']\)(?:\.strict)?;?""",
        ),
        asserts=(
            Assertion(r"assert\.equal\(", r"\s*,", _SAID + _END, OBJECTS, _OBJECT_IS, where=_STRICT),
            Assertion(r"assert\.deepEqual\(", r"\s*,", _SAID + _END, rules=_OBJECT_IS, where=_STRICT),
            Assertion(r"assert\.deepStrictEqual\(", r"\s*,", _SAID + _END, rules=_OBJECT_IS),
            Assertion(r"assert\.strictEqual\(", r"\s*,", _SAID + _END, OBJECTS, _OBJECT_IS),
            Assertion(r"assert\.equal\(", r"\s*,", _SAID + _END, OBJECTS | {"n", "u"}, frozenset({"nan"})),
            Assertion(r"expect\(", r"\s*\)\s*\.toBe\(", r"\s*" + _END, OBJECTS, _OBJECT_IS),
            Assertion(r"expect\(", r"\s*\)\s*\.to(?:Strict)?Equal\(", r"\s*" + _END, rules=_OBJECT_IS),
            Assertion(r"expect\(", r"\s*\)\s*\.toBeNull\(\s*", _END, alone="null"),
            Assertion(r"expect\(", r"\s*\)\s*\.toBeUndefined\(\s*", _END, alone="undefined"),
            Assertion(r"expect\(", r"\s*\)\s*\.toBeTruthy\(\s*", _END, rules=_TRUTHY["javascript"], alone="true"),
            Assertion(r"expect\(", r"\s*\)\s*\.toBeFalsy\(\s*", _END, rules=_TRUTHY["javascript"], alone="false"),
            Assertion(r"expect\(", r"\s*\)\s*\.toBeCloseTo\(", rf"(?:\s*,\s*(?P<digits>\d))?\s*{_END}"),
            Assertion(r"if\s*\(", r"\s*!==", rf"\s*\)\s*(?:\{{\s*{_THROW}\s*\}}|{_THROW})(?=\s)", OBJECTS),
            Assertion(r"console\.assert\(labSame\(", r"\s*,", r"\s*\)" + _END),
            Assertion(r"console\.assert\(labNear\(", r"\s*,", r"\s*\)" + _END, rules=TRANSLATED),
            Assertion(r"assert\.deepEqual\(", r"\s*,", _SAID + _END, rules=frozenset({"nan", "kin"})),
            Assertion(r"(?:console\.)?assert(?:\.ok)?\(", r"\s*===?", _SAID + _END, OBJECTS),
            Assertion(
                r"(?:console\.)?assert\(\s*JSON\.stringify\(",
                r"\s*\)\s*===\s*JSON\.stringify\(",
                r"\s*\)\s*" + _END,
                frozenset({"m", "set", "u"}),
            ),
            Assertion(r"(?:console\.)?assert\(\s*Math\.abs\(", r"\s*-(?! ?-)", rf"\s*\)\s*{BELOW}" + _SAID + _END),
            Assertion(r"(?:console\.)?assert(?:\.ok)?\(", "", _SAID + _END, rules=_TRUTHY["javascript"], alone="true"),
            Assertion(
                r"(?:console\.)?assert(?:\.ok)?\(\s*!", "", _SAID + _END, rules=_TRUTHY["javascript"], alone="false"
            ),
        ),
        rules=frozenset({"nan", "odd", "lodash"}),
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
            r"//(?:(?!\?>)[^\n])*",
            r"<\?php\b",
            PHP_TAKES.lstrip("^"),
            r"\?>(?=\s*$)",
            r"function test\(\)(?:: void)?\s*\{",
            r"\}(?=\s*test\(\);)",
            r"test\(\);",
            r"(?:echo|print)\s+(?:'[^'\\\n]*'|\"[^\"$\n]*\")(?:\s*\.\s*PHP_EOL)?\s*;",
            r"use PHPUnit\\Framework\\TestCase;",
            r"(?:final )?class \w{1,60} extends (?:\\?PHPUnit\\Framework\\)?TestCase\s*\{",
            r"public function test\w{0,80}\(\)(?:\s*:\s*void)?\s*\{",
            r"\}(?=\s*(?:public function test|\}\s*(?:\?>\s*)?$|$))",
        ),
        kept=(r"declare\(\s*strict_types\s*=\s*1\s*\);",),
        alias=r"function (?P<name>candidate)\(\.\.\.\$args\)\s*\{\s*"
        r"return (?P<function>[A-Za-z_]\w{0,80})\(\.\.\.\$args\);\s*\}",
        rules=frozenset({"arrays", "loose"}),
        strict=(r"function compare\(\$x, \$y\)\s*\{\s*return \$x === \$y;\s*\}",),
        strict_rules=_ARRAYS,
        asserts=(
            Assertion(r"assert\(", r"\s*===", _SAID + _PHP_END, rules=_ARRAYS),
            Assertion(r"assert\(", r"\s*==", _SAID + _PHP_END, rules=frozenset({"arrays", "loose"})),
            Assertion(r"assert\(", "", _SAID + _PHP_END, rules=_TRUTHY["php"], alone="true"),
            Assertion(r"assert\(\s*!", "", _SAID + _PHP_END, rules=_TRUTHY["php"], alone="false"),
            Assertion(r"assert\(abs\(", r"\s*-(?! ?-)", rf"\s*\)\s*{BELOW}" + _SAID + _PHP_END),
            Assertion(r"assert\(lab_same\(", r"\s*,", r"\s*\)\s*\)\s*;[ \t]*(?=\n|$)", rules=TRANSLATED | {"arrays"}),
            Assertion(rf"{_OF_UNIT}Same\(", r"\s*,", _SAID + _PHP_END, rules=_ARRAYS, value_first=True),
            Assertion(
                rf"{_OF_UNIT}Equals\(",
                r"\s*,",
                _SAID + _PHP_END,
                rules=frozenset({"arrays", "near 1e-10"}),
                value_first=True,
            ),
            Assertion(rf"{_OF_UNIT}True\(", "", _SAID + _PHP_END, alone="true"),
            Assertion(rf"{_OF_UNIT}False\(", "", _SAID + _PHP_END, alone="false"),
            Assertion(rf"{_OF_UNIT}Null\(", "", _SAID + _PHP_END, alone="null"),
            Assertion(rf"{_OF_UNIT}EqualsWithDelta\(", r"\s*,", rf"\s*,\s*{NEAR}{_SAID}{_PHP_END}", value_first=True),
            Assertion(
                r"if\s*\(",
                r"\s*!==",
                rf"\s*\)\s*(?:\{{\s*{_PHP_THROW}\s*\}}|{_PHP_THROW})(?=\s)",
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
            bare_keys=r"[a-z_]\w{0,60}[?!]?:(?=\s)",
            bare_tag="y",
            numbers=((r":([a-z_]\w{0,60}[?!]?)(?![\w:=])", "y", ""),),
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
            r"require ['\"](?:test/unit|minitest/autorun)['\"]",
            r"require_relative ['\"][\w./-]+['\"]|require ['\"]\.{1,2}/[\w./-]+['\"]",
            r"class \w{1,60} < (?:Test::Unit::TestCase|Minitest::Test)",
            r"def test_\w+",
            r"(?:puts|print) (?:'[^'\\\n]*'|\"[^\"#\\\n]*\")[ \t]*(?=\n|$)",
            r"end\b(?=\s*(?:end\b|def test_|class |$))",
        ),
        alias=r"(?P<name>candidate) = method\(:(?P<function>[a-z_]\w{0,80}[?!]?)\)",
        kept=(r"require ['\"]set['\"]",),
        asserts=(
            Assertion(r"raise (?:(?:\"[^\"\n#]{0,200}\"|'[^'\\\n]{0,200}') )?unless ", r"\s*==", r"[ \t]*(?=\n|$)"),
            Assertion(r"assert_equal\(", r"\s*,", rf"{_SAID}\){_LINE}"),
            Assertion(r"assert_nil\(", "", rf"{_SAID}\){_LINE}", alone="null"),
            Assertion(r"assert_nil ", "", rf"{_SAID}{_LINE}", alone="null"),
            Assertion(r"assert ", r"\s*==", rf"{_SAID}{_LINE}"),
            Assertion(r"assert\(", r"\s*==", rf"{_SAID}\){_LINE}"),
            Assertion(r"(?:assert |refute !)", "", rf"{_SAID}{_LINE}", rules=_TRUTHY["ruby"], alone="true"),
            Assertion(r"(?:refute |assert !)", "", rf"{_SAID}{_LINE}", rules=_TRUTHY["ruby"], alone="false"),
            Assertion(r"assert\(", "", rf"{_SAID}\){_LINE}", rules=_TRUTHY["ruby"], alone="true"),
            Assertion(r"(?:refute\(|assert\(\s*!)", "", rf"{_SAID}\){_LINE}", rules=_TRUTHY["ruby"], alone="false"),
            Assertion(r"assert_in_delta\(", r"\s*,", rf"\s*,\s*{NEAR}{_SAID}\){_LINE}", value_first=True),
            Assertion(r"assert_in_delta ", r"\s*,", rf"\s*,\s*{NEAR}{_SAID}{_LINE}", value_first=True),
            Assertion(r"assert\(", r"\.eql\?\(", r"\s*\)\s*\)[ \t]*(?=\n|$)", rules=frozenset({"kinds"})),
            Assertion(r"assert\(lab_near\(", r"\s*,", r"\s*\)\s*\)[ \t]*(?=\n|$)", rules=TRANSLATED),
            Assertion(r"assert_equal\(?", r"\s*,", rf"{_SAID}\)?{_LINE}", value_first=True),
        ),
    ),
}
