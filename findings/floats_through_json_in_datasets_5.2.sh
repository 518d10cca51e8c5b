#!/usr/bin/env bash
# datasets 5.2.0 with pandas 3.1.1 and pyarrow 26.0.1: floats become others on their way through JSON, in both directions.
#
# `to_json` writes with pandas' ten decimals: of a log-probability the tail is gone, and a probability below 5e-11 is 0. Reading, a
# field that is a number in one row and a text in another (arguments of two tools that share a name) goes through another
# parser than columns of one type, and that one is not exact: 0.7 is read as 0.7000000000000001, which a chat template writes
# out and a model is trained to say. The same line in a file without the other row is read as 0.7.
#
# Seen: -1.2345678901234567 and 3.2e-12 are written as -1.2345678901 and 0.0; 0.7 beside "full" is read as 0.7000000000000001.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet datasets==5.2.0 pandas==3.1.1 pyarrow==26.0.1
cd "$work"
HF_HUB_OFFLINE=1 HF_HOME="$work" "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import json
from pathlib import Path

from datasets import Dataset, load_dataset

Dataset.from_list([{"logprob": -1.2345678901234567, "p": 3.2e-12}]).to_json("written.jsonl")
print("written:", Path("written.jsonl").read_text().strip())
zoom = {"tool": "map", "arguments": {"zoom": 0.7}}
for name, other in (("another number", 0.5), ("a text", "full")):
    rows = [zoom, {"tool": "view", "arguments": {"zoom": other}}]
    Path(f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    read = load_dataset("json", data_files=f"{name}.jsonl", split="train")
    print(f"read beside {name}:", json.dumps(read[0]["arguments"]))
PYTHON
grep -qxF 'written: {"logprob":-1.2345678901,"p":0.0}' run.log
grep -qxF 'read beside another number: {"zoom": 0.7}' run.log
grep -qxF 'read beside a text: {"zoom": 0.7000000000000001}' run.log
