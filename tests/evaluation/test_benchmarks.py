"""`lab eval` on a server that answers by a script: the file says which benchmark it is, and each judges by its own rule."""

import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner

from cli import app
from evaluation import read_problems
from evaluation.benchmarks import BENCHMARKS, Benchmark
from generators.lab import Lab
from generators.sample import Outcome, accept, reject
from generators.seeds import PlainRow
from generators.seeds.found import SeedError
from generators.seeds.kinds import ROWS as ROWS_OF_ANY
from ledger import Ledger
from report.listing import look_at
from rows.messages import Message
from rows.sample import Sample

ROOT = Path(__file__).parents[2]
CODE, MATHEMATICS = "a problem with tests", "a question of mathematics"
MBPP = {
    "task_id": 1,
    "text": "Write `add(a, b)`.",
    "code": "def add(a, b):\n    return a + b",
    "test_list": ["assert add(1, 2) == 3"],
}
GSM8K = {"question": "What is 40 + 2?", "answer": "40 + 2 = <<40+2=42>>42\n#### 42"}
ROWS = {
    "MBPP": (MBPP, CODE),
    "HumanEval": (
        {
            "task_id": "HumanEval/0",
            "prompt": 'def add(a, b):\n    """Add."""\n',
            "entry_point": "add",
            "canonical_solution": "    return a + b\n",
            "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n",
        },
        CODE,
    ),
    "GSM8K": (GSM8K, MATHEMATICS),
    "MATH": ({"problem": "What is $6 \\times 7$?", "solution": "It is \\boxed{42}.", "level": "Level 1"}, MATHEMATICS),
    "a bare answer": ({"question": "How many?", "answer": 42}, MATHEMATICS),
}
TEN = [{"question": f"What is {n} + {n}?", "answer": f"#### {2 * n}"} for n in range(10)]


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


def doubled(messages: list[Message]) -> str:
    """Right for even numbers, each in another spelling; wrong for odd ones."""
    found = re.search(r"What is (\d+) \+", messages[-1]["content"])
    assert found, messages
    n = int(found[1])
    return (
        "I do not know."
        if n == 9
        else f"Twice {n}.\nThe answer is {2 * n if n % 2 == 0 else n}{'.00 dollars' if n == 4 else '.'}"
    )


def evaluate(*arguments: str) -> dict[str, Any]:
    told = CliRunner().invoke(app, ["eval", *arguments, "--json"])
    assert told.exit_code == 0, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize(("row", "benchmark"), ROWS.values(), ids=ROWS)
def test_the_rows_say_which_benchmark_a_file_is(row: dict[str, Any], benchmark: str, tmp_path: Path) -> None:
    found = read_problems(written(tmp_path / "problems.jsonl", row, ""))
    assert (found.benchmark.name, len(found.problems), found.title) == (benchmark, 1, "problems")


