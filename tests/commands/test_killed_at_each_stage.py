"""A run that is killed, or stopped by Ctrl-C or SIGTERM, in each of its stages in turn comes to what an unbroken one comes to."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from scripted_server import scripted_server

from ledger import Ledger

ROOT = Path(__file__).parents[2]
MINE = """from generators import accept, Sample


async def think(lab, seed):
    first = await lab.ask("math/question", question=f"What is {seed.id} + 1?")
    second = await lab.ask("math/question", question=f"And {seed.id} + 2, after {first.text}?")
    return accept(Sample(problem=seed.id, completion=first.text + second.text))
"""
RECIPE = """checkpoint: URL
generate: [{generator: mine.py, seeds: s.jsonl}]
evaluate: {problems: p.jsonl, samples: 2}
serving: {max_in_flight: 2}
"""
STOPS = ((3, signal.SIGKILL), (2, signal.SIGINT), (4, signal.SIGKILL), (1, signal.SIGTERM), (2, signal.SIGINT))
"""(question of that session at which it is stopped, how): in generation, in the greedy and in the sampled evaluation."""


class Session:
    """One start of the command; the server's answers stop it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.at, self.how, self.asked = 0, signal.SIGKILL, 0

    def answer(self, messages: Any) -> str:
        self.asked += 1
        if self.asked == self.at and self.process:
            os.kill(self.process.pid, self.how)
        return f"The answer is {sum(map(ord, messages[-1]['content'])) % 7}."

    def run(self, url: str, out: str, stop: tuple[int, signal.Signals] | None = None) -> tuple[int, str]:
        Path("r.yaml").write_text(RECIPE.replace("URL", url))
        (self.at, self.how), self.asked = stop or (0, signal.SIGKILL), 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", "run", "r.yaml", "--out", out],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        _, told = self.process.communicate(timeout=300)
        return self.process.returncode, told.decode()


def rows(out: str) -> dict[str, Any]:
    with Ledger(Path(out), readonly=True) as ledger:
        found = list(ledger.rows())
    assert max(Counter(row.id for row in found).values()) == 1
    return {row.id: (row.status, row.reason, row.seed_id, row.sample) for row in found}


def test_a_run_stopped_in_every_stage_ends_as_an_unbroken_one(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(MINE)
    Path("s.jsonl").write_text("".join(f'{{"id": "{n}"}}\n' for n in range(4)))
    Path("p.jsonl").write_text("".join(f'{{"question": "{n} + 2?", "answer": "#### {n + 2}"}}\n' for n in range(3)))
    session = Session()
    with scripted_server(session.answer) as (url, _):
        assert session.run(url, "unbroken")[0] == 0
        stopped = 0
        for stop in STOPS:
            code, told = session.run(url, "broken", stop)
            assert "Traceback" not in told
            if code == 0:
                break
            assert code == (-signal.SIGKILL if stop[1] is signal.SIGKILL else 130), told
            stopped += 1
        assert stopped >= 4
        if code:
            code, told = session.run(url, "broken")
        assert code == 0, told
    assert rows("broken") == rows("unbroken")
