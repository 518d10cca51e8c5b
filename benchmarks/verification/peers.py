"""What others say of the everyday tests: a bare subprocess, and SandboxFusion's rules for verdicts.

Both take exit status 0 for a pass. A bare subprocess runs program and tests as one file by the language's own command;
Go's is `go test`. SandboxFusion has besides `pytest`, `jest`, `go test` and JUnit 5's launcher, whose exit status is what
was recorded of the real ones; other frameworks it runs as plain files too (`RunStatus` is `Success` where compiler and
program ended with 0; its ten seconds for each are not held, or a busy machine would decide). Everything runs in the
sandbox's own images, without the sandbox.
"""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable

from labelled.everyday import Everyday

from sandbox.containers.image import image_id

BRIEF = 60
"""Seconds that a compiler, and a program, may take."""
RUNNERS = frozenset({"pytest", "jest", "testing", "JUnit5"})
"""Frameworks that SandboxFusion has a runner for."""
_JARS = "$(ls /usr/share/java/*.jar | tr '\\n' ':')"
_NUNIT = "/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll"
_TSC = "node /usr/local/lib/npm/node_modules/typescript/bin/tsc"
PLAIN = {
    "python": ("it.py", "true", "python3 it.py"),
    "javascript": ("it.js", "true", "NODE_PATH=/usr/local/lib/npm/node_modules node it.js"),
    "typescript": (
        "it.ts",
        f"{_TSC} --target es2021 --module commonjs --typeRoots /usr/local/lib/npm/node_modules/@types it.ts >/dev/null; true",
        "node it.js",
    ),
    "php": ("it.php", "true", "php it.php"),
    "ruby": ("it.rb", "true", "ruby it.rb"),
    "cpp": ("it.cpp", "g++ -std=c++17 -o it it.cpp -pthread", "./it"),
    "perl": ("it.pl", "true", "perl it.pl"),
    "rust": ("it.rs", "rustc --edition 2021 -A warnings -o it it.rs", "./it"),
    "csharp": ("a.cs", f"mono /usr/lib/mono/4.5/mcs.exe -nologo -r:{_NUNIT} -out:it.exe a.cs b.cs", "mono it.exe"),
    "java": ("", f"javac -cp {_JARS} -d . *.java", f"java -ea -cp .:{_JARS} $(cat main)"),
    "go": ("", "true", "HOME=/tmp GOFLAGS=-mod=mod /usr/bin/go test -vet=off ./..."),
}
"""The one file's name, what compiles it, what runs it; the compiler's failure is a failure."""


def subprocess_says(
    test: Everyday, laid_out: Callable[[Everyday, str], tuple[dict[str, str], str]]
) -> tuple[bool, bool]:
    """Whether the right and the wrong program pass by their exit status."""
    name, compiled, run = PLAIN[test.language]
    said = []
    for code in (test.right, test.wrong):
        files = {name: f"{code}\n{test.tests}"}
        if test.language in ("java", "go", "csharp"):  # files of their own, or they could not be compiled at all
            files = laid_out(test, code)[0]
        if test.language == "java":
            files["main"] = next(file for file, text in files.items() if text == test.tests).removesuffix(".java")
        said.append(_status(test.language, files, f"timeout {BRIEF} sh -c '{_quoted(compiled)}'", run) == 0)
    return said[0], said[1]


def fusion_says(test: Everyday, passes: list[bool], plain: tuple[bool, bool]) -> tuple[bool, bool]:
    """The same by SandboxFusion's rules: `passes` is what the real framework says."""
    return (passes[0], passes[1]) if test.framework in RUNNERS else plain


def _quoted(command: str) -> str:
    return command.replace("'", "'\"'\"'")


def _status(language: str, files: dict[str, str], compiled: str, run: str) -> int:
    """The exit status of a plain run in a container of the language's image."""
    lines = ["mkdir /tmp/it", "cd /tmp/it"]
    for name, text in files.items():
        mark = f"END{uuid.uuid4().hex}"
        lines += [f"cat > {name} <<'{mark}'", text, mark]
    lines += [f"{compiled} && timeout {BRIEF} sh -c '{_quoted(run)}'"]
    done = subprocess.run(
        [
            *("docker", "run", "--rm", "-i", "--network", "none", "--memory", "2g", "--entrypoint", "sh"),
            *(image_id(language), "-s"),
        ],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=200,
        check=False,
    )
    return done.returncode
