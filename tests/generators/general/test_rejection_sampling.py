"""Of K answers to a request the one that the reward model likes best is kept, over the worst."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedEngine, ScriptedScorer

from alignment.data.pairs import best_first
from alignment.data.sets import export
from alignment.ready import check_recipe
from generators.attempts import Stage
from generators.drive import drive
from generators.general.rejection_sampling import rejection_sampling
from generators.general.strength import strength
from generators.lab import Lab
from generators.sample import Outcome
from generators.seeds import Request
from generators.seeds.fields import request
from ledger import Ledger, Row, Status
from prompts import Library
from recipes import RecipeError
from recipes.schema import Recipe
from rows.messages import Message
from rows.sample import Sample

ASK: list[Message] = [{"role": "user", "content": "Name a prime."}]
SEED = Request("r", tuple(ASK))
LIKES = {"seven": 3.0, "seven, of course": 2.0, "nine": -1.0}


def lab(ledger: Ledger, answers: list[str], **more: Any) -> Lab:
    engine = ScriptedEngine(lambda _, number: answers[number % len(answers)], **more)
    return Lab(engine, ledger, Library(), scorer=ScriptedScorer(LIKES.__getitem__))


def outcome(folder: Path, answers: list[str], finish_reason: str = "stop", **options: Any) -> Outcome:
    with Ledger(folder) as ledger:
        mine = lab(ledger, answers, finish_reason=finish_reason)
        return asyncio.run(rejection_sampling(mine.attempt(0), SEED, answers=len(answers), **options))


def test_the_best_answer_is_kept_over_the_worst_with_how_much_better_it_is(tmp_path: Path) -> None:
    found = outcome(tmp_path, ["nine", "seven", "seven, of course", "nine"])
    sample = found.sample
    assert (found.accepted, sample.completion, sample.rejected, sample.score) == (True, "seven", "nine", 3.0)
    assert sample.strength == "significantly better"
    assert (sample.evidence["scores"], sample.evidence["answers"]) == ([3.0, 2.0, -1.0], 3)


def test_of_answers_that_are_alike_there_is_no_pair(tmp_path: Path) -> None:
    sample = outcome(tmp_path, ["seven", " seven\n"]).sample
    assert (sample.completion, sample.rejected, sample.strength) == ("seven", "", "")


def test_answers_that_were_cut_are_none(tmp_path: Path) -> None:
    found = outcome(tmp_path, ["seven", "nine"], finish_reason="length")
    assert (found.accepted, found.reason) == (False, "cut_off")
    assert outcome(tmp_path / "empty", [" "]).reason == "no_answer"


def test_steering_is_left_out_of_the_data(tmp_path: Path) -> None:
    steered = outcome(tmp_path, ["seven"], steer=True).sample
    assert [turn["role"] for turn in steered.messages] == ["user", "assistant"]
    with Ledger(tmp_path, readonly=True) as ledger:
        (asked,) = [effect.request for effect in ledger.effects() if effect.kind == "ask"]
    assert asked["messages"][0]["role"] == "system"


def test_a_resumed_stage_asks_and_scores_nothing_twice(tmp_path: Path) -> None:
    seeds = [Request(f"r{n}", ({"role": "user", "content": f"Name prime {n}."},)) for n in range(3)]
    for _ in range(2):
        with Ledger(tmp_path) as ledger:
            mine = lab(ledger, ["seven", "nine", "seven, of course"])
            stage = Stage("general/rejection-sampling", rejection_sampling, seeds)
            asyncio.run(drive(mine, stage))
            data = {found.name: found for found in export(ledger, max_per_problem=4, pairs_per_problem=2)}
            kinds = [effect.kind for effect in ledger.effects()]
    assert (kinds.count("ask"), data["sft"].rows, data["preference"].rows) == (30, 3, 3)
    assert kinds.count("score") == 9


@pytest.mark.parametrize(
    ("margin", "word"),
    [(800.0, "significantly better"), (1.5, "better"), (0.7, "slightly better"), (0.0, "marginally better")],
)
def test_a_margin_is_told_in_the_words_that_people_grade_with(margin: float, word: str) -> None:
    assert strength(margin) == word


def test_of_a_problem_s_answers_the_best_come_first_in_the_places_that_they_have() -> None:
    def row(attempt: int, problem: str, score: float | None) -> Row:
        return Row("x", attempt, Status.accepted, "", problem, Sample(problem_id=problem, score=score))

    rows = [
        row(0, "a", 1.0),
        row(1, "b", None),
        row(2, "a", 2.0),
        row(3, "b", None),
        row(4, "a", None),
        row(5, "a", 1.0),
    ]
    assert [found.attempt for found in best_first(rows)] == [2, 1, 0, 3, 5, 4]


@pytest.mark.parametrize(
    ("row", "roles"),
    [
        ({"prompt": "Hello"}, ["user"]),
        ({"instruction": "Hello", "output": "Hi"}, ["user"]),
        ({"messages": [*ASK, {"role": "assistant", "content": "7"}]}, ["user"]),
        ({"prompt": [{"role": "system", "content": "s"}, *ASK]}, ["system", "user"]),
    ],
)
def test_a_request_is_read_without_the_answer_that_it_has(row: dict[str, Any], roles: list[str]) -> None:
    assert [turn["role"] for turn in request(row, 1).messages] == roles


def test_a_row_of_alpacas_is_asked_with_its_input_and_what_was_said_before() -> None:
    row = {"instruction": "Shorten this.", "input": "A long text.", "output": "A text.", "system": "Be brief."}
    assert [turn["content"] for turn in request(row, 1).messages] == ["Be brief.", "Shorten this.\n\nA long text."]
    found = request({**row, "input": "", "history": [["Hi", "Hello"]]}, 1).messages
    assert [turn["content"] for turn in found] == ["Be brief.", "Hi", "Hello", "Shorten this."]
    with pytest.raises(ValueError, match="history"):
        request({**row, "history": ["Hi"]}, 1)


def test_a_conversation_of_sharegpts_is_a_request_up_to_what_its_user_says_last() -> None:
    said = [("system", "s"), ("human", "a"), ("gpt", "b"), ("human", "c"), ("gpt", "d")]
    found = request({"conversations": [{"from": name, "value": text} for name, text in said]}, 1).messages
    assert [(turn["role"], turn["content"]) for turn in found] == [
        ("system", "s"),
        ("user", "a"),
        ("assistant", "b"),
        ("user", "c"),
    ]


@pytest.mark.parametrize(
    "row", [{}, {"messages": []}, {"messages": [{"role": "tool", "content": "x"}]}, {"messages": ["x"]}, {"prompt": 3}]
)
def test_what_nobody_asks_is_no_request(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"text|turn|user"):
        request(row, 1)


def test_a_recipe_without_the_reward_model_that_it_needs_or_with_one_for_nobody_is_refused(tmp_path: Path) -> None:
    seeds = tmp_path / "asks.jsonl"
    seeds.write_text('{"prompt": "Name a prime."}\n')
    part = {"generator": "general/rejection-sampling", "seeds": [str(seeds)]}
    with pytest.raises(RecipeError, match="reward_model"):
        check_recipe(Recipe.model_validate({"generate": [part]}))
    with pytest.raises(RecipeError, match="leave it out"):
        check_recipe(Recipe.model_validate({"generate": [{"generator": "math/solutions"}], "reward_model": "x"}))
