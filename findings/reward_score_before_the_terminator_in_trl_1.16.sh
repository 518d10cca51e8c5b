#!/usr/bin/env bash
# TRL 1.16.0 with transformers 5.19.0: a reward model whose tokenizer pads with the end of a turn is trained on scores that
# are read before the answer ends, also where the model's config.json names another padding.
#
# Many chat tokenizers pad with the very token that ends a turn. transformers reads the score of a sequence at the last id that is
# not `config.pad_token_id`. RewardTrainer takes that id from the tokenizer and writes it over the model's own, so
# an answer's terminator counts as padding: the score does not depend on whether the answer has ended, and a serving engine
# that pools the last token reads another place than was trained.
#
# Seen: the model is made with padding 0; after RewardTrainer it is 2, the terminator. The score of an answer with its
# terminator equals that of the answer without; before, the two differed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.13.0
"$work/venv/bin/pip" install --quiet trl==1.16.0 transformers==5.19.0
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import torch
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForSequenceClassification, PreTrainedTokenizerFast
from trl import RewardConfig, RewardTrainer

words = {"<pad>": 0, "<s>": 1, "<end>": 2, "good": 3, "bad": 4, "answer": 5}
raw = Tokenizer(models.WordLevel(words, unk_token="<s>"))
raw.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, eos_token="<end>", pad_token="<end>")
torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=6, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, num_labels=1, pad_token_id=0
)
model = LlamaForSequenceClassification(config).eval()


def score(ids):
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids])).logits.item()


def told(when):
    ended, open_ = score([3, 5, 2]), score([3, 5])
    print(f"{when}: padding {model.config.pad_token_id}, the terminator {'counts' if abs(ended - open_) > 1e-6 else 'is not seen'}")


told("before")
RewardTrainer(
    model=model,
    args=RewardConfig("out", use_cpu=True, bf16=False, report_to="none"),
    train_dataset=Dataset.from_list([{"chosen_ids": [3, 5, 2], "rejected_ids": [4, 5, 2]}]),
    processing_class=tokenizer,
)
model.eval()
told("after")
PYTHON
grep -qx "before: padding 0, the terminator counts" run.log
grep -qx "after: padding 2, the terminator is not seen" run.log
