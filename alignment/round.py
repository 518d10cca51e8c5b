"""One round of the loop (section 4) in a run directory of its own: generate, make data, train, and say whether it helped.

Every step is resumable: finished ones are in the ledger and are not done again. The engine stays up while training runs in
a process of its own, and takes each new checkpoint's weights in without a restart.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from alignment.averages.variants import is_done, train
from alignment.child import TrainingObserver
from alignment.data.make import make_data, taken_by
from alignment.trainings import asked_for
from checkpoints import directory as checkpoints
from evaluation import claim_within, evaluate, problem_set, same_problems, same_templates
from generators.drive import Progress
from generators.lab import Lab
from generators.setup import Bench, open_bench
from generators.stage import generate
from generators.together import together
from generators.trials.trial import is_of_trials
from ledger import Ledger, LedgerError, facts
from ledger.errors import TakenError
from recipes.load import recorded
from recipes.names import stage_name
from recipes.schema import Recipe
from rows.readers import HUB


class Observer(TrainingObserver, Protocol):
    """Who is told how the run goes: the live screen, or the quiet of `--json`."""

    def generation(self, progress: Progress) -> None: ...


async def run_round(recipe: Recipe, ledger: Ledger, observer: Observer) -> None:
    """Do whatever of the recipe is not done yet in the ledger's run directory. Raises the package errors; what was recorded stays."""
    await begin_or_go_on(recipe, ledger)
    async with open_bench(recipe, ledger, observer.say, programs=runs_programs(recipe)) as bench:
        await _hold_to_its_problems(recipe, bench.lab)
        await ledger.record_step("run", "running", {})  # what was refused leaves a run as it stood
        await _evaluate_and_generate(recipe, bench, observer)
        trained_on = asked_for(recipe.train)
        only_evaluates = not (recipe.generate or recipe.data.earlier or trained_on)
        data = {} if only_evaluates else {found.name: found for found in await make_data(recipe, ledger)}
        begun_from = recipe.train_from or recipe.checkpoint
        start = checkpoint = checkpoints.find(begun_from) if trained_on else Path(begun_from)
        evaluated = ["start"]
        for training, _ in trained_on:
            begin, variants = checkpoint if training.policy else start, recipe.settings_of(training.name)
            trained = await train(training, variants, ledger, begin, data[training.data_set], observer)
            if trained and training.policy:
                checkpoint = trained
                await _evaluate(recipe, bench, training.name, observer, checkpoint, against=evaluated)
                evaluated.append(training.name)
    await ledger.record_step("run", "done", {})


def runs_programs(recipe: Recipe) -> bool:
    """Whether the sandbox is needed: questions of mathematics do without."""
    return bool(recipe.generate) or any(problem_set(wanted).benchmark.sandbox for wanted in recipe.evaluate)


async def begin_or_go_on(recipe: Recipe, ledger: Ledger) -> None:
    """A run is one recipe: going on with another would mix two experiments in one record. Of a run that nothing has come of
    there is nothing to mix, so it begins anew.
    """
    known = ledger.read(facts.RECIPE)
    holds_rounds = bool(known and known.get("rounds") and (ledger.run_dir / "round-1").exists())
    if ledger.is_empty() and not holds_rounds:
        await ledger.begin_anew()
        return
    if is_of_trials(ledger):  # whose rows are of their own recipe, and no data
        raise TakenError(f"{ledger.run_dir}: holds what `lab prompts` tried; give another --out")
    refuse_another_recipe(recipe, ledger)


def refuse_another_recipe(recipe: Recipe, ledger: Ledger) -> None:
    """Raises LedgerError where the run is of another recipe."""
    known = ledger.read(facts.RECIPE)
    if known and (changed := changes(ledger, known, recipe, essence)):
        raise another_recipe(ledger, changed)


def changes(
    ledger: Ledger, known: Mapping[str, Any], recipe: Recipe, of: Callable[[Mapping[str, Any], Path], dict[str, Any]]
) -> list[str]:
    """What differs between what is known `of` the ledger's recipe and this one. A relative path of the former is one of the directory
    in which it was given, or of the present one: a project may have moved with its runs.
    """
    given_in = ledger.read(facts.WORKING_DIRECTORY)
    below = dict.fromkeys((Path(given_in or ""), HERE))
    sides = [(of(recorded(known), there), of(recipe.to_plain(), HERE)) for there in below]
    return min((differences(*_grown(ledger, *each)) for each in sides), key=len)


def another_recipe(ledger: Ledger, changed: Sequence[str]) -> LedgerError:
    """That the directory holds a run of another one, with what differs."""
    return TakenError(
        f"{ledger.run_dir}: holds a run of another recipe ({'; '.join(changed)}); give another --out, or the same recipe"
    )


