"""The filters on one text (section 4.2.3), a file each: emoji, apologies, refusals, truncation, loops, template leaks.

Adding one is a file with `look(text) -> Drop or None` and a row of `FILTERS`: `lab filter` then has it, its help says
so, and what it drops is kept with its reason and evidence. Every pattern is linear in the text; thresholds are named
constants with their grounds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from curation.drops import Drop
from curation.errors import FilterError
from curation.filters import cut_off, emoji, empty, exclaiming, over_apology, refusal, repetition, template_leak
from rows.forms import Text


@dataclass(frozen=True)
class Filter:
    """A filter on one text."""

    name: str
    """What `--filters` calls it."""
    look: Callable[[Text], Drop | None]
    """Why the row goes, or None. Never raises."""
    about: str
    """What it drops, in a few words for `--help`."""


FILTERS: tuple[Filter, ...] = (
    Filter("empty", empty.look, "no answer"),
    Filter("cut_off", cut_off.look, "truncation"),
    Filter("template_leak", template_leak.look, "template leaks"),
    Filter("refusal", refusal.look, "refusals"),
    Filter("over_apology", over_apology.look, "apologies"),
    Filter("repetition", repetition.look, "loops"),
    Filter("emoji", emoji.look, "emoji"),
    Filter("exclaiming", exclaiming.look, "exclamations"),
    Filter("prompt_leak", template_leak.look_at_prompt, "template leaks in prompts"),
)
"""In the order in which they are tried."""


def named(names: Iterable[str]) -> tuple[Filter, ...]:
    """The filters of these names, in the order in which they are tried. Raises FilterError for a name there is not."""
    wanted = set(names)
    if unknown := wanted - {one.name for one in FILTERS}:
        known = ", ".join(one.name for one in FILTERS)
        raise FilterError(f"{', '.join(sorted(unknown))}: no such filter; known: {known}")
    return tuple(one for one in FILTERS if one.name in wanted)


def look(text: Text, filters: Sequence[Filter] | None = None) -> Drop | None:
    """Why the first of the filters (all of them unless given) that objects drops the row, or None."""
    for one in FILTERS if filters is None else filters:
        if drop := one.look(text):
            return drop
    return None


def problem_of(answer: str) -> str:
    """The reason to drop an answer, or "" where no filter objects: for a generator that asks for itself."""
    drop = look(Text("", answer))
    return drop.reason if drop else ""
