#!/usr/bin/env bash
# math-verify 0.9.0 with latex2sympy2-extended 1.11.0: a capital letter is the small one, and a time of day is its hour.
#
# `parse` hands LaTeX to a parser that folds the case of lone letters, so `R` and `r`, two quantities of one problem, are one symbol:
# `2X + x` equals `3x`. A part of a formula with capitals keeps them (`E=mc^2` and `e=mc^2` differ), so it is no rule that
# one could rely on. Of text that is no formula the last number that it knows is taken: of `10:30` that is 10, and `10:30`
# equals `10:45`. Whoever rewards or filters by `verify(parse(gold), parse(answer))` takes wrong answers for right ones.
#
# Seen: R = r, 2X + x = 3x and 10:30 = 10:45 are true, E=mc^2 = e=mc^2 is false.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet math-verify==0.9.0 latex2sympy2-extended==1.11.0 sympy==1.14.0 antlr4-python3-runtime==4.13.2
cd "$work"
"$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
from math_verify import parse, verify

for gold, answer in (("$R$", "$r$"), ("$2X+x$", "$3x$"), ("$E=mc^2$", "$e=mc^2$"), ("10:30", "10:45")):
    print(gold, answer, parse(gold), parse(answer), verify(parse(gold), parse(answer)))
PYTHON
grep -q '^\$R\$ .* True$' run.log
grep -q '^\$2X+x\$ .* True$' run.log
grep -q '^\$E=mc^2\$ .* False$' run.log
grep -q '^10:30 10:45 \[10, .* True$' run.log
