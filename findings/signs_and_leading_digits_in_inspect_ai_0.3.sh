#!/usr/bin/env bash
# inspect_ai 0.3.285: the scorer `match()` takes 110 for 10, 1.5 for 5, and 10 for -10.
#
# As it is called without arguments it asks whether the answer's text ends with the target's, after punctuation at both
# ends is cut off. A minus sign in front of the target is such punctuation, and any figures may stand before what is left. An
# accuracy on problems whose answers are numbers is too high by the wrong answers that end alike; rows that such a scorer
# let into a training set are wrong. With `numeric=True` numbers are compared.
#
# Seen: of "The answer is 110" for 10, "... 1.5" for 5, "... 10" for -10, "... -10" for 10 all four are correct, and with
# numeric=True none; "... -10" for -10 is correct both ways.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet inspect-ai==0.3.285
cd "$work"
"$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import asyncio

from inspect_ai.model import ModelOutput
from inspect_ai.scorer import Target, match
from inspect_ai.solver import TaskState


async def verdict(scorer, answer, target):
    output = ModelOutput.from_content("model", f"The answer is {answer}")
    state = TaskState(model="a/model", sample_id=1, epoch=1, input="?", messages=[], output=output)
    return (await scorer(state, Target(target))).value


for answer, target in (("110", "10"), ("1.5", "5"), ("10", "-10"), ("-10", "10"), ("-10", "-10")):
    plain, numeric = (asyncio.run(verdict(scorer, answer, target)) for scorer in (match(), match(numeric=True)))
    print(f"{answer} for {target}: match() {plain}, numeric {numeric}")
PYTHON
test "$(grep -c ": match() C, numeric I$" run.log)" -eq 4
grep -qx -- "-10 for -10: match() C, numeric C" run.log
