"""What the filters on one text share: the text without its code, and a quick look for words."""

import functools

FENCE = "```"


def outside_code(text: str) -> str:
    """`text` without fenced blocks and code spans: a program may print what an answer may not say."""
    return _outside_code(text) if "`" in text else text


@functools.lru_cache(maxsize=4)  # every filter asks for that of the same few texts
def _outside_code(text: str) -> str:
    prose = "\n".join(text.split(FENCE)[::2])
    return "\n".join(" ".join(line.split("`")[::2]) for line in prose.split("\n")) if "`" in prose else prose


def holds_any(marks: tuple[str, ...], text: str) -> bool:
    """Whether any of `marks` stands in the text. Looking for the words without which a pattern cannot match before the
    pattern itself makes the filters several times as fast.
    """
    for mark in marks:  # a loop: a generator in `any` costs more than the search itself  # noqa: SIM110
        if mark in text:
            return True
    return False
