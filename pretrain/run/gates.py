"""The gate of a longer context (section 3.4.2): is a needle found, wherever in the context it lies?

The other gate, the short-context loss recovered, is `trainer.held_out_loss` at the first stage's length;
`evaluation.py` judges both.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pretrain.data.needles import QUESTION, answer, fact, password
from pretrain.errors import PretrainError
from pretrain.generate import generate_batch
from pretrain.model import Transformer

ASKED = f"\n{QUESTION}"
"""The last line of a haystack."""
CASES_AT_ONCE = 8
"""Haystacks read side by side."""


@dataclass(frozen=True)
class Haystack:
    """One case: a prompt that fills the context up to the answer, and what must follow."""

    prompt: list[int]
    answer: list[int]
    depth: float
    """Where the fact lies: 0 at the beginning, 1 just before the question."""
    password: str


def needle_accuracy(
    model: Transformer, tokenizer: Any, length: int, haystack: Sequence[int], cases: int, seed: int
) -> float:
    """Share of needles whose greedy answer is exactly right, in contexts of `length` tokens.

    `tokenizer` is Hugging Face's; `haystack` are token ids of text the model has not been trained on, of which each
    case takes another stretch (repeated where it is too short). Depths are spread evenly from 0 to 1; the passwords
    occur in no practice document. Raises PretrainError where `length` does not hold fact and question.
    """
    found = found_needles(model, haystacks(tokenizer, length, haystack, cases, seed))
    return sum(found) / len(found)


def haystacks(tokenizer: Any, length: int, haystack: Sequence[int], cases: int, seed: int) -> list[Haystack]:
    """The cases, the same for the same arguments."""
    special = set(tokenizer.all_special_ids)
    text = [token for token in haystack if token not in special]
    if not text:
        raise PretrainError("the haystack is empty; hold out some documents of a source that is not `needles:`")
    rng = random.Random(f"{seed}/{length}")
    begin, question = _beginning(tokenizer), _ids(tokenizer, ASKED)
    told, made = _told(tokenizer, length, cases, rng), []
    for case, (one, needle, said, room) in enumerate(told):
        depth = case / max(1, cases - 1)
        start, cut = rng.randrange(len(text)), round(depth * room)
        around = [text[(start + place) % len(text)] for place in range(room)]
        made.append(Haystack(begin + around[:cut] + needle + around[cut:] + question, said, depth, one))
    return made


def check_room(tokenizer: Any, length: int, cases: int, seed: int) -> None:
    """Raises PretrainError where a context of `length` tokens does not hold fact, question and answer."""
    _told(tokenizer, length, cases, random.Random(f"{seed}/{length}"))


def _told(tokenizer: Any, length: int, cases: int, rng: random.Random) -> list[tuple[str, list[int], list[int], int]]:
    """Of each case the password, the fact and the answer in tokens, and how many tokens of other text there is room for."""
    hidden = [password(rng, unseen=True) for _ in range(cases)]
    answers = [_ids(tokenizer, answer(one)) for one in hidden]
    # Room for the longest answer in every case, since cases are decoded side by side.
    free = length - len(_beginning(tokenizer)) - len(_ids(tokenizer, ASKED)) - max(map(len, answers))
    told = []
    for one, said in zip(hidden, answers, strict=True):
        needle = _ids(tokenizer, f"\n{fact(one)}\n")
        room = free - len(needle)
        if room < 0:
            raise PretrainError(
                f"a context of {length} tokens holds no needle: fact, question and answer alone take {length - room}; "
                "give longer lengths, or a tokenizer with a larger vocabulary"
            )
        told.append((one, needle, said, room))
    return told


def found_needles(model: Transformer, cases: Sequence[Haystack]) -> list[bool]:
    """For each case whether the model's greedy tokens are the answer's."""
    found = []
    for first in range(0, len(cases), CASES_AT_ONCE):
        beside = cases[first : first + CASES_AT_ONCE]
        longest = max(len(case.answer) for case in beside)
        prompts = [case.prompt for case in beside]
        said = generate_batch(model, prompts, longest)
        found += [tokens[: len(case.answer)] == case.answer for tokens, case in zip(said, beside, strict=True)]
    return found


def _beginning(tokenizer: Any) -> list[int]:
    """What the tokenizer puts before a document: BOS, or nothing."""
    return [token for token in tokenizer("")["input_ids"] if token == tokenizer.bos_token_id]


def _ids(tokenizer: Any, text: str) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]
