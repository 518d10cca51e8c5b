"""`lab eval` as a person meets it: where it goes, what it is compared with, and what is said before a token is spent."""

import asyncio
import json
from pathlib import Path

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner, Result

from cli import app
from commands.eval import label_of
from ledger import Ledger
from recipes.names import as_folder, refuse_elsewhere
from rows.messages import Message


def answered(messages: list[Message]) -> str:
    return "The answer is 4."


def written(path: Path, *numbers: int) -> Path:
    rows = [{"id": str(n), "question": f"{n} + {n}?", "answer": f"#### {2 * n}"} for n in numbers]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lab(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)], catch_exceptions=False)


@pytest.mark.parametrize("against", ["nowhere", "empty"])
def test_what_there_is_nothing_to_compare_with_is_told_before_a_token_is_spent(against: str, tmp_path: Path) -> None:
    problems = written(tmp_path / "p.jsonl", 1, 2)
    with scripted_server(answered) as (url, asked):
        lab(url, "--problems", written(tmp_path / "q.jsonl", 8, 9), "--out", "empty")
        before = len(asked)
        told = lab(url, "--problems", problems, "--out", "run", "--against", against)
        assert (told.exit_code, len(asked)) == (1, before)
    assert ("not a run directory" if against == "nowhere" else "holds no evaluation of these problems") in told.stderr
    assert not Path("run").exists()


def test_problems_of_one_number_that_ask_something_else_are_told_before_a_token_is_spent(tmp_path: Path) -> None:
    with scripted_server(answered) as (url, asked):
        lab(url, "--problems", written(tmp_path / "p.jsonl", 2, 3), "--out", "one")
        other, before = tmp_path / "q.jsonl", len(asked)
        other.write_text((tmp_path / "p.jsonl").read_text().replace("2 + 2?", "1 + 3?"))
        told = lab(url, "--problems", other, "--out", "two", "--against", "one")
    assert (told.exit_code, len(asked), Path("two").exists()) == (1, before, False)
    assert "its problem 2 is another one" in told.stderr


def test_what_two_evaluations_differ_in_is_said_beside_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = written(tmp_path / "p.jsonl", 2, 3)
    with scripted_server(answered) as (url, _):
        lab(url, "--problems", problems, "--out", "one", "-n", 1)
        told = lab(url, "--problems", problems, "--out", "two", "-n", 2, "--temperature", 0.5, "--against", "one")
        assert "they were not evaluated alike: samples: 1 -> 2; temperature: 0.8 -> 0.5" in told.stdout
        told = lab(url, "--problems", problems, "--out", "three", "-n", 1, "--against", "one", "--json")
        assert json.loads(told.stdout)["differs"] == []
        with monkeypatch.context() as patched:
            patched.setattr("verification.workers.version", lambda function: "another")
            told = lab(url, "--problems", problems, "--out", "four", "-n", 1, "--against", "one")
        assert "they were not evaluated alike: judge: " in told.stdout
        other = tmp_path / "more" / "p.jsonl"
        other.parent.mkdir()
        other.write_text(problems.read_text().replace("#### 6", "#### 7") + written(tmp_path / "q", 5).read_text())
        told = lab(url, "--problems", other, "--out", "five", "-n", 1, "--against", "one")
        assert "they were not evaluated alike: problems: 1 is only in five (5)" in told.stdout
        other.write_text(problems.read_text().replace("#### 6", "#### 7"))
        told = lab(url, "--problems", other, "--out", "six", "-n", 1, "--against", "one")
        assert "problems: they ask the same, and their tests, reference answers" in " ".join(told.stdout.split())


def test_an_evaluation_is_of_one_template(tmp_path: Path) -> None:
    mine = tmp_path / "mine/math/question.j2"
    mine.parent.mkdir(parents=True)
    ours = (Path(__file__).parents[2] / "prompts/math/question.j2").read_text()
    mine.write_text(ours)
    with scripted_server(answered) as (url, asked):
        command = (
            url,
            "--problems",
            written(tmp_path / "p.jsonl", 2, 3),
            "--prompts",
            tmp_path / "mine",
            "--out",
            "one",
        )
        assert lab(*command).exit_code == lab(*command).exit_code == 0
        before = len(asked)
        mine.write_text(ours + "\nBe brief.")
        told = lab(*command)
        assert (told.exit_code, len(asked)) == (1, before)
        assert "were asked with the template math/question@" in told.stderr
        mine.write_text(ours)
        assert lab(*command).exit_code == 0


