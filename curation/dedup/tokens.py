"""Tokens of many texts: most words were met before, and looking one up takes a fraction of what tokenizing it does."""

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any

PROBE = (
    'Don\'t say "3.5 km" or 1,000 (a b) x_1 = y**2;\tno...\n\nNext: *é* ünd 你好 world, 12 🙂 ok!\n - one\n\n    two  three \n'
    "<b> it's we'll I'm A.B. $5 50% #1 @me a/b c-d [x] {y} `z` ~ ^ | \\n"
)
"""A tokenizer whose tokens of this are those of its words does so for other texts."""
MOST_WORDS = 1 << 17
"""Words remembered, about 25 MiB; then they are forgotten and met anew."""

CUTS = (re.compile(r"\s*\S+|\s+").findall, re.compile(r"(?<=\S)(?= \S)").split)
"""Ways to cut a text into words with the white space before them: at all of it, at lone spaces. The first that changes no
token is taken.
"""


class Tokens:
    """The tokens that `model.tokenize` gives, of texts cut to `model.max_length` tokens. Not for several threads at once."""

    def __init__(self, model: Any) -> None:
        self._tokenize, self._most = model.tokenize, model.max_length
        self._longest = (
            model.max_length * model.median_token_length
        )  # as model2vec cuts texts before it looks for tokens
        self._known: dict[str, list[int]] = {}
        added = model.tokenizer.get_added_tokens_decoder().values()
        plain = not any(token.lstrip or token.rstrip or " " in token.content for token in added)
        whole = self._tokenize([PROBE])
        self._cut = next((cut for cut in CUTS if plain and self._looked_up([PROBE], cut) == whole), None)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text."""
        texts = [text[: self._longest] for text in texts]
        if self._cut is None:
            return [*self._tokenize(texts)]
        return [tokens[: self._most] for tokens in self._looked_up(texts, self._cut)]

    def _looked_up(self, texts: Sequence[str], cut: Callable[[str], list[str]]) -> list[list[int]]:
        words = [cut(text) for text in texts]
        if len(self._known) > MOST_WORDS:
            self._known.clear()
        new = sorted(set(itertools.chain.from_iterable(words)) - self._known.keys())
        self._known.update(zip(new, self._tokenize(new), strict=True))
        look_up = self._known.__getitem__
        return [[*itertools.chain.from_iterable(map(look_up, cut_text))] for cut_text in words]
