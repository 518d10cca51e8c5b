"""`math/tree` against independent samples of `math/solve` at equal tokens, on our hardest questions.

    python benchmarks/generators/mcts.py [--repeats 3] [--budget 1500] [--checkpoint default] [--stepwise-model DIR]

Each side works on each medium and hard question of recipes/seeds/math-problems.jsonl until it has a solution that `math/tree` accepts
(the right answer, no false equation) or has been given `--budget` output tokens, about 24 whole solutions. All of it goes on
at once in one process, on one engine: what counts is tokens, not time. A budget below the largest is read off the same searches: solved
is what was solved with no more than so many tokens. Intervals are 95%, by bootstrap over questions, whose repeats stay together.

The third side steers the tree with a scorer that needs no training: a step with a false equation gets a tenth of the prior.
With `--stepwise-model` a fourth one steers it with what `lab train stepwise` made, whose own tokens are none of the engine's.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from checkpoints.directory import find
from generators.lab import Lab
from generators.math.tree import tree_search
from generators.seeds import MathProblem
from generators.seeds.kinds import MATHEMATICS
from generators.seeds.load import load
from ledger import Ledger
from prompts import Library
from recipes.names import SEEDS
from recipes.schema import Serving
from serving import StepScorer, host_step_scorer
from serving.local import LocalEngine
from verification import workers as checks
from verification.answers import final_answer
from verification.arithmetic import false_equations
from verification.equality import same

SHARES = (1 / 6, 1 / 3, 2 / 3, 1.0)
"""Of the budget, at which the table is printed."""
DRAWS = 10_000
MOST = 1000
"""Simulations; the budget ends a search long before."""


class SpentError(Exception):
    """The tokens of a search are used up."""


class Purse:
    """The engine as one search sees it: no further answer once the budget is spent."""

    def __init__(self, engine: LocalEngine, budget: int) -> None:
        self.identity = engine.identity
        self._engine = engine
        self._budget = budget
        self.tokens = 0
        self.asks = 0

    async def complete(self, *request: Any, **more: Any) -> Any:
        """An answer of the engine, counted."""
        if self.tokens >= self._budget:
            raise SpentError
        completion = await self._engine.complete(*request, **more)
        self.tokens += completion.output_tokens
        self.asks += 1
        return completion


@dataclass(frozen=True)
class Search:
    """How one search ended."""

    solved: bool
    tokens: int
    """Used up to its end."""
    asks: int


async def plain(lab: Lab, problem: MathProblem) -> None:
    """Independent samples until one is right by the measure of the tree."""
    for draw in itertools.count():
        reply = await lab.ask("math/solve", question=problem.question, draw=draw)
        answer = "" if reply.cut else final_answer(reply.text)
        if await same(lab.check, answer, problem.answer) and not false_equations(reply.text):
            return


async def tree(lab: Lab, problem: MathProblem, scorer: str = "") -> None:
    """The product's own search."""
    outcome = await tree_search(lab, problem, simulations=MOST, scorer=scorer)
    if not outcome.accepted:
        raise SpentError


async def sound(lab: Lab, question: str, steps: list[str]) -> float:
    """A scorer for free: whether the arithmetic of the last step holds."""
    return 0.1 if false_equations(steps[-1]) else 1.0


