"""Translation of code between languages (section 4.3.1 of the Llama 3 paper), accepted by its behaviour.

The paper keeps what parses, compiles and runs. Here the translation must also answer as its source does: on the calls of the
source's tests and on new ones made from them, with the source's own answers as the expected values.
"""

import zlib
from dataclasses import replace
from typing import Annotated, Any

from generators.code.translated_tests import translated_tests
from generators.lab import Lab
from generators.options import OneOf, Several
from generators.reasons import Hurdle, Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import Problem
from rows.messages import answered
from rows.sample import Sample
from sandbox import Program
from sandbox.languages.dialects import target_of
from sandbox.languages.values import Untranslatable
from verification.behaviour import FEWEST, observe_steady, value_in
from verification.calls import calls_for, edges, function_of
from verification.extraction import answer_and_code


class TranslationReason(Reason):
    """Why a translation is refused, beside the shared reasons and the sandbox's verdicts."""

    untranslatable_values = "untranslatable_values", Hurdle.answered


async def translation(
    lab: Lab,
    problem: Problem,
    *,
    languages: Annotated[tuple[str, ...], OneOf(known=target_of), "targets that take turns"] = (
        "php",
        "javascript",
        "cpp",
    ),
    inputs: Annotated[Several, "inputs on which both programs are compared"] = 36,
    fewest: Annotated[Several, "translated tests that there must be"] = FEWEST,
) -> Outcome:
    """One Python program into one other language; the languages take turns over problems and their samples.

    Of `inputs` calls at most, a third are at the edges where languages part. The tests are translated along: they are what
    the source answers, asserted in the target's language, and at least `fewest` of them must be there.
    """
    dialect, target = target_of(languages[(lab.sample + zlib.crc32(problem.id.encode())) % len(languages)])
    source, function = problem.reference, function_of(problem.reference, problem.entry_point)
    kept = Sample(
        problem=problem.prompt,
        problem_id=problem.id,
        topic=problem.topic,
        difficulty=problem.difficulty,
        programming_language=dialect.language,
        evidence={"source_code": source, "source_language": "python"},
    )
    if (
        function is None
        or not (await lab.run(Program(source, problem.tests, problem.entry_point, lint=False))).accepted
    ):
        return reject(Shared.source_fails, kept)
    known = calls_for(source, problem.entry_point, problem.tests, at_most=inputs - inputs // 3)
    calls = [*known, *edges(known, unicode=target.counts_letters, at_most=inputs // 3)]
    answers = await observe_steady(lab.run, source, calls, problem.entry_point)
    told = [(call.arguments, value_in(answer)) for call, answer in zip(calls, answers, strict=True)]
    cases = [(arguments, value) for arguments, (is_plain, value) in told if is_plain]
    if len(cases) < fewest or len({repr(value) for _, value in cases}) < 2:
        return reject(Shared.too_few_inputs, kept.with_evidence(inputs=len(cases)))
    try:
        tests = translated_tests(target, problem.entry_point, [a.arg for a in function.args.args], cases)
    except Untranslatable as error:
        return reject(TranslationReason.untranslatable_values, replace(kept, detail=str(error)))
    kept = replace(kept, tests=tests.script).with_evidence(inputs=tests.count, dropped=tests.dropped)
    if tests.count < fewest:
        return reject(Shared.too_few_inputs, kept)

    words: dict[str, Any] = {
        "language": dialect.name,
        "code": source.rstrip(),
        "signature": tests.signature,
        "fence": dialect.fence,
    }
    worked: dict[str, Any] = {"source": target.source, "example": target.example, "prelude": target.prelude}
    reply = await lab.ask("code/translate", **words, **worked)
    completion, code = answer_and_code(reply.text, reply.cut, dialect.language, dialect.fence)
    prompt = lab.conversation("code/translation", **words)
    kept = replace(kept, prompt=prompt, completion=completion)
    if not code:
        return reject(Shared.cut_off if reply.cut else Shared.no_code, kept)
    report = await lab.run(Program(code, tests.script, language=dialect.language, lint=lab.lint))
    if not report.accepted:
        return reject(report.verdict, replace(kept, code=code, detail=report.detail))
    return accept(replace(kept, code=code, messages=answered(prompt, completion)))
