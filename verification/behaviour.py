"""What a Python program answers to calls, asked in the sandbox, and whether two programs answer alike.

The proof beyond tests: a text, a translation or a fix is right where the program made from it behaves as the original does
on inputs that nobody wrote down. Too few inputs prove nothing, and are never taken for a proof.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import syntax
from sandbox import Program, Report
from verification.differential import Call, answers_in, compare, script_for

Run = Callable[[Program], Awaitable[Report]]
"""Runs and judges a program: a sandbox's own `run`, or one that records what it did."""
FEWEST = 5
"""Calls on which the reference has a value, below which nothing is proved."""
SHOWN = 5


@dataclass(frozen=True)
class Difference:
    """How two programs compare."""

    verdict: str
    """`same`, `different`, or `undecided`: too few calls have an answer, or all have the same one (a constant would do)."""
    compared: int
    """Calls on which the reference has a value."""
    differing: tuple[str, ...] = ()
    """The first few: call, own answer, the reference's."""


async def observe(
    run: Run, code: str, calls: Sequence[Call], entry_point: str | None = None, *, asking: int = 0
) -> list[str | None]:
    """The answer to each call: "raised ..." or the text of a value; None where there is none (a limit was hit) or no plain data.

    `asking` tells repeated askings of the same apart.
    """
    if not calls:
        return []
    # Known to whoever knows code and calls: a program that forges answers gains nothing over giving them.
    asked = json.dumps([code, [call.source() for call in calls], asking])
    mark = hashlib.sha256(asked.encode(errors="replace")).hexdigest()[:32]
    report = await run(Program(code, script_for(calls, mark), entry_point, lint=False))
    return answers_in(report, mark, len(calls))


async def observe_steady(
    run: Run, code: str, calls: Sequence[Call], entry_point: str | None = None
) -> list[str | None]:
    """What the program answers twice alike; None where chance, the time or the order of a set decides."""
    first = await observe(run, code, calls, entry_point)
    again = await observe(run, code, calls, entry_point, asking=1)
    return [one if one == other else None for one, other in zip(first, again, strict=True)]


def difference(
    calls: Sequence[Call], own: Sequence[str | None], reference: Sequence[str | None], *, fewest: int = FEWEST
) -> Difference:
    """Compare answers as Python compares values, floats up to rounding. Where the reference raises, nothing is defined."""
    compared, differing = compare(own, reference)
    shown = [f"{calls[n].source()}: {own[n] or 'no answer'}, reference {reference[n]}"[:500] for n in differing[:SHOWN]]
    if differing:
        return Difference("different", len(compared), tuple(shown))
    told = {reference[n] for n in compared}
    verdict = "same" if len(compared) >= fewest and len(told) > 1 else "undecided"
    return Difference(verdict, len(compared))


async def behaves_as(
    run: Run,
    code: str,
    reference: str,
    calls: Sequence[Call],
    *,
    entry_point: str,
    own_name: str = "",
    fewest: int = FEWEST,
) -> Difference:
    """Run both on `calls` and compare. `own_name` is what the first calls the function, where the names differ."""
    known = await observe_steady(run, reference, calls, entry_point)
    kept = [n for n, answer in enumerate(known) if answer is not None and not answer.startswith("raised ")]
    asked = [Call(own_name or entry_point, calls[n].arguments) for n in kept]
    own = await observe(run, code, asked, own_name or entry_point)
    return difference(asked, own, [known[n] for n in kept], fewest=fewest)


def value_in(answer: str | None) -> tuple[bool, Any]:
    """(whether the answer is a plain value, the value)."""
    if answer is None or answer.startswith("raised "):
        return False, None
    try:
        return True, syntax.literal(answer)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return False, None
