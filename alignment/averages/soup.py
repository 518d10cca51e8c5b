"""The greedy soup (Wortsman et al. 2022): the mean of those checkpoints with each of which it answers no fewer problems.

The checkpoints are held to a benchmark, and in the order of what they answer each is taken into the mean if the mean with it
answers no less than the mean without. `OUT/greedy` is a run directory like any other, in which every evaluation is kept under
the content of what was evaluated: nothing is averaged or asked twice, also where one that was stopped is given more.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from alignment.averages.variants import is_done, mean_of
from checkpoints import CheckpointError
from checkpoints.average import RECORD, tensors_alike, weights_of
from checkpoints.directory import identity
from checkpoints.draft import refuse_taken
from checkpoints.files import read_object
from checkpoints.place import place
from evaluation import Decoding, ProblemSet, evaluate, problem_set, same_problems, same_templates, stage_name
from generators.drive import Progress
from generators.setup import Bench, open_bench
from ledger import Ledger, facts
from ledger.rows import EVALUATION
from ledger.store import FILE
from recipes.schema import Recipe
from serving.launch import Say

FOLDER = "greedy"
"""Of the output directory: the run that holds the evaluations."""
NAMED = 12
"""Characters of a checkpoint's identity by which its evaluation is called."""
MEAN = "mean-"
"""How the folder of a mean and its evaluation begin that is tried."""


@dataclass(frozen=True)
class Tried:
    """A checkpoint, and what came of taking it into the mean; in the order in which they were tried."""

    checkpoint: str
    identity: str
    alone: float
    """pass@1 of itself, greedily."""
    mean: float
    """Of the mean with it; of the first one its own."""
    kept: bool


@dataclass(frozen=True)
class Soup:
    """What was tried, and what is kept."""

    checkpoint: Path
    benchmark: str
    n: int
    """Problems."""
    content: str
    """Names the problems that decided."""
    score: float
    """pass@1 of the mean on the problems by which its parts were chosen, so too high for others."""
    tried: list[Tried]

    def to_dict(self) -> dict[str, Any]:
        """As average.json and `--json` hold it."""
        return {**asdict(self), "checkpoint": str(self.checkpoint)}

    @property
    def kept(self) -> list[Tried]:
        return [each for each in self.tried if each.kept]


def check_soup(paths: Sequence[Path], out: Path) -> None:
    """Raises CheckpointError where no mean could be taken, or `out` holds something else."""
    if len(paths) < 2:
        raise CheckpointError("a mean is of two checkpoints or more")
    tensors_alike(paths)
    if not (out / FOLDER / FILE).exists():
        refuse_taken(out)


async def greedy_soup(
    recipe: Recipe,
    paths: Sequence[Path],
    out: Path,
    ledger: Ledger,
    *,
    say: Say,
    watch: Callable[[Progress], None] = lambda progress: None,
) -> Soup:
    """The mean of those of the checkpoints with which it answers no less, as a checkpoint in `out`. The recipe names the problems;
    what the ledger has of them is not asked again. Raises CheckpointError, and as evaluations do.
    """
    wanted = recipe.evaluate[0]
    problems = problem_set(wanted)
    identities = [identity(path) for path in paths]
    for number, one in enumerate(identities):
        if one in identities[:number]:
            raise CheckpointError(f"{paths[number]}: the same as {paths[identities.index(one)]}; give each once")
    if (known := _finished(out, identities, problems)) is not None:
        return known
    await same_problems(ledger, wanted, problems)
    await ledger.record_step("run", "running", {})
    kept: list[int] = []
    tried: list[Tried] = []
    best, n = 0, len(problems.problems)
    async with open_bench(recipe, ledger, say, programs=problems.benchmark.sandbox) as bench:
        same_templates(ledger, wanted, bench.lab.prompts)

        async def passed(parts: Sequence[int]) -> int:
            """Problems that the mean of these checkpoints answers rightly."""
            chosen = [paths[part] for part in parts]
            name = _name([identities[part] for part in parts])
            if not is_done(ledger, f"evaluate {name}"):
                await _evaluate(bench, name, chosen, problems, recipe, watch)
            told = chosen[0] if len(chosen) == 1 else f"the mean of {len(chosen)}, with {chosen[-1]}"
            stage = stage_name(name, wanted.name, Decoding.greedy)
            found = ledger.read(facts.SCORE, stage.removeprefix(EVALUATION))
            assert found, "the evaluation records it before it ends"
            say(f"{told}: {found['passed']} of {n}")
            return found["passed"]

        alone = [await passed([number]) for number in range(len(paths))]
        for number in sorted(range(len(paths)), key=lambda number: -alone[number]):
            found = await passed([*kept, number]) if kept else alone[number]
            keeps = found >= best
            tried.append(Tried(str(paths[number]), identities[number], alone[number] / n, found / n, keeps))
            if keeps:
                kept, best = [*kept, number], found
    made = Soup(out, problems.title, n, problems.content, best / n, tried)
    await _write(made, [paths[part] for part in kept], ledger.run_dir)
    await ledger.record_step("run", "done", {})
    return made


