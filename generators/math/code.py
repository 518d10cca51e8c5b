"""Text interleaved with Python (section 4.3.3): the words reason, the programs compute, and the two must agree."""

from generators.lab import Lab
from generators.math.question import about
from generators.sample import Outcome, accept, reject
from generators.seeds import MathProblem
from sandbox import Program, Verdict
from verification.answers import final_answer
from verification.arithmetic import false_equations
from verification.equality import same
from verification.extraction import FENCE, code_block

OUTPUT = 300
"""Characters of a program's output that are shown to the checkpoint."""


async def math_code(lab: Lab, problem: MathProblem, *, programs: int = 3) -> Outcome:
    """One answer with at most `programs` programs in it, each run in the sandbox with its true output put in behind it.

    Accepted when the answer in words equals the last output, and the reference where there is one.
    """
    turns: list[dict[str, str]] = []
    kept = about(lab, problem) | {"language": "python"}
    while True:
        reply = await lab.ask("math/program", question=problem.question, turns=turns, draw=len(turns))
        piece = reply.text.strip()[len(_shown(turns)) :].strip() if turns else reply.text.strip()
        completion = "\n".join(filter(None, [_shown(turns), piece]))
        code = code_block(piece)
        if not code or FENCE not in piece:
            break
        if len(turns) == programs:
            return reject("too_many_programs", **kept, completion=completion)
        report = await lab.run(Program(code, lint=False))
        printed = report.stdout.strip()
        if report.verdict is not Verdict.untested:  # nothing tests it: that is the verdict of one that ran to its end
            return reject(report.verdict, **kept, completion=completion, code=code, detail=report.detail)
        if not printed:
            return reject("no_output", **kept, completion=completion, code=code)
        text = piece[: piece.rindex(FENCE)].rstrip() if piece.count(FENCE) % 2 == 0 else piece
        turns.append({"text": f"{text}\n{FENCE}", "output": printed[-OUTPUT:]})
    if not turns:
        return reject("no_code", **kept, completion=completion)
    kept |= {"completion": completion, "code": turns[-1]["text"], "programs": len(turns)}
    answer, computed = final_answer(piece), turns[-1]["output"].splitlines()[-1].strip()
    if reply.cut or not answer:
        return reject("cut_off" if reply.cut else "no_answer", **kept)
    if not await same(lab.check, answer, computed):
        return reject("text_disagrees", **kept, detail=f"the text says {answer}, the program {computed}")
    if problem.answer and not await same(lab.check, answer, problem.answer):
        return reject("wrong_answer", **kept, answer=answer)
    if faults := false_equations(piece):
        return reject("false_step", **kept, answer=answer, detail="; ".join(faults))
    messages = [*kept["prompt"], {"role": "assistant", "content": completion}]
    return accept(**kept, messages=messages, answer=answer)


def _shown(turns: list[dict[str, str]]) -> str:
    """The pieces so far as the template `math/program` writes them."""
    return "\n".join(f"{turn['text']}\n{FENCE}output\n{turn['output']}\n{FENCE}" for turn in turns)
