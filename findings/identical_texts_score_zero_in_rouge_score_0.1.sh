#!/usr/bin/env bash
# rouge-score 0.1.2: a text in Cyrillic, Greek, Arabic, Hindi or Chinese letters has ROUGE 0 with itself.
#
# Its tokenizer takes all but a-z and 0-9 for space between words, so such a text has no words, and the score of two texts
# without words is 0. The novelty filter of Self-Instruct, which keeps an instruction whose ROUGE-L with all others is below
# 0.7, then keeps every copy. Of a text with some Latin letters or figures only these count: two different sentences with
# the same number in them are the same. Letters with accents part a word: of `Größe` it sees `gr` and `e`.
#
# Seen: ROUGE-L of a text with itself is 1 in English and 0 in the other five; two Russian sentences that share a 5 have 1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet rouge-score==0.1.2
cd "$work"
"$work/venv/bin/python" - <<'PYTHON' | tee run.log
from rouge_score.rouge_scorer import RougeScorer

scorer = RougeScorer(["rougeL"])
texts = {
    "English": "Write a poem about the sea",
    "Russian": "Напиши стихотворение о море",
    "Greek": "Γράψε ένα ποίημα για τη θάλασσα",
    "Arabic": "اكتب قصيدة عن البحر",
    "Hindi": "समुद्र पर एक कविता लिखो",
    "Chinese": "写一首关于大海的诗",
}
for language, text in texts.items():
    print(f"{language} with itself: {scorer.score(text, text)['rougeL'].fmeasure:.1f}")
same = scorer.score("Назови 5 рек", "Сложи 5 яблок")["rougeL"].fmeasure
print(f"two sentences with a 5: {same:.1f}")
PYTHON
grep -qx "English with itself: 1.0" run.log
test "$(grep -c " with itself: 0.0$" run.log)" -eq 5
grep -qx "two sentences with a 5: 1.0" run.log
