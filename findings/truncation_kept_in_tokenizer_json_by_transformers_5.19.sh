#!/usr/bin/env bash
# transformers 5.19.0 with tokenizers 0.23.3: a tokenizer that has just cut a text is saved with the cut, and whoever reads its
# tokenizer.json cuts all texts.
#
# `tokenizer(text, truncation=True, max_length=8)` sets the truncation in the tokenizer below, and `save_pretrained` writes that
# one out, with padding likewise. transformers sets both anew at each call, so nobody sees it there. What reads
# tokenizer.json with the tokenizers library itself, for speed or in Rust, counts at most 8 tokens in every text and packs the
# first 8 of every document. A call without truncation before the saving leaves none.
#
# Seen: of 100 tokens AutoTokenizer finds 100 and Tokenizer.from_file 8; saved after a plain call 100 and 100.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet transformers==5.19.0 tokenizers==0.23.3
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

raw = Tokenizer(models.WordLevel({"<unk>": 0, "word": 1}, unk_token="<unk>"))
raw.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, unk_token="<unk>")
text = " ".join(["word"] * 100)
for name, options in (("a cut", {"truncation": True, "max_length": 8}), ("a plain call", {})):
    tokenizer(text, **options)
    tokenizer.save_pretrained("saved")
    by_transformers = len(AutoTokenizer.from_pretrained("saved")(text)["input_ids"])
    by_tokenizers = len(Tokenizer.from_file("saved/tokenizer.json").encode(text).ids)
    print(f"saved after {name}: AutoTokenizer {by_transformers}, Tokenizer.from_file {by_tokenizers}")
PYTHON
grep -qx "saved after a cut: AutoTokenizer 100, Tokenizer.from_file 8" run.log
grep -qx "saved after a plain call: AutoTokenizer 100, Tokenizer.from_file 100" run.log
