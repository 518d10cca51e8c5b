#!/usr/bin/env bash
# transformers 5.19.0: two documents in one row, told apart by position ids that begin anew, read each other as soon as a mask of
# ones is given, or a cache is left on.
#
# Position ids that begin anew keep packed documents apart on a CPU, with attention that computes its own mask, but only where no
# attention mask comes with them and `use_cache` is False. A collator that adds the usual mask of ones, which masks nothing, or a
# forward pass with the default cache puts ordinary causal attention in its place, and no line says so: training goes on, each
# document with all that stand before it in its row.
#
# Seen: logits of the second document differ from those that it has alone by 0 without mask and cache, by far more than
# rounding with either.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.13.0
"$work/venv/bin/pip" install --quiet transformers==5.19.0
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import torch
from transformers import LlamaConfig, LlamaForCausalLM

torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=64, hidden_size=64, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=64, initializer_range=0.2,
)
model = LlamaForCausalLM(config).eval()
first, second = torch.arange(5, 13), torch.arange(30, 40)
row = torch.cat([first, second])[None]
places = torch.cat([torch.arange(len(first)), torch.arange(len(second))])[None]
with torch.no_grad():
    alone = model(input_ids=second[None]).logits[0]
    for told, options in (
        ("neither", {"use_cache": False}),
        ("a mask of ones", {"use_cache": False, "attention_mask": torch.ones_like(row)}),
        ("a cache", {}),
    ):
        packed = model(input_ids=row, position_ids=places, **options).logits[0, len(first) :]
        off = (packed - alone).abs().max().item()
        print(f"{told}: {'apart' if off < 1e-4 else 'they leak' if off > 0.1 else off}")
PYTHON
grep -qx "neither: apart" run.log
grep -qx "a mask of ones: they leak" run.log
grep -qx "a cache: they leak" run.log
