#!/usr/bin/env bash
# outlines-core 0.2.14: a string's `pattern` is dropped as soon as a length stands beside it, and bounds of numbers always are.
#
# A schema becomes one regular expression, by which a model's tokens are masked. Of `pattern` and `minLength` or `maxLength`, which
# pydantic writes for one constrained field, the expression has the length only: a code of three capitals may be any three
# characters. `minimum`, `maximum`, `multipleOf` and `uniqueItems` are nowhere in it. No error is raised as for
# other keywords that it does not know, so rows made under a schema go unchecked by those who trust that the decoder kept it.
#
# Seen: `pattern` alone allows "ABC" and refuses "a-1"; with minLength 3 "a-1" is allowed. An integer from 1 to 5 may be 900, a list of
# unique items [1, 1]. `not` raises.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet outlines-core==0.2.14
cd "$work"
"$work/venv/bin/python" - <<'PYTHON' | tee run.log
import json
import re

from outlines_core.json_schema import build_regex_from_schema

capitals = {"type": "string", "pattern": "^[A-Z]{3}$"}
integers = {"type": "array", "items": {"type": "integer"}}
for schema, texts in (
    (capitals, ('"ABC"', '"a-1"')),
    ({**capitals, "minLength": 3}, ('"ABC"', '"a-1"')),
    ({"type": "integer", "minimum": 1, "maximum": 5}, ("3", "900")),
    ({**integers, "uniqueItems": True}, ("[1, 2]", "[1, 1]")),
    ({"not": capitals}, ()),
):
    try:
        allowed = build_regex_from_schema(json.dumps(schema))
        told = [f"{text} {'allowed' if re.fullmatch(allowed, text) else 'refused'}" for text in texts]
    except Exception:
        told = ["raises"]
    print(", ".join(key for key in schema if key not in ("type", "items")) + ":", *told)
PYTHON
grep -qx 'pattern: "ABC" allowed "a-1" refused' run.log
grep -qx 'pattern, minLength: "ABC" allowed "a-1" allowed' run.log
grep -qx "minimum, maximum: 3 allowed 900 allowed" run.log
grep -qxF "uniqueItems: [1, 2] allowed [1, 1] allowed" run.log
grep -qx "not: raises" run.log
