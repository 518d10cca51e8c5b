"""Code with execution feedback: section 4.3.1 of the Llama 3 paper, steps 1 to 4, in any language of the sandbox."""

from dataclasses import replace
from typing import Annotated

from generators.lab import Lab
from generators.options import Count, OneOf
from generators.reasons import Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import Snippet
from rows.messages import answered
from rows.sample import Sample
from sandbox import Program, Verdict
from sandbox.languages.dialects import assertions_in, dialect_of, expect_one_value, functions_in
from verification.extraction import answer_and_code

TESTS = 4
"""Assertions kept of those the checkpoint writes."""
FEWEST_TESTS = 2
"""With fewer a program is not proved, whatever they say."""


class ExecutionFeedbackReason(Reason):
    """Why a dialogue is refused, beside the shared reasons and the sandbox's verdicts."""

    too_few_tests = "too_few_tests"
    weak_tests = "weak_tests"
    """One and the same value would pass them all."""


async def execution_feedback(
    lab: Lab,
    snippet: Snippet,
    *,
    languages: Annotated[tuple[str, ...], OneOf(known=dialect_of), "languages that take turns"] = ("python",),
    repairs: Annotated[Count, "revisions of code or tests at most"] = 2,
) -> Outcome:
    """One snippet becomes one verified dialogue, or a reasoned rejection.

    The checkpoint invents a problem, solves it, and writes tests; parser, linter and tests judge; what they say goes
    back, and the checkpoint revises its code or its tests, `repairs` times at most. The dialogue kept is the one a user
    would have had. Of several `languages` each sample of a snippet takes the next.
    """
    dialect = dialect_of(languages[lab.sample % len(languages)])
    language, values = dialect.language, dialect.as_values()
    problem = (await lab.ask("code/problem", snippet=snippet.code, language=dialect.name)).text.strip()
    reply = await lab.ask("code/solution", problem=problem, dialect=values)
    answer, code = answer_and_code(reply.text, reply.cut, language, dialect.fence)
    kept = Sample(problem=problem, programming_language=language, topic=snippet.topic)
    if not code or not (names := functions_in(code, language)):
        return reject(Shared.no_code, replace(kept, completion=answer))
    entry_point = names[-1]
    asked = await lab.ask("code/tests", problem=problem, code=code, entry_point=entry_point, dialect=values)
    tests = assertions_in(asked.text, dialect, TESTS)

    prompt = lab.conversation("code/answer", problem=problem, language=dialect.name, fence=dialect.fence)
    dialogue = answered(prompt, answer)
    failed = ""  # the last program that the very tests of the accepted one refuse
    changes: list[str] = []
    for left in reversed(range(repairs + 1)):
        report = await lab.run(Program(code, tests, entry_point, language=language))
        kept = replace(kept, code=code, tests=tests, prompt=prompt, messages=dialogue, changes=changes)
        if report.accepted and _count(tests, dialect.preamble) < FEWEST_TESTS:
            return reject(ExecutionFeedbackReason.too_few_tests, kept)
        if report.accepted and expect_one_value(tests, dialect):
            return reject(ExecutionFeedbackReason.weak_tests, kept)
        if report.accepted:
            return accept(replace(kept, completion=answer, rejected=failed))
        if not left:
            return reject(report.verdict, replace(kept, detail=report.detail))
        feedback = report.feedback()
        change = "code"
        if report.verdict in (Verdict.test_failure, Verdict.untested):
            asked = await lab.ask(
                "code/choose-repair", problem=problem, code=code, tests=tests, feedback=feedback, draw=left
            )
            change = "tests" if asked.text.strip() == "tests" else "code"  # a server may not know our grammar
        changes = [*changes, change]
        if change == "tests":
            asked = await lab.ask(
                "code/repair-tests",
                code=code,
                tests=tests,
                feedback=feedback,
                entry_point=entry_point,
                dialect=values,
                draw=left,
            )
            tests, failed = assertions_in(asked.text, dialect, TESTS), ""
        else:
            revised = await lab.ask(
                "code/repair-code", problem=problem, code=code, feedback=feedback, dialect=values, draw=left
            )
            failed = failed if report.verdict is Verdict.untested else answer  # it may be right
            answer, code = answer_and_code(revised.text, revised.cut, language, dialect.fence)
            turn = lab.conversation("code/feedback", feedback=feedback)
            dialogue = answered([*dialogue, *turn], answer)
            if not code or entry_point not in functions_in(code, language):
                return reject(Shared.no_code, replace(kept, messages=dialogue, changes=changes, completion=answer))
    raise AssertionError("unreachable: the last round returns")


def _count(tests: str, preamble: str) -> int:
    return tests.removeprefix(preamble).count("\n")
