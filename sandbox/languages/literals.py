"""The expected value in a line of tests, and how to make it another one.

No parser: a line is read by its strings, numbers, brackets and the words before them. What is handed in (arguments of a
call), indices, sizes, template arguments, messages and what a function returns stay as they are.
"""

from __future__ import annotations

import re

_LITERAL = re.compile(
    r'"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|`(?:\\.|[^`\\\n])*`"
    r"|(?<![\w.#$\"'])(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)"
    r"(?:[uU]?[lL]{1,2}|[uUnfFdDmM]|_?[iuf](?:8|16|32|64|128|size))?(?![\w.])"
    r"|(?<![\w$.])(?:true|false|True|False)\b"
)
_STRING = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\\n])*`")
_SUBSTITUTION = re.compile(r"\$\((?:[^()\"'\\]|\\.|\"(?:\\.|[^\"\\])*\"|'[^']*'|\([^()]*\))*\)")
"""Bash's `$(command)`, whose quotes are its own, also inside of quotes."""
_LEFT_ALONE = re.compile(
    r"^\s*(?:#|//|/\*|\*|--(?! =>)|(?:import|use|using|package|require|from|for|foreach|while|return|function|def|sub|"
    r"func|fn|template|class|pub|plan|diag|note|printf?|echo|puts|console\.log|fmt\.\w+)\b)|\brequire\s*\("
)
_HAS_A_BODY = re.compile(r"^\s*(?:pub\s+)?(?:function|def|sub|func|fn)\b")
ASSERTS = re.compile(
    r"assert|expect\s*\(|refute|\bcompare\s*\(|[=!]=|\bis\w*\s*\(|\b(?:ok|like|unlike|cmp_ok)\b|\bis(?:nt|_deeply)?\b"
    r"|\bequals?\b|Equals?\b|^\s*\[\[?\s|^\s*test\s|^\s*SELECT\b|-(?:eq|ne)\b|\b(?:eq|ne)\b",
    re.IGNORECASE,
)
"""Lines that compare."""
_EXPECTS = re.compile(
    r"-- =>|^\s*(?:[\w<>\[\], :*&.]+\s+)?[$@%]?(?:v\d*|\w*expect\w*|\w*want\w*)\s*:?=(?![=~])", re.IGNORECASE
)
"""Lines that say what is expected and are compared elsewhere (`v0` is MBXP's word for it)."""
_RAISES = re.compile(r"\b(?:throw|raise|die|panic|croak|exit|t\.(?:Error|Fatal)f?)\b")
_CONDITION = re.compile(r"\b(?:unless|if)\b")
_TAKES_NOTHING_IN = re.compile(
    r"(?:assert\w*!?|refute\w*|expect|\w*[eE]quals?\w*|\w*[sS]ame|\w*[nN]ear|[cC]ompare\w*|eql\?|ok|is|isnt|is_deeply|"
    r"like|unlike|cmp_ok|to[A-Z]\w*|AreEqual|AreNotEqual|IsTrue|IsFalse|True|False|if|unless|elsif|elif|and|or|not|"
    r"return|abs|fabs|valueOf|of|asList|from|String|Some|Ok|Err|vec!|array|Array|List|Map|Set|BigInt|string|vector|"
    r"pair|make_pair|tuple|make_tuple|map|set|optional|Optional|Decimal|Double|Integer|Long|Float|Boolean|IN|VALUES|EXISTS)"
)
"""Words before a bracket whose content is not what the program gets."""
_NAME = re.compile(r"([A-Za-z_$][\w$]*[!?]?)\s*(?:::)?(?:<[^()]*>)?\s*$")
_TEMPLATE_NUMBER = re.compile(r"[\w>]\s*<[^<>;=]*?,?\s*$")
_ONE_TRUTH = re.compile(
    r"^(\s*(?:console\.|Assert\.)?(?:assert(?:\.ok|True|_true|!)?|IsTrue|True|ok)\s*\()(.+)(\)\s*;?\s*(?://.*)?)$"
)
_INEQUALITY = re.compile(r"\s[<>]=?\s|\s-(?:lt|gt|le|ge)\s")
_EQUALITY = re.compile(r"[=!]==?(?!=)|\s=\s|\b(?:eq|ne)\b|-(?:eq|ne)\b")
_SIZES = re.compile(r"\b(?:LIMIT|OFFSET|(?:ORDER|GROUP)\s+BY)\b", re.IGNORECASE)
_OTHER = {"true": "false", "false": "true", "True": "False", "False": "True"}
_CHARACTERS = frozenset({"c", "cpp", "java", "csharp", "go", "rust"})
"""Languages in which single quotes hold a character."""
_HASH = frozenset({"bash", "perl", "ruby", "php"})
TOLERANCE = 0.1
"""Smaller numbers are taken for tolerances and stay."""


def expecting_another(line: str, language: str, far: int) -> str:
    """The line with another expected value, `far` away where it is a number; the line itself where it expects none."""
    if language == "sql" and line.lstrip().startswith("-- =>"):
        return _another_row(line, far)
    whole = line
    if language == "bash":
        line = _SUBSTITUTION.sub(lambda match: "$" + "_" * (len(match[0]) - 1), line)
    masked = _masked(line, language)
    alone = _LEFT_ALONE.search(line) and not (_HAS_A_BODY.search(line) and "assert" in masked)
    if alone or not (ASSERTS.search(masked) or _EXPECTS.search(masked)):
        return whole
    span = _span(masked)
    if span is None:
        return whole
    if language == "sql" and (sized := _SIZES.search(masked)):
        span = (span[0], sized.start())
    inner = masked[span[0] : span[1]]
    compared = _EQUALITY.search(inner) or not _INEQUALITY.search(inner)
    bounded = re.search(r"\babs\w*\s*\(|fabs", inner) and _INEQUALITY.search(inner)
    if bounded:
        span = (span[0], span[0] + bounded.start())
    changed = whole
    if compared or bounded:
        found = _found(line, masked, span, language)
        if language == "sql":  # where a row is asked for, each of its values alone must tell
            found = found[-1:]
        if re.search(r"delta|near|close|approx", inner, re.IGNORECASE) and len(found) > 1:
            found = found[:-1]
        for match in reversed(found):
            changed = changed[: match.start()] + _other(match[0], far, language) + changed[match.end() :]
    if changed == whole and (truth := _ONE_TRUTH.match(whole)) and _one_value(masked, truth):
        return f"{truth[1]}!({truth[2]}){truth[3]}"
    return changed


def compares(line: str, language: str) -> bool:
    """Whether a line compares two values."""
    return ASSERTS.search(_masked(line, language)) is not None


def _masked(line: str, language: str) -> str:
    """The line with its strings and its trailing comment blanked, character for character."""
    masked = _STRING.sub(lambda match: match[0][0] + "_" * (len(match[0]) - 2) + match[0][-1], line)
    comment = re.search(r"(?:^|\s)#.*$" if language in _HASH else r"//.*$", masked)
    if language == "php" and comment is None:
        comment = re.search(r"//.*$", masked)
    return masked if comment is None else masked[: comment.start()].ljust(len(line))


def _span(masked: str) -> tuple[int, int] | None:
    """Where in the line the expected value can be: not in what is thrown."""
    thrown = _RAISES.search(masked)
    if thrown is None:
        return 0, len(masked.rstrip())
    if after := _CONDITION.search(masked, thrown.end()):
        return after.end(), len(masked.rstrip())
    before = masked[: thrown.start()]
    return (0, thrown.start()) if _EQUALITY.search(before) or _CONDITION.search(before) else None


def _found(line: str, masked: str, span: tuple[int, int], language: str) -> list[re.Match[str]]:
    """The literals of the expected value."""
    inside = _handed_in(masked, language)
    found = []
    for match in _LITERAL.finditer(line, *span):
        start = match.start()
        if masked[start] != match[0][0] or inside[start] or _other(match[0], 1, language) == match[0]:
            continue
        if masked[match.end() :].lstrip().startswith(">") and _TEMPLATE_NUMBER.search(masked[:start]):
            continue
        found.append(match)
    return found


def _handed_in(masked: str, language: str) -> list[bool]:
    """For each character whether it is an argument of a call or an index."""
    stack: list[bool] = []
    inside = []
    for at, character in enumerate(masked):
        inside.append(any(stack))
        if character in "([{":
            before = masked[:at]
            if character == "(":
                name = _NAME.search(before)
                called = name is not None and not _TAKES_NOTHING_IN.fullmatch(name[1])
                made = name is not None and re.search(r"\bnew\s+$", before[: name.start()]) is not None
                stack.append((called and not made) or (language == "bash" and before.endswith("$")))
            elif character == "[":
                stack.append(language != "bash" and bool(re.search(r"[\w)\]$]$", before)))
            else:
                stack.append(False)
        elif character in ")]}" and stack:
            stack.pop()
    return inside


def _one_value(masked: str, truth: re.Match[str]) -> bool:
    """Whether an assertion's bracket closes at its end and holds one value, without a message."""
    depth = 0
    for character in masked[truth.start(2) : truth.end(2)]:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0 or (depth == 0 and character == ","):
            return False
    return depth == 0


def _another_row(line: str, far: int) -> str:
    """An expected row of SQL, whose last value is bare."""
    head, separator, value = line.rpartition("|") if "|" in line else line.partition("-- =>")
    text = value.strip()
    other = str(int(text) + far) if re.fullmatch(r"-?\d+", text) else f"{text}{'z' * (1 + far % 3)}"
    return f"{head}{separator} {other}" if separator == "-- =>" else f"{head}{separator}{other}"


def _other(literal: str, far: int, language: str) -> str:
    """Another value of the same type; the literal itself where it is none, such as a string with a call in it."""
    if literal in _OTHER:
        return _OTHER[literal]
    if literal[0] in "\"'`":
        return _other_text(literal, far, language)
    number, suffix = re.fullmatch(
        r"(0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)([a-zA-Z_]\w*)?", literal
    ).groups("")  # type: ignore[union-attr]
    digits = number.replace("_", "")
    if digits[:2] in ("0x", "0X"):
        value = int(digits, 16)
        return f"0x{value - far if value > 100 else value + far:x}{suffix}"
    if digits.isdigit():
        value = int(digits)
        return f"{value - far if value > 100 else value + far}{suffix}"
    real = float(digits)
    return literal if 0 < real < TOLERANCE else f"{real + far!r}{suffix}"


def _other_text(literal: str, far: int, language: str) -> str:
    quote, text = literal[0], literal[1:-1]
    if quote == "`" and language not in ("javascript", "typescript", "go"):
        return literal
    if "#{" in text or (quote == "`" and "${" in text):
        return literal
    if quote == '"' and language in ("bash", "perl", "php") and re.search(r"(?<!\\)[$@]", text):
        return literal
    if quote == "'" and language in _CHARACTERS:
        return f"'{'b' if text == 'a' else 'a'}'" if text else literal
    return f"{quote}{text}{'z' * (1 + far % 3)}{quote}"
