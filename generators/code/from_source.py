"""Problems from a team's own code: each function of a repository becomes problem, tests and solution, and is itself the judge.

The checkpoint writes the task from the code; the tests are what the function answers in the sandbox; a solution written from the task
alone must pass them, and must answer as the function does on further inputs. A task that can be solved like that is a good one,
so the repository's own code is a second right answer to it.
"""

import math
from dataclasses import replace
from typing import Annotated

from generators.code.proposed_calls import calls_to_ask
from generators.lab import Lab
from generators.options import Several
from generators.reasons import Shared
from generators.sample import Outcome, accept, reject
from generators.seeds.repository import SourceFunction
from rows.messages import answered
from rows.sample import Sample
from sandbox import Program
from sandbox.languages.dialects import functions_in
from verification.behaviour import FEWEST, behaves_as, observe_steady, value_in
from verification.calls import signature_of
from verification.differential import Call
from verification.extraction import answer_and_code
from verification.leaks import leaks_code

SHOWN = 2
"""Tests that the problem shows, as examples of what its words mean."""
LONGEST_TEST = 400


async def from_source(
    lab: Lab,
    function: SourceFunction,
    *,
    inputs: Annotated[Several, "calls whose answers are taken from the code"] = 40,
    tests: Annotated[Several, "of these, shown as assertions; others stay hidden"] = 6,
    fewest: Annotated[Several, "calls without which a function is passed over"] = FEWEST,
    propose: Annotated[bool, "the checkpoint may propose arguments"] = True,
) -> Outcome:
    """One function of a repository becomes a verified problem with its solution, or a reasoned rejection.

    Of `inputs` calls the first `tests` become assertions and the rest stay hidden. Calls come from the docstring's examples,
    annotations and names; where these say too little and `propose` is set, from assertions of the checkpoint's (their arguments only).
    """
    name, source = function.entry_point, function.code
    kept = Sample(
        problem_id=function.id,
        topic=function.topic,
        programming_language="python",
        entry_point=name,
        evidence={"place": function.place, "source_code": source},
    )
    about = function.docstring or f"The function `{name}`."
    calls = await calls_to_ask(lab, source, name, about=about, at_most=inputs, fewest=fewest, propose=propose)
    answers = await observe_steady(lab.run, source, calls, name)
    told = [(call, answer) for call, answer in zip(calls, answers, strict=True) if value_in(answer)[0]]
    if len(told) < fewest + 1 or len({answer for _, answer in told}) < 2:
        return reject(Shared.too_few_inputs, kept.with_evidence(inputs=len(told)))
    script = assertions(told, tests)
    shown = "".join(line + "\n" for line in script.splitlines()[:SHOWN])

    signature = signature_of(source, name)
    text = (await lab.ask("code/describe-task", code=source.rstrip(), signature=signature)).text.strip()
    problem = f"{text}\nYour code should pass these tests:\n{shown}".rstrip()
    prompt = lab.conversation("code/answer", problem=problem)
    kept = replace(kept, problem=problem, tests=script, prompt=prompt)
    kept = kept.with_evidence(source_completion=f"```python\n{source.rstrip()}\n```")
    if f"{name}(" not in text or leaks_code(text, source):
        return reject(Shared.leaks_code if f"{name}(" in text else Shared.no_problem, kept)
    reply = await lab.ask("code/answer", problem=problem)
    completion, code = answer_and_code(reply.text, reply.cut)
    kept = replace(kept, completion=completion)
    if not code or name not in functions_in(code, "python"):
        return reject(Shared.cut_off if reply.cut else Shared.no_code, kept)
    report = await lab.run(Program(code, script, name, lint=lab.lint))
    if not report.accepted:
        return reject(report.verdict, replace(kept, code=code, detail=report.detail))
    found = await behaves_as(lab.run, code, source, [call for call, _ in told], entry_point=name, fewest=fewest)
    kept = replace(kept, code=code).with_evidence(behaviour=found.verdict, inputs=found.compared)
    if found.verdict != "same":
        return reject(found.verdict, replace(kept, detail="; ".join(found.differing)))
    return accept(replace(kept, messages=answered(prompt, completion)))


def assertions(told: list[tuple[Call, str | None]], at_most: int) -> str:
    """`assert f(2) == 4` for calls and their answers; floats up to rounding. Different answers come first."""
    first: dict[str, tuple[Call, str]] = {}
    rest = []
    for call, answer in told:
        if answer and answer not in first:
            first[answer] = (call, answer)
        elif answer:
            rest.append((call, answer))
    lines = [_assertion(call, answer) for call, answer in [*first.values(), *rest]]
    return "".join(f"{line}\n" for line in [line for line in lines if len(line) <= LONGEST_TEST][:at_most])


def _assertion(call: Call, answer: str) -> str:
    _, value = value_in(answer)
    if isinstance(value, float) and math.isfinite(value):
        return f"assert abs({call.source()} - {value!r}) <= {max(1e-9, 1e-9 * abs(value)):.0e}"
    return f"assert {call.source()} == {answer}"
