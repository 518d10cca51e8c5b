"""A question of mathematics, asked as the data sets ask it and judged by the meaning of its final answer."""

from dataclasses import replace

from generators.lab import Lab
from generators.math.question import about
from generators.reasons import Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import MathProblem
from rows.messages import answered
from verification.answers import final_answer
from verification.equality import compared


async def answer_question(lab: Lab, problem: MathProblem) -> Outcome:
    """One answer, without shots. Right is a final answer that means what the reference's does, however it is written; an
    answer that the token limit cut states none.
    """
    reply = await lab.ask("math/question", question=problem.question)
    completion = reply.text.strip()
    kept = replace(about(lab, problem), completion=completion)
    said = "" if reply.cut else final_answer(completion)
    if not said:
        return reject(Shared.cut_off if reply.cut else Shared.no_answer, kept)
    kept = replace(kept, answer=said)
    right = await compared(lab.check, said, problem.answer)
    if not right:
        reason = Shared.undecided if right is None else Shared.wrong_answer
        return reject(reason, kept, detail=f"{said}, and the reference says {problem.answer}")
    return accept(kept, messages=answered(kept.prompt, completion))
