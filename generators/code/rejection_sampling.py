"""Rejection sampling of code (sections 4.2.2 and 4.3.1): K answers to a problem, judged by the problem's own tests."""

from generators.extraction import answer_and_code
from generators.lab import Lab
from generators.outcome import Outcome, accept, reject
from generators.seeds import Problem
from sandbox import Program


async def rejection_sampling(lab: Lab, problem: Problem) -> Outcome:
    """One of the K answers to one problem. The same function, sampled greedily, is the evaluation."""
    reply = await lab.ask("code/answer", problem=problem.prompt)
    completion, code = answer_and_code(reply.text, reply.cut)
    kept = {
        "problem": problem.prompt,
        "problem_id": problem.id,
        "topic": problem.topic,
        "difficulty": problem.difficulty,
        "prompt": lab.conversation("code/answer", problem=problem.prompt),
        "completion": completion,
        "tests": problem.tests,
    }
    if not code:
        return reject("cut_off" if reply.cut else "no_code", **kept)
    report = await lab.run(Program(code, problem.tests, problem.entry_point, lint=lab.lint))
    if report.accepted:
        messages = [*kept["prompt"], {"role": "assistant", "content": completion}]
        return accept(**kept, code=code, messages=messages)
    return reject(report.verdict, **kept, code=code, detail=report.detail)
