"""Reads a row of a data set in any of its forms: a conversation, `prompt` and `completion`, a pair of answers, Alpaca's, `text`."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rows.encoding import encodable
from rows.messages import TALKS, of_sharegpt, talk_of

SCALES = {
    "quality": {"low": 1.0, "bad": 1.0, "poor": 1.0, "medium": 2.0, "fair": 2.0, "ok": 2.0, "high": 3.0, "good": 3.0},
    "difficulty": {"easy": 1.0, "low": 1.0, "medium": 2.0, "hard": 3.0, "high": 3.0, "difficult": 3.0},
}
"""What the words of the paper's three-point scales count for."""
UNRATED = 1.0
DIGEST_BYTES = 8
"""Of what stands for an image, or whatever else of a message is no text."""


@dataclass(frozen=True)
class Text:
    """One row as text: what is asked, what is to be learned, and for a preference pair what is not."""

    prompt: str
    answer: str
    rejected: str = ""
    finish_reason: str = ""
    """How the engine ended the answer, where the row says; `length` is the token limit."""
    priority: float = UNRATED
    """Quality x difficulty: of two rows that say the same the higher one stays (section 4.2.3)."""
    system: str = ""
    """What of the prompt a system turn says."""
    answers: tuple[str, ...] = ()
    """Those of a conversation that has several."""

    @property
    def each(self) -> tuple[str, ...]:
        """The answers one by one."""
        return self.answers or (self.answer,)

    @property
    def whole(self) -> str:
        """All that the row says: two rows are duplicates when this is the same."""
        return "\n\n".join(part for part in (self.prompt, self.answer, self.rejected) if part)

    @property
    def said(self) -> str:
        """The same without the system turns, which whole data sets share: rows are near each other when this is. All of it where
        nothing else is said.
        """
        return (self.whole.replace(self.system, "", 1).strip() if self.system else "") or self.whole


def read(row: Any) -> Text | None:
    """The text of a row, or None where the row is in no form we know."""
    if not isinstance(row, Mapping):
        return None
    priority = rating(row, "quality") * rating(row, "difficulty")
    finish = row.get("finish_reason")
    finish = finish if isinstance(finish, str) else ""
    # UltraFeedback has the chosen conversation once more as `messages`.
    pair = all(row.get(name) is not None for name in ("prompt", "chosen", "rejected"))
    talk = next((row[name] for name in TALKS if row.get(name) is not None), None)
    if not pair and (turns := list(_turns(talk))):
        asked = "\n\n".join(content for role, content in turns if role != "assistant")
        answers = tuple(content for role, content in turns if role == "assistant")
        several = answers if len(answers) > 1 else ()
        return Text(asked, "\n\n".join(answers), "", finish, priority, _first_system(turns), several)
    prompt, system = content_of(row.get("prompt")), _first_system(_turns(row.get("prompt")))
    if prompt is not None and (chosen := _answer_of(row.get("chosen"))) is not None:
        return Text(prompt, chosen, _answer_of(row.get("rejected")) or "", finish, priority, system)
    if prompt is not None and (completion := _answer_of(row.get("completion"))) is not None:
        return Text(prompt, completion, "", finish, priority, system)
    if isinstance(row.get("instruction"), str) and isinstance(row.get("output"), str):
        return Text(_asked_in_alpacas(row), _plain(row["output"]), "", finish, priority, _text(row.get("system")))
    if isinstance(row.get("text"), str):
        return Text("", _plain(row["text"]), "", finish, priority)
    return None


def is_left_unanswered(row: Any) -> bool:
    """Whether the row is a conversation whose last turn asks, or is a tool's, and nobody answers it."""
    if not isinstance(row, Mapping):
        return False
    names = ("chosen", "messages") if row.get("rejected") is not None else (*TALKS, "completion")
    talk = talk_of(next((row[name] for name in names if row.get(name) is not None), None))
    last = talk[-1] if isinstance(talk, list) and talk else None
    return isinstance(last, Mapping) and of_sharegpt(last).get("role") != "assistant"


def rating(row: Mapping[str, Any], name: str) -> float:
    """The row's `quality` or `difficulty`, a number or a word of the three-point scale; 1 where it has none."""
    value = row.get(name)
    if isinstance(value, str):
        return SCALES[name].get(value.strip().lower(), UNRATED)
    if isinstance(value, int | float) and 0 <= value < float("inf"):
        return float(value)
    return UNRATED


def _asked_in_alpacas(row: Mapping[str, Any]) -> str:
    """What an Alpaca row asks, after what was said before (`history`, pairs of question and answer)."""
    before = [text for turn in row.get("history") or () if isinstance(turn, Sequence) for text in turn]
    parts = [row.get("system"), *before, row["instruction"], row.get("input")]
    return "\n\n".join(filter(None, map(_text, parts)))


def _text(value: Any) -> str:
    return _plain(value) if isinstance(value, str) and value.strip() else ""


def _turns(messages: Any) -> Iterator[tuple[str, str]]:
    messages = talk_of(messages)
    if not isinstance(messages, Iterable) or isinstance(messages, str | bytes):
        return
    for message in messages:
        if isinstance(message, Mapping):
            message = of_sharegpt(message)
            said = [_of_parts(message.get("content")), *_calls(message.get("tool_calls"))]
            yield str(message.get("role")), "\n".join(text for text in said if text)


def _first_system(turns: Iterable[tuple[str, str]]) -> str:
    return next((content for role, content in turns if role == "system"), "")


def _of_parts(content: Any) -> str:
    """The text of one message; of a message in parts those that are text, and a mark for each other one."""
    if isinstance(content, str):
        return _plain(content)
    if isinstance(content, Sequence):
        parts = map(_of_part, (part for part in content if isinstance(part, Mapping)))
        return _plain("\n".join(part for part in parts if part is not None))
    return ""


def _plain(text: str) -> str:
    """With the line ends that every filter looks for: an editor of Windows, and who copies from a page, writes two characters."""
    return encodable(text).replace("\r\n", "\n")


def _of_part(part: Mapping[Any, Any]) -> str | None:
    """The text of a part; of an image and the like what tells it from another, where it holds more than its kind."""
    if isinstance(part.get("text"), str):
        return str(part["text"])
    held = {name: value for name, value in part.items() if value is not None and name != "type"}
    if not held:
        return None
    digest = hashlib.blake2b(_json(held).encode("utf-8", "replace"), digest_size=DIGEST_BYTES)
    return f"[{part.get('type') or 'part'} {digest.hexdigest()}]"


def _calls(calls: Any) -> Iterator[str]:
    """What the tools are that a turn calls, and with what; by the ids of the calls nothing is told apart."""
    for call in calls if isinstance(calls, Sequence) and not isinstance(calls, str | bytes) else ():
        called = call.get("function", call) if isinstance(call, Mapping) else None
        if isinstance(called, Mapping):
            arguments = called.get("arguments")
            told = arguments if isinstance(arguments, str) else _json(arguments)
            yield encodable(f"{called.get('name')}({told})")


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def content_of(value: Any) -> str | None:
    """Plain text, or a conversation put together; None where it is neither."""
    return _put_together(value, [content for _, content in _turns(value)])


def _answer_of(value: Any) -> str | None:
    """The same of an answer, without the prompt with which a conversation may begin (UltraFeedback)."""
    turns = list(_turns(value))
    own = [content for role, content in turns if role not in ("system", "user")]
    return _put_together(value, own or [content for _, content in turns])


def _put_together(value: Any, turns: Sequence[str]) -> str | None:
    if turns:
        return "\n\n".join(turns)
    return _plain(value) if isinstance(value, str) else None
