"""TypeScript: solution and tests are compiled as one module, which the JavaScript harness then runs."""

from __future__ import annotations

import re

from sandbox.languages import javascript
from sandbox.languages.script import Script, rewrite

_RUNNERS = ("test", "it", "describe", "expect")
_IMPORT = re.compile(
    r"^import\b.*?from\s+['\"](?:\./solution|\./main|\./index|@jest/globals|vitest|node:test)['\"];?[ \t]*$",
    re.MULTILINE,
)


def assemble(code: str, tests: str) -> Script:
    """`main.ts`, compiled to `main.js`, and the harness that loads it; without tests, a line that does."""
    if not tests.strip():
        return Script(code, {"lab.js": 'require("./main.js");\n'})
    tests = _IMPORT.sub("", tests)
    text, units = rewrite(
        tests,
        javascript.ASSERTION,
        lambda index, line: f"try {{ {javascript.closed(line)} $lab.ok({index}) }} catch (e) {{ $lab.no({index}, e) }}",
    )
    used = [name for name in _RUNNERS if re.search(rf"\b{name}\s*\(", tests)]
    mine = [name for name in used if not re.search(rf"\b(?:function|const|let|var)\s+{name}\b", code + tests)]
    declared = "".join(f" declare const {name}: any;" for name in mine)
    lines = code.count("\n") + 1
    harness = javascript.harness("main.js", lines=0, script=len(units))
    return Script(
        f"{code}\ndeclare const $lab: any;{declared} {text}\nexport {{}};\n",
        {"lab.js": harness},
        units=(*units, (1, "the test script")),
        solution_lines=lines,
    )
