"""`lab prompts try` and `diff`: a template on real seeds, inside the generator that uses it, so that a verifier judges it.

A template that no generator uses is asked by itself; nothing is judged then, and no yield is claimed.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generators.attempts import Stage
from generators.catalog import CATALOG, entry_of
from generators.drive import Progress, drive
from generators.lab import Lab
from generators.sample import Outcome, accept
from generators.seeds.load import SeedError
from generators.stage import stage_of
from generators.trials.template_uses import uses_of
from ledger import Ledger, Row, Status, facts
from ledger.errors import TakenError
from prompts import Library
from recipes import RecipeError
from recipes.load import load
from recipes.schema import Budget, Generate, Recipe
from rows.by_number import open_rows
from rows.readers import RowsError
from rows.sample import Sample

LABELS = ("try:", "a:", "b:")
"""How the stages of trials are called; no generator's name begins so."""


@dataclass(frozen=True)
class Values:
    """A seed of a template that is asked by itself: the values of its inputs."""

    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class TrialPlan:
    """What a trial runs."""

    template: str
    generator: str
    """Which one asks the template, with its verifier; empty where the template is asked by itself."""
    stage: Stage
    seeds_from: str
    """Where the seeds come from, in words."""
    path: Path | None = None
    """The file or folder they come from; None for the template's own example."""
    sampling: Mapping[str, Any] = field(default_factory=dict)
    """The recipe file's wishes."""


@dataclass(frozen=True)
class Answer:
    """What the checkpoint wrote when the template was put to it."""

    text: str
    cut: bool
    """Whether the token limit ended it."""


@dataclass(frozen=True)
class Attempt:
    """One seed through the generator."""

    seed: str
    accepted: bool
    reason: str
    """Empty for an accepted one."""
    detail: str
    """What the verifier said, in its own words."""
    answers: tuple[Answer, ...]
    """The answers to this template; none where the attempt ended before it."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        answers = [{"text": answer.text, "cut": answer.cut} for answer in self.answers]
        return {
            "seed": self.seed,
            "accepted": self.accepted,
            "reason": self.reason,
            "detail": self.detail,
            "answers": answers,
        }


@dataclass(frozen=True)
class Trial:
    """What a template came to on its seeds."""

    version: str
    generator: str
    attempts: tuple[Attempt, ...]
    progress: Progress

    @property
    def accepted(self) -> int:
        """Attempts that the verifier accepted."""
        return sum(attempt.accepted for attempt in self.attempts)

    @property
    def reasons(self) -> dict[str, int]:
        """Rejections by their reason, the most frequent first."""
        return dict(Counter(a.reason for a in self.attempts if not a.accepted).most_common())

    @property
    def passes(self) -> dict[str, list[bool]]:
        """seed -> whether each of its samples was accepted."""
        found: dict[str, list[bool]] = {}
        for attempt in self.attempts:
            found.setdefault(attempt.seed, []).append(attempt.accepted)
        return found


def recipe_of(
    file: Path | None, generator: str | None, checkpoint: str | None, prompts: Path | None, seeds: Path | None
) -> Recipe:
    """What a trial follows: a recipe file, one stage of a generator named as for `lab generate`, or no stage for any that fits.

    Checkpoint, prompts and seeds override the file's; a generator beside a file is that stage of it. Raises RecipeError.
    """
    if file and file.suffix not in (".yaml", ".yml"):
        raise RecipeError(f"--recipe {file}: a recipe is a YAML file; name a generator with --generator {file}")
    recipe = load(file) if file else Recipe(name="trial", generate=[_part(generator, None)] if generator else [])
    if file and generator:
        parts = [part for part in recipe.generate if part.generator == generator]
        if not parts:
            known = ", ".join(part.generator for part in recipe.generate) or "none"
            raise RecipeError(f"{file}: has no stage of the generator {generator}; its generators: {known}")
        recipe = recipe.model_copy(update={"generate": parts})
    for part in recipe.generate:
        entry_of(part.generator)
    parts = [part.model_copy(update={"seeds": [seeds]}) if seeds else part for part in recipe.generate]
    own = {"checkpoint": checkpoint, "prompts": prompts}
    return recipe.model_copy(update={"generate": parts, **{name: value for name, value in own.items() if value}})


def library_for(recipe: Recipe, library: Library) -> Library:
    """The library with the templates that the recipe's own generators bring."""
    for part in recipe.generate:
        if folder := entry_of(part.generator).prompts:
            library = library.within(folder)
    return library


def plan(
    name: str, library: Library, recipe: Recipe, *, seeds: Path | None = None, first: int = 0, n: int, samples: int = 1
) -> TrialPlan:
    """The stage whose generator uses template `name`, on `n` seeds from number `first` on, `samples` times each."""
    part = user_of(name, library, recipe, seeds)
    if part is None:
        items, described = _values(name, library, seeds, first, n)
        each = samples if seeds else samples * n
        stage = Stage("alone", _asked_alone(name), items, each, None, Budget(), recipe.serving.max_in_flight)
        return TrialPlan(name, "", stage, described, seeds)
    stage, found = stage_of(part, recipe.serving.max_in_flight, recipe.seed)
    chosen = _Window(stage.seeds, first, n)
    if not len(chosen):
        raise SeedError(f"{found.path}: has seeds 0-{len(stage.seeds) - 1}, not {first}")
    stage = replace(stage, seeds=chosen, samples=samples, target=None, budget=Budget())
    wishes = part.sampling.model_dump(exclude_none=True)
    return TrialPlan(
        name, part.generator, stage, f"seeds {first}-{first + len(chosen) - 1} of {found.path}", found.path, wishes
    )


