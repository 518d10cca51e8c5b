#!/usr/bin/env bash
# lm-evaluation-harness 0.4.13, `local-completions`: a prompt longer than the harness thinks the context is loses its beginning
# without a word, and one with much room asked for its answer is sent empty.
#
# The harness takes a context of 2,048 tokens unless it is given `max_length`, whatever the server has. `generate_until` cuts a
# prompt to the last max_length - 1 - max_gen_toks tokens first, and looks whether it has to warn of that afterwards, when the
# prompt fits: the warning never comes. Where max_gen_toks is larger than max_length that difference is negative, and the slice
# keeps what comes after so many tokens: of a short prompt nothing. The score is then that of answers to other questions.
#
# Seen: of a prompt of 5,001 tokens with max_gen_toks=256 the server gets the last 1,791, and no warning is logged; of one of
# 11 tokens with max_gen_toks=4096 it gets none, and the warning speaks of truncation. With max_length=8192 it gets all of both.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'lm-eval[api]==0.4.13' transformers==5.19.0
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from lm_eval.api.instance import Instance
from lm_eval.models.openai_completions import LocalCompletionsAPI
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

raw = Tokenizer(models.WordLevel({"<end>": 0, "word": 1}, unk_token="word"))
raw.pre_tokenizer = pre_tokenizers.Whitespace()
PreTrainedTokenizerFast(tokenizer_object=raw, eos_token="<end>").save_pretrained("tokenizer")
received = []


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["prompt"][0])
        answer = json.dumps({"choices": [{"index": 0, "text": "yes"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class Warnings(logging.Handler):
    def emit(self, record):
        warned.append("truncated" in record.getMessage())


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
warned = []
logging.getLogger("lm_eval").addHandler(Warnings(logging.WARNING))
logging.getLogger("lm_eval").propagate = False
for settings in ({}, {"max_length": 8192}):
    model = LocalCompletionsAPI(
        base_url=f"http://127.0.0.1:{server.server_port}/v1/completions", model="m", tokenizer="tokenizer",
        tokenizer_backend="huggingface", **settings,
    )
    for words, room in ((5001, 256), (11, 4096)):
        warned.clear()
        prompt = " ".join(["word"] * words)
        model.generate_until([Instance("generate_until", {}, (prompt, {"until": ["\n"], "max_gen_toks": room}), 0)])
        said = "a warning" if any(warned) else "no warning"
        print(f"max_length={settings.get('max_length')}: of {words} tokens, room for {room}, {len(received[-1])} arrive, {said}")
PYTHON
grep -qx "max_length=None: of 5001 tokens, room for 256, 1791 arrive, no warning" run.log
grep -qx "max_length=None: of 11 tokens, room for 4096, 0 arrive, a warning" run.log
grep -qx "max_length=8192: of 5001 tokens, room for 256, 5001 arrive, no warning" run.log
grep -qx "max_length=8192: of 11 tokens, room for 4096, 11 arrive, no warning" run.log
