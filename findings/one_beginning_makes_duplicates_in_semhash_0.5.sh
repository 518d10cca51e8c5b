#!/usr/bin/env bash
# semhash 0.5.0 with model2vec 0.10.0: rows that begin alike are duplicates, whatever comes after, and rows without a known word never are.
#
# model2vec reads the first 512 tokens of a text, and semhash has no setting for it. Rows under one long system prompt, or with the
# same worked examples before the question, then have one vector: `self_deduplicate` keeps the first and drops all others, with
# a similarity of 1. A text of which the vocabulary knows no word has a vector of zeros, near to nothing: two such texts that
# differ by a space are both kept. The order of words counts for nothing.
#
# Seen: of five questions of 600 random words behind the same 600 words one is kept, of the five questions alone five; of two
# texts of unknown words that differ in a space two; of a sentence and its words backwards one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet semhash==0.5.0 model2vec==0.10.0 tokenizers==0.23.3
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | tee run.log
import random

import numpy
from model2vec import StaticModel
from semhash import SemHash
from tokenizers import Tokenizer, models, pre_tokenizers

random.seed(0)
words = [f"w{number}" for number in range(2000)]
vocabulary = {word: number for number, word in enumerate(["[UNK]", "[PAD]", *words])}
tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
vectors = numpy.random.default_rng(0).standard_normal((len(vocabulary), 64)).astype("float32")
model = StaticModel(vectors, tokenizer)


def text():
    return " ".join(random.choices(words, k=600))


beginning, questions = text(), [text() for _ in range(5)]
for name, rows in (
    ("behind one beginning", [f"{beginning} {question}" for question in questions]),
    ("alone", questions),
    ("unknown words", ["море и солнце", "море и  солнце"]),
    ("backwards", ["w1 w2 w3 w4", "w4 w3 w2 w1"]),
):
    kept = SemHash.from_records(rows, model=model).self_deduplicate(threshold=0.9).selected
    print(f"{name}: {len(kept)} of {len(rows)} kept")
PYTHON
grep -qx "behind one beginning: 1 of 5 kept" run.log
grep -qx "alone: 5 of 5 kept" run.log
grep -qx "unknown words: 2 of 2 kept" run.log
grep -qx "backwards: 1 of 2 kept" run.log
