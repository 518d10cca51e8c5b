"""One constraint, as a row of a file has it: `{"kind": "words", "at_most": 50}`."""

import difflib
from collections.abc import Mapping
from typing import Any

from rows.encoding import LONGEST_SHOWN, shown
from verification.instructions.kinds import KINDS, Constraint
from verification.instructions.texts import SCRIPTS

AMOUNTS = ("exactly", "at_least", "at_most")
WORDS = {"case": ("lower", "upper"), "script": tuple(SCRIPTS)}
"""Kinds whose text is one of a few."""


def constraint_of(row: Any) -> Constraint:
    """The constraint that an object of a row states. Raises ValueError with what is wrong, and the mend."""
    if not isinstance(row, Mapping):
        raise ValueError('a constraint is an object, such as {"kind": "words", "at_most": 50}')
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f'no constraint of kind "{shown(kind)}"{_meant(str(kind), tuple(KINDS))}')
    takes = KINDS[kind].takes
    known = [name for field in takes for name in (AMOUNTS if field == "amount" else (field.rstrip("?"),))]
    if odd := next((name for name in row if name not in ("kind", *known)), None):
        raise ValueError(f'a constraint of kind "{kind}" has no "{shown(odd)}"{_meant(str(odd), tuple(known))}')
    needed = [field for field in takes if field != "amount" and not field.endswith("?")]
    if missing := next((name for name in needed if not row.get(name)), None):
        raise ValueError(f'a constraint of kind "{kind}" needs "{missing}"')
    text, texts = row.get("text", ""), row.get("texts", [])
    if not isinstance(text, str):
        raise ValueError(f'"text" of a constraint of kind "{kind}" is no text')
    if not isinstance(texts, list) or not all(isinstance(one, str) and one for one in texts):
        raise ValueError(f'"texts" of a constraint of kind "{kind}" is no list of texts')
    if kind in WORDS and text not in WORDS[kind]:
        raise ValueError(f'"{shown(text)}" is no {kind}{_meant(text, WORDS[kind])}')
    if kind == "letter" and len(text) != 1:
        raise ValueError(f'"text" of a constraint of kind "letter" is one letter, not "{shown(text)}"')
    least, most = _amount(kind, row) if "amount" in takes else (0, None)
    return Constraint(kind, text, tuple(texts), least, most)


def _amount(kind: str, row: Mapping[str, Any]) -> tuple[int, int | None]:
    given = {name: row[name] for name in AMOUNTS if row.get(name) is not None}
    if odd := next((name for name, value in given.items() if type(value) is not int or value < 0), None):
        raise ValueError(f'"{odd}" of a constraint of kind "{kind}" is no whole number')
    if not given or ("exactly" in given and len(given) > 1):
        raise ValueError(f'a constraint of kind "{kind}" needs "exactly", or "at_least" or "at_most" or both')
    least, most = given.get("exactly", given.get("at_least", 0)), given.get("exactly", given.get("at_most"))
    if most is not None and least > most:
        raise ValueError(f'a constraint of kind "{kind}" wants at least {shown(least)} and at most {shown(most)}')
    return least, most


def _meant(name: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name[:LONGEST_SHOWN], known, n=1)
    hint = f'; did you mean "{close[0]}"?' if close else "."
    return f"{hint} Known: {', '.join(known)}"
