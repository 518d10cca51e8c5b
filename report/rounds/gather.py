"""Reads the ledgers of rounds, finished or under way."""

from collections import Counter
from pathlib import Path
from typing import Any

from ledger import Ledger, LedgerError, facts
from ledger.rows import EVALUATION, Status
from ledger.store import FILE
from report.rounds.summary import Cost, Origin, Round, RoundsSummary
from report.run.summary import DATA_SETS
from rows.parquet import batches
from rows.readers import RowsError, shards


def is_rounds(run: Path) -> bool:
    """Whether `lab rounds` made this directory."""
    if not (run / FILE).exists():
        return False
    with Ledger(run, readonly=True) as ledger:
        return bool((ledger.read(facts.RECIPE) or {}).get("rounds"))


def gather_rounds(ledger: Ledger) -> RoundsSummary:
    """All that the report says; `ledger` is that of all rounds. What cannot be read of one is its damage."""
    out = ledger.run_dir
    known = {int(number): found for number, found in ledger.all(facts.ROUND).items()}
    seconds = ledger.all(facts.ROUND_SECONDS)
    rounds, damage = [], [ledger.damage]
    titles: dict[str, str] = {}
    for number, run in sorted(_runs(out).items()):
        try:
            with Ledger(run, readonly=True) as mine:
                rounds.append(_round(mine, number, known.get(number), seconds.get(str(number), 0.0), damage))
                titles |= {key.split("/")[1]: score["benchmark"] for key, score in mine.all(facts.SCORE).items()}
                damage.append(mine.damage)
        except (LedgerError, RowsError) as error:
            damage.append(str(error))
    return RoundsSummary(
        name=out.resolve().name,
        path=out,
        recipe=ledger.read(facts.RECIPE) or {},
        machine=ledger.read(facts.MACHINE),
        commands=ledger.read(facts.COMMANDS) or [],
        done=ledger.steps().get("run", {}).get("state") == "done",
        rounds=rounds,
        claims=list(ledger.all(facts.CLAIM).values()),
        damage="; ".join(filter(None, damage)),
        titles=titles,
    )


def last_round(run: Path) -> Path | None:
    """The run of the newest round; None where it is no directory of rounds, or none has begun."""
    runs = _runs(run)
    return runs[max(runs)] if runs and is_rounds(run) else None


def _runs(out: Path) -> dict[int, Path]:
    """Number -> the run of each round there is."""
    found = {file.parent.name.removeprefix("round-"): file.parent for file in out.glob(f"round-*/{FILE}")}
    return {int(number): run for number, run in found.items() if number.isdecimal()}


def _round(mine: Ledger, number: int, figures: Any, seconds: float, damage: list[str]) -> Round:
    steps = mine.steps()
    evaluated = [name.removeprefix("evaluate ") for name in steps if name.startswith("evaluate ")]
    spent = mine.all(facts.SPENT)
    made = [stage for stage in mine.all(facts.SECONDS) if not stage.startswith(EVALUATION)]
    counts = [mine.counts(stage) for stage in made]
    rows = sum(count for found in counts for (status, _), count in found.items() if status is Status.accepted)
    trained = [name.removeprefix("train ") for name in steps if name.startswith("train ")]
    told = mine.all(facts.TRAINING)
    training = {name: told[name] for name in trained if name in told}
    recipe = mine.read(facts.RECIPE) or {}
    order = {name: place for place, name in enumerate(evaluated)}
    by_place = sorted(
        mine.all(facts.SCORE).values(), key=lambda score: (order.get(score["checkpoint"], 99), score["decoding"])
    )
    return Round(
        number=number,
        run=mine.run_dir,
        done=figures is not None,
        figures=figures,
        scores=by_place,
        claims=sorted(mine.all(facts.CLAIM).values(), key=lambda claim: order.get(claim["after"], 99)),
        data={name: found for name in DATA_SETS if (found := mine.read(facts.DATA_SET, name))},
        origins={name: _origins(mine.run_dir / "data" / name, damage) for name in DATA_SETS},
        contamination=mine.read(facts.CONTAMINATION),
        training=training,
        sampled_by={
            part["generator"]: _called(part.get("checkpoint") or recipe.get("checkpoint", ""))
            for part in recipe.get("generate", [])
        },
        cost=Cost(
            seconds=seconds,
            generated=sum(tokens for stage, tokens in spent.items() if not stage.startswith(EVALUATION)),
            evaluated=sum(tokens for stage, tokens in spent.items() if stage.startswith(EVALUATION)),
            trained=sum(found["tokens"] for found in training.values()),
            rows=rows,
        ),
    )


def _called(checkpoint: str) -> str:
    """`round-1/dpo` for a checkpoint that a round made, else as the recipe names it."""
    parts = Path(checkpoint).parts
    return f"{parts[-3]}/{parts[-1]}" if len(parts) > 2 and parts[-2] == "checkpoints" else checkpoint


def _origins(folder: Path, damage: list[str]) -> list[Origin]:
    """Where the rows of a data set come from, most first; what cannot be read of it is added to the damage."""
    new: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    try:
        for file in shards(folder):
            for row in (row for rows in batches(file, ["row", "run"]) for row in rows):
                (kept if row["run"] else new)[str(row["row"]).partition("#")[0]] += 1
    except RowsError as error:
        damage.append(str(error))
    return [Origin(name, new[name], kept[name]) for name, _ in (new + kept).most_common()]
