"""Rejection sampling of code (sections 4.2.2 and 4.3.1): K answers to a problem, judged by the problem's own tests."""

from dataclasses import replace
from typing import Annotated

from generators.lab import Lab
from generators.options import Count
from generators.quality.judges import judge_code
from generators.reasons import Hurdle, Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import Problem
from rows.messages import answered
from rows.sample import Sample
from sandbox import Program, Verdict
from sandbox.languages.dialects import dialect_of, has_prompts
from verification.extraction import answer_and_code
from verification.python_source import completed
from verification.unfinished import cuts


class RejectionSamplingReason(Reason):
    """Why an answer is refused, beside the shared reasons and the sandbox's verdicts."""

    judge_wrong = "judge_wrong", None, True
    judge_style = "judge_style", None, True
    unparseable = cuts.UNPARSEABLE, Hurdle.parsed
    """Stopped while it was written: no text that followed would have made it parse."""
    repeating = cuts.REPEATING, Hurdle.answered
    """Stopped while it was written, and without a program until there."""


async def rejection_sampling(
    lab: Lab,
    problem: Problem,
    *,
    steer: Annotated[bool, "a system prompt asks for readable code"] = False,
    judge: Annotated[bool, "keep what the checkpoint finds right and well made"] = False,
    revisions: Annotated[Count, "times a refused answer is written again"] = 0,
    early_cuts: Annotated[bool, "stop what can no longer be accepted"] = True,
) -> Outcome:
    """One of the K answers to one problem. The same function, sampled greedily, is the evaluation.

    `steer` puts a system prompt for readable, documented, specific code in front. `judge` asks for 0/1 for being right and
    0/1 for style and keeps answers with both. A filter on top of the tests removes hard problems first (section 4.3.1 tells
    of it), so `revisions` lets an answer that tests or judge refuse be written again, with what they said, before it is dropped.
    With `early_cuts` an answer that can no longer be accepted (`verification.unfinished.cuts`) is stopped while it is written; where a revision
    could mend it, none is.
    """
    kept = Sample(problem=problem.prompt, problem_id=problem.id, programming_language=problem.programming_language)
    if not has_prompts(problem.programming_language):
        return reject(Shared.unknown_language, kept)
    dialect = dialect_of(problem.programming_language)
    name, language = dialect.name, dialect.language
    prompt = lab.conversation("code/answer", problem=problem.prompt, language=name, fence=dialect.fence)
    chat = [*(lab.conversation("code/steer", language=name) if steer else []), *prompt]
    stop = lab.prompts.get("code/answer").sampling.get("stop", ())
    cut = cuts.rule(language, stop) if early_cuts and not revisions else None
    reply = await lab.ask_chat(chat, like="code/answer", cut=cut)
    completion, code = answer_and_code(reply.text, reply.cut, language, dialect.fence)
    kept = replace(
        kept,
        topic=problem.topic,
        difficulty=problem.difficulty,
        programming_language=language,
        prompt=prompt,
        tests=problem.tests,
        entry_point=problem.entry_point,
    )
    if reply.finish_reason == cuts.UNPARSEABLE:
        detail = cuts.unparseable(reply.text, language)
        return reject(RejectionSamplingReason.unparseable, replace(kept, completion=reply.text, detail=detail))
    failed = ""
    for left in reversed(range(revisions + 1)):
        if not code:
            stuck = RejectionSamplingReason.repeating if reply.finish_reason == cuts.REPEATING else Shared.cut_off
            return reject(stuck if reply.cut else Shared.no_code, replace(kept, completion=completion))
        ran = completed(code, problem.preamble) if problem.preamble else code
        report = await lab.run(Program(ran, problem.tests, problem.entry_point, lint=lab.lint, language=language))
        refused, said = ("", "") if report.accepted else (report.verdict, report.feedback())
        if report.accepted and judge:
            verdict = await judge_code(lab, {"prompt": prompt, "completion": completion})
            kept = kept.with_evidence(points=verdict.points)
            if not verdict.passed:
                refused = (
                    RejectionSamplingReason.judge_style if verdict.correct else RejectionSamplingReason.judge_wrong
                )
            said = "It passes its tests. A reviewer finds it hard to read: write it again with clear names and a docstring."
        found = replace(kept, code=ran, completion=completion)
        if not refused:
            found = replace(found, messages=answered(prompt, completion), rejected=failed)
            if lab.scorer:
                found = replace(found, score=(await lab.score([found.messages]))[0])
            return accept(found.with_evidence(revised=revisions - left))
        if not left:
            return reject(refused, replace(found, detail=report.detail, passed_tests=report.accepted))
        failed = failed if refused == Verdict.untested else completion  # which may be right
        reply = await lab.ask(
            "code/repair-code", problem=problem.prompt, code=code, feedback=said, dialect=dialect.as_values(), draw=left
        )
        completion, code = answer_and_code(reply.text, reply.cut, language, dialect.fence)
    raise AssertionError("unreachable: the last round returns")
