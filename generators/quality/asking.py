"""Tags and judges over a whole data set: many rows at once, every answer recorded, so that a stopped filter goes on where it was."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from curation.settings import Rated
from generators.lab import Lab
from generators.quality.judges import MOST, judge, judge_pair
from generators.quality.tags import TAGS, Tags, choices, tag
from rows.forms import SCALES, UNRATED, Text
from serving import PromptTooLongError

IN_FLIGHT = 64
"""Rows asked about at once."""


class Ratings:
    """What was said of each row, a few bytes a row."""

    def __init__(self, lab: Lab, priority: Any) -> None:
        import numpy as np

        self._words = {name: choices(lab, f"quality/{name}") for name in TAGS}
        self._tags = np.full((len(priority), len(TAGS)), -1, np.int8)
        self.points = np.full(len(priority), -1, np.int8)
        self.priority = priority.copy()
        self.failed: dict[int, tuple[str, str]] = {}
        self.unrated = 0

    def is_rated(self, row: int, tag_it: bool, judge_it: bool) -> bool:
        """Whether all that was asked of a row was answered in a word that counts."""
        return not (tag_it and (self._tags[row] < 0).any()) and not (judge_it and self.points[row] < 0)

    def tagged(self, row: int, tags: Tags) -> None:
        for column, name in enumerate(TAGS):
            word = getattr(tags, name)
            self._tags[row, column] = self._words[name].index(word) if word else -1
        self.priority[row] *= SCALES["difficulty"].get(tags.difficulty, UNRATED)

    def values(self, row: int, tag_it: bool, judge_it: bool) -> dict[str, Any]:
        """The new columns of a row; null where nothing was asked, or nothing usable answered."""
        found: dict[str, Any] = {}
        if tag_it:
            for column, name in enumerate(TAGS):
                word = int(self._tags[row, column])
                found[name] = self._words[name][word] if word >= 0 else None
        if judge_it:
            found["judge_points"] = int(self.points[row]) if self.points[row] >= 0 else None
        return found


async def rate(
    lab: Lab,
    texts: Iterator[tuple[int, Text]],
    priority: Any,
    *,
    tag_rows: bool,
    judge_as: str,
    watch: Callable[[int], None],
) -> Rated:
    """Ask about every row of `texts` (row number, text); `priority` is what each row of the set brings along."""
    import pyarrow as pa

    ratings = Ratings(lab, priority)

    async def one(row: int, text: Text) -> None:
        try:
            if tag_rows:
                ratings.tagged(row, await tag(lab, text))
            if judge_as:
                await _judge(lab, ratings, row, text, judge_as)
        except PromptTooLongError:
            pass  # not rated is not bad: the row keeps its empty columns
        ratings.unrated += not ratings.is_rated(row, tag_rows, bool(judge_as))
        watch(1)

    running: set[asyncio.Task[None]] = set()
    try:
        for row, text in texts:
            running.add(asyncio.create_task(one(row, text)))
            if len(running) >= IN_FLIGHT:
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        await asyncio.gather(*running)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    columns = {name: pa.string() for name in TAGS if tag_rows} | ({"judge_points": pa.int64()} if judge_as else {})
    values = partial(ratings.values, tag_it=tag_rows, judge_it=bool(judge_as))
    return Rated(columns, values, ratings.priority, ratings.failed, ratings.unrated)


async def _judge(lab: Lab, ratings: Ratings, row: int, text: Text, kind: str) -> None:
    if text.rejected:
        better = await judge_pair(lab, text.prompt, text.answer, text.rejected)
        ratings.points[row] = better == "first"
        if better != "first":
            ratings.failed[row] = (
                "pair_not_confirmed",
                "the rejected answer is better" if better else "the order decided",
            )
        return
    verdict = await judge(lab, text, kind)
    if verdict.points is None:
        return  # no verdict drops nothing
    ratings.points[row] = verdict.points
    ratings.priority[row] *= max(verdict.points, 1) / MOST[kind]
    if not verdict.passed:
        ratings.failed[row] = (
            f"judged_{verdict.points}_of_{verdict.of}",
            f"{verdict.points} of {verdict.of} points, judge `{kind}`",
        )
