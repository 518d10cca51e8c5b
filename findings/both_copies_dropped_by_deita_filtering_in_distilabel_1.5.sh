#!/usr/bin/env bash
# distilabel 1.5.3: `DeitaFiltering` drops a row that has a copy together with the copy, so that nothing is left of it.
#
# The paper takes rows from the best score down and leaves out what is too near to one already taken. The step takes a row's
# distance to its nearest neighbour among all rows, taken or not, and drops all below the threshold: the best row goes because
# of a worse one that resembles it, and a data set in which each row stands twice becomes an empty one. No budget brings them back.
#
# Seen: of "best", its copy with a lower score, "second" and "third", which are far apart, the last two are kept; of each row twice none.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet distilabel==1.5.3 requests==2.34.2
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | grep "^kept" | tee run.log
from distilabel.steps import DeitaFiltering


def row(name, score, *embedding):
    return {"name": name, "evol_instruction_score": score, "evol_response_score": score, "embedding": list(embedding)}


step = DeitaFiltering(data_budget=10, diversity_threshold=0.1)
step.load()
best, second, third = row("best", 6, 1.0, 0.0), row("second", 4, 0.0, 1.0), row("third", 2, -1.0, 0.0)
for what, rows in (
    ("of three", [best, second, third]),
    ("beside a copy", [best, row("copy", 5, 1.0, 0.0), second, third]),
    ("of each twice", [dict(each) for each in (best, second, third) for _ in range(2)]),
):
    kept = next(step.process([dict(each) for each in rows]))
    print(f"kept {what}:", *(each["name"] for each in kept))
PYTHON
grep -qx "kept of three: best second third" run.log
grep -qx "kept beside a copy: second third" run.log
grep -qx "kept of each twice:" run.log
