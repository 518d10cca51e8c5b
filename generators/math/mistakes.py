"""Corrected solutions (section 4.3.3): a wrong solution of the checkpoint's own, the mistake named, the problem solved again."""

from dataclasses import replace
from typing import Annotated

from generators.lab import Lab
from generators.math.question import about
from generators.options import Several
from generators.reasons import Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import MathProblem
from rows.messages import answered
from verification.answers import final_answer
from verification.arithmetic import false_equations
from verification.equality import compared, same


class MistakesReason(Reason):
    """Why there is no dialogue, beside the shared reasons."""

    no_mistake = "no_mistake"
    not_corrected = "not_corrected"


async def mistakes(
    lab: Lab,
    problem: MathProblem,
    *,
    votes: Annotated[Several, "solutions among which a wrong one is looked for"] = 4,
    tries: Annotated[Several, "corrections of it at most"] = 2,
) -> Outcome:
    """One wrong solution and its correction, as a dialogue. Needs the reference answer, which decides both.

    The first wrong one of `votes` solutions is corrected, `tries` times at most. The samples are those that
    `math/solutions` asks for, so in one run they cost nothing here.
    """
    kept = about(lab, problem)
    if not problem.answer:
        return reject(Shared.no_reference, kept)
    replies = await lab.ask_many("math/solve", votes, question=problem.question)
    wrong = ""
    for reply in replies:
        answer = final_answer(reply.text)
        if answer and not reply.cut and await compared(lab.check, answer, problem.answer) is False:
            wrong = reply.text.strip()
            break
    if not wrong:
        return reject(MistakesReason.no_mistake, kept)
    dialogue = [*answered(kept.prompt, wrong), *lab.conversation("math/feedback")]
    kept = kept.with_evidence(wrong=wrong)
    for attempt in range(tries):
        reply = await lab.ask("math/correct", question=problem.question, solution=wrong, draw=attempt)
        corrected = reply.text.strip()
        answer = final_answer(corrected)
        if (
            answer
            and not reply.cut
            and await same(lab.check, answer, problem.answer)
            and not false_equations(corrected)
        ):
            kept = replace(kept, prompt=dialogue, completion=corrected, rejected=wrong, answer=answer)
            return accept(replace(kept, messages=answered(dialogue, corrected)).with_evidence(tries=attempt + 1))
    return reject(MistakesReason.not_corrected, replace(kept, completion=corrected, messages=dialogue))
