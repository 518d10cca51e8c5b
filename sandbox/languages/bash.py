"""Bash: harness, program and tests are one script.

A line of the tests that is a condition (`[ ... ]`, `[[ ... ]]`, `test ...`, `assert ...`), with or without `|| exit 1`
after it, is a test of its own, tried in a subshell. Any other line that should stop the tests does so with `exit`.
"""

from __future__ import annotations

import re

from sandbox.languages.script import Script, rewrite

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
