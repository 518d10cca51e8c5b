#!/usr/bin/env bash
# distilabel 1.5.3: a judge's scores land on other answers than it named, and an answer is preferred to itself.
#
# `QualityScorer` asks for lines such as `[2] Score: 3` and then takes the lines of what comes back by their place, not by that
# number: a judge that ranks the best first has its scores given the other way round, one that says a sentence first, or leaves
# a blank line, has them moved by one and the last lost, and 2.5 and 2.9 are both 2. Of ratings that are equal,
# `FormatTextGenerationDPO` takes the first answer as chosen and as rejected. No row is marked or left out.
#
# Seen: scores [1, 3] in the order of the answers; [3, 1] where the judge names the second first, [None, 1] after a sentence,
# [1, None] with a blank line, [2, 2] of 2.5 and 2.9. Of two answers rated 4 and 4 the pair is the first over the first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet distilabel==1.5.3 requests==2.34.2
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PYTHON' 2>/dev/null | grep "^seen" | tee run.log
from distilabel.models.llms import LLM
from distilabel.steps import FormatTextGenerationDPO
from distilabel.steps.tasks import QualityScorer


class Judge(LLM):
    says: str

    @property
    def model_name(self):
        return "judge"

    def generate(self, inputs, **options):
        return [{"generations": [self.says], "statistics": {"input_tokens": [0], "output_tokens": [0]}} for _ in inputs]


for name, says in (
    ("in order", "[1] Score: 1\n[2] Score: 3"),
    ("best first", "[2] Score: 3\n[1] Score: 1"),
    ("a sentence first", "The second one is better.\n[1] Score: 1\n[2] Score: 3"),
    ("a blank line", "[1] Score: 1\n\n[2] Score: 3"),
    ("fractions", "[1] Score: 2.5\n[2] Score: 2.9"),
):
    scorer = QualityScorer(llm=Judge(says=says))
    scorer.load()
    print(f"seen {name}:", next(scorer.process([{"instruction": "q", "responses": ["poor", "good"]}]))[0]["scores"])
pairing = FormatTextGenerationDPO()
pairing.load()
rated = {"instruction": "q", "generations": ["one", "other"], "generation_models": ["a", "b"], "ratings": [4, 4]}
pair = next(pairing.process([rated]))[0]
print("seen a pair:", pair["chosen"][-1]["content"], "over", pair["rejected"][-1]["content"])
PYTHON
grep -qxF "seen in order: [1.0, 3.0]" run.log
grep -qxF "seen best first: [3.0, 1.0]" run.log
grep -qxF "seen a sentence first: [None, 1.0]" run.log
grep -qxF "seen a blank line: [1.0, None]" run.log
grep -qxF "seen fractions: [2.0, 2.0]" run.log
grep -qx "seen a pair: one over one" run.log
