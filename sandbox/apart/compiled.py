"""How test scripts of plain calls look in C++, Java and Go."""

from __future__ import annotations

import re

from sandbox.apart.cpptypes import as_typed
from sandbox.apart.form import BELOW, NEAR, OBJECTS, TRANSLATED, TRUTH, Assertion, Form
from sandbox.apart.literals import Notation, Tagged, Unknown


def _spaced(text: str) -> str:
    """A pattern of a text, whatever white space its words and brackets have between them."""
    return r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", text)))


_CPP = frozenset({"truth"})
_CPP_TESTS = r"(?:gtest|doctest|catch2)/"
_CPP_SAID = r"\s*\)(?:\s*<<\s*\"[^\"\\\n]*\")?\s*;[ \t]*(?=\n|$|//)"
_CPP_REAL = "(void)sizeof(static_cast<double>({made}));"
_HOLDS = frozenset({"holds"})
"""C++'s lone value, of which the driver makes truth or falsehood."""
_JAVA = frozenset({"exact", "kinds", "nan", "zero"})
"""Java's `equals` of boxed values."""
_WIDE = _JAVA | {"wide"}
"""As `assertEquals`: a whole number equals one of another width."""
_BOXED = frozenset({"boxed"})
"""`==`, which is of two objects where the program says nothing of the type."""
_JAVA_IS = "boolean lab = {made} == {other};"
_JAVA_EQUALS = "boolean lab = {made}.equals({other});"
_JAVA_APART = "double lab = Math.abs({made} - {other});"
_JAVA_THROW = r"throw new [\w.]{1,60}\([^;{}\n]{0,200}\);"
_JAVA_THROWS = rf"\s*\)\s*(?:\{{\s*{_JAVA_THROW}\s*\}}|{_JAVA_THROW})(?=\s)"
_JAVA_SAYS = "boolean lab = ({other}).equals({made});"
_JAVA_BOOL = "boolean lab = {made};"
_NO_NULL = frozenset({"n"})
_JAVA_END = r"\s*(?::\s*\"[^\"\\\n]*\")?\s*;[ \t]*(?=\n|$|//)"
_GO_TYPE = r"(?:\[\]|map\[(?:int|string)\]){0,6}(?:int|string|float64|bool|interface\{\}|any)"
_GO_FAILS = r"\s*\{\s*t\.(?:Error|Fatal)f?\([^\n{}]{0,300}\)\s*\}(?=\s)"
_GO_IF = "if false { if !({made}) {} };"
_GO_BOOL = "if false { var labHeld bool = {made}; _ = labHeld };"
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


def _of_java(written: str, value: Tagged) -> Tagged:
    """A collection as it stands after what makes it. Raises Unknown where that would refuse: a null, a key twice, an eleventh pair."""
    if not re.match(r"(?:List|Set|Map)\.of\(", written):
        return value
    items = [item for pair in value[1] for item in pair] if value[0] == "m" else value[1]
    firsts = [pair[0] for pair in value[1]] if value[0] == "m" else value[1] if value[0] == "set" else []
    twins = any(one in firsts[:at] for at, one in enumerate(firsts))
    if ["n"] in items or twins or (value[0] == "m" and len(value[1]) > 10):
        raise Unknown
    return value


