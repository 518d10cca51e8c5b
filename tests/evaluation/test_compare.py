"""`lab eval --compare`: two evaluations that have ended, of the same problems, drawn and judged alike; anything else is refused."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner, Result

from cli import app
from evaluation import claim_within
from ledger import Ledger, facts
from rows.messages import Message

TEN = [{"id": str(n), "question": f"What is {n} + {n}?", "answer": f"#### {2 * n}"} for n in range(10)]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def right_up_to(last: int) -> Callable[[list[Message]], str]:
    def answer(messages: list[Message]) -> str:
        found = re.search(r"What is (\d+) \+", messages[-1]["content"])
        assert found
        n = int(found[1])
        return f"The answer is {2 * n if n < last else -1}."

    return answer


def lab(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)], catch_exceptions=False)


def evaluated(out: str, last: int, *more: object, rows: list[dict[str, str]] = TEN) -> None:
    Path("p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with scripted_server(right_up_to(last)) as (url, _):
        told = lab(url, "--problems", "p.jsonl", "--out", out, *more)
    assert told.exit_code == 0, told.stderr


def refused(*sides: str) -> str:
    told = lab("--compare", *sides)
    assert told.exit_code == 1, told.stdout
    return " ".join(told.stderr.split())


def test_the_difference_has_its_interval_and_every_problem_won_or_lost_both_answers() -> None:
    evaluated("a", 3, "-n", 2)
    evaluated("b", 8, "-n", 2)
    told = lab("--compare", "a", "b", "--json")
    found = json.loads(told.stdout)
    (benchmark,) = found["benchmarks"]
    low, high = benchmark["greedy"]["interval"]
    assert (benchmark["greedy"]["difference"], benchmark["sampled"]["difference"]) == (0.5, 0.5)
    assert 0 < low < 0.5 < high and benchmark["greedy"]["p_value"] < 0.05
    assert [won["problem"] for won in benchmark["won"]] == ["3", "4", "5", "6", "7"] and benchmark["lost"] == []
    assert benchmark["won"][0]["before"] == {"row": "eval:start/p/greedy#3", "answer": "The answer is -1."}
    assert benchmark["won"][0]["after"]["answer"] == "The answer is 6."
    assert benchmark["scores"]["greedy"]["after"]["pass@1"] == 0.8
    page = Path(found["page"]).read_text()
    assert Path(found["page"]).parent == Path("b") and "The answer is -1." in page and "What is 3 + 3?" in page
    shown = lab("--compare", "b", "a").stdout
    assert "a against b" in shown and "worse: greedily -50.0%" in shown
    assert "lost 3: eval:start/p/greedy#3\n" in shown and "`lab why RUN ROW` shows an answer of either run" in shown
    assert all(len(line) <= 80 for line in shown.splitlines() if "problems:" not in line)


def test_two_checkpoints_of_one_run_are_named_by_the_run_and_what_it_calls_them() -> None:
    evaluated("a", 3)
    evaluated("b", 8)
    with (
        Ledger(Path("b"), readonly=True) as other,
        Ledger(Path("a")) as ledger,
    ):  # as a round leaves its trained checkpoint's

        async def copy() -> None:
            for row in other.rows("eval:start/p/greedy"):
                await ledger.record_row(replace(row, stage="eval:sft/p/greedy"))
            for effect in other.effects():
                await ledger.record_effect(effect)
            score, judges = other.read(facts.SCORE, "start/p/greedy"), other.read(facts.JUDGES, "start/p")
            assert score and judges
            await ledger.record(facts.SCORE, score, "sft/p/greedy")
            await ledger.record(facts.JUDGES, judges, "sft/p")
            await ledger.record_step("evaluate sft", "running", {})

        asyncio.run(copy())
    assert "a: evaluated 2 checkpoints; name one: a#start, a#sft" in refused("a", "b")
    assert "a#sft: its evaluation has not ended" in refused("a#start", "a#sft")
    assert "a: evaluated no checkpoint that it calls dpo; it has start, sft" in refused("a#dpo", "b")
    with Ledger(Path("a")) as ledger:
        asyncio.run(ledger.record_step("evaluate sft", "done", {}))
    found = json.loads(lab("--compare", "a#start", "a#sft", "--json").stdout)
    assert found["benchmarks"][0]["greedy"]["better"] == 5
    assert found["page"] == "a/a-sft-against-a-start.html"
    assert "a#sft and a#sft are one evaluation" in refused("a#sft", "a#sft")


def test_other_problems_are_refused_and_counted() -> None:
    evaluated("a", 3)
    evaluated("b", 3, rows=TEN[:8])
    assert "not the same problems: 2 are only in a (8, 9)" in refused("a", "b")
    evaluated("c", 3, rows=[{**TEN[0], "question": "What is 0 + 0, then?"}, *TEN[1:]])
    assert "1 ask something else under one number (0)" in refused("a", "c")
    evaluated("d", 3, rows=[{**TEN[0], "answer": "#### 7"}, *TEN[1:]])
    assert "they ask the same, and their tests, reference answers or other fields differ" in refused("a", "d")


def test_other_decoding_is_refused_by_the_settings_that_differ(tmp_path: Path) -> None:
    evaluated("a", 3, "-n", 2)
    evaluated("b", 3, "-n", 3, "--temperature", 0.5, "--set", "evaluate.max_tokens=100")
    told = refused("a", "b")
    assert "not evaluated alike on p: samples: 2 -> 3; temperature: 0.8 -> 0.5; max_tokens: 512 -> 100" in told
    assert "`lab eval CHECKPOINT --against a` compares all the same" in told
    mine = tmp_path / "mine/math/question.j2"
    mine.parent.mkdir(parents=True)
    ours = Path(__file__).parents[2] / "prompts/math/question.j2"
    mine.write_text(ours.read_text() + "\nBe brief.")
    evaluated("c", 3, "-n", 2, "--prompts", "mine")
    assert "prompts: math/question@" in refused("a", "c")


def test_answers_that_something_else_judged_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated("a", 3)
    monkeypatch.setattr("verification.workers.version", lambda function: "mended")
    evaluated("b", 3)
    assert "not evaluated alike on p: judge: " in refused("a", "b")


def test_what_is_no_evaluation_or_is_given_beside_is_refused() -> None:
    with Ledger(Path("empty")):
        pass
    evaluated("a", 3)
    assert "empty: holds no evaluation; `lab eval CHECKPOINT` makes one" in refused("a", "empty")
    assert "not a run directory" in refused("a", "nowhere")
    told = lab("default", "--compare", "a", "a")
    assert told.exit_code == 2 and "is not evaluated beside --compare" in " ".join(told.stderr.split())
    told = lab("--compare", "a", "a", "--samples", 2)
    assert told.exit_code == 2 and "changes nothing beside --compare" in " ".join(told.stderr.split())
    told = lab()
    assert told.exit_code == 2 and "two evaluations with --compare" in " ".join(told.stderr.split())


def test_a_claim_within_a_run_says_where_something_else_judged_the_second() -> None:
    evaluated("a", 3)
    with Ledger(Path("a")) as ledger:

        async def judged_by(*judges: str) -> str:
            await ledger.record(facts.JUDGES, list(judges), "sft/p")
            return claim_within(ledger, "start", "sft", "p").verdict

        for row in list(ledger.rows("eval:start/p/greedy")):
            asyncio.run(ledger.record_row(replace(row, stage="eval:sft/p/greedy")))
        alike = asyncio.run(judged_by(*(ledger.read(facts.JUDGES, "start/p") or [])))
        assert asyncio.run(judged_by("another")) == f"{alike}; not judged alike, which may be the difference"
