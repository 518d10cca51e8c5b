#!/usr/bin/env bash
# lm-format-enforcer 0.11.3 beside PyYAML 6.0.4: importing it makes `yaml.safe_load` read dates as text, for everybody.
#
# Its module `lmformatenforcer.external.jsonschemaobjectutil` writes into PyYAML's own table of constructors, so from then
# on a timestamp is a `str` wherever the process calls `yaml.safe_load`, in code that knows nothing of it. vLLM requires the
# package: the same configuration file is read differently before and after a model is hosted in one process.
#
# Seen: `2026-01-02` is a `date` before the import and a `str` after it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet PyYAML==6.0.4 lm-format-enforcer==0.11.3
cd "$work"
"$work/venv/bin/python" - <<'EOF' | tee run.log
import yaml

print("before:", type(yaml.safe_load("day: 2026-01-02")["day"]).__name__)
import lmformatenforcer

print("after:", type(yaml.safe_load("day: 2026-01-02")["day"]).__name__)
EOF
grep -qx "before: date" run.log
grep -qx "after: str" run.log
