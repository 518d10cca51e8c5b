"""Rounds one after another (Llama 3 paper, section 4): each is a run of its own, made from the best checkpoint so far.

    OUT/round-1, OUT/round-2, ...   runs like any other (`alignment.round`)
    OUT/ledger.sqlite               what each round came to, and which checkpoint is the best
    OUT/checkpoints/best            that checkpoint

A round is done when OUT says so: killed anywhere, the same command finds it so, or has its run go on.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from alignment.averages.variants import is_done
from alignment.round import HERE, Observer, another_recipe, changes, essence, run_round
from alignment.trainings import asked_for
from checkpoints import directory as checkpoints
from checkpoints.place import place
from evaluation import (
    Decoding,
    claim_across,
    compare_rates,
    problem_set,
    rates_of,
    same_problems,
    same_templates,
    stage_name,
)
from generators.catalog import entry_of
from generators.setup import checked_library, record_command
from ledger import Ledger, facts
from ledger.facts import CandidateFigures, ClaimFigures, ComparisonFigures, RoundFigures, ScoreFigures
from ledger.store import FILE
from recipes import RecipeError
from recipes.schema import Recipe, Rounds
from report import gather, write_html

START = "start"
BEST = "best"
RANKING: dict[Literal["reward_model", "stepwise_model"], str] = {"reward_model": "reward", "stepwise_model": "stepwise"}
"""Key of a recipe and of a round's figures -> the training that makes what it names."""
KEPT_EVERY_S = 5.0
DIGITS = 9
"""In which means differ that do: rates are thirds and the like, and of two sums that are one the larger is so by 3e-17."""


async def run_rounds(recipe: Recipe, ledger: Ledger, observer: Observer) -> None:
    """Do whatever of the rounds is not done yet. Raises the package errors; what was recorded stays."""
    rounds = check_rounds(recipe)
    await _begin_or_go_on(recipe, ledger)
    await ledger.record(facts.RECIPE, recipe.to_plain())
    await ledger.record(facts.WORKING_DIRECTORY, str(Path.cwd()))
    await record_command(ledger)
    for wanted in recipe.evaluate:
        await same_problems(ledger, wanted, problem_set(wanted))
    _hold_to_its_templates(recipe, ledger.run_dir / run_name(1))
    await ledger.record_step("run", "running", {})
    known = rounds_of(ledger)
    for number in range(1, rounds.count + 1):
        if number in known:
            continue
        if rounds.until == "plateau" and number > 1 and not known[number - 1]["promoted"]:
            observer.say(f"round {number - 1} promoted nothing: no further round (rounds.until: plateau)")
            break
        known[number] = await _round(recipe, number, known.get(number - 1), ledger, observer)
    await _conclude(recipe, known[max(known)], ledger, observer)
    await ledger.record_step("run", "done", {})


def check_rounds(recipe: Recipe) -> Rounds:
    """The recipe's rounds. Raises RecipeError where it has none, or where no checkpoint of theirs could be called better."""
    if recipe.rounds is None:
        raise RecipeError(
            "rounds: not there, so `lab run` runs this recipe; add `rounds: {count: 2}`, or --set rounds.count=2"
        )
    if not recipe.generate:
        raise RecipeError(
            "generate: not there, so every round would train on the same rows; add a stage, or leave `rounds:` out and run it "
            "with `lab run`"
        )
    if not any(training.policy for training, _ in asked_for(recipe.train)):
        raise RecipeError("train: a round trains what answers: add `train: {sft: {}}`, or --set train.sft.epochs=2")
    if not recipe.evaluate:
        raise RecipeError(
            "evaluate: rounds are told apart by it: add a benchmark, such as `evaluate: {benchmark: humaneval}`"
        )
    if recipe.train_from:
        raise RecipeError("train_from: is decided by `rounds.train_from` here: start or best")
    return recipe.rounds


def is_finished(recipe: Recipe, ledger: Ledger) -> bool:
    """Whether no round is left to do, and what came of them has been told. Raises LedgerError where they are of another recipe."""
    held = ledger.read(facts.RECIPE)
    if is_done(ledger, "run") and held and (changed := changes(ledger, held, recipe, _essence)):
        raise another_recipe(ledger, changed)
    rounds, known = check_rounds(recipe), rounds_of(ledger)
    plateau = rounds.until == "plateau" and bool(known) and not known[max(known)]["promoted"]
    return is_done(ledger, "run") and (len(known) >= rounds.count or plateau)


