#!/usr/bin/env bash
# reasoning-gym 0.1.25: data sets of neighbouring seeds are the same tasks, moved by one.
#
# Task number i of a data set is drawn from `Random(seed + i)`, so the tasks of seed 43 are those of seed 42 from the second on.
# Whoever trains on 300 tasks of seed 42 and evaluates on 100 of seed 43 evaluates on nothing but what was trained on, question and
# answer alike; several seeds put together for more data are mostly doubles. Nothing is said. Seeds have to be further apart than
# a data set is long.
#
# Seen, of 100 tasks of seed 43 each: all 100 are among the 300 of seed 42, of every kind tried; of seed 5042 none is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet reasoning-gym==0.1.25
cd "$work"
"$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import reasoning_gym


def tasks(kind, seed, size):
    return [(task["question"], task["answer"]) for task in reasoning_gym.create_dataset(kind, seed=seed, size=size)]


for kind in ("bitwise_arithmetic", "knights_knaves", "letter_counting", "number_sorting", "spiral_matrix"):
    trained = set(tasks(kind, 42, 300))
    print(kind, *(f"seed {seed}: {sum(task in trained for task in tasks(kind, seed, 100))} of 100 known" for seed in (43, 5042)))
PYTHON
test "$(grep -c " seed 43: 100 of 100 known seed 5042: 0 of 100 known$" run.log)" -eq 5
