"""The languages: one row each says how a program is written down, parsed, linted, compiled, run, and what image has it.

Adding a language is a row here, an adapter for its tests (`adapters/`), a reader for its diagnostics
(`diagnostics.py`), and an example with its tests (`tests/languages/`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sandbox.report import Limits, SandboxError

MIB = 1024 * 1024
BOX = "/box/work"
"""Where the program's files lie in the container: written by the builder's uid, not writable for the program."""


@dataclass(frozen=True)
class Language:
    """How programs of one language go through the stages. Commands run in BOX; `solution` is the source as given,
    `main` is what the adapter made of source and tests.
    """

    name: str
    suffixes: tuple[str, ...]
    solution: str
    """The file that parser and linter see."""
    main: str
    """The file that is compiled, or run."""
    run: tuple[str, ...]
    version: tuple[str, ...]
    parse: tuple[str, ...] = ()
    lint: tuple[str, ...] = ()
    compile: tuple[str, ...] = ()
    lint_stops: tuple[int, ...] = ()
    """Exit statuses of the linter after which the program is not run."""
    readers: dict[str, str] = field(default_factory=dict)
    """Which of `diagnostics.READERS` understands what a stage prints."""
    artefacts: tuple[str, ...] = ()
    """Name patterns of what the compiler makes, for the cache of compiled programs."""
    packages: tuple[str, ...] = ()
    """Debian packages of its image, beside python3."""
    pip: tuple[str, ...] = ()
    """Python packages of its image, as wheels."""
    npm: tuple[str, ...] = ()
    """npm packages of its image."""
    aliases: tuple[str, ...] = ()
    memory_bytes: int = 0
    """What its runtime needs for itself; a smaller limit of a program's is raised to this."""
    build_memory_bytes: int = 0
    """What its compiler and linter need; the container has at least this."""
    pids: int = 0
    """Threads of the runtime itself, added to the limit."""
    build_pids: int = 8
    """Processes and threads of its parser, linter and compiler; the container allows at least as many."""
    environment: dict[str, str] = field(default_factory=dict)
    compile_cpu_s: float = 30.0


LANGUAGES: dict[str, Language] = {
    language.name: language
    for language in (
        Language(
            "python",
            (".py",),
            solution="solution.py",
            main="main.py",
            parse=("/usr/bin/python3", "-I", "-c", "compile(open('solution.py','rb').read(), 'solution.py', 'exec')"),
            lint=(
                *("/usr/local/bin/ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--select", "F,E9"),
                *("--output-format", "json", "solution.py"),
            ),
            run=("/usr/bin/python3", "-s", "-B", f"{BOX}/main.py"),
            version=("/usr/bin/python3", "--version"),
            readers={"parse": "python", "lint": "ruff"},
            pip=("numpy>=2,<3", "pandas>=2,<3", "pytest>=8,<10"),
            aliases=("python3", "py"),
        ),
        Language(
            "javascript",
            (".js", ".mjs", ".cjs"),
            solution="solution.js",
            main="main.js",
            parse=("/usr/bin/node", "--check", "solution.js"),
            run=("/usr/bin/node", "--stack-size=900", f"{BOX}/main.js"),
            version=("/usr/bin/node", "--version"),
            readers={"parse": "node"},
            packages=("nodejs", "node-lodash"),
            aliases=("js", "nodejs", "node"),
            memory_bytes=256 * MIB,
            pids=16,
            environment={"NODE_PATH": "/usr/share/nodejs", "UV_USE_IO_URING": "0"},
        ),
        Language(
            "cpp",
            (".cpp", ".cc", ".cxx"),
            solution="solution.cpp",
            main="main.cpp",
            compile=("/usr/bin/g++", "-std=c++17", "-O1", "-pipe", "-Wall", "-Wextra", "-o", "main", "main.cpp"),
            run=(f"{BOX}/main",),
            artefacts=("main",),
            version=("/usr/bin/g++", "--version"),
            readers={"compile": "gcc"},
            packages=("g++",),
            aliases=("c++",),
            build_memory_bytes=512 * MIB,
        ),
    )
}


def find(name: str) -> Language:
    """The language of a name or alias. Raises SandboxError with what there is."""
    key = name.lower()
    for language in LANGUAGES.values():
        if key == language.name or key in language.aliases:
            return language
    raise SandboxError(f"the sandbox has no language {name!r}; it has: {', '.join(LANGUAGES)}")


def of_file(path: str) -> str:
    """The language of a file name, by its suffix; python where it says nothing."""
    return next(
        (language.name for language in LANGUAGES.values() if path.lower().endswith(language.suffixes)), "python"
    )


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
