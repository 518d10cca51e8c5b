"""What a line of tests says besides what it expects: the message of an assertion, a comment behind."""

from __future__ import annotations

import re

from sandbox.languages.script import QUOTES, STRING, words_of

_RAISES = re.compile(r"\b(?:throw|raise|die|panic|croak|exit|t\.(?:Error|Fatal)f?)\b")
_VERB = re.compile(r"(?:\bassert\w*!?|(?i:equals?|same)|\bAreEqual|\b(?:is(?:nt|_deeply)?|(?:un)?like|cmp_ok))$")
_OPERATOR_BETWEEN = re.compile(r"\b(?:cmp_ok|assert_operator)$")
_OF_ONE = re.compile(
    r"\b(?:assert(?:True|False|Null|NotNull|Empty|NotEmpty|Nan|Finite|IsArray|IsString|IsInt|IsBool|IsFloat)"
    r"|assert_(?:nil|empty|predicate|path_exists)|refute(?:_(?:nil|empty|predicate))?"
    r"|Assert\.(?:IsTrue|IsFalse|True|False|IsNull|IsNotNull|Null|NotNull|IsEmpty|IsNotEmpty|IsNaN)"
    r"|(?:CHECK|REQUIRE|WARN)(?:_FALSE)?_MESSAGE)(?=[ (])"
    r"|^\s*assert(?= )"
)
"""Assertions of one value."""
_THAT = re.compile(r"\b(?:Assert\.That|assertThat|assertAll)(?=\()")
"""Assertions of one value by what is called: all their own texts are messages."""
_TEXT = re.compile(r"\"[^\"]*\"\s*(?:\+|$)")
_OF_TWO = re.compile(r"\bassert(?:Not)?(?:Equals|Same|ArrayEquals)(?=\()")


def is_message(masked: str, literal: re.Match[str], language: str) -> bool:
    """Whether a literal is a text that an assertion says besides. `masked`: the line with its strings blanked."""
    if literal[0][0] not in QUOTES:
        return False
    start, end = literal.span()
    ahead = masked[:start].rstrip()
    if language in ("c", "cpp") and ahead.endswith("&&"):  # assert(x && "what it means")
        return True
    if language == "java" and ahead.endswith(" :") and "?" not in ahead and re.match(r"\s*assert\s", ahead):
        return True
    if verb := _THAT.search(masked):
        return (start, end) in _arguments(masked, verb.end())
    if verb := _OF_ONE.search(masked):
        values = _arguments(masked, verb.end())
        first = values[0]
        if len(values) < 2 or start < first[0]:
            return False
        ahead_of_it = language == "java" and _TEXT.match(masked[slice(*first)])  # JUnit 4 has the message first
        return start < first[1] if ahead_of_it else start > first[1]
    if language == "java" and (verb := _OF_TWO.search(masked)):
        values = _arguments(masked, verb.end())
        last = masked[slice(*values[-1])]
        if len(values) > 2 and start < values[0][1] and last[:1] not in QUOTES and "->" not in last:
            return _TEXT.match(masked[slice(*values[0])]) is not None
    return _of_two_values(masked, start)


def told_again(
    line: str, at: int, was: str, inside: list[bool], expected: list[tuple[int, int, str]]
) -> tuple[int, int] | None:
    """Where the last that a message or a comment behind `at` says of an expected value begins and ends. `inside`: for
    each character whether the program gets it, which is no message; nor is what else is `expected`.
    """
    words = words_of(was)
    told = [*re.compile(rf"(?<![\w.\-]){re.escape(words)}(?![\w.])").finditer(line, at)] if words else []
    texts = STRING.sub(lambda f: "\0" * len(f[0]), line)
    raised = _RAISES.search(texts)
    comment = re.compile(r"(?://|\s#)").search(line, at)
    for match in reversed(told):
        here = match.start()
        said = texts[here] == "\0" and (not inside[here] or (raised is not None and raised.end() <= here))
        if (said or (comment and here > comment.end() - 1)) and not any(
            begin <= here < end for begin, end, _ in expected
        ):
            return match.span()
    return None


def _of_two_values(masked: str, start: int) -> bool:
    """Whether a text is what an assertion of two values says besides."""
    depth = commas = 0
    for at in range(start - 1, -1, -1):
        if masked[at] in ")]}":
            depth += 1
        elif masked[at] in "([{":
            if depth == 0:
                verb = _VERB.search(masked[:at])
                return verb is not None and commas > (2 if _OPERATOR_BETWEEN.search(masked[:at]) else 1)
            depth -= 1
        commas += masked[at] == "," and depth == 0
    bare = masked.split(",")[0].rpartition(" ")[0]
    return commas > (2 if _OPERATOR_BETWEEN.search(bare) else 1) and _VERB.search(bare) is not None


def _arguments(masked: str, at: int) -> list[tuple[int, int]]:
    """Where the values handed to a call begin and end, without the blanks around; `at` is where its bracket opens, or
    the blank after its name.
    """
    found: list[tuple[int, int]] = []
    depth, begin = 0, at + 1
    for here in range(begin, len(masked) + 1):
        character = masked[here] if here < len(masked) else ")"
        depth += character in "([{"
        if depth == 0 and character in ",)]};":
            text = masked[begin:here]
            left = begin + len(text) - len(text.lstrip())
            found.append((left, left + len(text.strip())))
            begin = here + 1
            if character != ",":
                break
        depth -= character in ")]}"
    return found
