"""How programs and their tests look in each language: what a prompt must say and what an answer is searched for. Views of
the one table (`table.py`).
"""

from sandbox.languages.language import Dialect, Translation
from sandbox.languages.table import LANGUAGES
from sandbox.report import SandboxError

DIALECTS: dict[str, Dialect] = {
    row.name: row.dialect for row in LANGUAGES.values() if row.dialect is not None and row.dialect.solution
}
"""Languages that prompts ask for programs in."""

TARGETS: dict[str, tuple[Dialect, Translation]] = {
    row.name: (row.dialect, row.dialect.translation)
    for row in LANGUAGES.values()
    if row.dialect is not None and row.dialect.translation is not None
}
"""Languages that programs are translated to."""


def dialect_of(language: str) -> Dialect:
    """The dialect of a language by any of its names. Raises SandboxError where prompts know none."""
    if (named := _named(language)) not in DIALECTS:
        raise SandboxError(f'no prompts for the language "{language[:60]}"; known: {", ".join(DIALECTS)}')
    return DIALECTS[named]


def has_prompts(language: str) -> bool:
    """Whether prompts know the language of a seed."""
    return _named(language) in DIALECTS


def target_of(language: str) -> tuple[Dialect, Translation]:
    """How programs are translated to a language, by any of its names. Raises ValueError where they are not."""
    if (named := _named(language)) not in TARGETS:
        raise ValueError(f'no translation to "{language}"; known: {", ".join(TARGETS)}')
    return TARGETS[named]


def functions_in(code: str, language: str) -> list[str]:
    """Names of the functions that a program defines at its top level, in order."""
    return DIALECTS[language].functions_in(code)


def assertions_in(text: str, dialect: Dialect, at_most: int) -> str:
    """The first `at_most` distinct one-line tests in `text`, as a script in the language; empty where there are none."""
    lines = (line.strip() for line in text.splitlines())
    kept = dict.fromkeys(line for line in lines if line.startswith(dialect.test_start) and len(line) < 500)
    return dialect.preamble + "".join(f"{line}\n" for line in list(kept)[:at_most]) if kept else ""


def expect_one_value(tests: str, dialect: Dialect) -> bool:
    """Whether all tests expect the very same value: a function that ignores its arguments would pass them."""
    separators = ("===", "==", " = ", ", ")
    expected = set()
    for line in tests.removeprefix(dialect.preamble).splitlines():
        separator = next((part for part in separators if part in line), "")
        expected.add(line.rpartition(separator)[2].strip(" ;)]") if separator else line)
    return len(expected) < 2


def _named(language: str) -> str:
    """The sandbox's name of a language given by any of its names."""
    return next((row.name for row in LANGUAGES.values() if language in (row.name, *row.aliases)), language)
