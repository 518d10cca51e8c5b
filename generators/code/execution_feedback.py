"""Code with execution feedback: section 4.3.1 of the Llama 3 paper, steps 1 to 4."""

from generators.extraction import answer_and_code, assert_lines, defined_functions
from generators.lab import Lab
from generators.outcome import Outcome, accept, reject
from generators.seeds import Snippet
from sandbox import Program, Verdict

TESTS = 4
"""Assertions kept of those the checkpoint writes."""
FEWEST_TESTS = 2
"""With fewer a program is not proved, whatever they say."""


async def execution_feedback(lab: Lab, snippet: Snippet) -> Outcome:
    """One snippet becomes one verified dialogue, or a reasoned rejection.

    The checkpoint invents a problem, solves it, and writes tests; parser, linter and tests judge; what they say goes
    back, and the checkpoint revises its code or its tests. The dialogue kept is the one a user would have had.
    """
    problem = (await lab.ask("code/problem", snippet=snippet.code)).text.strip()
    reply = await lab.ask("code/solution", problem=problem)
    answer, code = answer_and_code(reply.text, reply.cut)
    if not code or not (names := defined_functions(code)):
        return reject("no_code", problem=problem, completion=answer)
    entry_point = names[-1]
    tests = assert_lines((await lab.ask("code/tests", problem=problem, code=code, entry_point=entry_point)).text, TESTS)

    prompt = lab.conversation("code/answer", problem=problem)
    dialogue = [*prompt, {"role": "assistant", "content": answer}]
    failed = None  # the last program that the very tests of the accepted one refuse
    changes: list[str] = []
    for left in reversed(range(lab.repairs + 1)):
        report = await lab.run(Program(code, tests, entry_point))
        kept = {
            "problem": problem,
            "code": code,
            "tests": tests,
            "prompt": prompt,
            "messages": dialogue,
            "changes": changes,
        }
        if report.accepted and len(report.tests) < FEWEST_TESTS:
            return reject("too_few_tests", **kept)
        if report.accepted:
            return accept(**kept, completion=answer, rejected=failed)
        if not left:
            return reject(report.verdict, **kept, detail=report.detail)
        change = "code"
        if report.verdict in (Verdict.test_failure, Verdict.untested):
            asked = await lab.ask(
                "code/choose-repair", problem=problem, code=code, tests=tests, feedback=report.feedback()
            )
            change = "tests" if asked.text.strip() == "tests" else "code"  # a server may not know our grammar
        changes = [*changes, change]
        if change == "tests":
            asked = await lab.ask(
                "code/repair-tests", code=code, tests=tests, feedback=report.feedback(), entry_point=entry_point
            )
            tests, failed = assert_lines(asked.text, TESTS), None
        else:
            revised = await lab.ask("code/repair-code", problem=problem, code=code, feedback=report.feedback())
            failed = answer
            answer, code = answer_and_code(revised.text, revised.cut)
            feedback = lab.conversation("code/feedback", feedback=report.feedback())
            dialogue = [*dialogue, *feedback, {"role": "assistant", "content": answer}]
            if not code or entry_point not in defined_functions(code):
                return reject("no_code", problem=problem, completion=answer, messages=dialogue, changes=changes)
    raise AssertionError("unreachable: the last round returns")
