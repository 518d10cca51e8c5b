"""What a generator makes of one attempt, and its one form as JSON. Exports, reports and filters read these fields.

A field that is not here cannot be set: a misspelt one is an error where it is written, not a smaller data set later.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from rows.messages import Message
from rows.readers import RowsError

JSON = Any
"""What `json.loads` gives."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One sample, whole or as far as the attempt came. Lists may be given; they are kept as tuples."""

    problem: str = ""
    """The task in words."""
    problem_id: str = ""
    """What answers to one and the same problem share; empty for a problem that was invented here."""
    topic: str = ""
    difficulty: str = ""
    programming_language: str = ""
    """A language of `lab sandbox languages`; empty where there is no program."""
    prompt: Sequence[Message] = ()
    """What is asked, as the data sets show it."""
    completion: str = ""
    """The answer to `prompt`."""
    messages: Sequence[Message] = ()
    """The whole conversation; of an accepted sample the row of the SFT set. Empty: `prompt` and `completion`."""
    more_completions: Sequence[str] = ()
    """Further right answers to `prompt`."""
    rejected: str = ""
    """A wrong answer to `prompt`: the losing side of a preference pair."""
    more_rejected: Sequence[str] = ()
    """Further wrong answers."""
    code: str = ""
    tests: str = ""
    entry_point: str = ""
    reference: str = ""
    """The answer or the program that is known to be right."""
    answer: str = ""
    """The final answer alone."""
    pass_rate: float | None = None
    """Right answers among those sampled for the problem, 0 to 1; None where nothing says what is right."""
    passed_tests: bool = False
    """Rejected by a filter on top of the tests, which it passed."""
    score: float | None = None
    """What a reward model gives the answer; None where none was asked. Of a problem's answers the sets take the best first."""
    strength: str = ""
    """How much better the answer is than `rejected`: one of `generators.general.strength`; empty where nobody said."""
    proof: str = ""
    """The weakest `sandbox.Proof` of the accepted runs it rests on; empty where it rests on none."""
    changes: Sequence[str] | None = None
    """What each repair changed, `code` or `tests`; None where nothing could be repaired yet."""
    steps: Sequence[str] = ()
    labels: Sequence[bool] | None = None
    """Whether each of `steps` is good; a sample that has labels enters the stepwise set and no other."""
    detail: str = ""
    """Why it was rejected, in a sentence."""
    evidence: Mapping[str, JSON] = field(default_factory=dict)
    """Facts that only a page shows (`lab why`), by name; nothing decides by them."""

    def __post_init__(self) -> None:
        for name in SEQUENCES:
            value = getattr(self, name)
            if value is not None and not isinstance(value, tuple):
                object.__setattr__(self, name, tuple(value))

    def with_evidence(self, **facts: JSON) -> "Sample":
        """The sample with more facts for the page."""
        return replace(self, evidence={**self.evidence, **facts})

    def to_json(self) -> dict[str, JSON]:
        """The fields that differ from their defaults."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.__dict__.items()
            if value != _DEFAULTS[name]
        }

    @staticmethod
    def from_json(data: Mapping[str, JSON]) -> "Sample":
        """What `to_json` gave, or the flat form of older ledgers: what is no field there becomes evidence."""
        known: dict[str, JSON] = {}
        evidence: dict[str, JSON] = {}
        for written, value in data.items():
            name = RENAMED.get(written, written)
            if value is None:
                continue
            if name in FIELDS:
                known[name] = FIELDS[name](value)
            elif name == "evidence" and isinstance(value, Mapping):
                evidence |= value
            else:
                evidence[name] = value
        return Sample(**known, evidence=evidence)


def sample_of(**given: JSON) -> Sample:
    """The sample of these fields, for who writes a generator of his own. Raises RowsError, with the mend, for an unknown one."""
    for name in given:
        if name not in FIELDS and name != "evidence":
            close = [RENAMED[name]] if name in RENAMED else difflib.get_close_matches(name, FIELDS, n=1)
            hint = f'; did you mean "{close[0]}"?' if close else "."
            raise RowsError(
                f'a sample has no field "{name}"{hint} A fact of your own goes under evidence={{"{name}": ...}}. '
                f"Fields: {', '.join(FIELDS)}"
            )
    return Sample.from_json(given)


def checked(sample: Sample) -> Sample:
    """The sample, if a data set can hold its conversations. Raises RowsError with the message that none can."""
    for name in ("prompt", "messages"):
        for place, message in enumerate(getattr(sample, name)):
            if fault := _fault(message):
                raise RowsError(
                    f'{name}: message {place} {fault}; a message is {{"role": ..., "content": ...}}, both texts, and may have '
                    "tool_calls with the arguments of each as JSON text"
                )
    return sample


def _fault(message: JSON) -> str:
    """Why that is no message; empty where it is one."""
    if not isinstance(message, Mapping):
        return f"is of type {type(message).__name__}"
    content, calls = message.get("content"), message.get("tool_calls") or []
    if not isinstance(message.get("role"), str):
        return "has no role"
    if not isinstance(content, str) and not (content is None and calls):
        return f"has a content of type {type(content).__name__}"
    if not isinstance(calls, Sequence) or not all(_is_call(call) for call in calls):
        return "calls tools in another form"
    return ""


def _is_call(call: JSON) -> bool:
    called = call.get("function") if isinstance(call, Mapping) else None
    return isinstance(called, Mapping) and all(name in called for name in ("name", "arguments"))


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else str(value)


def _texts(value: JSON) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(_text, value))


def _conversation(value: JSON) -> tuple[Message, ...]:
    """Messages; a text alone is what a user says."""
    return ({"role": "user", "content": value},) if isinstance(value, str) else tuple(value)


def _truths(value: JSON) -> tuple[bool, ...]:
    return tuple(map(bool, value))


SEQUENCES = ("prompt", "messages", "more_completions", "more_rejected", "changes", "steps", "labels")
FIELDS: dict[str, Callable[[JSON], JSON]] = {
    **{known.name: _text for known in fields(Sample) if known.name != "evidence"},
    **dict.fromkeys(("prompt", "messages"), _conversation),
    **dict.fromkeys(("more_completions", "more_rejected", "changes", "steps"), _texts),
    "labels": _truths,
    "pass_rate": float,
    "score": float,
    "passed_tests": bool,
}
"""How each field but `evidence` is read."""
RENAMED = {"language": "programming_language"}
"""Fields of older ledgers under their names of today."""
_DEFAULTS = Sample().__dict__
