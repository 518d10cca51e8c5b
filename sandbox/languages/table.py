"""The languages. Adding one is a file (`compiled/` or `scripted/`) that ends with its `Language`, a row here, and its
examples with their verdicts (`tests/languages/NAME/`).
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.languages.compiled import cfamily, csharp, go, java, rust, typescript
from sandbox.languages.language import Language
from sandbox.languages.scripted import bash, javascript, perl, php, python, ruby, sql
from sandbox.report import Limits, SandboxError

LANGUAGES: dict[str, Language] = {
    language.name: language
    for language in (
        python.LANGUAGE,
        javascript.LANGUAGE,
        cfamily.CPP,
        cfamily.C,
        java.LANGUAGE,
        typescript.LANGUAGE,
        go.LANGUAGE,
        rust.LANGUAGE,
        csharp.LANGUAGE,
        php.LANGUAGE,
        ruby.LANGUAGE,
        perl.LANGUAGE,
        bash.LANGUAGE,
        sql.LANGUAGE,
    )
}
"""By name. Python is the first: every other image is a layer on its."""


def find(name: str) -> Language:
    """The language of a name or alias. Raises SandboxError with what there is."""
    key = name.lower()
    for language in LANGUAGES.values():
        if key == language.name or key in language.aliases:
            return language
    raise SandboxError(f"the sandbox has no language {name[:60]!r}; it has: {', '.join(LANGUAGES)}")


def of_file(path: str) -> str:
    """The language of a file name, by its suffix; python where it says nothing."""
    return next(
        (language.name for language in LANGUAGES.values() if path.lower().endswith(language.suffixes)), "python"
    )


def has_language(path: str) -> bool:
    """Whether a file's name says its language."""
    return any(path.lower().endswith(language.suffixes) for language in LANGUAGES.values())


def run_limits(language: Language, limits: Limits) -> Limits:
    """The limits a program is judged by: those asked for, with what the language's own runtime takes."""
    return replace(
        limits, memory_bytes=max(limits.memory_bytes, language.memory_bytes), pids=limits.pids + language.pids
    )


def container_limits(language: Language, limits: Limits) -> Limits:
    """The limits a container is made for: those of a run, with room for the compiler."""
    own = run_limits(language, limits)
    return replace(
        own,
        memory_bytes=max(own.memory_bytes, language.build_memory_bytes),
        pids=max(own.pids, language.build_pids),
    )
