#!/usr/bin/env bash
# TRL 1.16.0 with transformers 5.19.0 and peft 0.21.2: DPO of a PeftModel that is resumed from its own checkpoint goes on without the
# adapter it had trained, and says nothing.
#
# Given a PeftModel and no reference model, DPOTrainer adds a second, frozen adapter named "ref". A checkpoint then holds the trained
# adapter in its own folder and "ref" in a folder below. Where a checkpoint has folders of adapters, transformers' Trainer loads these
# and no other: "ref" is read, the trained adapter stays as it was made. Optimizer, schedule and step do go on, so that the
# trained steps are lost for good. With `peft_config` instead of a PeftModel there is no "ref", and all is loaded.
#
# Seen, after 4 of 4 steps and a resume that has none left to take: of the PeftModel's B matrices, which are zero before training, all
# are zero again; by `peft_config` they are what was trained.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.13.0 transformers==5.19.0 trl==1.16.0 peft==0.21.2 datasets==5.2.0 accelerate==1.15.0
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | grep "^given" | tee run.log
import torch
from datasets import Dataset
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer

words = {word: number for number, word in enumerate(["<pad>", "<eos>", "<unk>", *"abcdefgh"])}
bare = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
bare.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=bare, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>")
pairs = Dataset.from_dict({"prompt": ["a b"] * 8, "chosen": [" c d"] * 8, "rejected": [" e f"] * 8})
sizes = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}


def trainer(given):
    torch.manual_seed(0)
    model = LlamaForCausalLM(LlamaConfig(vocab_size=16, **sizes))
    lora = LoraConfig(task_type="CAUSAL_LM", r=4, target_modules=["q_proj", "v_proj"])
    settings = {"max_steps": 4, "save_steps": 4, "learning_rate": 1e-2, "per_device_train_batch_size": 2, "report_to": []}
    arguments = DPOConfig(given.replace(" ", "-"), use_cpu=True, bf16=False, gradient_checkpointing=False, **settings)
    more = {} if given == "a PeftModel" else {"peft_config": lora}
    model = model if more else get_peft_model(model, lora)
    return DPOTrainer(model, args=arguments, train_dataset=pairs, processing_class=tokenizer, **more)


def added(model):
    """What the trained adapter adds, by the size of its B matrices."""
    return sum(weight.abs().sum().item() for name, weight in model.named_parameters() if "lora_B.default" in name)


for given in ("a PeftModel", "peft_config"):
    first, second = trainer(given), trainer(given)
    first.train()
    second.train(resume_from_checkpoint=True)
    after = {0.0: "nothing", added(first.model): "what was trained"}.get(added(second.model), "something else")
    print(f"given {given}: trained {added(first.model) > 1}, the resumed adapter adds {after}")
PYTHON
grep -qx "given a PeftModel: trained True, the resumed adapter adds nothing" run.log
grep -qx "given peft_config: trained True, the resumed adapter adds what was trained" run.log
