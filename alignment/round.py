"""One round of the loop (section 4): generate, make data, train, and say whether the checkpoint got better.

Every step is resumable: finished ones are in the ledger and are not done again. The engine stays up while training runs in
a process of its own, and takes each new checkpoint's weights in without a restart.
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from alignment.child import run_in_subprocess
from alignment.data_sets import DataSet, export, write_cards
from alignment.dpo import DPOSettings
from alignment.sft import SFTSettings
from alignment.trainer import Progress as TrainProgress
from alignment.trainer import TrainResult, result_to_json
from checkpoints import directory as checkpoints
from curation.decontaminate.contamination import Index
from curation.decontaminate.evaluations import read_items
from evaluation import EvalSettings, compare, evaluate
from evaluation.benchmarks import passes
from generators.drive import Progress
from generators.seeds.load import SeedError, load_problems
from generators.setup import Bench, open_bench
from generators.stage import generate
from ledger import Ledger, LedgerError, facts
from ledger.facts import TrainingFigures
from recipes.load import recorded
from recipes.schema import Recipe
from rows.forms import read
from rows.messages import Message
from rows.readers import RowsError


class Observer(Protocol):
    """Who is told how the run goes: the live screen, or the quiet of `--json`."""

    def say(self, text: str) -> None: ...

    def generation(self, progress: Progress) -> None: ...

    def training(self, kind: str, progress: TrainProgress) -> None: ...


async def run_recipe(recipe: Recipe, ledger: Ledger, observer: Observer) -> None:
    """Do whatever of the recipe is not done yet. Raises the package errors; what was recorded stays."""
    refuse_another_recipe(recipe, ledger)
    await ledger.record_step("run", "running", {})
    async with open_bench(recipe, ledger, observer.say) as bench:
        await _evaluate(recipe, bench, "start", observer)
        for number, part in enumerate(recipe.generate):
            name = f"generate {number}: {part.generator}"
            if _done(ledger, name):
                continue
            await ledger.record_step(name, "running", {})
            figures = await generate(
                bench.lab,
                part,
                recipe.serving.max_in_flight,
                say=observer.say,
                watch=observer.generation,
                seed=recipe.seed,
            )
            await ledger.record_step(name, "done", {**figures.to_dict()})
        data = {found.name: found for found in await make_data(recipe, ledger)}
        checkpoint = checkpoints.find(recipe.checkpoint) if not checkpoints.is_url(recipe.checkpoint) else None
        for kind, data_name in (("sft", "sft"), ("dpo", "preference")):
            settings = getattr(recipe.train, kind)
            if settings is None or checkpoint is None:
                continue
            trained = await _train(recipe, ledger, kind, checkpoint, data[data_name], observer)
            if trained is None:
                continue
            checkpoint = trained
            await _evaluate(recipe, bench, kind, observer, checkpoint)
    await ledger.record_step("run", "done", {})


def refuse_another_recipe(recipe: Recipe, ledger: Ledger) -> None:
    """A run is one recipe: going on with another would mix two experiments in one record."""
    known = ledger.read(facts.RECIPE)
    if known and (before := _essence(recorded(known))) != (now := _essence(recipe.to_plain())):
        changed = sorted(key for key in {*before, *now} if before.get(key) != now.get(key))
        raise LedgerError(
            f"{ledger.run_dir}: holds a run of another recipe (differs in: {', '.join(changed)}); give another --out, or the same recipe"
        )


def _essence(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What makes two recipes two experiments: how far or how fast one goes does not."""
    kept = {key: value for key, value in plain.items() if key not in ("serving", "sandbox")}
    stages = [
        {key: value for key, value in part.items() if key not in ("count", "budget")}
        for part in plain.get("generate", [])
    ]
    return {**kept, "generate": stages}


async def make_data(recipe: Recipe, ledger: Ledger) -> tuple[DataSet, ...]:
    """Export the data sets, without what an evaluation set holds, and record what they hold."""
    hits: dict[str, str] = {}
    find = _evaluation_items(recipe)

    def contaminated(messages: Sequence[Message]) -> str:
        if find is None or not (text := read({"messages": messages})):
            return ""
        hit = find.find(text)
        if hit is None:
            return ""
        told = f"{hit.item}: {hit.reason} ({hit.overlap:.0%})"
        hits[told] = hits.get(told, "") or messages[0]["content"][:200]
        return told

    data_sets = export(
        ledger,
        max_per_problem=recipe.data.max_per_problem,
        pairs_per_problem=recipe.data.pairs_per_problem,
        contaminated=contaminated,
    )
    for data_set in data_sets:
        await ledger.record(facts.DATA_SET, data_set.to_dict(), data_set.name)
    if find is not None:
        against = [str(path) for path in recipe.data.decontaminate]
        against += [f"the run's own evaluation, {recipe.evaluate.problems}"] if recipe.evaluate else []
        await ledger.record(
            facts.CONTAMINATION, {"against": against, "items": find.items, "hits": dict(list(hits.items())[:50])}
        )
    write_cards(ledger, data_sets)
    return data_sets


