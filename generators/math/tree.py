"""Monte-Carlo tree search over the steps of a solution (section 4.3.3), for the prompts that plain sampling does not solve.

A simulation walks down the tree by UCT, samples one whole continuation from where it ends, hangs the continuation's first
step into the tree, and credits every node on the way with how good the continuation turned out. So each token sampled is
both a step and a rollout. A step scorer steers the walk as in AlphaZero's PUCT: the recipe's stepwise reward model, or a function.
"""

import importlib
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Annotated

from generators.lab import Lab
from generators.math.question import about
from generators.math.steps import MOST_STEPS, steps_of
from generators.options import OneOf, Several
from generators.reasons import Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import MathProblem
from recipes import RecipeError
from rows.messages import answered
from verification.answers import final_answer
from verification.arithmetic import false_equations
from verification.equality import compared

Scorer = Callable[[Lab, str, list[str]], Awaitable[float]]
"""`(lab, question, steps) -> 0..1`: how promising the steps so far are."""
EXPLORATION = 1.4
SOUND = 0.1
"""What a wrong continuation without a false equation is worth: without it every value is 0 till the search ends."""


class TreeReason(Reason):
    """Why there is no solution, beside the shared reasons."""

    not_solved = "not_solved"


@dataclass
class Node:
    """A prefix of a solution."""

    steps: list[str]
    prior: float = 1.0
    visits: int = 0
    value: float = 0.0
    widened: int = 0
    """Continuations sampled from here; a child that came up twice counts twice."""
    ended: bool = False
    """Its last step was the last of its continuation: there is nothing to go on from."""
    children: dict[str, "Node"] = field(default_factory=dict)

    def score(self, parent_visits: int, best_prior: float) -> float:
        """PUCT: the mean value, and a bonus for what was seldom tried, in proportion to the prior as a share of the siblings' best."""
        mean = self.value / self.visits if self.visits else 0.0
        return mean + EXPLORATION * self.prior / best_prior * math.sqrt(parent_visits) / (1 + self.visits)


async def tree_search(
    lab: Lab,
    problem: MathProblem,
    *,
    simulations: Annotated[Several, "sampled continuations of a question at most"] = 16,
    width: Annotated[Several, "how many a node grows"] = 3,
    scorer: Annotated[
        str, OneOf(known=lambda name: name and _imported(name)), "package.module:function that scores steps"
    ] = "",
) -> Outcome:
    """Search for a right solution of one hard question with at most `simulations` sampled continuations.

    From a node as many continuations are sampled as `width` / 2 times the square root of its visits. One is worth 1 where it
    reaches the reference without a false equation, and then the search ends; `SOUND` where only its equations hold. `scorer`
    is `package.module:function`, a Scorer; without one the stepwise reward model says how promising a step is, and where there
    is none either, every step is as promising as any other. Needs the reference answer.
    """
    kept = about(lab, problem)
    if not problem.answer:
        return reject(Shared.no_reference, kept)
    promising = _imported(scorer) if scorer else by_model if lab.step_scorer else None
    root = Node([])
    nodes, wrong = 1, ""
    for simulation in range(simulations):
        path = _walk(root, width)
        here = path[-1]
        here.widened += 1
        reply = await lab.ask("math/next-step", question=problem.question, steps=here.steps, draw=simulation)
        found = steps_of(reply.text)
        completion = "\n".join(found)
        answer = "" if reply.cut else final_answer(completion)
        sound = bool(answer) and not false_equations(completion)
        found_equal = await compared(lab.check, answer, problem.answer) if answer else None
        solved = sound and found_equal is True
        reward = 1.0 if solved else SOUND if sound else 0.0
        if len(found) > len(here.steps) and len(here.steps) < MOST_STEPS:
            step = found[len(here.steps)]
            if step not in here.children:
                prior = await promising(lab, problem.question, [*here.steps, step]) if promising else 1.0
                here.children[step] = Node([*here.steps, step], min(1.0, max(0.0, prior)))
                here.children[step].ended = len(found) == len(here.steps) + 1
                nodes += 1
            path.append(here.children[step])
        for node in path:
            node.visits += 1
            node.value += reward
        if solved:
            kept = replace(kept, completion=completion, answer=answer, rejected=wrong)
            kept = kept.with_evidence(simulations=simulation + 1, nodes=nodes)
            return accept(replace(kept, messages=answered(kept.prompt, completion)))
        wrong = completion if found_equal is False else wrong
    kept = replace(kept, completion=wrong).with_evidence(simulations=simulations, nodes=nodes)
    return reject(TreeReason.not_solved, kept)


async def by_model(lab: Lab, question: str, steps: list[str]) -> float:
    """How likely the last step is to be good, by the stepwise reward model: a Scorer."""
    return (await lab.score_steps(question, steps))[-1]


def _walk(root: Node, width: int) -> list[Node]:
    """From the root down to the first node that may be widened, or from which no child leads on."""
    path = [root]
    while True:
        here = path[-1]
        ways = [child for child in here.children.values() if not child.ended]
        if not ways or here.widened < width * math.sqrt(here.visits) / 2:
            return path
        # A scorer that finds most steps bad, and for a small checkpoint rightly, shall tell them apart and not end the search.
        best_prior = max(child.prior for child in ways) or 1.0
        path.append(max(ways, key=lambda child: child.score(here.visits, best_prior)))


def _imported(scorer: str) -> Scorer:
    module, _, name = scorer.partition(":")
    try:
        found: Scorer = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise RecipeError(f"option scorer={scorer}: {error}; write it as package.module:function") from None
    return found