def _grown(ledger: Ledger, before: dict[str, Any], now: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both, with the same samples where a stage has no fewer than it was numbered by, and nothing was made of it yet."""
    for number, (one, other) in enumerate(zip(before.get("generate", ()), now.get("generate", ()), strict=False)):
        generator = str(one["generator"])
        laps = ledger.read(facts.LAPS, stage_name(generator))
        if laps and other["samples"] >= sum(laps) and not is_done(ledger, f"generate {number}: {generator}"):
            one["samples"] = other["samples"]
    return before, now


def differences(before: Any, now: Any, at: str = "") -> list[str]:
    """`generate.0.samples: 4 -> 8`, one for each value that differs."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        pairs = [(key, before.get(key), now.get(key)) for key in dict.fromkeys((*before, *now))]
    elif (
        isinstance(before, list) and isinstance(now, list) and any(isinstance(x, dict | list) for x in (*before, *now))
    ):
        pairs = [(str(n), _nth(before, n), _nth(now, n)) for n in range(max(len(before), len(now)))]
    else:
        return [] if before == now else [f"{at}: {_short(before)} -> {_short(now)}"]
    return [found for key, one, other in pairs for found in differences(one, other, f"{at}.{key}".lstrip("."))]


def _nth(values: list[Any], number: int) -> Any:
    return values[number] if number < len(values) else None


def _short(value: Any) -> str:
    text = "none" if value is None else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 100 else f"{text[:97]}..."


HERE = Path()
"""The working directory."""


def essence(plain: Mapping[str, Any], below: Path = HERE) -> dict[str, Any]:
    """What makes two recipes two experiments: how far or how fast one goes does not, nor how a path or an address is spelt. Relative
    paths are `below` a directory.
    """
    kept = {key: value for key, value in plain.items() if key not in ("name", "serving", "sandbox")}
    stages = [
        {key: value for key, value in part.items() if key not in ("count", "budget")}
        for part in plain.get("generate", [])
    ]
    whole: dict[str, Any] = _spelt_alike({"checkpoint": "", **kept, "generate": stages}, below)
    return whole


PLACES = ("seeds", "problems", "decontaminate", "earlier", "prompts")
"""Keys of a recipe, at any depth, that name files and folders,"""
CHECKPOINTS = ("checkpoint", "train_from", "reward_model", "stepwise_model", "teacher", "reward")
"""and checkpoints."""


def _spelt_alike(value: Any, below: Path, key: str = "") -> Any:
    """A value of a recipe in which one place has one spelling."""
    if isinstance(value, Mapping):
        return {name: _spelt_alike(item, below, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_spelt_alike(item, below, key) for item in value]
    if not isinstance(value, str):
        return value
    if key in PLACES or (key == "generator" and value.endswith(".py")):
        return value if value.startswith(HUB) else str((below / value).resolve())
    return _address(value, below) if key in CHECKPOINTS else value


def _address(checkpoint: str, below: Path) -> str:
    folder = below / Path(checkpoint).expanduser()
    if checkpoint != checkpoints.DEFAULT and folder.is_dir():
        return str(folder.resolve())
    return checkpoint.rstrip("/").replace("://localhost", "://127.0.0.1", 1)


async def _evaluate_and_generate(recipe: Recipe, bench: Bench, observer: Observer) -> None:
    """Every part of the recipe in turn, and the start's evaluation beside the first of them: both ask the same weights. A part
    that has a budget of seconds keeps the engine to itself, and so does one that another checkpoint answers.
    """
    evaluated, several = False, any(part.checkpoint for part in recipe.generate)
    for number, part in enumerate(recipe.generate):
        if several:
            await bench.engine.swap(part.checkpoint or recipe.checkpoint)
        if evaluated or part.budget.seconds or part.checkpoint:
            await _generate(recipe, number, bench, observer)
        else:
            await together(_evaluate(recipe, bench, "start", observer), _generate(recipe, number, bench, observer))
            evaluated = True
    if not evaluated:
        if several:
            await bench.engine.swap(recipe.checkpoint)
        await _evaluate(recipe, bench, "start", observer)


async def _generate(recipe: Recipe, number: int, bench: Bench, observer: Observer) -> None:
    ledger, part, in_flight = bench.lab.ledger, recipe.generate[number], recipe.serving.max_in_flight
    name = f"generate {number}: {part.generator}"
    if is_done(ledger, name):
        return
    await ledger.record_step(name, "running", {})
    taken = taken_by(recipe) if part.count or part.allocation == "adaptive" else None
    figures = await generate(
        bench.lab, part, in_flight, say=observer.say, watch=observer.generation, seed=recipe.seed, taken=taken
    )
    await ledger.record_step(name, "done", {**figures.to_dict()})


async def _hold_to_its_problems(recipe: Recipe, lab: Lab) -> None:
    """And to the templates that asked them, also where they are answered already: a score is not one of other problems."""
    for wanted in recipe.evaluate:
        await same_problems(lab.ledger, wanted, problem_set(wanted))
        same_templates(lab.ledger, wanted, lab.prompts)


async def _evaluate(
    recipe: Recipe,
    bench: Bench,
    name: str,
    observer: Observer,
    checkpoint: Path | None = None,
    against: Sequence[str] = (),
) -> None:
    """Hold the checkpoint to every benchmark, and compare it with the start and with the one before it."""
    ledger = bench.lab.ledger
    step = f"evaluate {name}"
    if not recipe.evaluate or is_done(ledger, step):
        return
    await ledger.record_step(step, "running", {})
    if checkpoint:
        await bench.engine.swap(str(checkpoint))
    found: dict[str, float] = {}
    in_flight = recipe.serving.max_in_flight
    works = (
        evaluate(bench.lab, name, problem_set(wanted), wanted, in_flight=in_flight, watch=observer.generation)
        for wanted in recipe.evaluate
    )
    for wanted, scores in zip(recipe.evaluate, await together(*works), strict=True):
        found |= {f"{wanted.name} {decoding}": score.pass_at_1 for decoding, score in scores.items()}
        for before in dict.fromkeys((*against[:1], *against[-1:])):
            claimed = claim_within(ledger, before, name, wanted.name)
            await ledger.record(facts.CLAIM, claimed.to_dict(), f"{name}/{before}/{wanted.name}")
            observer.say(f"{wanted.name}, {name} against {before}: {claimed.verdict}")
    await ledger.record_step(step, "done", {"pass@1": found})
