"""Step-by-step solutions (section 4.3.3): K samples, the answer checked by meaning, a vote where no reference exists."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

from generators.lab import Lab, Reply
from generators.math.question import about
from generators.math.steps import steps_of
from generators.math.votes import majority
from generators.options import Several, Share
from generators.reasons import Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import MathProblem
from rows.messages import answered
from verification.answers import final_answer
from verification.arithmetic import false_equations
from verification.equality import compared

KEPT = 4
"""Right and wrong solutions kept, the first of them included, for more SFT rows, preference pairs and `math/mistakes`."""


class SolutionsReason(Reason):
    """Why there is no solution, beside the shared reasons."""

    not_verified = "not_verified"


async def solutions(
    lab: Lab,
    problem: MathProblem,
    *,
    votes: Annotated[Several, "solutions of a question"] = 4,
    agreement: Annotated[Share, "share of them to exceed where there is no answer"] = 0.5,
    verify: Annotated[bool, "where there is no answer, the checkpoint checks it"] = True,
) -> Outcome:
    """`votes` solutions of one question; the first right one is accepted, right and wrong ones are kept.

    With a reference, right is what equals it. Without one, right is what more than `agreement` of the samples say and, if
    `verify`, what the checkpoint itself finds right on reading it again. A solution with a false equation in it is not
    right, wherever it ends; nor is it a negative, for its answer may be the right one. Nor is one whose answer cannot be
    compared. Where there is a stepwise reward model, the right one whose worst step it likes best comes first.
    """
    replies = await lab.ask_many("math/solve", votes, question=problem.question)
    answer, confidence = await majority(lab, replies)
    target = problem.answer or answer
    right_samples, wrong_samples = await _told_apart(lab, replies, target)
    sound = [text for text in right_samples if not false_equations(text)]
    wrong = list(dict.fromkeys(wrong_samples))
    worst = await _worst_steps(lab, problem.question, dict.fromkeys(sound))
    right = sorted(worst, key=lambda text: -worst[text])
    pass_rate = round(len(right_samples) / votes, 3) if problem.answer else None
    kept = replace(about(lab, problem), answer=answer, pass_rate=pass_rate, more_rejected=wrong[1:KEPT])
    kept = kept.with_evidence(confidence=round(confidence, 3))
    if not right:
        if right_samples:
            detail = "; ".join(false_equations(right_samples[0]))
            return reject(Shared.false_step, replace(kept, completion=right_samples[0], detail=detail))
        reason = Shared.no_answer if not answer else Shared.no_majority
        if answer and problem.answer:
            reason = Shared.wrong_answer if wrong else Shared.undecided
        shown = wrong[0] if wrong else next((reply.text.strip() for reply in replies if reply.text.strip()), "")
        return reject(reason, replace(kept, completion=shown).with_evidence(wrong=wrong[:KEPT]))
    kept = replace(kept, completion=right[0], score=worst[right[0]] if lab.step_scorer else None)
    if not problem.answer:
        if confidence <= agreement:
            return reject(Shared.no_majority, kept)
        if verify and not await verified(lab, problem.question, right[0]):
            return reject(SolutionsReason.not_verified, kept)
    kept = replace(kept, more_completions=right[1:KEPT], rejected=wrong[0] if wrong else "")
    return accept(replace(kept, messages=answered(kept.prompt, right[0])))


async def _worst_steps(lab: Lab, question: str, solutions: Iterable[str]) -> dict[str, float]:
    """Solution -> how likely the step is to be good that is least so; 1 for all where there is no stepwise reward model."""
    if lab.step_scorer is None:
        return dict.fromkeys(solutions, 1.0)
    return {text: min(await lab.score_steps(question, steps_of(text))) for text in solutions}


async def verified(lab: Lab, question: str, solution: str) -> bool:
    """Whether the checkpoint, asked to verify a solution, finds it right."""
    said = await lab.ask("math/verify", question=question, solution=solution)
    return said.text.strip().lower().startswith("yes")


async def _told_apart(lab: Lab, replies: list[Reply], target: str) -> tuple[list[str], list[str]]:
    """(right solutions, wrong ones). One that the token limit cut, or that states no answer, is neither."""
    right: list[str] = []
    wrong: list[str] = []
    for reply in replies:
        text = reply.text.strip()
        answer = final_answer(text)
        if answer and not reply.cut:
            found = await compared(lab.check, answer, target)
            if found is not None:  # what nothing decides is neither
                (right if found else wrong).append(text)
    return right, wrong
