#!/usr/bin/env bash
# transformers 5.19.0 with sentencepiece 0.2.3: a model trained by sentencepiece is read in three ways, none of them sentencepiece's.
#
# transformers 5 has no tokenizer that asks sentencepiece; it makes one of its own from `tokenizer.model`, by the class that
# tokenizer_config.json names. LlamaTokenizer leaves the model's normaliser out, so runs of spaces and wide figures stay as they are. Of
# a folder that names no class, AutoTokenizer forgets the space before the first word. T5Tokenizer knows no bytes: a
# letter beyond the vocabulary is `<unk>` and cannot be read back. A network trained on sentencepiece's ids is asked with others.
#
# Seen, of models trained with sentencepiece's own settings and byte_fallback: "the sea" agrees for LlamaTokenizer and differs
# without a class, "the  year １２" differs for LlamaTokenizer, "the é" for T5Tokenizer, where it ends in <unk>.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet transformers==5.19.0 tokenizers==0.23.3 sentencepiece==0.2.3 protobuf==7.36.2 tiktoken==0.14.0
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import json
from pathlib import Path

from sentencepiece import SentencePieceProcessor, SentencePieceTrainer
from transformers import AutoTokenizer

lines = ["the year 12 is a year of x 2 and the sea"] * 200 + [f"line {i} of the text" for i in range(300)]
Path("corpus.txt").write_text("\n".join(lines))
of_t5 = {"model_type": "unigram", "pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}
for kind, file, options in (
    ("LlamaTokenizer", "tokenizer.model", {"model_type": "bpe"}),
    ("no class", "tokenizer.model", {"model_type": "bpe"}),
    ("T5Tokenizer", "spiece.model", of_t5),
):
    folder = Path(kind)
    folder.mkdir()
    SentencePieceTrainer.train(
        input="corpus.txt", model_prefix=kind, vocab_size=330, byte_fallback=True, minloglevel=2, **options
    )
    Path(f"{kind}.model").rename(folder / file)
    (folder / "tokenizer_config.json").write_text(json.dumps({} if kind == "no class" else {"tokenizer_class": kind}))
    own, theirs = SentencePieceProcessor(model_file=str(folder / file)), AutoTokenizer.from_pretrained(folder)
    for text in ("the sea", "the  year １２", "the é"):
        ids = theirs(text, add_special_tokens=False)["input_ids"]
        told = "agree" if ids == own.encode(text) else "differ"
        print(f"{kind}, {text}: {told}:", *own.encode(text, out_type=str), "|", *theirs.convert_ids_to_tokens(ids))
PYTHON
grep -q "^LlamaTokenizer, the sea: agree:" run.log
grep -q "^LlamaTokenizer, the  year １２: differ:" run.log
grep -q "^no class, the sea: differ:" run.log
grep -q "^T5Tokenizer, the sea: agree:" run.log
grep -q "^T5Tokenizer, the é: differ: .*<0xA9> | .*<unk>$" run.log
