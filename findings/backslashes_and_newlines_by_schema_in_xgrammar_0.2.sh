#!/usr/bin/env bash
# xgrammar 0.2.9, outlines-core 0.2.14 and llguidance 1.9.1: one schema of a text, and what a model may write under it.
#
# In JSON a quote, a backslash and a line break stand behind a backslash, and a schema speaks of the text without it. xgrammar allows a
# text with any `minLength` or `maxLength` none of the three: an answer of at most 2,000 characters has one paragraph, no
# quotation and no LaTeX, and what would have come after the first is other than what the model meant. A `pattern` is compared with what
# is written, by outlines-core too: under one for \boxed{5} the JSON has a single backslash, and what is parsed begins with a
# backspace; under one with quotes the answer is no JSON at all. Beside `anyOf` xgrammar forgets `required` and
# `properties`, so that the only rows that fit are refused. llguidance does as the schema says.
#
# Seen: with a length "two\nlines" is refused by xgrammar only; the pattern for \boxed{5} allows "\boxed{5}" by xgrammar and
# outlines-core, "\\boxed{5}" by llguidance; that for quotes allows ""hi"" and "\"hi\"" likewise. Of `a` and one of `b` and `c` xgrammar
# allows {"b": 2} and refuses {"a": 1, "b": 2}.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.13.0 transformers==5.19.0 xgrammar==0.2.9 llguidance==1.9.1 outlines-core==0.2.14
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import json
import re

import llguidance
import xgrammar
from outlines_core.json_schema import build_regex_from_schema

tokens = [bytes([byte]) for byte in range(256)]
described = xgrammar.TokenizerInfo([*tokens, b"<eos>"], vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[256])
compiler, byte_tokenizer = xgrammar.GrammarCompiler(described), llguidance.LLTokenizer("byte")


def by_xgrammar(schema, text):
    matcher = xgrammar.GrammarMatcher(compiler.compile_json_schema(schema), terminate_without_stop_token=True)
    return matcher.accept_string(text) and matcher.is_terminated()


def by_llguidance(schema, text):
    matcher = llguidance.LLMatcher(byte_tokenizer, llguidance.LLMatcher.grammar_from_json_schema(schema))
    ids = list(text.encode())
    return matcher.validate_tokens(ids) == len(ids) and matcher.consume_tokens(ids) and matcher.is_accepting()


def by_outlines(schema, text):
    return re.fullmatch(build_regex_from_schema(schema), text) is not None


def kind(**keys):
    return {"type": "object", "properties": {name: {"type": "integer"} for name in keys}, "required": list(keys)}


either = {**kind(a=1), "anyOf": [kind(b=1), kind(c=1)]}
for name, schema, texts in (
    ("a text", {"type": "string"}, (r'"two\nlines"', r'"say \"x\""', r'"a\\b"')),
    ("at most 100", {"type": "string", "maxLength": 100}, (r'"two\nlines"', r'"say \"x\""', r'"a\\b"', '"one line"')),
    ("boxed", {"type": "string", "pattern": r"^\\boxed\{[0-9]\}$"}, (r'"\\boxed{5}"', r'"\boxed{5}"')),
    ("quoted", {"type": "string", "pattern": '^"[a-z]+"$'}, (r'"\"hi\""', '""hi""')),
    ("a and b or c", either, ('{"a": 1, "b": 2}', '{"b": 2}')),
):
    for text in texts:
        allowed = (by_xgrammar, by_llguidance, by_outlines)
        told = ["allowed" if allows(json.dumps(schema), text) else "refused" for allows in allowed]
        print(f"{name}, {text}: xgrammar {told[0]}, llguidance {told[1]}, outlines-core {told[2]}")
PYTHON
test "$(grep -c '^a text, .*: xgrammar allowed, llguidance allowed, outlines-core allowed$' run.log)" -eq 3
test "$(grep -c '^at most 100, .*[\\].*: xgrammar refused, llguidance allowed, outlines-core allowed$' run.log)" -eq 3
grep -qxF 'at most 100, "one line": xgrammar allowed, llguidance allowed, outlines-core allowed' run.log
grep -qxF 'boxed, "\\boxed{5}": xgrammar refused, llguidance allowed, outlines-core refused' run.log
grep -qxF 'boxed, "\boxed{5}": xgrammar allowed, llguidance refused, outlines-core allowed' run.log
grep -qxF 'quoted, "\"hi\"": xgrammar refused, llguidance allowed, outlines-core refused' run.log
grep -qxF 'quoted, ""hi"": xgrammar allowed, llguidance refused, outlines-core allowed' run.log
grep -q '^a and b or c, {"a": 1, "b": 2}: xgrammar refused, llguidance allowed, ' run.log
grep -q '^a and b or c, {"b": 2}: xgrammar allowed, llguidance refused, ' run.log
