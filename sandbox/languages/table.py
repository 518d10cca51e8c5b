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

NPM = "/usr/local/lib/npm/node_modules"
GO_BUILD = (
    "export HOME=/box/go GOCACHE=/box/go/cache GOTMPDIR=/box && mkdir -p /box/go/cache && "
    "go build -o main *.go && rm -rf /box/go"
)


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
    parse_runs_code: bool = False
    lint: tuple[str, ...] = ()
    compile: tuple[str, ...] = ()
    lint_stops: tuple[int, ...] = ()
    """Exit statuses of the linter after which the program is not run."""
    readers: dict[str, str] = field(default_factory=dict)
    """Which of `diagnostics.READERS` understands what a stage prints."""
    artefacts: tuple[str, ...] = ()
    """Name patterns of what the compiler makes, for the cache of compiled programs."""
    files: tuple[str, ...] = ()
    """Files of `adapters/` that lie beside the program."""
    memory_signs: tuple[str, ...] = ()
    """Words with which the runtime ends when memory is out, before the kernel would say so."""
    sockets_are_fatal: bool = True
    """False where the runtime itself asks for one at its start: then they are refused, and that is all."""
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
            lint=("/bin/sh", "-c", f"exec {NPM}/@oxlint/*/oxlint --format json -c oxlint.json solution.js"),
            lint_stops=(1,),
            files=("oxlint.json",),
            run=("/usr/bin/node", "--stack-size=900", f"{BOX}/main.js"),
            version=("/usr/bin/node", "--version"),
            readers={"parse": "node", "lint": "oxlint"},
            packages=("nodejs", "node-lodash"),
            npm=("oxlint@1.0.0",),
            aliases=("js", "nodejs", "node"),
            memory_bytes=256 * MIB,
            memory_signs=("JavaScript heap out of memory",),
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
        Language(
            "c",
            (".c",),
            solution="solution.c",
            main="main.c",
            compile=(
                *("/usr/bin/gcc", "-std=gnu17", "-O1", "-pipe", "-Wall", "-Wextra", "-o", "main", "main.c"),
                *("-lm", "-pthread"),
            ),
            run=(f"{BOX}/main",),
            artefacts=("main",),
            version=("/usr/bin/gcc", "--version"),
            readers={"compile": "gcc"},
            packages=("gcc", "libc6-dev"),
            build_memory_bytes=512 * MIB,
        ),
        Language(
            "java",
            (".java",),
            solution="Main.java",
            main="Main.java",
            compile=(
                *("/usr/bin/javac", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-J-XX:-UsePerfData"),
                *(
                    "-J-Xshare:auto",
                    "-J-Xmx256m",
                    "-Xlint:all",
                    "-proc:none",
                    "-encoding",
                    "UTF-8",
                    "-d",
                    ".",
                    "Main.java",
                ),
            ),
            run=(
                *("/usr/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"),
                *("-Xss8m", "-XX:+ExitOnOutOfMemoryError", "-XX:ReservedCodeCacheSize=32m"),
                *("-XX:MaxRAMPercentage=60", "-ea", "--add-opens=java.base/java.io=ALL-UNNAMED", "-cp", BOX, "LabMain"),
            ),
            memory_signs=("java.lang.OutOfMemoryError",),
            artefacts=("*.class",),
            version=("/usr/bin/java", "--version"),
            readers={"compile": "javac"},
            packages=("openjdk-17-jdk-headless",),
            memory_bytes=384 * MIB,
            build_memory_bytes=768 * MIB,
            pids=24,
            build_pids=64,
            sockets_are_fatal=False,
        ),
        Language(
            "typescript",
            (".ts", ".mts"),
            solution="solution.ts",
            main="main.ts",
            compile=(
                *("/usr/bin/node", f"{NPM}/typescript/bin/tsc", "--target", "es2021", "--module", "commonjs"),
                *(
                    "--lib",
                    "es2021,dom",
                    "--typeRoots",
                    f"{NPM}/@types",
                    "--types",
                    "node",
                    "--baseUrl",
                    NPM,
                    "--skipLibCheck",
                ),
                *("--esModuleInterop", "--noEmitOnError", "--pretty", "false", "main.ts"),
            ),
            run=("/usr/bin/node", "--stack-size=900", f"{BOX}/lab.js"),
            artefacts=("main.js", "lab.js"),
            version=("/usr/bin/node", f"{NPM}/typescript/bin/tsc", "--version"),
            readers={"compile": "tsc"},
            packages=("nodejs", "node-lodash"),
            npm=("typescript@5", "@types/node@18", "@types/lodash@4", "mathjs@13"),
            aliases=("ts",),
            memory_bytes=256 * MIB,
            memory_signs=("JavaScript heap out of memory",),
            build_memory_bytes=768 * MIB,
            pids=16,
            build_pids=24,
            environment={"NODE_PATH": f"{NPM}:/usr/share/nodejs", "UV_USE_IO_URING": "0"},
        ),
        Language(
            "go",
            (".go",),
            solution="solution.txt",
            main="main.go",
            compile=("/bin/sh", "-c", GO_BUILD),
            run=(f"{BOX}/main",),
            artefacts=("main",),
            version=("/usr/bin/go", "version"),
            readers={"compile": "go"},
            packages=("golang-go",),
            aliases=("golang",),
            memory_signs=("out of memory",),
            memory_bytes=128 * MIB,
            build_memory_bytes=1024 * MIB,
            pids=16,
            build_pids=64,
            environment={"GOMAXPROCS": "2", "GOFLAGS": "-p=1", "GO111MODULE": "off", "CGO_ENABLED": "0"},
        ),
        Language(
            "rust",
            (".rs",),
            solution="solution.rs",
            main="main.rs",
            compile=(
                *("/usr/bin/rustc", "--edition", "2021", "-C", "opt-level=1", "-C", "debuginfo=0", "--error-format"),
                *("short", "-o", "main", "main.rs"),
            ),
            run=(f"{BOX}/main",),
            artefacts=("main",),
            version=("/usr/bin/rustc", "--version"),
            readers={"compile": "rustc"},
            packages=("rustc", "gcc", "libc6-dev"),
            aliases=("rs",),
            memory_signs=("memory allocation of",),
            build_memory_bytes=1024 * MIB,
            build_pids=64,
        ),
        Language(
            "csharp",
            (".cs",),
            solution="solution.cs",
            main="main.cs",
            compile=("/usr/bin/mono", "/usr/lib/mono/4.5/mcs.exe", "-nologo", "-warn:3", "-out:main.exe", "main.cs"),
            run=("/usr/bin/mono", "--gc=sgen", f"{BOX}/main.exe"),
            artefacts=("main.exe",),
            version=("/usr/bin/mono", "--version"),
            readers={"compile": "mcs"},
            packages=("mono-mcs", "mono-runtime", "libmono-system-core4.0-cil", "libmono-system-numerics4.0-cil"),
            aliases=("c#", "cs"),
            memory_signs=("OutOfMemoryException", "Out of memory"),
            memory_bytes=256 * MIB,
            build_memory_bytes=512 * MIB,
            pids=16,
            build_pids=32,
            environment={"MONO_DISABLE_SHARED_AREA": "1"},
            sockets_are_fatal=False,
        ),
        Language(
            "php",
            (".php",),
            solution="solution.php",
            main="main.php",
            parse=("/usr/bin/php", "-n", "-d", "display_errors=stderr", "-l", "solution.php"),
            run=(
                *("/usr/bin/php", "-d", "display_errors=stderr", "-d", "zend.assertions=1", "-d", "memory_limit=-1"),
                *("-d", "html_errors=0", "-d", "opcache.enable_cli=0", f"{BOX}/main.php"),
            ),
            version=("/usr/bin/php", "--version"),
            readers={"parse": "php"},
            packages=("php-cli", "php-mbstring"),
        ),
        Language(
            "ruby",
            (".rb",),
            solution="solution.rb",
            main="main.rb",
            parse=("/usr/bin/ruby", "-wc", "solution.rb"),
            run=("/usr/bin/ruby", "--disable=gems", f"{BOX}/main.rb"),
            version=("/usr/bin/ruby", "--version"),
            readers={"parse": "ruby"},
            packages=("ruby",),
            aliases=("rb",),
            memory_signs=("NoMemoryError",),
            pids=4,
        ),
        Language(
            "perl",
            (".pl", ".pm"),
            solution="solution.pl",
            main="main.pl",
            parse=("/usr/bin/perl", "-wc", f"{BOX}/solution.pl"),
            parse_runs_code=True,
            run=("/usr/bin/perl", f"{BOX}/main.pl"),
            version=("/usr/bin/perl", "-e", 'print "perl $^V\\n"'),
            readers={"parse": "perl"},
            packages=("perl", "libdata-compare-perl"),
            aliases=("pl",),
            memory_signs=("Out of memory",),
        ),
        Language(
            "bash",
            (".sh", ".bash"),
            solution="solution.sh",
            main="main.sh",
            parse=("/bin/bash", "-n", "solution.sh"),
            lint=("/usr/bin/shellcheck", "--norc", "--shell=bash", "--format=json", "solution.sh"),
            run=("/bin/bash", f"{BOX}/main.sh"),
            version=("/bin/bash", "--version"),
            readers={"parse": "bash", "lint": "shellcheck"},
            packages=("shellcheck",),
            aliases=("sh", "shell"),
            memory_signs=("cannot allocate",),
            build_memory_bytes=512 * MIB,
            build_pids=16,
        ),
        Language(
            "sql",
            (".sql",),
            solution="solution.sql",
            main="main.sql",
            parse=("/usr/bin/python3", "-I", "-B", "sql_runner.py", "parse", "solution.sql"),
            run=("/usr/bin/python3", "-I", "-B", f"{BOX}/sql_runner.py", "run", f"{BOX}/main.sql"),
            files=("sql_runner.py",),
            version=("/usr/bin/python3", "-c", "import sqlite3; print('SQLite', sqlite3.sqlite_version)"),
            readers={"parse": "sql"},
            aliases=("sqlite", "sqlite3"),
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