def test_a_title_says_which_part_of_a_file_was_asked(tmp_path: Path) -> None:
    rows = [{"id": str(n), "question": "Q?", "answer": "#### 1", "split": "test"} for n in (1, 2)]
    path = written(tmp_path / "p.jsonl", *rows)
    told = [read_problems(path, split=split, ids=ids).title for split in (None, "test") for ids in (None, "1-2")]
    assert told == ["p", "p (1-2)", "p (test)", "p (test, 1-2)"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([MBPP, GSM8K], "p.jsonl:2: a question of mathematics, and {folder}/p.jsonl:1 is a problem with tests; give each"),
        ([GSM8K, {"question": "Why?"}], 'p.jsonl:2: no problem whose answer can be judged. Read as a problem with tests: no tests'),
        ([{"question": "Why?", "answer": "Long ago.\nThen."}], '"answer" is a text and no final answer: end it in `#### 42`'),
        ([GSM8K, "{"], "p.jsonl:2: not JSON"),
        ([GSM8K, [1]], "p.jsonl:2: not an object; mend the row"),
        ([MBPP, MBPP], 'p.jsonl:2: id "1" appears twice; mend the row or take it out'),
        ([], "p.jsonl: no row in it"),
    ],
)  # fmt: skip
def test_a_mixed_or_unreadable_file_is_refused_with_its_line_and_the_mend(
    rows: list[Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(SeedError) as refused:
        read_problems(written(tmp_path / "p.jsonl", *rows))
    assert told.format(folder=tmp_path) in str(refused.value)


def test_mathematics_is_judged_by_meaning_and_needs_no_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generators.setup.docker_problem", lambda: "no Docker here")
    problems = written(tmp_path / "doubles.jsonl", *TEN)
    with scripted_server(doubled) as (url, asked):
        found = evaluate(url, "--problems", str(problems), "--out", str(tmp_path / "run"))
    assert (found["benchmark"], found["n"], found["pass@1"], found["sampled"]) == ("doubles", 10, 0.5, None)
    assert found["wrong"]["greedy"] == {"wrong_answer": 4, "no_answer": 1}
    assert found["greedy"]["passed"] == 5
    assert 0.2 < found["greedy"]["interval"][0] < 0.5 < found["greedy"]["interval"][1] < 0.8
    assert {request["temperature"] for request in asked} == {0.0}
    with Ledger(tmp_path / "run", readonly=True) as ledger:
        right = {row.seed_id: row.sample.answer for row in ledger.rows("eval:start/doubles/greedy") if not row.reason}
    assert right["5"] == "8.00 dollars"


def test_greedy_and_sampled_answers_are_under_way_at_once(tmp_path: Path) -> None:
    met, arrived = threading.Event(), set[float]()

    def both(messages: list[Message]) -> str:
        arrived.update(request["temperature"] for request in asked)
        if len(arrived) == 2:
            met.set()
        return doubled(messages) if met.wait(30) else "alone"

    with scripted_server(both) as (url, asked):
        found = evaluate(
            url, "--problems", str(written(tmp_path / "p.jsonl", TEN[0])), "--out", str(tmp_path / "run"), "-n", "1"
        )
    assert met.is_set() and found["n"] == 1


def test_sampled_answers_are_asked_at_the_temperature_given_beside_the_greedy_one(tmp_path: Path) -> None:
    problems = written(tmp_path / "p.jsonl", *TEN[:3])
    with scripted_server(doubled) as (url, asked):
        sampled = ("--samples", "4", "--temperature", "0.7")
        found = evaluate(url, "--problems", str(problems), "--out", str(tmp_path / "run"), *sampled)
    assert (found["n"], found["sampled"]["samples"], found["sampled"]["passed"], len(asked)) == (3, 4, 8, 15)
    assert Counter(request["temperature"] for request in asked) == {0.0: 3, 0.7: 12}
    with scripted_server(doubled) as (url, _):
        told = CliRunner().invoke(app, ["eval", url, "--problems", str(problems), "--temperature", "0.7"])
    assert (told.exit_code, "give --samples too" in told.stderr) == (2, True)


def test_an_evaluation_that_is_killed_goes_on_with_the_same_command(tmp_path: Path) -> None:
    out, in_flight, go_on = tmp_path / "run", 2, threading.Event()
    problems = written(tmp_path / "p.jsonl", *TEN)

    def slow(messages: list[Message]) -> str:
        if len(asked) > 5:
            go_on.wait(60)
        return doubled(messages)

    with scripted_server(slow) as (url, asked):
        arguments = [url, "--problems", str(problems), "--out", str(out), "--set", f"serving.max_in_flight={in_flight}"]
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "eval", *arguments],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while len(asked) < 5 + in_flight and process.poll() is None:
                time.sleep(0.05)
            assert process.poll() is None
        finally:
            process.kill()
            process.wait()
        before = len(asked)
        go_on.set()
        found = evaluate(*arguments)
        assert (found["n"], found["greedy"]["passed"]) == (10, 5)
        assert 0 < len(asked) - before < 10
        assert evaluate(*arguments) == found
        again = len(asked)
        evaluate(*arguments)
        assert len(asked) == again, "a finished evaluation asks nothing"
        written(problems, *TEN[:9])
        edited = CliRunner().invoke(app, ["eval", *arguments])
        assert edited.exit_code == 1 and "not the problems that this run began with" in " ".join(edited.stderr.split())
        assert look_at(out).state == "done", "what was refused leaves a run as it stood"


def test_two_checkpoints_are_compared_on_the_same_problems_only(tmp_path: Path) -> None:
    problems = written(tmp_path / "p.jsonl", *TEN)
    other = written(tmp_path / "q.jsonl", *TEN[::-1])
    first, second, third = (str(tmp_path / name) for name in ("first", "second", "third"))
    with scripted_server(lambda messages: "The answer is 4.") as (url, _):
        evaluate(url, "--problems", str(problems), "--out", first)
        evaluate(url, "--problems", str(other), "--out", third)
    with scripted_server(doubled) as (url, asked):
        against = ["eval", url, "--problems", str(problems), "--out", second, "--against"]
        told = CliRunner().invoke(app, [*against, first, "--json"])
        claim = json.loads(told.stdout)["claim"]
        assert (claim["greedy"]["better"], claim["won"], claim["lost"]) == (4, ["1", "5", "7", "9"], [])
        before = len(asked)
        again = ["eval", url, "--problems", str(problems), "--out", str(tmp_path / "fourth"), "--against", third]
        refused = CliRunner().invoke(app, again)
        assert (refused.exit_code, len(asked), (tmp_path / "fourth").exists()) == (1, before, False)
        assert "third: its problem 1 is another one, so it evaluated another file" in refused.stderr
        with Ledger(tmp_path / "empty"):
            pass
        refused = CliRunner().invoke(app, [*against, str(tmp_path / "empty")])
    assert "holds no evaluation of these problems" in refused.stderr


@pytest.mark.parametrize("as_list", [False, True])
def test_a_recipe_holds_its_checkpoints_to_the_same_benchmarks(as_list: bool, tmp_path: Path) -> None:
    problems = written(tmp_path / "p.jsonl", *TEN)
    recipe = tmp_path / "recipe.yaml"
    first = "- " if as_list else "  "
    recipe.write_text(f"checkpoint: default\nevaluate:\n{first}problems: {problems}\n  samples: 2\n")
    told = CliRunner().invoke(app, ["run", str(recipe), "--dry-run", "--json"])
    assert [step["note"] for step in json.loads(told.stdout)["plan"]] == ["30 completions"]


async def riddle(lab: Lab, row: PlainRow) -> Outcome:
    reply = await lab.ask("math/question", question=row.fields["riddle"])
    told = Sample(problem=row.fields["riddle"], completion=reply.text)
    return accept(told) if row.fields["solution"] in reply.text else reject("wrong_answer", told)


def test_another_benchmark_is_a_row_and_a_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacks(row: dict[str, Any]) -> str:
        return "" if "riddle" in row else 'no "riddle"'

    monkeypatch.setattr(
        "evaluation.problems.BENCHMARKS", (*BENCHMARKS, Benchmark("a riddle", ROWS_OF_ANY, lacks, riddle, False))
    )
    riddles = [{"riddle": f"What is {n} + {n}?", "solution": str(2 * n)} for n in (2, 3)]
    with scripted_server(doubled) as (url, _):
        run = str(tmp_path / "run")
        found = evaluate(url, "--problems", str(written(tmp_path / "riddles.jsonl", *riddles)), "--out", run)
    assert (found["n"], found["greedy"]["passed"], found["wrong"]["greedy"]) == (2, 1, {"wrong_answer": 1})


def test_the_table_of_benchmarks_names_what_a_row_lacks() -> None:
    for benchmark in BENCHMARKS:
        assert benchmark.lacks({})
        assert benchmark.seeds.parse