SIDES: dict[str, Callable[[Lab, MathProblem], Awaitable[None]]] = {
    "plain samples": plain,
    "tree": tree,
    "tree, false steps demoted": partial(tree, scorer=f"{__name__}:sound"),
}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3, help="searches of each side at each question")
    parser.add_argument("--budget", type=int, default=1500, help="output tokens of one search")
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--stepwise-model", help="that steers a fourth side")
    options = parser.parse_args()
    seeds = load(MATHEMATICS, [SEEDS / "math-problems.jsonl"]).items
    problems = [problem for problem in seeds if problem.difficulty in ("medium", "hard")]
    engine = LocalEngine(find(options.checkpoint), Serving(max_in_flight=128), print)
    await engine.start()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with host_step_scorer(options.stepwise_model, 2048) as scorer:
            scorers = {**dict.fromkeys(SIDES), **({"tree, stepwise model": scorer} if scorer else {})}
            sides = (_side(engine, Path(folder), side, scorer, problems, options) for side, scorer in scorers.items())
            found = dict(zip(scorers, await asyncio.gather(*sides), strict=True))
    seconds = time.monotonic() - started
    await checks.close()
    await engine.close()
    spent = sum(search.tokens for rows in found.values() for row in rows for search in row)
    print(f"{len(problems)} questions, {options.repeats} searches each and side; {spent:,} tokens in {seconds:.0f} s")
    for side, rows in found.items():
        asks, tokens = (sum(getattr(search, name) for row in rows for search in row) for name in ("asks", "tokens"))
        print(f"{side:<28}{asks:>6} answers of {tokens / asks:.0f} tokens")
    for share in SHARES:
        _print(found, round(share * options.budget))
    print("\nunsolved by every search of a side")
    for side, rows in found.items():
        names = [p.id for p, row in zip(problems, rows, strict=True) if not any(search.solved for search in row)]
        print(f"{side:<28}{len(names):>3}  {', '.join(names)}")


async def _side(
    engine: LocalEngine,
    folder: Path,
    side: str,
    scorer: StepScorer | None,
    problems: list[MathProblem],
    options: argparse.Namespace,
) -> list[list[Search]]:
    """[question][repeat]; a ledger for each side, so that no side is given what another paid for."""
    folder = folder / side.replace(" ", "-")
    folder.mkdir()
    with Ledger(folder) as ledger:
        lab = Lab(engine, ledger, Library(), step_scorer=scorer)
        one = partial(_search, lab, engine, SIDES.get(side, tree), options.budget)
        each = (asyncio.gather(*(one(problem, repeat) for repeat in range(options.repeats))) for problem in problems)
        return [list(row) for row in await asyncio.gather(*each)]


async def _search(
    lab: Lab,
    engine: LocalEngine,
    side: Callable[[Lab, MathProblem], Awaitable[None]],
    budget: int,
    problem: MathProblem,
    repeat: int,
) -> Search:
    bench, purse = lab.attempt(repeat), Purse(engine, budget)
    bench.engine = purse  # type: ignore[assignment]  # only `complete` and `identity` are asked of it
    try:
        await side(bench, problem)
    except SpentError:
        return Search(False, purse.tokens, purse.asks)
    return Search(True, purse.tokens, purse.asks)


def _print(found: dict[str, list[list[Search]]], budget: int) -> None:
    """Solved searches and tokens for each, and how much the sides differ from the first."""
    print(
        f"\n{f'{budget} tokens a search':<28}{'solved':>8}{'95%':>15}{'tokens/solved':>15}{'95%':>15}{'more solved':>22}"
    )
    chance = np.random.default_rng(0)
    some = next(iter(found.values()))
    draws = chance.integers(0, len(some), (DRAWS, len(some)))
    first: Any = None
    for side, rows in found.items():
        solved = np.array([[search.solved and search.tokens <= budget for search in row] for row in rows])
        tokens = np.array([[min(search.tokens, budget) for search in row] for row in rows])
        share, many = solved.mean(1), solved.sum(1)
        drawn = share[draws].mean(1)
        first = drawn if first is None else first
        # A draw of questions of which none was solved has no cost a solved one: it counts as infinite.
        with np.errstate(divide="ignore"):
            costs = tokens.sum(1)[draws].sum(1) / many[draws].sum(1)
        cost = tokens.sum() / max(1, many.sum())
        low, high = np.quantile(drawn, (0.025, 0.975))
        cheap, dear = np.quantile(costs, (0.025, 0.975), method="nearest")
        less, more = np.quantile(drawn - first, (0.025, 0.975))
        gain = drawn.mean() - first.mean()
        said = (
            f"{side:<28}{share.mean():>8.1%}{f'{low:.1%}-{high:.1%}':>15}{cost:>15.0f}{f'{cheap:.0f}-{dear:.0f}':>15}"
        )
        print(said + ("" if first is drawn else f"{f'{gain:+.1%} ({less:+.1%} to {more:+.1%})':>28}"))


if __name__ == "__main__":
    asyncio.run(main())
