"""Lines of tests on which a program's own word could stand: a comparison that it defines, a number that is neither less
nor more. What a control did not change there proves nothing of them.
"""

from __future__ import annotations

import re
from itertools import islice

from sandbox.languages import literals
from sandbox.languages.script import STRING
from sandbox.languages.truths import ONE_TRUTH, negated

_CONDITION = re.compile(r"\b(?:if|unless|elsif|elif|while|until)\b|&&|\|\||\?(?!\.)")
_FAILS = re.compile(
    r"\b(?:throw|raise|die|panic|croak|exit|abort|fail|flunk|FAIL|ADD_FAILURE|exitCode)\b|\bt\.(?:Error|Fatal|Fail)\w*"
    r"|\breturn\s+(?:-?[1-9]\d*|EXIT_FAILURE)\b"
)
_TRIES = re.compile(r"\b(?:try|begin|eval|rescue|catch|except|recover|defer)\b|=>|->|\bdo\b")
_BRANCH = re.compile(r"^\s*(?:when|in)\s")
"""Ruby's cases, where what a line says is asked of the program's object."""
_ORDER = re.compile(r"(?<![-=<>&])[<>]=?(?![<>=&-])(?=\s*[\w(\"'$@.-])")
_ORDER_APART = re.compile(r"\s[<>]=?\s|(?<=[\w)\]])[<>]=?[-+]?[\d.]+(?![\w.]*\s*>)")
"""The same where a language has types in such brackets."""
_HOLDS_NO_ORDER = re.compile(
    r"^\s*(?:for|foreach|while|function|def|func|fn|return|class|template|#|//|\*)\b|=>|\|\w+\||\bfn\s*\("
)
_EQUAL = re.compile(r"(?<![=!<>])[=!]=(?!=)")
_ASKED = re.compile(
    r"[^\"'`]\s*\.\s*(?:[eE]quals?\w*|eql\?|[cC]ompare\w*|[cC]mp|[sS]ame\w*|(?<!essage\(\)\.)(?<!String\(\)\.)[cC]ontains\w*|include\?|[hH]as)\s*\("
)
_SAYS = re.compile(
    r"(?<!trict)(?<!Deep)[eE]qual|[eE]ql|(?:_|\b)(?:EQ|NE|STREQ)\b|assert_(?:eq|ne)!|must_(?:include|be_nil|be_empty)|CmpEq|\bassertThat\("
)
"""Assertions that ask an object whether it is another, or what it says of itself."""
_EVERY = re.compile(r"\b(?:every|all\?|none\?|any\?|some|allMatch|noneMatch|anyMatch|all_of|none_of|any_of)(?![\w?])")
"""What holds of nothing, or does not."""
_SETTLED = {
    "go": r"[=!]=|\bDeepEqual\b|\b(?:bytes|slices|maps|strings|errors)\.\w+\(",
    "java": r"assertThrows|assertSame|\bassertEquals\(\s*(?:[A-Z]\w*\.|new\s|[\"'\d]|true\b|false\b|null\b)",
    "javascript": r"[=!]==|[sS]trictEqual|\.toBe\(",
    "php": r"[=!]==|assertSame|assertCount",
}
_SETTLED["typescript"] = _SETTLED["javascript"]
"""What a language compares by itself."""
_IN_BRACKETS = frozenset({"java", "cpp", "c", "csharp", "rust", "typescript", "perl"})
_DEFINED = r"\b(?:function|def|func|fn|sub|bool|boolean|auto|static)\s+&?{0}\b|\b{0}\s*:?=\s*(?:function|func|lambda|->|\[|\(?[\w$, ]*\)?\s*=>)"
"""A function of the tests' own, by its name."""
_BODY = 400
"""Characters in which it is looked for what it compares by."""


def overruled(tests: str, untouched: list[int], language: str) -> bool:
    """Whether a program could have its way in a line that decides. `untouched`: the lines (from 1) that no control changes."""
    if language in ("bash", "sql"):  # where nothing a program says is asked for an order
        return False
    lines = tests.split("\n")
    return any(_only_denied(line, tests, language) for line in lines) or any(
        (_decides(lines, number, language) and _may_be_overruled(lines[number - 1], language))
        or _keeps_an_order(lines[number - 1], language)
        for number in untouched
    )


def _decides(lines: list[str], number: int, language: str) -> bool:
    """Whether a line (from 1) compares, or fails the tests: under a condition, there or in the line below, or for what lines
    further above decide, but in the one behind a call that is to raise something.
    """
    line = lines[number - 1]
    if literals.is_a_test(line, language):
        return True
    bare = _bare(line)
    if language == "ruby" and _BRANCH.search(bare):
        return True
    if _CONDITION.search(bare):
        below = next((_bare(other) for other in lines[number:] if other.strip()), "")
        return _FAILS.search(f"{bare}\n{below}") is not None
    if not _FAILS.search(bare):
        return False
    above = [_bare(other) for other in islice(filter(str.strip, reversed(lines[: number - 1])), 2)]
    return not any(map(_TRIES.search, above)) and not (above and _CONDITION.search(above[0]))


def _may_be_overruled(line: str, language: str) -> bool:
    """Whether a program could have its way in a comparison of this line, of which no control changes a value."""
    bare = _bare(line)
    if _order(language).search(bare) or (language != "rust" and _ASKED.search(bare)):
        return True
    if language in _SETTLED and re.search(_SETTLED[language], bare):
        return False
    said = _SAYS.search(bare) or (language == "ruby" and _BRANCH.search(bare))
    return bool(said) or (language not in ("go", "java", "c") and _EQUAL.search(bare) is not None)


def _keeps_an_order(line: str, language: str) -> bool:
    """Whether what an order says is kept, or handed on: `ok = !(mean < 3)`."""
    bare = _bare(line)
    if _HOLDS_NO_ORDER.search(bare) or (language in ("java", "ruby") and "->" in bare):
        return False
    return _order(language).search(bare) is not None


def _order(language: str) -> re.Pattern[str]:
    return _ORDER_APART if language in _IN_BRACKETS else _ORDER


def _only_denied(line: str, tests: str, language: str) -> bool:
    """Whether a lone truth holds a comparison that a program could overrule, and all that a control does is deny it: that
    fails as well where the comparison says yes to everything. Of an order a number that is none says no to everything, and
    all of nothing are as they are to be.
    """
    truth = ONE_TRUTH.match(line)
    if truth is None or literals.expecting_another(line, language, 1) != f"{truth[1]}{negated(truth[2])}{truth[3]}":
        return False
    bare = _bare(truth[2])
    orders = len(_order(language).findall(bare))
    if orders > 1 or (orders and "!" in bare) or _EVERY.search(bare) or (language != "rust" and _ASKED.search(bare)):
        return True
    called = re.match(r"\s*!?\s*\$?(\w+)\s*\(.*,", bare)
    own = called and re.search(_DEFINED.replace("{0}", called[1]), tests)
    if own and re.search(r"[<>!=]=|\s[<>]\s", tests[own.end() : own.end() + _BODY]):
        return True
    return language not in ("go", "java", "c") and _EQUAL.search(bare) is not None


def _bare(line: str) -> str:
    """Without what stands in quotes."""
    return STRING.sub(lambda match: match[0][0] + "_" * (len(match[0]) - 2) + match[0][-1], line)
