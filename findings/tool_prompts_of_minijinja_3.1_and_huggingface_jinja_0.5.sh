#!/usr/bin/env bash
# transformers 5.19.0, minijinja 3.1.0 and @huggingface/jinja 0.5.11: one chat template, three prompts. Needs node and npm.
#
# Tools reach a model through `tojson` in its chat template. transformers, by which models are trained, puts a `tojson` of its own
# in the template's environment; who renders the same template by another engine has that engine's. minijinja
# escapes `<`, `>`, `&` and `'` as for a web page. @huggingface/jinja, which transformers.js renders with, has JavaScript's
# numbers: a default of 1.0 is 1, an id over 2^53 another id; and a turn whose content is null, as of one that calls a tool,
# is empty where the others say None. The model is asked in a form that it was not trained on, and nothing says so.
#
# Seen: {"about": "x < 1", "default": 1.0, "id": 9007199254740993} is itself with transformers, has \u003c with
# minijinja, and 1 and 9007199254740992 with @huggingface/jinja; null is None, None and nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet transformers==5.19.0 jinja2==3.1.6 minijinja==3.1.0
cd "$work"
npm install --silent --no-audit --no-fund --prefix "$work" @huggingface/jinja@0.5.11
cat >template.jinja <<'EOF'
{{ messages[0].content }}|{{ tools[0] | tojson }}
EOF
cat >values.json <<'EOF'
{"messages": [{"content": null}], "tools": [{"about": "x < 1", "default": 1.0, "id": 9007199254740993}]}
EOF
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import json
from pathlib import Path

import minijinja
from transformers.utils.chat_template_utils import render_jinja_template

template, values = Path("template.jinja").read_text(), json.loads(Path("values.json").read_text())
rendered, _ = render_jinja_template([values["messages"]], tools=values["tools"], chat_template=template)
print("transformers:", rendered[0].strip())
print("minijinja:", minijinja.Environment().render_str(template, **values).strip())
PYTHON
cat >run.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { Template } from "@huggingface/jinja";

const values = JSON.parse(readFileSync("values.json", "utf8"));
console.log("@huggingface/jinja:", new Template(readFileSync("template.jinja", "utf8")).render(values).trim());
EOF
node run.mjs | tee -a run.log
grep -qxF 'transformers: None|{"about": "x < 1", "default": 1.0, "id": 9007199254740993}' run.log
grep -qxF 'minijinja: None|{"about": "x \u003c 1", "default": 1.0, "id": 9007199254740993}' run.log
grep -qxF '@huggingface/jinja: |{"about": "x < 1", "default": 1, "id": 9007199254740992}' run.log
