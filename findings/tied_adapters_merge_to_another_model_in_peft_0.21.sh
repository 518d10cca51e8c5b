#!/usr/bin/env bash
# peft 0.21.2 with transformers 5.19.0: an adapter on the embeddings of a model whose head is tied to them is merged into another
# model than was trained, with `ensure_weight_tying` even more so.
#
# While it trains, the adapter moves what the embeddings give, and the head reads the weights below it. `merge_and_unload` adds it
# to the one tensor that both share, so the head moves as well. With `ensure_weight_tying=True` both have an adapter, and both are
# added to that tensor: it is moved twice. What is saved and served is neither the model that was trained nor the base.
#
# Seen: the merged model's logits are off from the trained one's by about as much as the adapter had moved them; with
# ensure_weight_tying by more than that. The head is still the embeddings.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.13.0
"$work/venv/bin/pip" install --quiet peft==0.21.2 transformers==5.19.0
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

ids = torch.arange(5, 25)[None]
for options in ({}, {"ensure_weight_tying": True}):
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=64, hidden_size=64, intermediate_size=64, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=64, initializer_range=0.2, tie_word_embeddings=True,
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        base = model(ids).logits
        adapted = get_peft_model(model, LoraConfig(r=4, target_modules=["embed_tokens"], **options)).eval()
        for name, weight in adapted.named_parameters():
            if "lora" in name:
                weight.normal_(std=0.2)
        trained = adapted(ids).logits
        merged = adapted.merge_and_unload()
        off = (merged(ids).logits - trained).abs().max() / (trained - base).abs().max()
    tied = merged.lm_head.weight is merged.model.embed_tokens.weight
    print(options, f"off by {off:.2f} of what was learned;", "tied" if tied else "untied")
PYTHON
grep -qE '^\{\} off by (0\.[5-9]|[1-9]).*; tied$' run.log
grep -qE "^\{'ensure_weight_tying': True\} off by [1-9].*; tied$" run.log
