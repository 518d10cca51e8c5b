#!/usr/bin/env bash
# evalplus 0.3.1: `sanitize`, through which `evalplus.codegen` sends every answer, takes parts away from correct programs.
#
# It keeps imports, classes, undecorated functions that return something, and the first assignment to a plain name. A function under
# `@lru_cache` is gone, the entry point itself as well as a helper; so are a table that a loop fills, a second assignment
# (`memo[0] = 1`, `A, B = 2, 3`), a raised recursion limit, and a helper that works in place. What is left parses, and
# fails: HumanEval+ and MBPP+ count the program as wrong, and a data set that was sanitized the same way has it broken.
#
# Seen: of six programs that give 120 for f(5) none does after `sanitize(program, "f")`; a plain recursion still does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet evalplus==0.3.1 tree-sitter==0.26.1 tree-sitter-python==0.25.0
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
from evalplus.sanitize import sanitize

body = "    return 1 if n == 0 else n * {}(n - 1)\n"
cached = "from functools import lru_cache\n\n@lru_cache(None)\n"
programs = {
    "plain": "def f(n):\n" + body.format("f"),
    "cached": cached + "def f(n):\n" + body.format("f"),
    "cached helper": cached + "def g(n):\n" + body.format("g") + "\ndef f(n):\n    return g(n)\n",
    "filled table": "table = [1]\nfor i in range(1, 9):\n    table.append(table[-1] * i)\n\ndef f(n):\n    return table[n]\n",
    "first entry": "memo = {}\nmemo[0] = 1\n\ndef f(n):\n    if n not in memo:\n        memo[n] = n * f(n - 1)\n    return memo[n]\n",
    "two names": "FIRST, NEXT = 1, 2\n\ndef f(n):\n    out = FIRST\n    for i in range(NEXT, n + 1):\n        out *= i\n    return out\n",
    "in place": "def fill(t):\n    for i in range(1, 9):\n        t.append(t[-1] * i)\n\ndef f(n):\n    t = [1]\n    fill(t)\n    return t[n]\n",
}


def says(program):
    names = {}
    try:
        exec(program, names)
        return names["f"](5)
    except Exception as error:
        return type(error).__name__


for name, program in programs.items():
    print(f"{name}: before {says(program)}, after {says(sanitize(program, 'f'))}")
PYTHON
test "$(grep -c ": before 120, after [A-Z]" run.log)" -eq 6
grep -qx "plain: before 120, after 120" run.log