COMPILED: dict[str, Form] = {
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
                (r"(-?(?:0|[1-9]\d{0,17}))[lL]{1,2}(?![\w.])", "i", ""),
            ),
            quotes='"',
            letter="'",
            letter_is_number=True,
            typed=as_typed,
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
            r"int main\((?:int argc, char ?\*{1,2} ?argv(?:\[\])?)?\)\s*\{",
            rf"#[ \t]*include[ \t]*[<\"]{_CPP_TESTS}[^\n]{{0,80}}",
            r"#[ \t]*define[ \t]+(?:DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN|CATCH_CONFIG_MAIN)\b",
            r"TEST\(\s*(?!DISABLED_)\w{1,80}\s*,\s*(?!DISABLED_)\w{1,80}\s*\)\s*\{",
            r"TEST_CASE\(\s*\"[^\"\[\n]{0,100}\"(?:\s*,\s*\"(?:\[\w+\])*\")?\s*\)\s*\{",
            r"\}(?=\s*TEST(?:_CASE)?\(|\s*int main\b)",
            r"(?:::)?testing::InitGoogleTest\(&argc, argv\);",
            r"return RUN_ALL_TESTS\(\);\s*\}\s*$",
            *(
                _spaced(
                    f"bool issame({of} a, {of} b) {{ if (a.size()!=b.size()) return false; for (int i=0;i<a.size();i++) "
                    "{ if (a[i]!=b[i]) return false; } return true; }"
                )
                for of in ("vector<string>", "vector<int>")
            ),
            r"(?:std::)?cout\s*<<\s*\"(?:[^\"\\\n]|\\n)*\"(?:\s*<<\s*(?:(?:std::)?endl|'\\n'|\"\\n\"))?\s*;",
            r"return 0;\s*\}\s*$",
            r"\}\s*$",
            r"//[^\n]*",
        ),
        kept=(rf"#[ \t]*include\b(?![ \t]*[<\"]{_CPP_TESTS})[^\n]{{0,100}}", r"using namespace std;", r"#undef NDEBUG"),
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
            Assertion(
                r"assert\(labSame\(",
                r"\s*,",
                r"\s*\)\s*\)\s*;",
                rules=TRANSLATED,
                compiles="lab_whole = true; if (false) (void)labSame({made}, {other});",
            ),
            Assertion(r"assert ?\(", r"\s*==", r"\s*\)\s*;[ \t]*(?=\n|$|//)", rules=_CPP),
            Assertion(r"assert ?\(\(", r"\s*==", r"\s*\)\s*\)\s*;[ \t]*(?=\n|$|//)", rules=_CPP),
            Assertion(r"assert ?\(\s*issame\(", r"\s*,", r"\s*\)\s*\)\s*;", rules=None, declared="issame"),
            Assertion(r"assert ?\(", "", r"\s*\)\s*;[ \t]*(?=\n|$|//)", rules=_HOLDS, alone="true"),
            Assertion(r"assert ?\(\s*!", "", r"\s*\)\s*;[ \t]*(?=\n|$|//)", rules=_HOLDS, alone="false"),
            Assertion(
                r"assert ?\(\s*(?P<by>(?:std::)?f?abs)\(",
                r"\s*-(?! ?-)",
                rf"\s*\)\s*{BELOW}\s*\)\s*;",
                rules=_CPP,
                compiles="(void)sizeof({by}({made} - {other}));",
            ),
            Assertion(r"(?:(?:EXPECT|ASSERT|CHECK|REQUIRE)_EQ)\(", r"\s*,", _CPP_SAID, rules=_CPP),
            Assertion(r"(?:(?:EXPECT|ASSERT|CHECK|REQUIRE)_EQ)\(", r"\s*,", _CPP_SAID, rules=_CPP, value_first=True),
            Assertion(r"(?:CHECK|REQUIRE)\(", r"\s*==", _CPP_SAID, rules=_CPP),
            Assertion(r"(?:CHECK|REQUIRE)\(\(", r"\s*==", r"\s*\)" + _CPP_SAID, rules=_CPP),
            Assertion(r"(?:EXPECT_TRUE|ASSERT_TRUE|CHECK|REQUIRE)\(", "", _CPP_SAID, rules=_HOLDS, alone="true"),
            Assertion(r"(?:EXPECT|ASSERT|CHECK|REQUIRE)_FALSE\(", "", _CPP_SAID, rules=_HOLDS, alone="false"),
            Assertion(r"(?:CHECK|REQUIRE)\(\s*!", "", _CPP_SAID, rules=_HOLDS, alone="false"),
            Assertion(
                r"(?:EXPECT|ASSERT)_NEAR\(", r"\s*,", rf"\s*,\s*{NEAR}{_CPP_SAID}", rules=_CPP, compiles=_CPP_REAL
            ),
            Assertion(
                r"(?:EXPECT|ASSERT)_NEAR\(",
                r"\s*,",
                rf"\s*,\s*{NEAR}{_CPP_SAID}",
                rules=_CPP,
                value_first=True,
                compiles=_CPP_REAL,
            ),
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
            typed=_of_java,
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
            r"import (?:static )?org\.junit\.[\w.*]{1,80};",
            r"(?:public )?class \w{0,60}Tests?\s*\{",
            r"@Test\s+(?:public )?void \w{1,80}\(\)(?: throws \w{1,40})?\s*\{",
            r"\}(?=\s*@Test|\s*\}\s*$)",
            r"System\.out\.println\(\"[^\"\\\n]*\"\);",
            r"List<Boolean> correct = Arrays\.asList\(",
            r"\);\s*if \(correct\.contains\(false\)\)\s*\{\s*throw new AssertionError\(\);\s*\}",
        ),
        alias=r"(?P<kind>[A-Z]\w{0,60}) (?P<name>\w{1,60}) = new (?P<function>[A-Z]\w{0,60})\(\);",
        kept=(r"import (?:java\.(?:util|math|lang|io|util\.stream)\.(?:\w+|\*));",),
        rules=_JAVA,
        asserts=(
            Assertion(r"assert ", r"\s*==", _JAVA_END, OBJECTS | {"s", "n"}, _BOXED, compiles=_JAVA_IS),
            Assertion(r"assert ", r"\s*==\s*null", _JAVA_END, alone="null", compiles="boolean lab = {made} == null;"),
            Assertion(r"assert ", r"\.equals\(", rf"\s*\){_JAVA_END}", frozenset({"n"}), _JAVA, compiles=_JAVA_EQUALS),
            Assertion(
                r"assert (?P<type>Integer|Double|Boolean|Long)\.valueOf\(",
                r"\)\.equals\(",
                r"\s*\)\s*;[ \t]*(?=\n|$)",
                frozenset({"n"}),
                _JAVA,
            ),
            Assertion(
                r"assert ", r"\.equals\(", rf"\s*\){_JAVA_END}", _NO_NULL, _JAVA, value_first=True, compiles=_JAVA_SAYS
            ),
            Assertion(r"if\s*\(", r"\s*!=", _JAVA_THROWS, OBJECTS | {"s", "n"}, _BOXED, compiles=_JAVA_IS),
            Assertion(
                r"if\s*\(\s*!\s*", r"\.equals\(", rf"\s*\){_JAVA_THROWS}", _NO_NULL, _JAVA, compiles=_JAVA_EQUALS
            ),
            Assertion(
                r"if\s*\(\s*!\s*",
                r"\.equals\(",
                rf"\s*\){_JAVA_THROWS}",
                _NO_NULL,
                _JAVA,
                value_first=True,
                compiles=_JAVA_SAYS,
            ),
            Assertion(r"if\s*\(\s*!\s*", "", _JAVA_THROWS, alone="true", compiles=_JAVA_BOOL),
            Assertion(r"if\s*\(\s*", "", _JAVA_THROWS, alone="false", compiles=_JAVA_BOOL),
            Assertion(r"assert ", "", _JAVA_END, alone="true", compiles="boolean lab = {made};"),
            Assertion(r"assert !", "", _JAVA_END, alone="false", compiles="boolean lab = {made};"),
            Assertion(
                r"assertEquals\(",
                r"\s*,",
                rf"\s*\){_JAVA_END}",
                frozenset({"n"}),
                _WIDE,
                value_first=True,
                compiles="Object lab = LabTagged.{junit}({other}, {made});",
            ),
            Assertion(
                r"assertEquals\(",
                r"\s*,",
                rf"\s*,\s*{NEAR}\s*\){_JAVA_END}",
                value_first=True,
                compiles="double lab = LabTagged.apart({other}, {made});",
            ),
            Assertion(r"assertTrue\(", "", rf"\s*\){_JAVA_END}", alone="true", compiles="LabTagged.truth({made});"),
            Assertion(r"assertFalse\(", "", rf"\s*\){_JAVA_END}", alone="false", compiles="LabTagged.truth({made});"),
            Assertion(r"assertNull\(", "", rf"\s*\){_JAVA_END}", alone="null"),
            Assertion(_LISTED, r"\s*==", _NEXT, OBJECTS | {"s", "n"}, _BOXED, compiles=_JAVA_IS),
            Assertion(_LISTED, r"\s*==\s*null", _NEXT, alone="null", compiles="boolean lab = {made} == null;"),
            Assertion(_LISTED, r"\.equals\(", r"\s*\)" + _NEXT, frozenset({"n"}), _JAVA, compiles=_JAVA_EQUALS),
            Assertion(_LISTED, "", _NEXT, alone="true", compiles="boolean lab = {made};"),
            Assertion(r"!" + _LISTED, "", _NEXT, alone="false", compiles="boolean lab = {made};"),
            Assertion(r"Math\.abs\(", r"\s*-(?! ?-)", rf"\s*\)\s*{BELOW}" + _NEXT, compiles=_JAVA_APART),
            Assertion(
                r"assert Math\.abs\(",
                r"\s*-(?! ?-)(?: ?(?=\())?",
                rf"\s*\)\s*{BELOW}\s*;[ \t]*(?=\n|$)",
                compiles=_JAVA_APART,
            ),
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
            r"import (?:\"testing\"|\(\s*(?:\"(?:testing|reflect|github\.com/stretchr/testify/assert)\"\s*)+\))",
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
            Assertion(r"if (?P<got>\w+) := ", r"\s*;\s*\w+ != ", _GO_FAILS, OBJECTS | {"n"}),
            Assertion(r"if ", r"\s*!= ", _GO_FAILS, OBJECTS | {"n"}),
            Assertion(r"if !", "", _GO_FAILS, alone="true", compiles=_GO_IF),
            Assertion(r"if ", "", _GO_FAILS, alone="false", compiles=_GO_IF),
            Assertion(r"if !reflect\.DeepEqual\(", r"\s*,", rf"\s*\){_GO_FAILS}", frozenset({"n"}), _TYPED, _GO_ANY),
            Assertion(r"assert\(", "", r"\s*\)[ \t]*(?=\n|$)", alone="true", compiles=_GO_BOOL),
            Assertion(r"assert\(!", "", r"\s*\)[ \t]*(?=\n|$)", alone="false", compiles=_GO_BOOL),
            Assertion(r"assert\(", r"\s*==", r"\s*\)[ \t]*(?=\n|$)", OBJECTS | {"n"}),
            Assertion(r"assertEqual\(", r"\s*,", r"\s*\)[ \t]*(?=\n|$)", frozenset({"n"}), _TYPED, _GO_ANY),
            Assertion(
                r"assert\.Equal\(", r"\s*,", r"\s*\)[ \t]*(?=\n|$)", frozenset({"n"}), _TYPED, _GO_ANY, value_first=True
            ),
        ),
    ),
}
