"""Corrected solutions (section 4.3.3): a wrong solution of the checkpoint's own, the mistake named, the problem solved again."""

from generators.lab import Lab
from generators.math.question import about
from generators.sample import Outcome, accept, reject
from generators.seeds import MathProblem
from verification.answers import final_answer
from verification.arithmetic import false_equations
from verification.equality import same


async def mistakes(lab: Lab, problem: MathProblem, *, votes: int = 4, tries: int = 2) -> Outcome:
    """One wrong solution and its correction, as a dialogue. Needs the reference answer, which decides both.

    The first wrong one of `votes` solutions is corrected, `tries` times at most. The samples are those that
    `math/solutions` asks for, so in one run they cost nothing here.
    """
    kept = about(lab, problem)
    if not problem.answer:
        return reject("no_reference", **kept)
    replies = await lab.ask_many("math/solve", votes, question=problem.question)
    wrong = ""
    for reply in replies:
        answer = final_answer(reply.text)
        if answer and not reply.cut and not await same(lab.check, answer, problem.answer):
            wrong = reply.text.strip()
            break
    if not wrong:
        return reject("no_mistake", **kept)
    dialogue = [*kept["prompt"], {"role": "assistant", "content": wrong}, *lab.conversation("math/feedback")]
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
            messages = [*dialogue, {"role": "assistant", "content": corrected}]
            again = {"prompt": dialogue, "completion": corrected, "rejected": wrong}
            return accept(**kept | again, messages=messages, answer=answer, wrong=wrong, tries=attempt + 1)
    return reject("not_corrected", **kept, completion=corrected, messages=dialogue, wrong=wrong)