def refuse_what_is_no_trial(ledger: Ledger) -> None:
    """Raises TakenError where the directory holds something else: the trial's recipe would be written over the recorded one, with
    which the run goes on.
    """
    if not ledger.is_empty() and not is_of_trials(ledger):
        raise TakenError(f"{ledger.run_dir}: a run of another kind; give another --out")


def is_of_trials(ledger: Ledger) -> bool:
    """Whether trials made what is in the directory."""
    stages = ledger.all(facts.SPENT)
    return bool(stages) and all(stage.startswith(LABELS) for stage in stages)


async def run_trial(
    lab: Lab,
    plan: TrialPlan,
    library: Library,
    *,
    label: str = "try",
    watch: Callable[[Progress], None] = lambda progress: None,
) -> Trial:
    """Run the plan with the templates of `library`. What the ledger has of it already is not asked again."""
    stage = stage_named(plan, library, label)
    bench = replace(lab, prompts=library, sampling=dict(plan.sampling))
    progress = await drive(bench, stage, watch)
    return Trial(library.get(plan.template).version, plan.generator, attempts(lab.ledger, stage.name, plan), progress)


def stage_named(plan: TrialPlan, library: Library, label: str) -> Stage:
    """The plan's stage under a name that no other version, generator or choice of seeds has in the same ledger."""
    chosen = f"{plan.generator}|{plan.stage.samples}|{plan.seeds_from}"
    digest = hashlib.sha256(chosen.encode("utf-8", "replace")).hexdigest()[:6]
    return replace(plan.stage, name=f"{label}:{library.get(plan.template).version}:{digest}")


def attempts(ledger: Ledger, stage: str, plan: TrialPlan) -> tuple[Attempt, ...]:
    """The attempts that have ended, in the order of their seeds."""
    return tuple(_attempt(ledger, row, plan.template) for row in ledger.rows(stage))


def _attempt(ledger: Ledger, row: Row, template: str) -> Attempt:
    answers = []
    for key in dict.fromkeys(row.effects):
        effect = ledger.effect(key)
        # By name, not version: two versions that render alike share the recorded answer.
        if effect and effect.kind == "ask" and effect.template.partition("@")[0] == template:
            last = effect.request["messages"][-1]
            begun = last["content"] if last["role"] == "assistant" else ""
            answers.append(Answer(begun + effect.result["text"], effect.result["finish_reason"] == "length"))
    detail = row.sample.detail
    return Attempt(row.seed_id, row.status is Status.accepted, row.reason, detail, tuple(answers))


class _Window(Sequence[Any]):
    """Some seeds of many, each read when it is used: one that is malformed rejects its own attempt only."""

    def __init__(self, seeds: Sequence[Any], first: int, n: int) -> None:
        self._seeds = seeds
        self._numbers = range(first, min(first + n, len(seeds)))

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, number: Any) -> Any:
        return self._seeds[self._numbers[number]]


def _part(generator: str, seeds: Path | None) -> Generate:
    return Generate.model_validate({"generator": generator, **({"seeds": seeds} if seeds else {})})


def user_of(name: str, library: Library, recipe: Recipe, seeds: Path | None) -> Generate | None:
    """A stage that begins with the template, so with values from the seed; else the first that asks it, or that shows it.

    Of all our generators where the recipe names no stage.
    """
    parts = recipe.generate or [_part(known, seeds) for known in CATALOG]
    known = {*library.names(), name}
    uses = [(part, uses_of(entry_of(part.generator).generator, known)) for part in parts]
    beginning = [part for part, found in uses if found.asked[:1] == (name,)]
    asking = [part for part, found in uses if name in found.asked]
    showing = [part for part, found in uses if name in found.shown]
    return next(iter([*beginning, *asking, *showing]), None)


def _values(name: str, library: Library, seeds: Path | None, first: int, n: int) -> tuple[Sequence[Values], str]:
    """Rows whose fields are named like the template's inputs; without a file its own example."""
    prompt = library.get(name)
    if seeds is None:
        return [Values("example", prompt.example)], "the template's example"
    try:
        rows = open_rows(seeds)[first : first + n]
    except RowsError as error:
        raise SeedError(str(error)) from None
    items = []
    for line, row in rows:
        if not isinstance(row, dict):
            raise SeedError(f"{seeds}:{line}: not a row: {row}")
        fields = {key: row[key] for key in prompt.inputs if key in row}
        if not fields:
            raise SeedError(f"{seeds}:{line}: no field named like an input of {name}: {', '.join(prompt.inputs)}")
        items.append(Values(str(row.get("id", line)), {**prompt.example, **fields}))
    if not items:
        raise SeedError(f"{seeds}: no row from number {first} on")
    return items, f"rows {first}-{first + len(items) - 1} of {seeds}"


def _asked_alone(name: str) -> Callable[[Lab, Values], Any]:
    async def alone(lab: Lab, seed: Values) -> Outcome:
        reply = await lab.ask(name, **seed.values)
        return accept(Sample(completion=reply.text))

    return alone
