"""Why a sample is rejected: a word, how far the attempt came, and whether its answer may be the losing side of a pair.

Each generator has an enum of its own reasons beside it; those that several give are `Shared`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sandbox.report import Verdict


class Hurdle(StrEnum):
    """What an attempt has to get over before its tests or its answer decide, in this order."""

    answered = "answered"
    parsed = "parsed"
    linted = "linted"
    ran = "ran within limits"


@dataclass(frozen=True)
class Meaning:
    """What a reason says about the attempt."""

    hurdle: Hurdle | None = None
    """At which it fell; None where it got over all of them and its tests or its answer decided."""
    negative: bool = False
    """Whether an answer without a program that was rejected so is a wrong one: the losing side of a preference pair."""


class Reason(StrEnum):
    """The type of all reasons: `name = "word", Hurdle or None, whether it is a negative`. Enums of this type have the members."""

    hurdle: Hurdle | None
    negative: bool

    def __new__(cls, word: str, hurdle: Hurdle | None = None, negative: bool = False) -> "Reason":
        reason = str.__new__(cls, word)
        reason._value_ = word
        reason.hurdle, reason.negative = hurdle, negative
        return reason


class Shared(Reason):
    """What several generators, or the driver, reject for."""

    bad_seed = "bad_seed", Hurdle.answered
    prompt_too_long = "prompt_too_long", Hurdle.answered
    unknown_language = "unknown_language", Hurdle.answered
    source_fails = "source_fails", Hurdle.answered
    """The seed's own program does not pass its tests."""
    too_few_inputs = "too_few_inputs", Hurdle.answered
    no_reference = "no_reference", Hurdle.answered
    no_problem = "no_problem", Hurdle.answered
    leaks_code = "leaks_code", Hurdle.answered
    cut_off = "cut_off", Hurdle.answered
    """By the token limit."""
    no_code = "no_code", Hurdle.answered
    no_answer = "no_answer", Hurdle.answered
    different = "different"
    """From how the reference behaves."""
    undecided = "undecided"
    weak_proof = "weak_proof"
    """Its tests passed, with a weaker proof than the stage takes: neither right nor wrong."""
    no_majority = "no_majority"
    false_step = "false_step"
    """An equation on the way is false; the answer may be right."""
    wrong_answer = "wrong_answer", None, True


SANDBOX_FAULT = str(Verdict.sandbox_fault)
"""Why an attempt is left out whose program no container judges, though it judges others. A resume tries it once more."""
REFUSED = "refused"
"""Why one is left out whose request the model's server refuses."""
RAISED = "raised"
"""Why one is left out on whose seed or answer its generator raised."""

VERDICTS: Mapping[Verdict, Meaning] = {
    Verdict.parse_error: Meaning(Hurdle.parsed),
    Verdict.lint_error: Meaning(Hurdle.linted),
    Verdict.compile_error: Meaning(Hurdle.linted),
    **{
        verdict: Meaning(Hurdle.ran)
        for verdict in (
            Verdict.runtime_error,
            Verdict.time_limit,
            Verdict.wall_limit,
            Verdict.memory_limit,
            Verdict.output_limit,
            Verdict.process_limit,
            Verdict.disk_limit,
            Verdict.forbidden,
        )
    },
}
"""The sandbox's verdicts as reasons; those that are not here are decided by tests."""


def meanings(enums: Iterable[type[Reason]]) -> dict[str, Meaning]:
    """word -> meaning, of the reasons of these enums, the shared ones and the sandbox's verdicts."""
    known: list[type[Reason]] = [Shared, *enums]
    declared = {str(reason): Meaning(reason.hurdle, reason.negative) for reasons in known for reason in reasons}
    return {**{str(verdict): meaning for verdict, meaning in VERDICTS.items()}, **declared}
