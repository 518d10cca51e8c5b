#!/usr/bin/env bash
# datasets 5.2.0 with pyarrow 26.0.1: `load_dataset("json")` makes timestamps of texts, where all of a field look like dates.
#
# JSON has no dates, and the file says "2021-03-04". Where every value of a field looks like a date the column is a timestamp, also
# inside `messages`, and what is written out of it, into a prompt or an answer to learn from, is `2021-03-04 00:00:00`. One row of
# another kind, and all are the texts that they were: what a model learns from a row depends on the rows beside it, and a part
# of a set may be read otherwise than the set.
#
# Seen: two answers that are dates come back as `datetime`, as an answer and as a message; with "unknown" as a third they are `str`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet datasets==5.2.0 pyarrow==26.0.1
cd "$work"
HF_HUB_OFFLINE=1 HF_HOME="$work" "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import json
from pathlib import Path

from datasets import load_dataset

for name, answers in (("dates", ["2021-03-04", "2022-05-06"]), ("dates and a word", ["2021-03-04", "2022-05-06", "unknown"])):
    rows = [{"answer": answer, "messages": [{"role": "assistant", "content": answer}]} for answer in answers]
    Path(f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    first = load_dataset("json", data_files=f"{name}.jsonl", split="train")[0]
    told = first["messages"][0]["content"]
    print(f"{name}: {type(first['answer']).__name__} {first['answer']}, in a message {type(told).__name__} {told}")
PYTHON
grep -qx "dates: datetime 2021-03-04 00:00:00, in a message datetime 2021-03-04 00:00:00" run.log
grep -qx "dates and a word: str 2021-03-04, in a message str 2021-03-04" run.log
