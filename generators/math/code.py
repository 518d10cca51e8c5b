"""Text interleaved with Python (section 4.3.3): the words reason, the programs compute, and the two must agree."""

from dataclasses import replace
from typing import Annotated

from generators.lab import Lab
from generators.math.question import about
from generators.options import Several
from generators.reasons import Hurdle, Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import MathProblem
from rows.messages import answered
from sandbox import Program, Verdict
from verification.answers import final_answer
from verification.arithmetic import false_equations
from verification.equality import compared, same
from verification.extraction import FENCE, code_block

OUTPUT = 300
"""Characters of a program's output that are shown to the checkpoint."""


class MathCodeReason(Reason):
    """Why an answer is refused, beside the shared reasons and the sandbox's verdicts."""

    no_output = "no_output", Hurdle.answered
    too_many_programs = "too_many_programs", Hurdle.answered
    text_disagrees = "text_disagrees"
    """With the last program's output."""


async def math_code(
    lab: Lab, problem: MathProblem, *, programs: Annotated[Several, "programs of one answer at most"] = 3
) -> Outcome:
    """One answer with at most `programs` programs in it, each run in the sandbox with its true output put in behind it.

    Accepted when the answer in words equals the last output, and the reference where there is one.
    """
    turns: list[dict[str, str]] = []
    kept = replace(about(lab, problem), programming_language="python")
    while True:
        reply = await lab.ask("math/program", question=problem.question, turns=turns, draw=len(turns))
        piece = reply.text.strip()[len(_shown(turns)) :].strip() if turns else reply.text.strip()
        completion = "\n".join(filter(None, [_shown(turns), piece]))
        kept = replace(kept, completion=completion)
        code = code_block(piece)
        if not code or FENCE not in piece:
            break
        if len(turns) == programs:
            return reject(MathCodeReason.too_many_programs, kept)
        report = await lab.run(Program(code, lint=False))
        printed = report.stdout.strip()
        if report.verdict is not Verdict.untested:  # nothing tests it: that is the verdict of one that ran to its end
            return reject(report.verdict, replace(kept, code=code, detail=report.detail))
        if not printed:
            return reject(MathCodeReason.no_output, replace(kept, code=code))
        text = piece[: piece.rindex(FENCE)].rstrip() if piece.count(FENCE) % 2 == 0 else piece
        turns.append({"text": f"{text}\n{FENCE}", "output": printed[-OUTPUT:]})
    if not turns:
        return reject(Shared.no_code, kept)
    kept = replace(kept, code=turns[-1]["text"]).with_evidence(programs=len(turns))
    answer, computed = final_answer(piece), turns[-1]["output"].splitlines()[-1].strip()
    if reply.cut or not answer:
        return reject(Shared.cut_off if reply.cut else Shared.no_answer, kept)
    if not await same(lab.check, answer, computed):
        detail = f"the text says {answer}, the program {computed}"
        return reject(MathCodeReason.text_disagrees, replace(kept, detail=detail))
    kept = replace(kept, answer=answer)
    right = await compared(lab.check, answer, problem.answer) if problem.answer else True
    if not right:
        return reject(Shared.undecided if right is None else Shared.wrong_answer, kept)
    if faults := false_equations(piece):
        return reject(Shared.false_step, replace(kept, detail="; ".join(faults)))
    return accept(replace(kept, messages=answered(kept.prompt, completion)))


def _shown(turns: list[dict[str, str]]) -> str:
    """The pieces so far as the template `math/program` writes them."""
    return "\n".join(f"{turn['text']}\n{FENCE}output\n{turn['output']}\n{FENCE}" for turn in turns)
