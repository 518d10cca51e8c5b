"""Labels for the steps of a solution by Monte-Carlo continuation: how often does what follows a step come out right?

Section 4.3.3 trains outcome and stepwise reward models; the labels are made as in Math-Shepherd (Wang et al. 2023). Rows are
exported in TRL's stepwise-supervision form: `prompt`, `completions`, `labels`.
"""

import asyncio
from dataclasses import replace
from typing import Annotated

from generators.lab import Lab
from generators.math.question import about
from generators.options import Several, Share
from generators.reasons import Hurdle, Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import MathProblem
from rows.messages import answered
from verification.answers import final_answer
from verification.equality import same

MOST_STEPS = 12


class StepsReason(Reason):
    """Why a solution is not labelled, beside the shared reasons."""

    too_few_steps = "too_few_steps", Hurdle.answered
    too_many_steps = "too_many_steps", Hurdle.answered


async def steps(
    lab: Lab,
    problem: MathProblem,
    *,
    continuations: Annotated[Several, "tries from each step on"] = 4,
    threshold: Annotated[Share, "share of them above which a step is good"] = 0.0,
) -> Outcome:
    """One sampled solution with a success rate for each of its steps; needs the reference answer.

    A step is labelled good if more than `threshold` of `continuations` from it reach the reference. The last step is
    labelled by the answer itself.
    """
    kept = about(lab, problem)
    if not problem.answer:
        return reject(Shared.no_reference, kept)
    reply = await lab.ask("math/solve", question=problem.question)
    completion = reply.text.strip()
    parts = steps_of(completion)
    kept = replace(kept, completion=completion)
    if reply.cut or not final_answer(completion):
        return reject(Shared.cut_off if reply.cut else Shared.no_answer, kept)
    if not 2 <= len(parts) <= MOST_STEPS:
        return reject(StepsReason.too_few_steps if len(parts) < 2 else StepsReason.too_many_steps, kept)
    rates = await asyncio.gather(
        *(success_rate(lab, problem, parts[:end], continuations) for end in range(1, len(parts)))
    )
    right = await same(lab.check, final_answer(completion), problem.answer)
    all_rates = [*rates, float(right)]
    labels = [rate > threshold for rate in all_rates]
    kept = replace(kept, messages=answered(kept.prompt, completion), steps=parts, labels=labels)
    return accept(kept.with_evidence(rates=all_rates, right=right))


def steps_of(solution: str) -> list[str]:
    """The steps of a solution: its lines that hold anything."""
    return [line.strip() for line in solution.splitlines() if line.strip()]


async def success_rate(lab: Lab, problem: MathProblem, prefix: list[str], continuations: int) -> float:
    """The share of continuations of the steps so far that reach the reference."""
    replies = await lab.ask_many("math/next-step", continuations, question=problem.question, steps=prefix)
    found = [not reply.cut and await same(lab.check, final_answer(reply.text), problem.answer) for reply in replies]
    return sum(found) / continuations
