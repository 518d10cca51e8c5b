"""Two evaluations that have ended, held against each other. They must be of the same problems, drawn alike and judged alike: whatever
differs is named and refused, since a difference of scores would be of that as much as of the checkpoints.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from evaluation.claims import Claim, claim
from evaluation.errors import EvaluationError
from evaluation.evaluate import Decoding, called_in, outcomes_of, stage_name, tasks_of
from ledger import Ledger, facts
from recipes.load import recorded
from recipes.schema import Evaluate
from rows.encoding import shown

NAMED = 5
"""Problems that a refusal names."""


@dataclass(frozen=True)
class Side:
    """A checkpoint, in the run that evaluated it."""

    ledger: Ledger
    checkpoint: str
    """As the run calls it."""
    called: str
    """As the user does."""


def side_of(ledger: Ledger, checkpoint: str, called: str) -> Side:
    """The checkpoint of a run; where none is named the one that it evaluated. Raises EvaluationError where there is none, several,
    or one whose evaluation has not ended.
    """
    there = [name.removeprefix("evaluate ") for name in ledger.steps() if name.startswith("evaluate ")]
    if not there:
        raise EvaluationError(f"{ledger.run_dir}: holds no evaluation; `lab eval CHECKPOINT` makes one")
    if not checkpoint and len(there) > 1:
        named = ", ".join(f"{ledger.run_dir}#{name}" for name in there)
        raise EvaluationError(f"{ledger.run_dir}: evaluated {len(there)} checkpoints; name one: {named}")
    checkpoint = checkpoint or there[0]
    if checkpoint not in there:
        raise EvaluationError(
            f"{ledger.run_dir}: evaluated no checkpoint that it calls {checkpoint}; it has {', '.join(there)}"
        )
    if ledger.steps()[f"evaluate {checkpoint}"]["state"] != "done":
        raise EvaluationError(
            f"{called}: its evaluation has not ended; run the command that began it once more, which goes on from there"
        )
    return Side(ledger, checkpoint, called)


def compared(before: Side, after: Side) -> list[tuple[Claim, tuple[str, str]]]:
    """A claim for each benchmark that both sides were held to, and what each side calls the benchmark.

    Raises EvaluationError where they share none, or differ in problems, decoding or judge.
    """
    if (before.ledger.run_dir.resolve(), before.checkpoint) == (after.ledger.run_dir.resolve(), after.checkpoint):
        raise EvaluationError(f"{before.called} and {after.called} are one evaluation; name two")
    found = []
    for one, other in _shared(before, after):
        if odd := [*_asked_otherwise(before, one, after, other), *_judged_otherwise(before, one, after, other)]:
            raise EvaluationError(
                f"{before.called} and {after.called} were not evaluated alike on {other}: {'; '.join(odd)}. Evaluate both the "
                f"same way; `lab eval CHECKPOINT --against {before.ledger.run_dir}` compares all the same, and says what differs"
            )
        sides = [
            (side.called, outcomes_of(side.ledger, side.checkpoint, name))
            for side, name in ((before, one), (after, other))
        ]
        found.append((claim(sides[0], sides[1], other), (one, other)))
    return found


def unlike(before: Ledger, after: Ledger, benchmark: str, checkpoint: str = "start") -> list[str]:
    """What two evaluations that are compared all the same (`claim_between`) differ in beside the checkpoint: their problems, how
    answers were drawn, what judged them.
    """
    one, other = (Side(ledger, checkpoint, ledger.run_dir.name) for ledger in (before, after))
    known = called_in(before, checkpoint, benchmark)
    problems = _other_problems(one, known, other, benchmark)
    return [
        *([f"problems: {problems}"] if problems else []),
        *_asked_otherwise(one, known, other, benchmark),
        *_judged_otherwise(one, known, other, benchmark),
    ]


def _shared(before: Side, after: Side) -> list[tuple[str, str]]:
    """The benchmarks of the same problems, as each side calls them: a file may have been renamed since."""
    ours, theirs = _benchmarks(before), _benchmarks(after)
    candidates = [(one, one) for one in ours if one in theirs]
    if not candidates and len(ours) == len(theirs) == 1:
        candidates = [(ours[0], theirs[0])]
    if not candidates:
        raise EvaluationError(
            f"{before.called} was held to {', '.join(ours)}, {after.called} to {', '.join(theirs)}: no benchmark is of both"
        )
    told = {pair: _other_problems(before, pair[0], after, pair[1]) for pair in candidates}
    if odd := next(((pair, why) for pair, why in told.items() if why), None):
        (one, other), why = odd
        named = one if one == other else f"{one} and {other}"
        raise EvaluationError(f"{before.called} and {after.called}: {named}: not the same problems: {why}")
    return candidates


def _benchmarks(side: Side) -> list[str]:
    keys = [key.split("/") for key in side.ledger.all(facts.SCORE)]
    return list(dict.fromkeys(key[1] for key in keys if len(key) == 3 and key[0] == side.checkpoint))


def _other_problems(before: Side, one: str, after: Side, other: str) -> str:
    """What differs between two sets of problems; empty where nothing does."""
    known, asked = (
        tasks_of(side.ledger, stage_name(side.checkpoint, name, Decoding.greedy))
        for side, name in ((before, one), (after, other))
    )
    odd = []
    for called, alone in ((before.called, known.keys() - asked.keys()), (after.called, asked.keys() - known.keys())):
        if alone:
            odd.append(f"{len(alone)} {'is' if len(alone) == 1 else 'are'} only in {called} ({_listed(alone)})")
    both = ((problem, known[problem], asked[problem]) for problem in known.keys() & asked.keys())
    if words := {problem for problem, first, second in both if first and second and first != second}:
        odd.append(f"{len(words)} ask something else under one number ({_listed(words)})")
    contents = [side.ledger.read(facts.PROBLEMS, name) for side, name in ((before, one), (after, other))]
    if not odd and all(contents) and contents[0] != contents[1]:
        odd.append("they ask the same, and their tests, reference answers or other fields differ")
    return "; ".join(odd)


def _asked_otherwise(before: Side, one: str, after: Side, other: str) -> list[str]:
    return _differences(_decoding(before, one), _decoding(after, other))


def _decoding(side: Side, benchmark: str) -> dict[str, Any]:
    """How the answers were drawn, and what each was held to beside its tests."""
    plain = side.ledger.read(facts.RECIPE)
    recipe = recorded(plain or {})
    parts = []
    for plain_part in recipe.get("evaluate", []):
        with contextlib.suppress(ValidationError):  # of another version
            parts.append(Evaluate.model_validate(plain_part))
    part = next((part for part in parts if part.name == benchmark), None)
    sampled = side.ledger.read(facts.SCORE, f"{side.checkpoint}/{benchmark}/{Decoding.sampled}")
    stages = [stage_name(side.checkpoint, benchmark, decoding) for decoding in Decoding]
    return {
        "samples": sampled["samples"] if sampled else 0,
        "temperature": sampled["temperature"] if sampled else None,
        "max_tokens": part and part.max_tokens,
        "least_proof": part and part.least_proof,
        "prompts": ", ".join(sorted({template for stage in stages for template in _templates(side.ledger, stage)})),
    }


def _templates(ledger: Ledger, stage: str) -> set[str]:
    first = (ledger.effect(key) for row in ledger.rows(stage) for key in row.effects[:1])
    return {effect.template for effect in first if effect and effect.kind == "ask"}


def _judged_otherwise(before: Side, one: str, after: Side, other: str) -> list[str]:
    """Nothing where a run is of a version that did not keep what judged its answers."""
    known = [
        side.ledger.read(facts.JUDGES, f"{side.checkpoint}/{name}") for side, name in ((before, one), (after, other))
    ]
    judges = [", ".join(names or ()) for names in known]
    return [f"judge: {judges[0]} -> {judges[1]}"] if all(judges) and judges[0] != judges[1] else []


def how_asked(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """How a recipe, as plain values, puts its problems: what decides a score beside the checkpoint and the problems."""
    parts = recipe.get("evaluate") or [{}]
    part = dict(parts[0] if isinstance(parts, list) else parts)
    kept = {name: part.get(name) for name in ("samples", "temperature", "max_tokens", "least_proof")}
    if not kept["samples"]:
        kept["temperature"] = None
    return {**kept, "prompts": recipe.get("prompts")}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    shown = {name: ("none" if value is None else value, after[name]) for name, value in before.items()}
    return [
        f"{name}: {one} -> {'none' if other is None else other}"
        for name, (one, other) in shown.items()
        if before[name] != other
    ]


def _listed(problems: set[str]) -> str:
    more = f" and {len(problems) - NAMED} more" if len(problems) > NAMED else ""
    return ", ".join(map(shown, sorted(problems)[:NAMED])) + more
