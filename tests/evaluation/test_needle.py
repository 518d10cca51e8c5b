"""`--benchmark needle`: lengths and depths by the checkpoint's own tokenizer, the same texts every time, the fact to the letter."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner, Result

from cli import app
from evaluation import problem_set, read_problems
from evaluation.benchmarks.needle import ANSWER_TOKENS, needles
from generators.seeds.found import SeedError
from recipes import RecipeError
from recipes.load import resolve
from recipes.schema import Evaluate
from rows.messages import Message

FACT = re.compile(r"The code that opens the door of the [a-z ]+ is (\d{5})\.")


def lab(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)], catch_exceptions=False)


def near_the_end(messages: list[Message]) -> str:
    """Sees the last 300 words alone, as a short window would."""
    seen = FACT.search(" ".join(messages[-1]["content"].split()[-300:]))
    return f"It is {seen[1]}." if seen else "It is 123456789."


def test_every_text_has_its_length_in_tokens_and_the_fact_at_its_depth(tmp_path: Path) -> None:
    with scripted_server(near_the_end) as (url, asked):  # whose tokens are words
        found = json.loads(lab(url, "--benchmark", "needle", "--out", tmp_path / "run", "--json").stdout)
    assert (found["benchmark"], found["n"]) == ("needle-2048", 80)
    lengths: Counter[int] = Counter()
    for request in asked:
        words = request["messages"][-1]["content"].split()
        length = next(length for length in (256, 512, 1024, 2048) if len(words) <= length - ANSWER_TOKENS)
        assert length - ANSWER_TOKENS - len(words) < 30 and request["max_tokens"] == ANSWER_TOKENS
        lengths[length] += 1
    assert lengths == {256: 20, 512: 20, 1024: 20, 2048: 20}
    cells = found["greedy"]["table"]["cells"]
    assert list(cells) == ["256 tokens", "512 tokens", "1,024 tokens", "2,048 tokens"]
    assert cells["256 tokens"] == {f"{depth}%": [4, 4] for depth in (0, 25, 50, 75, 100)}
    assert cells["512 tokens"] == {"0%": [0, 4], "25%": [0, 4], "50%": [4, 4], "75%": [4, 4], "100%": [4, 4]}
    assert cells["2,048 tokens"] == {"0%": [0, 4], "25%": [0, 4], "50%": [0, 4], "75%": [0, 4], "100%": [4, 4]}
    assert found["wrong"]["greedy"] == {"wrong_answer": 80 - found["greedy"]["passed"]}


def test_the_grid_is_shown_in_80_columns_and_the_same_texts_are_asked_again(tmp_path: Path) -> None:
    with scripted_server(near_the_end) as (url, asked):
        shown = lab(url, "--benchmark", "needle", "--set", "evaluate.longest=700", "--out", tmp_path / "run").stdout
        first = sorted(str(request["messages"]) for request in asked)
        lab(url, "--benchmark", "needle", "--set", "evaluate.longest=700", "--out", tmp_path / "again")
    assert first == sorted(str(request["messages"]) for request in asked[len(first) :])
    grid = shown[shown.index("found, by length and depth") :].splitlines()
    assert grid[1:5] == [
        "                0%     25%     50%     75%    100%      of",
        "256 tokens    100%    100%    100%    100%    100%       4",
        "512 tokens      0%      0%    100%    100%    100%       4",
        "700 tokens      0%      0%      0%    100%    100%       4",
    ]


def test_a_number_that_holds_the_fact_as_a_part_is_wrong(tmp_path: Path) -> None:
    def padded(messages: list[Message]) -> str:
        found = FACT.search(messages[-1]["content"])
        assert found
        return f"9{found[1]}"

    with scripted_server(padded) as (url, _):
        told = lab(url, "--benchmark", "needle", "--set", "evaluate.longest=256", "--out", tmp_path / "run", "--json")
    assert json.loads(told.stdout)["pass@1"] == 0


def test_a_text_is_as_long_as_the_context_where_nothing_is_said() -> None:
    recipe = resolve({"serving": {"max_model_len": 1024}, "evaluate": {"benchmark": "needle"}})
    assert (recipe.evaluate[0].longest, recipe.evaluate[0].name) == (1024, "needle-1024")
    assert len(problem_set(recipe.evaluate[0]).problems) == 60
    assert resolve(recipe.to_plain()) == recipe


def test_needles_of_ones_own_come_from_a_file(tmp_path: Path) -> None:
    row = {
        "needle": "The cat is called Ada.",
        "question": "What is the cat called?",
        "answer": "Ada",
        "length": 99,
        "depth": 5,
    }
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps(row) + "\n")
    assert read_problems(file).benchmark.name == "a needle"
    file.write_text(json.dumps({**row, "depth": 105}) + "\n")
    with pytest.raises(SeedError, match='no "depth" from 0 to 100'):
        read_problems(file)


def test_a_question_that_is_longer_than_its_text_may_be_is_told(tmp_path: Path) -> None:
    row = {"needle": "It is Ada.", "question": "Who? " * 60, "answer": "Ada", "length": 99, "depth": 5}
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps(row) + "\n")
    with scripted_server(near_the_end) as (url, asked):
        found = json.loads(lab(url, "--problems", file, "--out", tmp_path / "run", "--json").stdout)
    assert (found["wrong"]["greedy"], len(asked)) == ({"prompt_too_long": 1}, 0)


def test_no_two_needles_of_a_length_and_depth_are_alike() -> None:
    facts = [row["needle"] for row in needles(8192)]
    assert len(set(facts)) > 0.95 * len(facts)


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"benchmark": "humaneval", "longest": 512}, "longest is of the benchmark needle alone"),
        ({"benchmark": "needle", "longest": 100}, "the shortest text of needle has 256"),
    ],
)
def test_a_length_that_cannot_be_is_refused(part: Any, why: str) -> None:
    with pytest.raises(RecipeError, match=why):
        resolve({"evaluate": part})
    with pytest.raises(ValueError, match=why):
        Evaluate(**part)