def _evaluation_items(recipe: Recipe) -> Index | None:
    """What may not be in the data; None where the recipe names no evaluation."""
    try:
        items = [item for file in recipe.data.decontaminate for item in read_items(file)]
        if recipe.evaluate:
            wanted = recipe.evaluate
            problems = load_problems(wanted.problems, split=wanted.split, ids=wanted.ids).items
            ids = {name for problem in problems for name in (problem.id, f"{wanted.problems.name}:{problem.id}")}
            items += [item for item in read_items(wanted.problems) if item.name in ids]
    except RowsError as error:
        raise SeedError(f"data.decontaminate: {error}") from None
    return Index(items) if items else None


async def _train(
    recipe: Recipe, ledger: Ledger, kind: str, start: Path, data: DataSet, observer: Observer
) -> Path | None:
    step = f"train {kind}"
    out = ledger.run_dir / "checkpoints" / kind
    if not data.rows:
        await ledger.record_step(step, "skipped", {"reason": f"the {data.name} set is empty: nothing was accepted"})
        observer.say(f"train {kind}: skipped, the {data.name} set is empty")
        return None
    if _done(ledger, step):
        return out
    await ledger.record_step(step, "running", {})
    settings = training_settings(kind, getattr(recipe.train, kind).model_dump(), recipe.seed)
    result = await train_in_child(kind, start, data.path, out, settings, observer)
    await ledger.record(facts.TRAINING, training_figures(result), kind)
    await ledger.record_step(step, "done", {"steps": result.steps, "final_loss": result.final_loss})
    return result.checkpoint


async def train_in_child(
    kind: str, start: Path, data: Path, out: Path, settings: SFTSettings | DPOSettings, observer: Observer
) -> TrainResult:
    """Train in a child process without blocking the event loop; when cancelled, the child saves its state and ends first."""
    cancelled = threading.Event()

    def on_progress(progress: TrainProgress) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        observer.training(kind, progress)

    def work() -> TrainResult:
        return run_in_subprocess(
            cast(Literal["sft", "dpo"], kind),
            start,
            data,
            out,
            settings,
            on_progress=on_progress,
            checkpoint_id=checkpoints.identity(start),
        )

    training = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(training)
    except asyncio.CancelledError:
        cancelled.set()
        observer.say(f"train {kind}: saving its state before it stops")
        await asyncio.wait([training])
        raise


def training_settings(kind: str, wishes: Mapping[str, Any], seed: int) -> SFTSettings | DPOSettings:
    """The trainer's settings of a recipe's training part."""
    return SFTSettings(**wishes, seed=seed) if kind == "sft" else DPOSettings(**wishes, seed=seed)


def training_figures(result: TrainResult) -> TrainingFigures:
    """A training result as the ledger and JSON hold it."""
    return cast(TrainingFigures, result_to_json(result))


async def _evaluate(
    recipe: Recipe, bench: Bench, name: str, observer: Observer, checkpoint: Path | None = None
) -> None:
    wanted, ledger = recipe.evaluate, bench.lab.ledger
    step = f"evaluate {name}"
    if wanted is None or _done(ledger, step):
        return
    await ledger.record_step(step, "running", {})
    if checkpoint:
        await bench.engine.swap(str(checkpoint))
    problems = load_problems(wanted.problems, split=wanted.split, ids=wanted.ids).items
    settings = EvalSettings(wanted.temperature, wanted.samples, wanted.max_tokens)
    result = await evaluate(
        bench.lab,
        name,
        wanted.problems.stem + (f" ({wanted.split})" if wanted.split else ""),
        problems,
        settings,
        in_flight=recipe.serving.max_in_flight,
        watch=observer.generation,
    )
    await ledger.record(facts.SCORE, result.to_dict(), name)
    if name != "start":
        comparison = compare(passes(ledger, "eval:start"), passes(ledger, f"eval:{name}"))
        await ledger.record(facts.COMPARISON, comparison.to_dict(), name)
        observer.say(f"{name} against start: {comparison.verdict}")
    await ledger.record_step(step, "done", {"pass@1": result.pass_at_1})


def _done(ledger: Ledger, step: str) -> bool:
    return bool(ledger.steps().get(step, {}).get("state") == "done")
