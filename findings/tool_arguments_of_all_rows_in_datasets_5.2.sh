#!/usr/bin/env bash
# datasets 5.2.0 with pyarrow 26.0.1: tool calls made by `Dataset.from_list` get each other's arguments, those read by
# `load_dataset("json")` do not.
#
# The arguments of a tool call are a dict whose keys differ from tool to tool. `from_list` makes one Arrow struct of all rows, and
# every call comes back with the keys of all tools, None where it had none; a chat template then writes them out, and a model is
# trained to pass `null` to parameters that the tool has not. The JSON reader of the same version gives the rows back as they
# were. Where all calls have no arguments (`{}`) the struct is empty, and `to_parquet` raises ArrowNotImplementedError.
#
# Seen: from_list gives {'city': 'Oslo', 'a': None, 'b': None}, load_dataset gives {'city': 'Oslo'}; writing `{}` raises.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet datasets==5.2.0 pyarrow==26.0.1
cd "$work"
HF_HUB_OFFLINE=1 HF_HOME="$work" "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import json
from pathlib import Path

from datasets import Dataset, load_dataset


def row(name, arguments):
    call = {"type": "function", "function": {"name": name, "arguments": arguments}}
    return {"messages": [{"role": "assistant", "content": "", "tool_calls": [call]}]}


def arguments(data):
    return [each["messages"][0]["tool_calls"][0]["function"]["arguments"] for each in data]


rows = [row("weather", {"city": "Oslo"}), row("add", {"a": 1, "b": 2}), row("now", {})]
print("from_list:", *arguments(Dataset.from_list(rows)))
Path("rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
print("load_dataset:", *arguments(load_dataset("json", data_files="rows.jsonl", split="train")))
try:
    Dataset.from_list(rows[2:]).to_parquet("now.parquet")
except Exception as error:
    print("to_parquet:", type(error).__name__)
PYTHON
grep -qxF "from_list: {'city': 'Oslo', 'a': None, 'b': None} {'city': None, 'a': 1, 'b': 2} {'city': None, 'a': None, 'b': None}" run.log
grep -qxF "load_dataset: {'city': 'Oslo'} {'a': 1, 'b': 2} {}" run.log
grep -qx "to_parquet: ArrowNotImplementedError" run.log