def rounds_of(ledger: Ledger) -> dict[int, RoundFigures]:
    """Number -> the round, of those that are done, in order."""
    return dict(sorted((int(number), found) for number, found in ledger.all(facts.ROUND).items()))


def round_recipe(recipe: Recipe, number: int, out: Path, before: RoundFigures | None) -> Recipe:
    """The recipe of one round: `lab run` could run it. Another seed than in the rounds before it, their rows as well as its
    own, the best of them in the place of the start; a generator is answered by the best of its capability, and chooses by the
    newest reward models.
    """
    assert recipe.rounds
    best = path_of(before["best"], recipe, out) if before else recipe.checkpoint
    samplers = {name: path_of(label, recipe, out) for name, label in before["samplers"].items()} if before else {}
    parts = []
    for part in recipe.generate:
        sampler = samplers.get(part.generator.partition("/")[0], best)
        parts.append(part if sampler == best else part.model_copy(update={"checkpoint": part.checkpoint or sampler}))
    entries = [entry_of(part.generator) for part in recipe.generate]
    used = {"reward_model": any(e.scorer for e in entries), "stepwise_model": any(e.step_scorer for e in entries)}
    ranking: dict[str, str] = {
        key: path_of(label, recipe, out) for key in RANKING if used[key] and before and (label := before.get(key))
    }
    earlier = [out.resolve() / run_name(other) for other in range(number - 1, 0, -1)] + recipe.data.earlier
    across = recipe.data.pairs_across and bool(earlier)
    return recipe.model_copy(
        update={
            "name": run_name(number),
            "rounds": None,
            "seed": recipe.seed + number - 1,
            "checkpoint": best,
            "train_from": recipe.checkpoint if before and recipe.rounds.train_from == "start" else None,
            # An engine that starts with the same seed draws the same answers again.
            "serving": recipe.serving.model_copy(update={"seed": recipe.serving.seed + number - 1}),
            "generate": parts,
            **ranking,
            "data": recipe.data.model_copy(update={"earlier": earlier, "pairs_across": across}),
        }
    )


def run_name(number: int) -> str:
    """The directory of a round."""
    return f"round-{number}"


def path_of(label: str, recipe: Recipe, out: Path) -> str:
    """Where the checkpoint lies that is called `ROUND/CHECKPOINT`."""
    run, _, name = label.partition("/")
    return recipe.checkpoint if name == START else str(out.resolve() / run / "checkpoints" / name)


async def _begin_or_go_on(recipe: Recipe, ledger: Ledger) -> None:
    """As a run does: one recipe in one directory. That there shall be more rounds, or an end to them, is no other one."""
    known = ledger.read(facts.RECIPE)
    if known and (changed := changes(ledger, known, recipe, _essence)):
        if not ledger.is_empty() or ledger.all(facts.ROUND) or _has_begun(ledger.run_dir / run_name(1)):
            raise another_recipe(ledger, changed)
        await ledger.begin_anew()


def _hold_to_its_templates(recipe: Recipe, first: Path) -> None:
    """Those that asked the first round, against whose start the best of all is held. Raises EvaluationError for others."""
    if not (first / FILE).exists():
        return
    with Ledger(first, readonly=True) as ledger:
        for wanted in recipe.evaluate:
            same_templates(ledger, wanted, checked_library(recipe))


def _has_begun(run: Path) -> bool:
    if not (run / FILE).exists():
        return False
    with Ledger(run, readonly=True) as ledger:
        return not ledger.is_empty()


def _essence(plain: Mapping[str, Any], below: Path = HERE) -> dict[str, Any]:
    kept = {key: value for key, value in (plain.get("rounds") or {}).items() if key not in ("count", "until")}
    return {**essence(plain, below), "rounds": kept}


async def _round(
    recipe: Recipe, number: int, before: RoundFigures | None, ledger: Ledger, observer: Observer
) -> RoundFigures:
    """One round: its run to the end, then the decision, recorded in the ledger of all."""
    out, step = ledger.run_dir, f"round {number}"
    assert recipe.rounds
    observer.say(f"{step} of {recipe.rounds.count}: from {before['best'] if before else recipe.checkpoint}")
    await ledger.record_step(step, "running", {})
    mine = round_recipe(recipe, number, out, before)
    async with _timed(ledger, number):
        with Ledger(out / run_name(number)) as run:
            found = await _run(recipe, mine, number, before, run, ledger, observer)
    observer.say(f"{step}: {found['why']}")
    await ledger.record_step(step, "done", {"promoted": found["promoted"]})
    await ledger.record(facts.ROUND, found, str(number))  # last: by this the round is done
    return found


