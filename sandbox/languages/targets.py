"""The languages that programs are translated to: how a function begins there, how values are spelled, how tests assert.

Adding one is a row here, and a right and a wrong translation in tests/generators/test_translation.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.languages.comparers import CPP_SAME, JS_SAME, PHP_SAME, RUBY_NEAR, TS_SAME
from sandbox.languages.table import LANGUAGES
from sandbox.languages.values import Spelling, Untranslatable, escaped, json_text

COUNT_EVEN = "def count_even(numbers):\n    return sum(1 for number in numbers if number % 2 == 0)"


@dataclass(frozen=True)
class Target:
    """One language. In the patterns, `{0}` is the call, `{1}` the expected value, `{2}` a tolerance."""

    language: str
    """As the sandbox names it."""
    name: str
    fence: str
    spelling: Spelling
    signature: str
    """`{name}`, `{parameters}`, `{result}`."""
    parameter: str
    """`{name}`, `{type}`."""
    example: str
    """`source` as an answer is to look."""
    equal: str
    """An assertion of an integer, and of whatever has no pattern of its own below."""
    near: str | None
    """Of a float; None: cannot be told."""
    text: str = ""
    truth: str = ""
    deep: str = ""
    """Of a list or dictionary; empty: as a scalar."""
    deep_near: str | None = None
    """Of a list or dictionary with floats; None: cannot be told."""
    empty: str = ""
    """Of an empty list, where that is not `deep`."""
    none: str = ""
    """Of nothing, where that is not `equal`."""
    call: str = "{name}({arguments})"
    separator: str = ", "
    prelude: str = ""
    """What an answer begins with."""
    before: str = ""
    """What the tests begin with: the functions that compare."""
    after: str = ""
    source: str = COUNT_EVEN
    """The Python program of the example."""
    counts_letters: bool = True
    """Whether a program can be expected to count letters beyond ASCII as one each."""


_CPP_TEXT = escaped("", "\\{:03o}")
_RUST_TEXT = escaped("", "\\u{{{:x}}}")


def _typed(names: str) -> dict[str, str]:
    """`int=long long; list=std::vector<{}>` as a table."""
    return dict(pair.strip().split("=", 1) for pair in names.split(";") if pair.strip())


def _arrows(wrap: str) -> Callable[[list[tuple[str, str]], str], str]:
    return lambda pairs, kind: wrap.format(", ".join(f"{key} => {value}" for key, value in pairs))


def _braced(kind_first: str = "{}") -> Callable[[list[str], str], str]:
    return lambda items, kind: f"{kind_first.format(kind)}{{{', '.join(items)}}}"


def _script(language: str, name: str, names: dict[str, str] | None, example: str) -> Target:
    """JavaScript and TypeScript, which differ by their types."""
    typed = names is not None
    return Target(
        language,
        name,
        language,
        Spelling(json_text, none="null", whole=2**53 - 1, pairs=_js_object, names=names, some="{0}"),
        signature="function {name}({parameters}): {result}" if typed else "function {name}({parameters})",
        parameter="{name}: {type}" if typed else "{name}",
        example=example,
        equal="console.assert({0} === {1});",
        near="console.assert(labNear({0}, {1}));",
        deep="console.assert(labSame({0}, {1}));",
        deep_near="console.assert(labNear({0}, {1}));",
        none="console.assert(labSame({0}, {1}));",
        before=TS_SAME if typed else JS_SAME,
    )


def _js_object(pairs: list[tuple[str, str]], kind: str) -> str:
    # `{"__proto__": ...}` would set what the object inherits; a computed key does not.
    return f"{{{', '.join(f'[{k}]: {v}' if k == chr(34) + '__proto__' + chr(34) else f'{k}: {v}' for k, v in pairs)}}}"


def _no_list(items: list[Any], kind: str) -> str:
    raise Untranslatable("a list")


TARGETS = {
    target.language: target
    for target in (
        Target(
            "php",
            "PHP",
            "php",
            Spelling(escaped("$", "\\u{{{:x}}}"), none="null", pairs=_arrows("[{}]")),
            signature="function {name}({parameters})",
            parameter="${name}",
            prelude="<?php\n",
            example="function count_even($numbers) {\n    return count(array_filter($numbers, fn($n) => $n % 2 === 0));\n}",
            equal="assert({0} === {1});",
            near="assert(lab_same({0}, {1}));",
            deep="assert(lab_same({0}, {1}));",
            deep_near="assert(lab_same({0}, {1}));",
            before=PHP_SAME,
        ),
        _script(
            "javascript",
            "JavaScript",
            None,
            "function count_even(numbers) {\n  return numbers.filter((number) => number % 2 === 0).length;\n}",
        ),
        _script(
            "typescript",
            "TypeScript",
            _typed(
                "int=number; float=number; str=string; bool=boolean; none=null; mixed=any; list=Array<{}>; "
                "dict=Record<string, {}>; optional={} | null"
            ),
            "function count_even(numbers: Array<number>): number {\n"
            "  return numbers.filter((number) => number % 2 === 0).length;\n}",
        ),
        Target(
            "cpp",
            "C++",
            "cpp",
            Spelling(
                lambda text: f"std::string({_CPP_TEXT(text)})",
                none="std::optional<{type}>()",
                some="std::optional<{type}>({0})",
                items=_braced(),
                pairs=lambda pairs, kind: f"{kind}{{{', '.join(f'{{{k}, {v}}}' for k, v in pairs)}}}",
                names=_typed(
                    "int=long long; float=double; str=std::string; bool=bool; list=std::vector<{}>; "
                    "dict=std::map<std::string, {}>; optional=std::optional<{}>; argument str=const {}&; "
                    "argument list=const {}&; argument dict=const {}&"
                ),
            ),
            signature="{result} {name}({parameters})",
            parameter="{type} {name}",
            prelude="#include <algorithm>\n#include <cmath>\n#include <map>\n#include <optional>\n#include <set>\n"
            "#include <string>\n#include <vector>\n\n",
            example="long long count_even(const std::vector<long long>& numbers) {\n    long long count = 0;\n"
            "    for (long long number : numbers) if (number % 2 == 0) count++;\n    return count;\n}",
            equal="    assert(labSame({0}, {1}));",
            near="    assert(labSame({0}, {1}));",
            deep_near="    assert(labSame({0}, {1}));",
            before=CPP_SAME,
            after="}\n",
            counts_letters=False,
        ),
        Target(
            "ruby",
            "Ruby",
            "ruby",
            Spelling(lambda text: json_text(text).replace("#", "\\#"), none="nil", pairs=_arrows("{{{}}}")),
            signature="def {name}({parameters})",
            parameter="{name}",
            example="def count_even(numbers)\n  numbers.count { |number| number % 2 == 0 }\nend",
            equal="assert({0}.eql?({1}))",
            near="assert(lab_near({0}, {1}))",
            deep_near="assert(lab_near({0}, {1}))",
            before=RUBY_NEAR,
        ),
        Target(
            "go",
            "Go",
            "go",
            Spelling(
                json_text,
                items=_braced(),
                pairs=lambda pairs, kind: f"{kind}{{{', '.join(f'{k}: {v}' for k, v in pairs)}}}",
                names=_typed("int=int; float=float64; str=string; bool=bool; list=[]{}; dict=map[string]{}"),
            ),
            signature="func {name}({parameters}) {result}",
            parameter="{name} {type}",
            prelude="package main\n\n",
            example="func count_even(numbers []int) int {\n\tcount := 0\n\tfor _, number := range numbers {\n"
            "\t\tif number%2 == 0 {\n\t\t\tcount++\n\t\t}\n\t}\n\treturn count\n}",
            equal="assertEqual({0}, {1})",
            near="assert({0} - ({1}) <= {2} && {0} - ({1}) >= -{2})",
            empty="assert(len({0}) == 0)",
        ),
        Target(
            "rust",
            "Rust",
            "rust",
            Spelling(
                lambda text: f"{_RUST_TEXT(text)}.to_string()",
                none="None::<{type}>",
                some="Some({0})",
                items=lambda items, kind: f"{kind.replace('Vec<', 'Vec::<', 1)}::from([{', '.join(items)}])",
                pairs=lambda pairs, kind: (
                    f"{kind.replace('Map<', 'Map::<', 1)}::from([{', '.join(f'({k}, {v})' for k, v in pairs)}])"
                ),
                names=_typed(
                    "int=i64; float=f64; str=String; bool=bool; list=Vec<{}>; "
                    "dict=std::collections::HashMap<String, {}>; optional=Option<{}>"
                ),
            ),
            signature="fn {name}({parameters}) -> {result}",
            parameter="{name}: {type}",
            example="fn count_even(numbers: Vec<i64>) -> i64 {\n"
            "    numbers.iter().filter(|number| *number % 2 == 0).count() as i64\n}",
            equal="assert_eq!({0}, {1});",
            near="assert!(({0} - ({1})).abs() <= {2});",
        ),
        Target(
            "java",
            "Java",
            "java",
            Spelling(
                json_text,
                whole=2**31 - 1,
                items=lambda items, kind: f"List.of({', '.join(items)})",
                pairs=lambda pairs, kind: f"Map.of({', '.join(f'{k}, {v}' for k, v in pairs)})",
                names=_typed(
                    "int=int; float=double; str=String; bool=boolean; list=List<{}>; dict=Map<String, {}>; "
                    "boxed int=Integer; boxed float=Double; boxed bool=Boolean"
                ),
                most_pairs=10,
            ),
            signature="static {result} {name}({parameters})",
            parameter="{type} {name}",
            call="Solution.{name}({arguments})",
            prelude="import java.util.*;\n\nclass Solution {\n    ",
            example="static int count_even(List<Integer> numbers) {\n        int count = 0;\n"
            "        for (int number : numbers) if (number % 2 == 0) count++;\n        return count;\n    }\n}",
            equal="assert {box}.valueOf({0}).equals({1});",
            near="assert Math.abs({0} - ({1})) <= {2};",
            text="assert {0}.equals({1});",
            deep="assert {0}.equals({1});",
            before="import java.util.*;\n",
        ),
        Target(
            "csharp",
            "C#",
            "csharp",
            Spelling(
                json_text,
                items=_braced("new {}"),
                pairs=lambda pairs, kind: f"new {kind}{{{', '.join(f'{{{k}, {v}}}' for k, v in pairs)}}}",
                names=_typed(
                    "int=long; float=double; str=string; bool=bool; list=List<{}>; dict=Dictionary<string, {}>"
                ),
            ),
            signature="public static {result} {name}({parameters})",
            parameter="{type} {name}",
            call="Solution.{name}({arguments})",
            prelude="using System;\nusing System.Collections.Generic;\nusing System.Linq;\n\npublic class Solution {\n    ",
            example="public static long count_even(List<long> numbers) {\n"
            "        return numbers.Count(number => number % 2 == 0);\n    }\n}",
            equal="Assert.AreEqual(new System.Func<{type}, {type}>(got => got)({0}), {1});",
            near="Assert.IsTrue(System.Math.Abs({0} - ({1})) <= {2});",
            before="using System.Collections.Generic;\n",
        ),
        Target(
            "perl",
            "Perl",
            "perl",
            Spelling(escaped("$@", "\\x{{{:x}}}"), "1", "0", "undef", whole=2**53 - 1, pairs=_arrows("{{{}}}")),
            signature="sub {name}",
            parameter="{name}",
            example="sub count_even {\n    my ($numbers) = @_;\n    return scalar grep { $_ % 2 == 0 } @$numbers;\n}",
            equal="is({0}, {1});",
            near="ok(abs({0} - ({1})) <= {2});",
            truth="is({0} ? 1 : 0, {1});",
            deep="is_deeply({0}, {1});",
            before="use Test::More;\n",
            after="done_testing();\n",
            counts_letters=False,
        ),
        Target(
            "bash",
            "Bash",
            "bash",
            Spelling(escaped("$`", ""), items=_no_list, pairs=_no_list),
            signature="{name}()",
            parameter="{name}",
            source="def is_even(number):\n    return number % 2 == 0",
            example="is_even() {\n  local number=$1\n  if ((number % 2 == 0)); then echo true; else echo false; fi\n}",
            equal='[ "$({0})" = {1} ]',
            near=None,
            call="{name} {arguments}",
            separator=" ",
            counts_letters=False,
        ),
    )
}


def target_of(language: str) -> Target:
    """The target of a language by any of its names. Raises ValueError where there is none."""
    named = next((row.name for row in LANGUAGES.values() if language in (row.name, *row.aliases)), language)
    if named not in TARGETS:
        raise ValueError(f'no translation to "{language}"; known: {", ".join(TARGETS)}')
    return TARGETS[named]
