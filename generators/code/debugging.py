"""Debugging dialogues (section 4.3.1 of the Llama 3 paper, backtranslation): a bug that provably fails a test, found and mended.

The bug is a mutation of a program that is known to be right, so there is a true answer; the checkpoint sees only what a developer
would: the faulty program, what it should do, and what its tests say.
"""

import ast
import difflib
from dataclasses import replace
from typing import Annotated, Any

from generators.lab import Lab
from generators.options import Several
from generators.reasons import Hurdle, Reason, Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import Problem
from rows.messages import answered
from rows.sample import Sample
from sandbox import Program, Report, Verdict
from verification.audits import Mutant, mutants
from verification.behaviour import FEWEST, behaves_as
from verification.calls import calls_for
from verification.extraction import FENCE, answer_and_code
from verification.python_source import parse

FAULTY_CPU_S = 1.0
"""For a faulty program: many a fault is a loop without end, which is no telling one."""
FEWEST_WORDS = 6
"""Of an explanation, in front of the corrected program."""
TELLING = (Verdict.test_failure, Verdict.runtime_error)
"""What a bug must end in: feedback that says where to look."""


class DebuggingReason(Reason):
    """Why a dialogue is refused, beside the shared reasons and the sandbox's verdicts."""

    no_bug = "no_bug", Hurdle.answered
    no_explanation = "no_explanation", Hurdle.answered
    unchanged = "unchanged"


async def debugging(
    lab: Lab,
    problem: Problem,
    *,
    faults: Annotated[Several, "faults of a program that are tried"] = 24,
    inputs: Annotated[Several, "inputs on which the mend is compared"] = 40,
    fewest: Annotated[Several, "fewer inputs leave it to the tests alone"] = FEWEST,
) -> Outcome:
    """One bug in one program, told, found and mended; every sample of a problem takes another bug.

    The mend is accepted when it passes all tests and, where inputs can be made, answers as the program did before the bug.
    Of a program's faults the first `faults` are tried until enough fail a test.
    """
    kept = Sample(
        problem=problem.prompt,
        problem_id=problem.id,
        topic=problem.topic,
        difficulty=problem.difficulty,
        programming_language="python",
        tests=problem.tests,
        entry_point=problem.entry_point,
        reference=problem.reference,
    )
    if not (await lab.run(Program(problem.reference, problem.tests, problem.entry_point, lint=False))).accepted:
        return reject(Shared.source_fails, kept)
    found = await _telling_bug(lab, problem, faults)
    if found is None:
        return reject(DebuggingReason.no_bug, kept)
    bug, failure = found
    told: dict[str, Any] = {"problem": problem.prompt, "code": bug.code.rstrip(), "feedback": failure.feedback()}
    reply = await lab.ask("code/debug", **told)
    completion, code = answer_and_code(reply.text, reply.cut)
    prompt = lab.conversation("code/bug-report", **told)
    kept = replace(
        kept,
        prompt=prompt,
        completion=completion,
        rejected=f"```python\n{bug.code.rstrip()}\n```",
        evidence={"bug": bug.diff, "bug_kind": bug.kind, "bug_line": bug.line, "faulty_code": bug.code},
    )
    if not code:
        return reject(Shared.cut_off if reply.cut else Shared.no_code, kept)
    kept = replace(kept, code=code)
    if len(completion.partition(FENCE)[0].split()) < FEWEST_WORDS:
        return reject(DebuggingReason.no_explanation, kept)
    changed = distance(bug.code, code)
    kept = kept.with_evidence(changed_lines=changed, lines_from_original=distance(problem.reference, code))
    if not changed:
        return reject(DebuggingReason.unchanged, kept)
    report = await lab.run(Program(code, problem.tests, problem.entry_point, lint=lab.lint))
    if not report.accepted:
        return reject(report.verdict, replace(kept, detail=report.detail))
    calls = calls_for(problem.reference, problem.entry_point, problem.tests, at_most=inputs)
    behaviour = await behaves_as(
        lab.run, code, problem.reference, calls, entry_point=problem.entry_point, fewest=fewest
    )
    kept = kept.with_evidence(behaviour=behaviour.verdict, inputs=behaviour.compared)
    if behaviour.verdict == Shared.different:
        return reject(Shared.different, replace(kept, detail="; ".join(behaviour.differing)))
    return accept(replace(kept, messages=answered(prompt, completion)))


def distance(before: str, after: str) -> int:
    """Lines that differ between two programs, layout and comments aside."""
    one, other = _plain_lines(before), _plain_lines(after)
    steps = difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in steps if tag != "equal")


async def _telling_bug(lab: Lab, problem: Problem, faults: int) -> tuple[Mutant, Report] | None:
    """The sample's own of the faults that fail a test. What earlier samples ran is in the ledger and costs nothing again."""
    quick = replace(lab, limits=replace(lab.limits, cpu_s=min(FAULTY_CPU_S, lab.limits.cpu_s)))
    telling: list[tuple[Mutant, Report]] = []
    for fault in mutants(problem.reference, at_most=faults, roots=frozenset({problem.entry_point})):
        report = await quick.run(Program(fault.code, problem.tests, problem.entry_point, lint=False))
        if report.verdict in TELLING and report.tests:
            telling.append((fault, report))
        if len(telling) > lab.sample:
            break
    return telling[lab.sample % len(telling)] if telling else None


def _plain_lines(code: str) -> list[str]:
    tree = parse(code)
    return ast.unparse(tree).splitlines() if tree else [line.strip() for line in code.splitlines() if line.strip()]
