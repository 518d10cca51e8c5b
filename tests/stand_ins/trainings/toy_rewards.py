"""Rewards by a plain function of the answer's text, for tests of what learns from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from alignment.trainings.ppo.problems import Task
from alignment.trainings.ppo.rewards import Judged


class ToyRewards:
    """Gives what `judge(text)` says, and finds every problem sound."""

    def __init__(self, judge: Callable[[str], float | Judged]) -> None:
        self.identity = "toy"
        self._judge = judge

    def submit(self, task: Task, text: str, cut: bool) -> Future[Judged]:
        found = self._judge(text)
        future: Future[Judged] = Future()
        future.set_result(found if isinstance(found, Judged) else Judged(found, "toy"))
        return future

    def unsound(self, tasks: Sequence[Task]) -> list[str]:
        return [""] * len(tasks)


def toy_problems(file: Path, count: int = 4) -> Path:
    """Problems in MBPP's fields."""
    rows = [
        {
            "task_id": str(n),
            "prompt": f"Write a function `f{n}(x)` that returns x plus {n}.",
            "entry_point": f"f{n}",
            "code": f"def f{n}(x):\n    return x + {n}\n",
            "test_list": [f"assert f{n}({x}) == {x + n}" for x in (1, 5, 8)],
        }
        for n in range(1, count + 1)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file
