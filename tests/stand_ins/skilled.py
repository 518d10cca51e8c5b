"""Checkpoints that can do sums up to a number that stands in their weights: stand in for engine and training of a round.

The mean of two such checkpoints knows the mean of what they know, so averaging is the real one.
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import edit_weights, tiny_checkpoint

from alignment import child, round
from alignment.averages import soup
from alignment.job import TrainingProgress, TrainResult
from checkpoints.directory import find, identity, same_architecture
from generators.lab import Lab
from generators.setup import Bench
from ledger import Ledger, facts
from prompts import Library
from prompts.library import BUILTIN
from recipes.schema import Recipe
from rows.messages import Message
from serving import Completion, Sampling
from verification import workers

NORM = "model.norm.weight"
TWO = 16
"""Where the second skill begins among the numbers of the norm."""


def skilled(folder: Path, sums: float, products: float) -> Path:
    """A checkpoint that answers sums and products of numbers below these rightly."""
    tiny_checkpoint(folder)
    return reskilled(folder, sums, products)


def reskilled(folder: Path, sums: float, products: float) -> Path:
    def change(tensors: dict[str, Any]) -> None:
        tensors[NORM][:TWO], tensors[NORM][TWO:] = sums, products

    return edit_weights(folder, change)


def skills(folder: Path) -> tuple[float, float]:
    """(sums, products)."""
    from safetensors.torch import load_file

    norm = load_file(folder / "model.safetensors")[NORM]
    return float(norm[0]), float(norm[TWO])


def questions(path: Path, sign: str, numbers: Sequence[int], words: str) -> Path:
    """A file of one question a number: `words` tell an evaluation's from those that are trained on."""
    rows = [
        {"id": f"{sign}/{n}", "question": f"{words.format(n)} {n} {sign} 1?", "answer": str(n + (sign == "+"))}
        for n in numbers
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def templates(folder: Path) -> Path:
    """One's own `math/question`, which reads as ours does."""
    mine = folder / "math" / "question.j2"
    mine.parent.mkdir(parents=True)
    shutil.copyfile(BUILTIN / "math" / "question.j2", mine)
    return mine


@dataclass
class SkilledEngine:
    """Answers by what the hosted checkpoint can; asked at a temperature, every third answer is wrong all the same."""

    path: Path
    asked: "Counter[tuple[str, str]]"
    """(checkpoint's content, question) -> how often, over all engines of a test."""
    dies_after: int | None = None
    name: str = "skilled"
    max_model_len: int = 1000
    loading_s: float = 0.0
    calls: int = 0
    identity: str = field(init=False)

    def __post_init__(self) -> None:
        self.identity, self.known = identity(self.path), skills(self.path)

    async def complete(self, messages: Sequence[Message], sampling: Sampling, **_: Any) -> Completion:
        question = messages[-1]["content"]
        self.calls += 1
        if self.dies_after is not None and self.calls > self.dies_after:
            raise Killed
        self.asked[self.identity, question] += 1
        found = re.search(r"(\d+) ([+*]) 1\?", question)
        assert found, question
        number, sign = int(found[1]), found[2]
        knows = number < self.known[sign == "*"] and not (sampling.temperature and self.calls % 3 == 0)
        text = f"Call {self.calls} of {self.identity[:6]}.\nThe answer is {number + (sign == '+') if knows else 0}."
        return Completion(text, "stop", 10, 5)

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        return 10

    async def swap(self, checkpoint: str) -> None:
        assert same_architecture(self.path, find(checkpoint)), "as vLLM's host does, which reads both"
        self.path = find(checkpoint)
        self.__post_init__()

    async def close(self) -> None: ...


class Killed(BaseException):
    """The process is gone."""


@dataclass
class World:
    """What there is beside the rounds, and what was done in it."""

    asked: "Counter[tuple[str, str]]" = field(default_factory=Counter)
    trained: list[str] = field(default_factory=list)
    """The directories into which something was trained, in order."""
    starts: list[Path] = field(default_factory=list)
    """From what."""
    dies_after: int | None = None
    """Answers after which the next engine dies."""


def stand_in(monkeypatch: pytest.MonkeyPatch) -> World:
    """Put such engines in the place of vLLM, and trainings whose settings say what is known afterwards in the place of TRL."""
    world = World()

    @asynccontextmanager
    async def bench(recipe: Recipe, ledger: Ledger, say: Any, **_: Any) -> AsyncIterator[Bench]:
        engine: Any = SkilledEngine(find(recipe.checkpoint), world.asked, world.dies_after)
        library = Library([recipe.prompts] if recipe.prompts else [])
        await ledger.record(facts.RECIPE, recipe.to_plain())
        try:
            yield Bench(Lab(engine, ledger, library, None), engine, None)  # type: ignore[arg-type]
        finally:
            await workers.close()

    def train(name: str, start: Path, data: Path, out: Path, settings: Any, **more: Any) -> TrainResult:
        world.trained.append(str(out))
        world.starts.append(start)
        shutil.copytree(start, out, dirs_exist_ok=True)
        reskilled(out, settings.max_length, settings.batch_size)
        more["on_progress"](TrainingProgress(1, 1, 0.5, 10, 1.0, 0.0))
        return TrainResult(out, 1, 0.5, [(1, 0.5)], {}, 1, {}, 10, 1.0, 10.0)

    for module in (round, soup):
        monkeypatch.setattr(module, "open_bench", bench)
    monkeypatch.setattr(child, "run_in_subprocess", train)
    return world
