"""The card beside a data set: what it holds, what was left out, where it came from, in the form the Hub reads."""

from collections import Counter
from pathlib import PurePath

from ledger import facts
from ledger.facts import ContaminationFigures, StageFigures
from ledger.rows import EVALUATION, Status
from ledger.store import Ledger

USES = {
    "sft": "TRL's SFTTrainer (`messages`)",
    "preference": "TRL's DPOTrainer (`prompt`, `chosen`, `rejected`)",
    "stepwise": "`lab train stepwise`, a stepwise reward model (`prompt`, `completions`, `labels`: TRL's stepwise-supervision form)",
    "problems": "`lab train ppo` (problems with their tests, in MBPP's fields)",
}
"""The data sets that there are, in the order of reports, and what each is for."""


def card(
    ledger: Ledger, name: str, rows: int, dropped: dict[str, int], shares: dict[str, float], across: int = 0
) -> str:
    """The README.md of data set `name` of a run."""
    mix = "".join(f"| of them `{source}` | {share:.1%} |\n" for source, share in shares.items())
    mix += (
        f"| of them across checkpoints: rejected in an earlier run (`rejected_run`) | {across:,} |\n" if across else ""
    )
    checkpoint = ledger.read(facts.CHECKPOINT)
    written_by, identity = (checkpoint["name"], checkpoint["identity"]) if checkpoint else ("?", "?")
    left_out = "".join(
        f"| left out: {reason.replace('_', ' ')} | {count} |\n" for reason, count in sorted(dropped.items())
    )
    stages = "".join(
        f"| `{stage}` | {found['accepted']:,} | {found['attempts']:,} | {_share(found)} | "
        f"{found['output_tokens'] / max(1, found['accepted']):,.0f} |\n"
        for stage, found in ledger.all(facts.STAGE).items()
        if not stage.startswith(EVALUATION)
    )
    seeds = "".join(
        f"| `{stage}` | {found['count']:,} | {_licences(found['licences'])} |\n"
        for stage, found in ledger.all(facts.SEEDS).items()
    )
    templates = "".join(f"- `{version}`\n" for version in ledger.templates())
    return f"""---
configs:
- config_name: default
  data_files: train-*.parquet
tags: [synthetic, {", ".join(_tags(ledger))}]
---
# {name} data of run `{ledger.run_dir.name}`

Written by the checkpoint `{written_by}` (content `{identity}`) and kept where it held
up: programs against parser, linter and tests in a sandbox, answers against a reference or a majority. For {USES[name]}. The
column `row` names the ledger row each came from: `lab why {ledger.run_dir} ROW` shows prompts, raw outputs and verdicts.
{_by_others(ledger)}{_earlier(ledger)}
| | |
|---|---|
| rows | {rows:,} |
{mix}{left_out}{_proofs(ledger)}
| generation stage | accepted | attempts | yield | output tokens per accepted row |
|---|---|---|---|---|
{stages}
| seeds of | count | licences |
|---|---|---|
{seeds}
The checkpoint's own licence and the seeds' licences apply to what is made of them.

Contamination: {_contamination(ledger.read(facts.CONTAMINATION))}

Prompt templates:

{templates}"""


def _by_others(ledger: Ledger) -> str:
    """Which stages another checkpoint than the run's answered."""
    parts = (ledger.read(facts.RECIPE) or {}).get("generate", [])
    listed = "".join(f"- `{part['generator']}`: `{part['checkpoint']}`\n" for part in parts if part.get("checkpoint"))
    return f"Stages that another checkpoint answered:\n\n{listed}\n" if listed else ""


def _earlier(ledger: Ledger) -> str:
    """Where rows of other runs come from, which another checkpoint may have written."""
    recipe = ledger.read(facts.RECIPE) or {}
    runs = [str(path) for path in recipe.get("data", {}).get("earlier", [])]
    listed = "".join(f"- `lab why {path} ROW` where `run` is `{PurePath(path).name}`\n" for path in runs)
    return f"Rows whose column `run` names one were made in an earlier run:\n\n{listed}" if runs else ""


def _contamination(found: ContaminationFigures | None) -> str:
    if not found:
        return "not checked; `lab filter` with `--decontaminate FILE` compares it with an evaluation set."
    against = "; ".join(f"`{name}`" for name in found["against"])
    hits = "".join(f"\n- {hit}" for hit in list(found["hits"])[:10])
    count = found.get("found", len(found["hits"]))
    return f"compared with {found['items']:,} evaluation items ({against}); rows left out for {count:,} hits.{hits}"


def _proofs(ledger: Ledger) -> str:
    """Rows of the table: accepted samples that rest on tests, by their weakest proof."""
    rows = ledger.rows(status=Status.accepted)
    found = Counter(row.sample.proof for row in rows if row.sample.proof and not row.stage.startswith(EVALUATION))
    return "".join(f"| accepted by tests, proof `{proof}` | {count:,} |\n" for proof, count in found.most_common())


def _share(figures: StageFigures) -> str:
    return f"{figures['accepted'] / max(1, figures['attempts']):.1%}"


def _licences(found: dict[str, int]) -> str:
    return ", ".join(f"{name} ({count:,})" for name, count in Counter(found).most_common(5)) or "not stated"


def _tags(ledger: Ledger) -> list[str]:
    """The capabilities and languages of the accepted rows, from the first few hundred."""
    tags: dict[str, None] = {}
    for number, row in enumerate(ledger.rows(status=Status.accepted)):
        if number > 300:
            break
        tags[row.stage.partition("/")[0].removeprefix("eval:")] = None
        if row.sample.programming_language:
            tags[row.sample.programming_language] = None
    return [tag for tag in tags if tag.isidentifier()]