def test_an_answer_that_nobody_judged_is_told_among_the_wrong_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(text: str) -> str:
        if text == "odd":
            raise ValueError("cannot be read")
        return "4"

    monkeypatch.setattr("evaluation.benchmarks.mathematics.final_answer", fails)
    with scripted_server(lambda asked: "odd" if asked[-1]["content"].startswith("3 + 3") else "4") as (url, _):
        told = lab(url, "--problems", written(tmp_path / "p.jsonl", 2, 3), "--out", "one", "--json")
    found = json.loads(told.stdout)
    assert (found["pass@1"], found["wrong"]["greedy"]) == (0.5, {"raised": 1})


def test_how_answers_end_is_said_beside_what_is_right(tmp_path: Path) -> None:
    with scripted_server(lambda messages: "The answer is 4.\n" * 9) as (url, _):
        told = lab(url, "--problems", written(tmp_path / "p.jsonl", 2, 3), "--out", "one")
        assert "0.0% cut off, 100.0% repeat themselves" in " ".join(told.stdout.split())
        found = json.loads(lab(url, "--problems", tmp_path / "p.jsonl", "--out", "one", "--json").stdout)
    assert not Path("one/data").exists(), "an evaluation makes no data set, and its report tells of none"
    assert found["greedy"]["endings"]["repeating"] == 1.0


def test_evaluations_that_differ_go_to_directories_that_differ(tmp_path: Path) -> None:
    problems = written(tmp_path / "p.jsonl", 2)
    with scripted_server(answered) as (one, _), scripted_server(answered) as (other, _):
        for more in ([one], [other], [one, "-n", 1], [one, "-n", 1, "--temperature", 0.7], [one, "--ids", "2"]):
            told = lab(*more, "--problems", problems)
            assert told.exit_code == 0, told.stderr
        assert lab(one, "--problems", problems, "--set", "evaluate.max_tokens=100").exit_code == 0
    found = sorted(path.name for path in Path("runs").iterdir())
    assert len(found) == 6, found
    assert all(name.startswith("eval-127.0.0.1-") for name in found)


def test_an_evaluation_is_not_compared_with_itself(tmp_path: Path) -> None:
    told = lab("default", "--problems", written(tmp_path / "p.jsonl", 2), "--out", "run", "--against", "./run")
    assert told.exit_code == 2 and "this evaluation itself" in " ".join(told.stderr.split())


@pytest.mark.parametrize(
    ("checkpoint", "label"),
    [
        ("default", "default"),
        ("runs/a/checkpoints/sft", "a-sft"),
        ("/data/runs/b/checkpoints/sft/", "b-sft"),
        ("owner/name", "owner-name"),
        (".cache/model", ".cache-model"),
        ("http://localhost:8000/v1", "localhost-8000"),
        ("http://localhost:8000/v1#org/big", "localhost-8000-org-big"),
    ],
)
def test_a_checkpoint_is_called_by_what_tells_it_apart(checkpoint: str, label: str) -> None:
    assert label_of(checkpoint) == label
    assert refuse_elsewhere(as_folder(label)) == label.lstrip(".")


def test_an_evaluation_that_was_stopped_is_not_compared_with_before_it_has_ended(tmp_path: Path) -> None:
    problems = written(tmp_path / "p.jsonl", 2, 3)
    with scripted_server(answered) as (url, asked):
        lab(url, "--problems", problems, "--out", "one")
        with Ledger(Path("one")) as ledger:
            asyncio.run(ledger.record_step("evaluate start", "running", {}))
        before = len(asked)
        told = lab(url, "--problems", problems, "--out", "two", "--against", "one")
        assert (told.exit_code, len(asked), Path("two").exists()) == (1, before, False)
        assert "one: its evaluation has not ended; run the command that began it once more" in told.stderr
        lab(url, "--problems", problems, "--out", "one")
        assert lab(url, "--problems", problems, "--out", "two", "--against", "one").exit_code == 0