async def _run(
    recipe: Recipe,
    mine: Recipe,
    number: int,
    before: RoundFigures | None,
    run: Ledger,
    ledger: Ledger,
    observer: Observer,
) -> RoundFigures:
    """What is left of the round's run, its page, and the decision."""
    if before:
        await _follow_a_move(run)
    if before and not is_done(run, "evaluate start"):
        await _lend_evaluation(recipe, ledger.run_dir, before["best"], run)
    if not is_done(run, "run"):
        await run_round(mine, run, observer)
    write_html(gather(run), run.run_dir / "report.html")
    return _decide(recipe, number, before, run, list(rounds_of(ledger).values()))


async def _follow_a_move(run: Ledger) -> None:
    """The recipe of a round after the first names what lies beside it, the round before it first, by whole paths. Where the
    directory of the rounds has been moved since, it is recorded anew with those of now, and is no other recipe.
    """
    known = run.read(facts.RECIPE)
    if not known:
        return
    there, here = Path(known["data"]["earlier"][0]).parent, run.run_dir.resolve().parent
    if there != here:
        await run.record(facts.RECIPE, _moved(known, str(there), str(here)))


def _moved(value: Any, there: str, here: str) -> Any:
    """A value of JSON whose paths below the one directory are below the other."""
    if isinstance(value, dict):
        return {key: _moved(item, there, here) for key, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, there, here) for item in value]
    return here + value.removeprefix(there) if isinstance(value, str) and value.startswith(f"{there}/") else value


@asynccontextmanager
async def _timed(ledger: Ledger, number: int) -> AsyncIterator[None]:
    """Keep the seconds of work on a round as they pass, so that a kill loses a few."""
    earlier, began = ledger.read(facts.ROUND_SECONDS, str(number)) or 0.0, time.monotonic()

    async def keep() -> None:
        while True:
            await asyncio.sleep(KEPT_EVERY_S)
            await ledger.record(facts.ROUND_SECONDS, earlier + time.monotonic() - began, str(number))

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await ledger.record(facts.ROUND_SECONDS, earlier + time.monotonic() - began, str(number))


async def _lend_evaluation(recipe: Recipe, out: Path, label: str, run: Ledger) -> None:
    """Give a round what its start has answered already in the round that made it: nobody pays for an answer twice."""
    source_run, _, name = label.partition("/")
    with Ledger(out / source_run, readonly=True) as source:
        templates = source.templates()
        stages = [stage_name(name, wanted.name, decoding) for wanted in recipe.evaluate for decoding in Decoding]
        keys = dict.fromkeys(key for stage in stages for row in source.rows(stage) for key in row.effects)
        effects = [effect for key in keys if (effect := source.effect(key))]
        for version in {effect.template for effect in effects} & templates.keys():
            await run.record_template(version, version.partition("@")[0], templates[version])
        await asyncio.gather(*(run.record_effect(effect) for effect in effects))


# --- the decision


def _decide(
    recipe: Recipe, number: int, before: RoundFigures | None, run: Ledger, earlier: Sequence[RoundFigures]
) -> RoundFigures:
    """The best from here on: of the round's checkpoints that answer more than the best before it, and on no benchmark are shown
    to answer less, the one that answers most. And of all rounds the best of each capability, by what it answers alone: it only
    writes what is judged afterwards.
    """
    benchmarks = [wanted.name for wanted in recipe.evaluate]
    capabilities: dict[str, list[str]] = {}
    for wanted in recipe.evaluate:
        if kind := problem_set(wanted).benchmark.capability:
            capabilities.setdefault(kind, []).append(wanted.name)
    names = [training.name for training, _ in asked_for(recipe.train) if training.policy]
    evaluated = [name for name in names if is_done(run, f"evaluate {name}")]
    starts = rates_of(run, START, benchmarks)
    candidates: dict[str, CandidateFigures] = {}
    for name in (START, *evaluated):
        rates = rates_of(run, name, benchmarks)
        candidates[name] = {
            "mean": _mean(rates, benchmarks),
            "by_capability": {kind: _mean(rates, belonging) for kind, belonging in capabilities.items()},
            "against": None if name == START else compare_rates(starts, rates).to_dict(),
            "falls": [] if name == START else _falls(run, name, benchmarks),
        }
    better = [name for name in evaluated if rises(candidates[name]["against"]) and not candidates[name]["falls"]]
    promoted = max(better, key=lambda name: candidates[name]["mean"], default="")
    best_before = before["best"] if before else f"{run_name(1)}/{START}"
    best = f"{run_name(number)}/{promoted}" if promoted else best_before
    this: RoundFigures = {
        "run": run_name(number),
        "candidates": candidates,
        "promoted": promoted,
        "why": _why(candidates, promoted),
        "best": best,
        "samplers": {},
    }
    for key, training in RANKING.items():
        if is_done(run, f"train {training}") or is_done(run, f"average {training}"):
            this[key] = f"{run_name(number)}/{training}"
        elif before and (known := before.get(key)):
            this[key] = known
    return {**this, "samplers": {kind: _sampler(kind, [*earlier, this], best) for kind in capabilities}}


