#!/usr/bin/env bash
# sympy 1.14.0, `parse_latex`: of an answer it reads as much as it understands, and its two backends understand different numbers.
#
# With the ANTLR backend a formula ends, without a word, where the grammar does: `1{,}000` is 1 and `3, 4` is 3. A command that it does
# not know is a letter: `2\pm\sqrt{3}` is a product with one named pm, a unit a product of its letters. `strict=True` refuses the
# first two. The Lark backend multiplies figures that are set in groups, `12 345` is 4140, and a bar is a conjugate, so that
# `0.\overline{3}` is 0. Both take a mixed number for a product. A grader by `parse_latex` gives points for these.
#
# Seen: antlr reads 1{,}000 as 1, "3, 4" as 3, 10:30 as 1/3, 2\frac{1}{2} as 1, 5\text{m} as 5*m*text; lark reads 12 345 as 4140 (antlr:
# 12345), 0.\overline{3} as 0, 2\frac{1}{2} as 1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet sympy==1.14.0 antlr4-python3-runtime==4.11.0 lark==1.2.2
cd "$work"
"$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
from sympy.parsing.latex import parse_latex

for backend, texts in (
    ("antlr", (r"1{,}000", "3, 4", "10:30", r"2\frac{1}{2}", "12 345", r"2\pm\sqrt{3}", r"5\text{m}")),
    ("lark", ("12 345", r"0.\overline{3}", r"2\frac{1}{2}")),
):
    for text in texts:
        print(f"{backend}: {text} is {parse_latex(text, backend=backend).doit()}")
PYTHON
grep -qxF 'antlr: 1{,}000 is 1' run.log
grep -qxF 'antlr: 3, 4 is 3' run.log
grep -qxF 'antlr: 10:30 is 1/3' run.log
grep -qxF 'antlr: 2\frac{1}{2} is 1' run.log
grep -qxF 'antlr: 12 345 is 12345' run.log
grep -qxF 'antlr: 5\text{m} is 5*m*text' run.log
grep -qxF 'lark: 12 345 is 4140' run.log
grep -qxF 'lark: 0.\overline{3} is 0' run.log
grep -qxF 'lark: 2\frac{1}{2} is 1' run.log
