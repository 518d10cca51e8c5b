"""From the facts of a run to its report: one pure function, decided outside the container."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox import jobs
from sandbox.jobs import Way
from sandbox.judge.facts import as_commands, beside_its_tests
from sandbox.judge.reaching import reaches
from sandbox.judge.rules import decide
from sandbox.languages.language import Language
from sandbox.report import Diagnostic, Limits, Program, Proof, Report, Verdict


def judge(
    language: Language, program: Program, limits: Limits, sent: dict[str, Any], *, way: Way = Way.apart
) -> Report:
    """The report on a run. `sent` is what the container's watcher measured, `way` what the job was made with. Raises
    KeyError, ValueError or TypeError where the facts are not complete.
    """
    if "steps" in sent:
        script = jobs.assembled(language, program, way)
        facts = as_commands(language, program, limits, script, sent)
    else:
        facts = beside_its_tests(language, program, limits, sent)
    verdict, detail = _by_tests_that_see(program, *decide(facts))
    good = verdict in (Verdict.accepted, Verdict.untested)
    ending = facts.last
    built = tuple(replace(stage, diagnostics=tuple(map(_sound, stage.diagnostics))) for stage in facts.built)
    return Report(
        verdict=verdict,
        stages=(*built, *((replace(facts.ran, ok=good),) if facts.ran else ())),
        tests=tuple(replace(test, source=_text(test.source), message=_text(test.message)) for test in facts.tests),
        stdout=facts.stdout,
        stderr=facts.stderr,
        exit_code=ending.status if not ending.alive and ending.status >= 0 else None,
        signal=-ending.status if not ending.alive and ending.status < 0 else None,
        usage=facts.usage,
        detail=_text(detail),
        proof=proof_of(program),
    )


BY_TESTS = (Verdict.accepted, Verdict.test_failure, Verdict.runtime_error, Verdict.forbidden)


def _by_tests_that_see(program: Program, verdict: Verdict, detail: str) -> tuple[Verdict, str]:
    """The verdict, or `untested` where Python's tests, which run in a process of their own, replace what the program uses."""
    if program.cases or jobs.needs_commands(program) or verdict not in BY_TESTS:
        return verdict, detail
    what = reaches(program.tests, passed=verdict is Verdict.accepted)
    if not what:
        return verdict, detail
    return (
        Verdict.untested,
        f"The tests {what}, and run in another process than the program, which sees none of it. ({verdict}: {detail[:200]})",
    )


def proof_of(program: Program) -> Proof:
    """What one run of a program proves by the way it is run, without a control."""
    tested = bool(program.cases) or bool(program.tests.strip())
    return Proof.isolated if tested and not jobs.shares_a_process(program) else Proof.plain


def _sound(item: Diagnostic) -> Diagnostic:
    return replace(item, message=_text(item.message), rule=_text(item.rule))


def _text(text: str) -> str:
    """As valid Unicode: half a surrogate pair, in a source or a program's words, would stop whoever writes it down."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def proves_nothing(report: Report, control: Report) -> Report:
    """An accepted report whose tests did not fail in a control as they must."""
    stages = (*report.stages[:-1], replace(report.stages[-1], ok=False))
    if control.accepted:
        detail = "The tests pass as well when they are made to expect other values, so they prove nothing."
    else:
        detail = (
            "Made to expect other values in some tests, the tests do not fail there and only there, so they prove "
            f"nothing ({control.verdict}: {control.detail[:200]})."
        )
    return replace(report, verdict=Verdict.untested, stages=stages, detail=detail)
