"""What choosing the best of N by a reward model comes to."""

import asyncio
import json
from itertools import combinations, count
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedEngine, ScriptedScorer
from scripted_server import scripted_server
from tiny_checkpoints import tiny_reward_model
from typer.testing import CliRunner

from cli import app
from evaluation.best_of import best_of, curve
from generators.lab import Lab
from ledger import Ledger, Row, Status
from prompts import Library
from rows.sample import Sample

Answers = list[tuple[float, bool]]
answers = st.lists(st.tuples(st.sampled_from([-1.0, 0.0, 0.5, 2.0]), st.booleans()), min_size=1, max_size=6)


def counted(found: Answers, n: int) -> float:
    """By going through every draw."""
    rates = []
    for drawn in combinations(found, n):
        best = [right for score, right in drawn if score == max(score for score, _ in drawn)]
        rates.append(sum(best) / len(best))
    return mean(rates)


@given(st.lists(answers, min_size=1, max_size=4))
def test_the_curve_is_the_mean_over_every_draw(problems: list[Answers]) -> None:
    judged = {str(number): found for number, found in enumerate(problems)}
    points = curve(judged)
    assert [point["n"] for point in points] == [n for n in (1, 2, 4) if n <= min(map(len, problems))]
    for point in points:
        n = point["n"]
        assert point["chosen"] == pytest.approx(mean(counted(found, n) for found in problems))
        whole = [any(right for _, right in drawn) for found in problems[:1] for drawn in combinations(found, n)]
        assert len(problems) > 1 or point["any"] == pytest.approx(mean(whole))
        assert point["chosen"] <= point["any"] + 1e-9


def test_a_reward_model_that_knows_reaches_what_can_be_reached_and_one_that_is_upside_down_falls() -> None:
    knows = {"a": [(1.0, True), (0.0, False), (0.1, False), (-1.0, False)]}
    upside_down = {"a": [(-score, right) for score, right in knows["a"]]}
    assert [(point["chosen"], point["any"]) for point in curve(knows)] == [(0.25, 0.25), (0.5, 0.5), (1.0, 1.0)]
    assert [point["chosen"] for point in curve(upside_down)] == [0.25, 0.0, 0.0]
    assert {point["blind"] for point in curve(knows)} == {0.25}


def test_scores_that_are_all_alike_choose_blindly() -> None:
    assert [point["chosen"] for point in curve({"a": [(0.0, True), (0.0, False)] * 2})] == [0.5, 0.5, 0.5]


def test_without_answers_there_is_no_curve() -> None:
    assert curve({}) == []


def test_answers_of_a_ledger_are_scored_once_and_what_has_no_score_is_the_last_choice(tmp_path: Path) -> None:
    scored: list[str] = []

    def likes(answer: str) -> float:
        scored.append(answer)
        return float(len(answer))

    async def work() -> list[Any]:
        with Ledger(tmp_path / "run") as ledger:
            held = list(ledger.rows("eval:start/b/sampled"))
            for number, (answer, right) in enumerate(
                [] if held else [("four", False), ("seven", True), ("", False), ("long " * 300, True)]
            ):
                status = Status.accepted if right else Status.rejected
                sample = Sample(prompt=[{"role": "user", "content": "?"}], completion=answer)
                await ledger.record_row(Row("eval:start/b/sampled", number, status, "", "p", sample))
            lab = Lab(ScriptedEngine(lambda *_: ""), ledger, Library(), scorer=ScriptedScorer(likes))
            return await best_of(lab, "eval:start/b/sampled")

    points = asyncio.run(work())
    assert [(point["n"], point["any"]) for point in points] == [(1, 0.5), (2, pytest.approx(5 / 6)), (4, 1.0)]
    assert points[-1]["chosen"] == 1.0, "seven is the longest that has a score"
    before = len(scored)
    assert asyncio.run(work()) == points and len(scored) == before


def test_an_evaluation_says_how_right_the_best_of_n_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ranker = tiny_reward_model(tmp_path / "base", tmp_path / "rm")
    Path("p.jsonl").write_text(
        "".join(json.dumps({"question": f"{n} + {n}?", "answer": str(2 * n)}) + "\n" for n in (2, 3))
    )
    numbers = count()
    with scripted_server(lambda messages: f"The answer is {next(numbers) % 3 + 4}.") as (url, _):
        arguments = ["eval", url, "--problems", "p.jsonl", "-n", "4", "--reward-model", str(ranker), "--out", "run"]
        told = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert told.exit_code == 0, told.stderr
        assert "best of 4 by the reward model" in told.stdout
        report = CliRunner().invoke(app, ["report", "run"]).stdout
        assert "right by the reward model's best of N" in " ".join(report.split())
        assert "the reward model’s best is right" in Path("run/report.html").read_text()
        found = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)["best_of"]
    assert [point["n"] for point in found] == [1, 2, 4] and found[0]["chosen"] == pytest.approx(found[0]["blind"])
    refused = CliRunner().invoke(app, ["eval", "default", "--reward-model", str(ranker)])
    assert refused.exit_code == 2 and "give --samples 2 or more" in " ".join(refused.stderr.split())