def _mean(rates: Mapping[str, float], benchmarks: Sequence[str]) -> float:
    """Over the problems of these benchmarks."""
    found = [rate for problem, rate in rates.items() if problem.partition("/")[0] in benchmarks]
    return sum(found) / len(found)


def rises(found: ComparisonFigures | None) -> bool:
    """Whether it answers more."""
    return found is not None and round(found["difference"], DIGITS) > 0


def _falls(run: Ledger, name: str, benchmarks: Sequence[str]) -> list[str]:
    """The benchmarks and decodings on which the checkpoint is shown to answer less than the round's start."""
    found = []
    for benchmark in benchmarks:
        claim = run.read(facts.CLAIM, f"{name}/{START}/{benchmark}")
        for decoding in Decoding:
            if claim and _is_a_fall(claim, decoding):
                found.append(f"{benchmark}, {decoding}")
    return found


def _is_a_fall(claim: ClaimFigures, decoding: Decoding) -> bool:
    compared = claim["greedy"] if decoding is Decoding.greedy else claim["sampled"]
    return compared is not None and compared["interval"][1] < 0


def _sampler(kind: str, rounds: Sequence[RoundFigures], best: str) -> str:
    """Of all checkpoints that a round evaluated, the one that answers most of that kind; the best of all where none answers
    more than it, else the newest.
    """
    means = {
        f"{found['run']}/{name}": round(figures["by_capability"][kind], DIGITS)
        for found in rounds
        for name, figures in found["candidates"].items()
        if name != START or found["run"] == run_name(1)
    }
    most = max(means.values())
    return best if means[best] == most else [label for label, mean in means.items() if mean == most][-1]


def _why(candidates: Mapping[str, CandidateFigures], promoted: str) -> str:
    told = []
    for name, found in candidates.items():
        if found["against"]:
            shown = f", shown to fall on {'; '.join(found['falls'])}" if found["falls"] else ""
            told.append(f"{name} {found['against']['difference']:+.1%} (p = {found['against']['p_value']:.2g}){shown}")
    if not told:
        return "nothing is promoted: nothing was trained"
    return (
        f"{f'{promoted} is promoted' if promoted else 'nothing is promoted'}: {', '.join(told)} against the best before"
    )


# --- the end


async def _conclude(recipe: Recipe, last: RoundFigures, ledger: Ledger, observer: Observer) -> None:
    """What the best gained on the start, and the best where it is looked for."""
    out = ledger.run_dir
    run, _, name = last["best"].partition("/")
    with Ledger(out / run_name(1), readonly=True) as first, Ledger(out / run, readonly=True) as final:
        await _tell_scores(recipe, first, START, START, ledger)
        if name != START:
            await _tell_scores(recipe, final, name, BEST, ledger)
            for wanted in recipe.evaluate:
                claimed = claim_across((first, START, START), (final, name, BEST), wanted.name)
                await ledger.record(facts.CLAIM, claimed.to_dict(), f"{BEST}/{START}/{wanted.name}")
                observer.say(f"{wanted.name}, {last['best']} against the start: {claimed.verdict}")
    if name == START:
        observer.say(f"no round promoted a checkpoint: the best is still {recipe.checkpoint}")
        return
    made = checkpoints.find(path_of(last["best"], recipe, out))
    placed = await asyncio.to_thread(place, made, out / "checkpoints" / BEST, last["best"])
    observer.say(f"{placed}: {last['best']}")


async def _tell_scores(recipe: Recipe, source: Ledger, name: str, called: str, ledger: Ledger) -> None:
    """What `lab runs` shows of all rounds."""
    for wanted in recipe.evaluate:
        for decoding in Decoding:
            if score := source.read(facts.SCORE, f"{name}/{wanted.name}/{decoding}"):
                told: ScoreFigures = {**score, "checkpoint": called}
                await ledger.record(facts.SCORE, told, f"{called}/{wanted.name}/{decoding}")
