#!/usr/bin/env bash
# transformers 5.19.0: of two models loaded in two threads at once, both lose the tie of head and token table, and so does every
# model that the process loads later.
#
# While `from_pretrained` makes a model it switches the tying of weights off, for all threads, and back on afterwards. Where two do
# so at once the one that ends last puts back what it found: the tying switched off by the other. From then on a tied checkpoint is
# told to miss `lm_head.weight`, and the head is a new random matrix: nothing raises, and what the model says is noise.
#
# Seen, of 20 loads each: in one thread, the main one or another, 0 heads are lost; of two threads together 40 of 40; in the main
# thread after them 20 of 20.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.13.0 transformers==5.19.0
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import threading

import transformers
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

transformers.utils.logging.disable_progress_bar()
config = LlamaConfig(
    vocab_size=100, hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, tie_word_embeddings=True
)
LlamaForCausalLM(config).save_pretrained("tied")
lost = []


def load():
    for _ in range(20):
        model, found = AutoModelForCausalLM.from_pretrained("tied", output_loading_info=True)
        is_tied = model.lm_head.weight is model.model.embed_tokens.weight
        lost.append(not is_tied and set(found["missing_keys"]) == {"lm_head.weight"})


def threads(count):
    lost.clear()
    running = [threading.Thread(target=load) for _ in range(count)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    print(f"in {count} thread{'s' if count > 1 else ''}: {sum(lost)} of {len(lost)} heads lost")


threads(1)
threads(2)
lost.clear()
load()
print(f"in the main thread after that: {sum(lost)} of {len(lost)} heads lost")
PYTHON
grep -qx "in 1 thread: 0 of 20 heads lost" run.log
grep -qx "in 2 threads: 40 of 40 heads lost" run.log
grep -qx "in the main thread after that: 20 of 20 heads lost" run.log