def _name(identities: Sequence[str]) -> str:
    """What the evaluation of a checkpoint, or of the mean of several, is called: by what is in them."""
    if len(identities) == 1:
        return identities[0][:NAMED]
    return MEAN + hashlib.sha256("+".join(identities).encode()).hexdigest()[:NAMED]


async def _evaluate(
    bench: Bench,
    name: str,
    paths: Sequence[Path],
    problems: ProblemSet,
    recipe: Recipe,
    watch: Callable[[Progress], None],
) -> None:
    """Host the checkpoint, or the mean of several, and hold it to the problems."""
    ledger, run = bench.lab.ledger, bench.lab.ledger.run_dir
    await ledger.record_step(f"evaluate {name}", "running", {})
    here = paths[0] if len(paths) == 1 else await mean_of(paths, run / name)
    await bench.engine.swap(str(here))
    for other in run.glob(f"{MEAN}*"):  # no more than one beside that which is hosted
        if other != here:
            shutil.rmtree(other)
    in_flight = recipe.serving.max_in_flight
    await evaluate(bench.lab, name, problems, recipe.evaluate[0], in_flight=in_flight, watch=watch)
    await ledger.record_step(f"evaluate {name}", "done", {"of": [str(path) for path in paths]})


async def _write(made: Soup, kept: Sequence[Path], run: Path) -> None:
    """The mean of the kept, or the only one, moved into its place; the record last, by which it is done."""
    draft = run / f"{MEAN}of-the-kept"
    if len(kept) > 1:
        await mean_of(kept, draft)
    else:
        shutil.rmtree(draft, ignore_errors=True)
        await asyncio.to_thread(place, kept[0], draft, str(kept[0]))
    weights = weights_of(len(kept))
    of = [
        {"checkpoint": each.checkpoint, "identity": each.identity, "weight": weight}
        for each, weight in zip(made.kept, weights, strict=True)
    ]
    record = draft / RECORD
    record.write_text(json.dumps({"of": of, "greedy": made.to_dict()}, indent=2) + "\n")
    for path in sorted(draft.iterdir(), key=lambda path: path == record):
        path.replace(made.checkpoint / path.name)
    for folder in run.glob(f"{MEAN}*"):
        shutil.rmtree(folder)


def _finished(out: Path, identities: Sequence[str], problems: ProblemSet) -> Soup | None:
    """What was made in `out` of the same checkpoints by the same problems. Raises CheckpointError where it was of others."""
    if not (out / RECORD).exists():
        return None
    told = read_object(out / RECORD).get("greedy", {})
    tried = [Tried(**each) for each in told.get("tried", ())]
    if {each.identity for each in tried} != {*identities} or told["content"] != problems.content:
        raise CheckpointError(f"{out}: made of other checkpoints, or by other problems; give another --out")
    return Soup(**{**told, "checkpoint": out, "tried": tried})
