"""Bash: harness, program and tests are one script.

A line of the tests that is a condition (`[ ... ]`, `[[ ... ]]`, `test ...`, `assert ...`), with or without `|| exit 1`
after it, is a test of its own, tried in a subshell. Any other line that should stop the tests does so with `exit`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.languages.diagnostics import bounded, lines
from sandbox.languages.language import BOX, MIB, Dialect, Language, Translation
from sandbox.languages.script import Script, rewrite
from sandbox.languages.values import Spelling, Untranslatable, escaped
from sandbox.report import Diagnostic

ASSERTION = re.compile(r"(?:\[\[?\s.*|test\s.*|assert\w*\s.*|\(\(.*\)\).*)$")
_CONTINUED = re.compile(r"(?:\\|&&|\|\||\||\bthen|\bdo|\{)\s*$")


def assemble(code: str, tests: str) -> Script:
    """One script; the harness is its first line, so lines of the program are off by one."""
    text, units = rewrite(
        tests,
        ASSERTION,
        lambda index, line: (
            line if _CONTINUED.search(line) else f"if ( {line}\n) then __lab ok {index}; else __lab fail {index}; fi"
        ),
    )
    harness = " ".join(_HARNESS.replace("$SCRIPT", str(len(units))).split("\n"))
    return Script(f"{harness}\n{code}\n{text}\n__lab_end\n", units=(*units, (1, "the test script")))


_HARNESS = r"""IFS= read -r -N 32 -u 4 __lab_token; printf '%s begin 0 ""\n' "$__lab_token" >&3; read -r -u 4 __lab_wait; exec 4<&-; __lab_bad=0;
__lab() { [ "$1" = ok ] || __lab_bad=1; builtin printf '%s %s %s "it does not hold"\n' "$__lab_token" "$1" "$2" >&3; };
__lab_end() { [ "$__lab_bad" = 1 ] || __lab ok $SCRIPT; builtin printf '%s end 0 ""\n' "$__lab_token" >&3; };
assert() { "$@"; };
assert_equal() { [ "$1" = "$2" ]; };"""


def _shellcheck(output: str) -> Iterator[Diagnostic]:
    for item in json.loads(output or "[]"):  # style and doubt stop no program; what does not parse, bash itself refuses
        yield Diagnostic(item["line"], item["column"], f"SC{item['code']}", "warning", bounded(item["message"]))


def _no_list(items: list[Any], kind: str) -> str:
    raise Untranslatable("a list")


LANGUAGE = Language(
    "bash",
    (".sh", ".bash"),
    solution="solution.sh",
    main="main.sh",
    parse=("/bin/bash", "-n", "solution.sh"),
    lint=("/usr/bin/shellcheck", "--norc", "--shell=bash", "--format=json", "solution.sh"),
    run=("/bin/bash", f"{BOX}/main.sh"),
    version=("/bin/bash", "--version"),
    readers={"parse": lines("bash", r"^solution\.sh: line (?P<line>\d+): (?P<message>.*)"), "lint": _shellcheck},
    packages=("shellcheck",),
    aliases=("sh", "shell"),
    memory_signs=("cannot allocate",),
    frameworks=r"^@test\s+['\"]|\bbats_\w+|\bshunit2\b|^\s*(?:Describe|It)\s+['\"]|^\s*Include\s+\S+\.sh\b",
    build_memory_bytes=512 * MIB,
    build_pids=16,
    assemble=assemble,
    dialect=Dialect(
        "bash",
        "Bash",
        solution="count_even() {\n"
        "  # A number is even when dividing it by two leaves nothing.\n"
        '  local count=0 number\n  for number in "$@"; do ((number % 2 == 0)) && ((count += 1)); done\n'
        '  echo "$count"\n}\n',
        tests='[ "$(count_even 1 2 4)" = 2 ]\n'
        '[ "$(count_even)" = 0 ]\n'
        '[ "$(count_even 7)" = 0 ]\n'
        '[ "$(count_even 0 -2)" = 2 ]\n',
        test_start='[ "$(',
        call=" ",
        functions=r"^(?:function[ \t]+)?(\w{1,64})[ \t]*\(\)[ \t]*\{?",
        translation=Translation(
            Spelling(escaped("$`", ""), items=_no_list, pairs=_no_list),
            signature="{name}()",
            parameter="{name}",
            source="def is_even(number):\n    return number % 2 == 0",
            example="is_even() {\n  local number=$1\n  if ((number % 2 == 0)); then echo true; else echo false; fi\n}",
            equal='[ "$({0})" = {1} ]',
            near=None,
            call="{name} {arguments}",
            separator=" ",
            counts_letters=False,
        ),
    ),
)
