"""Lines of tests that assert a lone truth, or ask it of a method, and what they ask it of."""

from __future__ import annotations

import re

from sandbox.languages.script import STRING

ONE_TRUTH = re.compile(
    r"^(\s*(?:console\.|Assert\.)?(?:assert(?:\.ok|True|_true|!)?|refute|IsTrue|True|ok)\s*\()(.+?)"
    r"((?:,\s*(?:\"[^\"]*\"|'[^']*'|`[^`]*`)\s*(?:,\s*[\w.&*]+(?:\(\))?\s*)*)?\)(?:\s+or\s[^;]*)?\s*;?\s*(?://.*)?)$"
)
"""A lone truth: before it, itself, and its message (with what is put into it) and what closes."""
_SIMPLE = re.compile(r"\$?\w+(?:(?:\.|->|::)\w+)*(\(.*\))?")
_VALUE = re.compile(r"[\"'`]|(?<![\w.$])(?:\d|true\b|false\b|True\b|False\b)")

_OF_THIS = re.compile(r"\s*\.\s*[a-z_]\w*[!?]?(?!\w)")
"""A method of the value before it."""
_ASKED_OF = re.compile(r"[\w)\]](?:\.|->)(?:[eE]quals?|map|isEqual)\s*$")
"""Methods of another object whose arguments would read as what is expected."""


def certain(line: str, low: int, high: int) -> str:
    """A line that asserts a lone truth, made to hold whatever that is, where it means what it says."""
    truth = ONE_TRUTH.match(line)
    if truth is None or not is_one_value(line, truth) or truth[2].lstrip().startswith(("function", "(")):
        return line
    held = f"&& {low} > {high}" if truth[1].lstrip().startswith("refute") else f"|| {low} < {high}"
    return f"{truth[1]}({truth[2]}) {held}{truth[3]}"


def negated(truth: str) -> str:
    """The opposite, as one would write it."""
    bare = truth.strip()
    if bare.startswith("!") and _is_simple(bare[1:]):
        return bare[1:]
    return f"!{bare}" if _is_simple(bare) else f"!({truth})"


def _is_simple(text: str) -> bool:
    """Whether it is a name or a call alone."""
    match = _SIMPLE.fullmatch(text)
    if match is None or not match[1]:
        return match is not None
    depth = 0
    for at, character in enumerate(STRING.sub(lambda found: "_" * len(found[0]), text)):
        depth += (character == "(") - (character == ")")
        if character == ")" and depth == 0:
            return at == len(text) - 1
    return False


def is_one_value(masked: str, truth: re.Match[str]) -> bool:
    """Whether an assertion's bracket closes at its end and holds one value, without a message."""
    depth = 0
    for character in masked[truth.start(2) : truth.end(2)]:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0 or (depth == 0 and character == ","):
            return False
    return depth == 0


def of_a_call_and_a_value(masked: str, truth: re.Match[str]) -> bool:
    """Whether the truth is what a function says of a call and of a value besides (`check(f(2), 4)`): that may be what is
    expected. `masked`: the line with its strings blanked.
    """
    begin = masked.find("(", truth.start(2))
    depth, called, valued = 0, False, False
    for at in range(begin, truth.end(2)) if begin >= 0 else ():
        called = called or (depth == 1 and masked[at] == "(" and re.search(r"[\w$]$", masked[:at]) is not None)
        depth += (masked[at] == "(") - (masked[at] == ")")
        valued = valued or (depth == 1 and _VALUE.match(masked, at) is not None)
    return called and valued


def without_given(masked: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The literals of a line without those that a method is asked of (`"ab".shout()`, `[1, 2].second`), or that another object is
    compared with (`a.equals(new Point(1, 2))`), where something else is expected.
    """
    if re.search(r"&&|\|\||\b(?:and|or)\b", masked):
        return found
    return [match for match in found if not _is_given(masked, match)] or found


def _is_given(masked: str, match: re.Match[str]) -> bool:
    if _OF_THIS.match(masked, match.end()):
        return True
    opened: list[int] = []
    for at in range(match.start()):
        if masked[at] in "([{":
            opened.append(at)
        elif masked[at] in ")]}" and opened:
            opened.pop()
    return any(
        (masked[at] == "[" and _OF_THIS.match(masked, closing(masked, at) + 1) is not None)
        or (masked[at] == "(" and _ASKED_OF.search(masked[:at]) is not None)
        for at in opened
    )


def closing(masked: str, at: int) -> int:
    """Where the bracket that opens there closes; the line's length where it does not."""
    depth = 0
    for here in range(at, len(masked)):
        depth += (masked[here] in "([{") - (masked[here] in ")]}")
        if depth == 0:
            return here
    return len(masked)
