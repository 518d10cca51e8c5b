"""Whether a test script is one that its own language would read: brackets that close, tests and variables that are named once
and known where they are used. What is read here as calls would pass although nothing could run it.
"""

from __future__ import annotations

import re

_UNREAD = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`", re.DOTALL)
_SHARP = re.compile(r"#[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_SCOPES = {"cpp": r"(?=\bint main\b)", "java": r"(?=@Test\b)|(?=\bpublic static )", "go": r"(?=\bfunc )"}
"""Before what a scope of variables begins."""
_DECLARED = {
    "cpp": re.compile(r"(?<![\w<:,])(?:std::)?(?:[a-z]\w*(?:<[\w:<>, ]*>)?|long long)[ \t]+(\w+)\s*=(?!=)"),
    "java": re.compile(r"(?<![\w<.,])[\w.]+(?:<[\w<>, .]*>)?[ \t]+(\w+)\s*=(?!=)"),
    "go": re.compile(r"(?m)^[ \t]*(\w+)[ \t]*:="),
}
_BREAKS = re.compile(r"\r(?!\n)|[\x0b\x0c\x85\u2028\u2029]")
"""What ends a line, and with it a comment, in some languages and not for the patterns here."""
_TESTS = {"java": re.compile(r"@Test\s+(?:public\s+)?void\s+(\w+)"), "go": re.compile(r"\bfunc\s+(\w+)")}


def sound(language: str, tests: str) -> bool:
    """Whether nothing of the script's own shape would be refused; of names only where a compiler refuses them."""
    if _BREAKS.search(tests) or (language == "java" and "\\u" in tests):  # which may be any letter, a line's end too
        return False
    text = (_SHARP if language == "ruby" else _UNREAD).sub(" 0 ", tests)
    if not _closed(text):
        return False
    if language not in _SCOPES:
        return True
    names = _TESTS[language].findall(text) if language in _TESTS else []
    if len(set(names)) < len(names):
        return False
    first, *scopes = re.split(_SCOPES[language], text)
    known = [set(_DECLARED[language].findall(scope)) for scope in scopes]
    everywhere = set(_DECLARED[language].findall(first)).union(*known)
    return all(_known(language, scope, mine, everywhere) for scope, mine in zip(scopes, known, strict=True))


def _closed(text: str) -> bool:
    opened: list[str] = []
    for letter in re.findall(r"[()\[\]{}]", text):
        if letter not in _PAIRS:
            opened.append(letter)
        elif not opened or opened.pop() != _PAIRS[letter]:
            return False
    return not opened


def _known(language: str, scope: str, mine: set[str], everywhere: set[str]) -> bool:
    """Of one scope: each variable is declared once and, in Go, used; none is another scope's."""
    if language == "go" and not scope.startswith(("func Test", "func main")):
        return True
    if len(_DECLARED[language].findall(scope)) > len(mine):
        return False
    if language == "cpp":
        return True
    if any(re.search(rf"(?<![\w.]){name}\b(?!\s*\()", scope) for name in everywhere - mine):
        return False
    if language == "go" and "assert.Equal(" in scope and "assert" not in mine:
        return False
    return language != "go" or all(len(re.findall(rf"\b{name}\b", scope)) > 1 for name in mine)
