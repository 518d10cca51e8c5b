"""What becomes of rows: data sets, cards, the forms of other trainers, what `lab watch` sees, how different rows are."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from alignment.data.make import _evaluation_items, make_data
from alignment.data.pairs import Paired, matched_in_length, negatives
from alignment.data.sets import export, write_cards
from alignment.ready import check_recipe
from checkpoints.directory import DEFAULT_DIR
from cli import app
from generators.quality.diversity import distinct, diversity, novelty, spread
from generators.seeds import Text
from ledger import Effect, Ledger, content_key, facts
from ledger.rows import Row, Status
from recipes import RecipeError
from recipes.load import resolve
from recipes.schema import Data, Recipe
from rows.formats import FORMATS
from rows.forms import Text as Asked
from rows.messages import Message, answered
from rows.sample import Sample

ASK: list[Message] = [{"role": "user", "content": "What is 5 * 6?"}]
STAGE = "math/solutions"


def solution(text: str, **more: Any) -> Sample:
    found = Sample(problem="5 * 6?", problem_id="p", prompt=ASK, completion=text, messages=answered(ASK, text))
    return replace(found, **more)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    rows = [
        Row(STAGE, 0, Status.accepted, "", "p", solution("30", more_completions=["It is 30."], rejected="31")),
        Row(STAGE, 1, Status.accepted, "", "p", solution("30")),
        Row(STAGE, 2, Status.rejected, "wrong_answer", "p", solution("11", messages=())),
        Row(STAGE, 3, Status.rejected, "cut_off", "p", solution("1", messages=())),
        Row(STAGE, 4, Status.surplus, "target_met", "p", solution("thirty")),
        Row("math/steps", 0, Status.accepted, "", "p", solution("5\n11", steps=["5", "11"], labels=[True, False])),
    ]

    async def write() -> None:
        with Ledger(tmp_path / "run") as ledger:
            for row in rows:
                await ledger.record_row(row)
            figures = {"accepted": 2, "attempts": 5, "output_tokens": 100, "seconds": 4.0}
            await ledger.record(facts.STAGE, figures, STAGE)
            await ledger.record(facts.SEEDS, {"paths": [], "count": 7, "licences": {"mit": 5, "cc0": 2}}, STAGE)
            live = {
                "stage": STAGE, "target": 10, "total": None, "in_flight": 3, "eta_s": 9.0, "session_seconds": 4.0,
                "session": {"output_tokens": 100, "runs": 2}, "at": 0.0, "accepted": 2, "attempts": 5,
                "rejected": {"wrong_answer": 1}, "output_tokens": 100, "seconds": 4.0,
            }  # fmt: skip
            await ledger.record(facts.LIVE, live, STAGE)
            write_cards(ledger, export(ledger, max_per_problem=4, pairs_per_problem=4))

    asyncio.run(write())
    return tmp_path / "run"


def data(run: Path, name: str) -> list[dict[str, Any]]:
    import pyarrow.parquet

    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(run / "data" / name / "train-00000.parquet").to_pylist()
    return rows


def test_further_right_answers_of_a_row_are_rows_of_their_own_and_equal_ones_are_not(run: Path) -> None:
    assert [row["messages"][-1]["content"] for row in data(run, "sft")] == ["30", "It is 30."]


def test_a_right_answer_is_preferred_to_the_wrong_ones_of_its_prompt_but_not_to_one_that_was_cut(run: Path) -> None:
    pairs = {(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in data(run, "preference")}
    assert pairs == {("30", "31"), ("30", "11")}


def test_labelled_steps_are_a_data_set_of_their_own_in_trls_form(run: Path) -> None:
    (row,) = data(run, "stepwise")
    assert (row["prompt"], row["completions"], row["labels"]) == ("5 * 6?", ["5", "11"], [True, False])
    assert all("11" not in str(row["messages"]) for row in data(run, "sft"))


def test_labelled_steps_that_hold_an_evaluation_item_or_were_there_before_are_left_out(tmp_path: Path) -> None:
    asked = ("What is 5 * 6?", "known", "What is 5 * 6?", "What is 5 * 6?")
    with Ledger(tmp_path / "run") as ledger:
        for number, problem in enumerate(asked):
            steps = ["5", f"{30 + number // 3}"]
            made = Sample(problem=problem, steps=steps, labels=[True, False])
            asyncio.run(ledger.record_row(Row("math/steps", number, Status.accepted, "", "s", made)))
        *_, found = export(
            ledger,
            max_per_problem=1,
            pairs_per_problem=1,
            contaminated=lambda messages: "yes" if messages[0]["content"] == "known" else "",
        )
    assert (found.name, found.rows, found.dropped) == ("stepwise", 2, {"contaminated": 1, "duplicate": 1})


def test_a_set_that_a_training_reads_is_there_where_it_is_empty(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run") as ledger:
        for wanted, names in (((), ["sft", "preference"]), (("sft", "stepwise"), ["sft", "preference", "stepwise"])):
            made = export(ledger, max_per_problem=1, pairs_per_problem=1, wanted=wanted)
            assert [(data.name, data.rows) for data in made] == [(name, 0) for name in names]


def test_the_card_says_counts_yield_licences_and_that_contamination_was_not_checked(run: Path) -> None:
    card = (run / "data" / "sft" / "README.md").read_text()
    for part in ("| rows | 2 |", "| `math/solutions` | 2 | 5 | 40.0% | 50 |", "mit (5), cc0 (2)", "not checked"):
        assert part in card
    from datasets import load_dataset

    assert len(load_dataset(str(run / "data" / "sft"), split="train", cache_dir=str(run / "cache"))) == 2


def test_the_card_says_which_stages_another_checkpoint_answered(run: Path) -> None:
    async def record(ledger: Ledger) -> None:
        parts = [{"generator": STAGE, "checkpoint": "big/one"}, {"generator": "math/steps"}]
        await ledger.record(facts.RECIPE, {"generate": parts})

    with Ledger(run) as ledger:
        asyncio.run(record(ledger))
        write_cards(ledger, export(ledger, max_per_problem=4, pairs_per_problem=4))
    card = (run / "data" / "sft" / "README.md").read_text()
    assert "another checkpoint answered:\n\n- `math/solutions`: `big/one`\n" in card and "`math/steps`: " not in card


def test_the_card_counts_all_hits_of_an_evaluation_and_tells_the_first(run: Path) -> None:
    hits = {f"bench/{number}: task_text (100%)": "How many?" for number in range(50)}
    found = facts.ContaminationFigures(against=["bench.jsonl"], items=900, hits=hits, found=200)
    with Ledger(run) as ledger:
        asyncio.run(ledger.record(facts.CONTAMINATION, found))
        write_cards(ledger, export(ledger, max_per_problem=4, pairs_per_problem=4))
    assert "rows left out for 200 hits.\n- bench/0: " in (run / "data" / "sft" / "README.md").read_text()


def test_rows_that_hold_an_evaluation_item_are_left_out_and_the_card_says_so(run: Path, tmp_path: Path) -> None:
    question = "A farmer packs one hundred and fifty red apples into bags of twelve; how many full bags are there then?"
    item = {"id": "bench/7", "question": question, "answer": "12"}
    (tmp_path / "bench.jsonl").write_text(json.dumps(item) + "\n")
    recipe = Recipe.model_validate({"data": {"decontaminate": str(tmp_path / "bench.jsonl")}})

    async def again() -> dict[str, int]:
        with Ledger(run) as ledger:
            asked: list[Message] = [{"role": "user", "content": f"Please solve: {question}"}]
            held = solution("12", prompt=asked, messages=answered(asked, "12"), problem_id="held")
            await ledger.record_row(Row(STAGE, 9, Status.accepted, "", "q", held))
            return {found.name: found.dropped.get("contaminated", 0) for found in await make_data(recipe, ledger)}

    assert asyncio.run(again()) == {"sft": 1, "preference": 0, "stepwise": 0}
    assert len(data(run, "sft")) == 2
    card = (run / "data" / "sft" / "README.md").read_text()
    assert "compared with 1 evaluation items" in card
    assert "bench/7: task_text" in card


@pytest.mark.parametrize("form", FORMATS)
def test_each_form_is_written_from_the_cli(run: Path, form: str) -> None:
    told = CliRunner().invoke(app, ["export", str(run), "--format", form, "--json"])
    assert told.exit_code == 0, told.output
    rows = [json.loads(line) for line in Path(json.loads(told.stdout)["out"]).read_text().splitlines()]
    expected = {
        "messages": {"messages": answered(ASK, "30")},
        "prompt-completion": {"prompt": ASK, "completion": answered(ASK, "30")[1:]},
        "sharegpt": {"conversations": [{"from": "human", "value": "What is 5 * 6?"}, {"from": "gpt", "value": "30"}]},
        "alpaca": {"instruction": "What is 5 * 6?", "input": "", "output": "30", "system": "", "history": []},
    }
    assert rows[0] == {**expected[form], "row": f"{STAGE}#0"}


def test_alpaca_keeps_earlier_turns_as_history() -> None:
    turns: list[Message] = [{"role": "system", "content": "s"}, *answered(ASK, "a1"), {"role": "user", "content": "q2"}]
    row = FORMATS["alpaca"](answered(turns, "a2"))
    assert row is not None
    assert (row["instruction"], row["output"], row["system"]) == ("q2", "a2", "s")
    assert row["history"] == [["What is 5 * 6?", "a1"]]


@pytest.mark.parametrize("named", [{}, {"id": "p7"}, {"unique_id": "test/7.json", "id": 3}, {"problem_id": 7}])
def test_what_a_run_is_evaluated_on_is_kept_out_whatever_names_it(named: dict[str, Any], tmp_path: Path) -> None:
    asked = (
        "A baker fills 14 trays with 12 rolls each and sells two thirds of the rolls before noon. How many are left?"
    )
    other = (
        "Two trains leave one station at noon, 40 km an hour apart in speed; how far apart are they at three o'clock?"
    )
    rows = [
        {"question": other, "answer": "120", "split": "train"},
        {"question": asked, "answer": "56", "split": "test", **named},
    ]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    index = _evaluation_items(resolve({"evaluate": [{"problems": str(tmp_path / "p.jsonl"), "split": "test"}]}))
    assert index and index.find(Asked(asked, "")) and not index.find(Asked(other, ""))


def test_an_unknown_form_and_a_run_without_data_are_said(run: Path, tmp_path: Path) -> None:
    assert "known are messages" in CliRunner().invoke(app, ["export", str(run), "--format", "x"]).output
    with Ledger(tmp_path / "empty"):
        pass
    told = CliRunner().invoke(app, ["export", str(tmp_path / "empty")])
    assert told.exit_code == 1
    assert "has no data/sft yet" in told.output


def test_nothing_is_pushed_where_nobody_asked_and_a_hub_that_is_not_there_is_told(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    told = CliRunner().invoke(app, ["export", str(run), "--push", "me/x"])
    assert told.exit_code == 1
    assert "--push me/x: the Hub cannot be reached" in told.output


def test_watch_shows_the_stage_its_yield_and_what_a_row_costs(run: Path) -> None:
    told = CliRunner().invoke(app, ["watch", str(run), "--once"])
    assert told.exit_code == 0, told.output
    for part in ("not running", "math/solutions", "2 of 10", "wrong_answer", "50 tokens", "2.00 s"):
        assert part in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 80
    seen = json.loads(CliRunner().invoke(app, ["watch", str(run), "--json"]).stdout)
    assert (seen["running"], seen["live"]["accepted"]) == (False, 2)


def test_rows_that_say_the_same_are_told_from_rows_that_do_not() -> None:
    import numpy as np

    assert distinct(["a b c", "a b c"], 2) == 0.5
    assert distinct([], 1) == 0.0
    same = np.array([[1.0, 0.0]] * 3)
    apart = np.eye(3)
    assert (spread(same), spread(apart)) == (pytest.approx(0.0), pytest.approx(1.0))
    assert novelty(same, same) == pytest.approx(0.0)
    assert novelty(apart, same[:, :0].reshape(0, 3)) == 1.0


@pytest.mark.skipif(not DEFAULT_DIR.exists(), reason="the default checkpoint is not made: `lab checkpoint`")
def test_a_collapse_raises_an_alarm_and_varied_rows_do_not(tmp_path: Path) -> None:
    themes = (
        "The train leaves at noon for the coast", "A cake needs flour and four eggs", "Cats sleep most of the day",
        "The court heard the case in March", "Solve for x in a linear equation", "Rain fell on the dry hills",
    )  # fmt: skip

    async def write(folder: Path, texts: list[str]) -> dict[str, Any]:
        with Ledger(folder) as ledger:
            for number, text in enumerate(texts):
                row = Row("own/x", number, Status.accepted, "", "s", Sample(completion=text))
                await ledger.record_row(row)
            return diversity(ledger, "own/x", [Text("t", themes[0])], DEFAULT_DIR)

    varied = asyncio.run(write(tmp_path / "a" / "run", [f"{theme} {n}" for n in range(5) for theme in themes]))
    same = asyncio.run(write(tmp_path / "b" / "run", [f"{themes[0]} {n}" for n in range(30)]))
    assert "alarm" not in varied
    assert "nearly the same" in same["alarm"]
    assert varied["spread"] > 5 * same["spread"]
    assert same["novelty_seeds"] < varied["novelty_seeds"]
    again = asyncio.run(write(tmp_path / "b" / "later", [f"{themes[0]} {n}" for n in range(30)]))
    assert (again["last"], again["novelty_last"] < 0.05) == ("run", True)


def test_rows_of_earlier_runs_come_after_the_runs_own_and_only_where_there_is_room(tmp_path: Path) -> None:
    """Of a problem the newest answers and pairs are taken first; what two runs wrote stands there once."""

    async def write(name: str, *rows: Row) -> Path:
        with Ledger(tmp_path / name) as ledger:
            for row in rows:
                await ledger.record_row(row)
        return tmp_path / name

    def right(number: int, text: str, wrong: str) -> Row:
        return Row(STAGE, number, Status.accepted, "", "p", solution(text, rejected=wrong))

    old = asyncio.run(write("old", right(0, "30", "1"), right(1, "thirty", "2"), right(2, "3 tens", "3")))
    asyncio.run(write("new", right(0, "30", "1"), right(1, "30.0", "4")))
    with Ledger(tmp_path / "new") as ledger, Ledger(old, readonly=True) as earlier:
        sets = export(ledger, max_per_problem=3, pairs_per_problem=3, earlier=[earlier])
    found = [(row["messages"][-1]["content"], row["run"], row["row"]) for row in data(tmp_path / "new", "sft")]
    assert found == [("30", "", f"{STAGE}#0"), ("30.0", "", f"{STAGE}#1"), ("thirty", "old", f"{STAGE}#1")]
    pairs = [(row["chosen"][0]["content"], row["run"]) for row in data(tmp_path / "new", "preference")]
    assert pairs == [("30", ""), ("30.0", ""), ("thirty", "old")]
    assert [made.dropped for made in sets] == [
        {"duplicate": 1, "over_max_per_problem": 1},
        {"duplicate": 1, "over_pairs_per_problem": 1},
    ]


def test_a_run_that_is_none_is_refused_before_its_rows_are_missed(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"data.earlier: .*: not a run directory"):
        check_recipe(Recipe(data=Data(earlier=[tmp_path])))
    (tmp_path / "rounds").mkdir()
    Ledger(tmp_path / "rounds").close()
    with pytest.raises(RecipeError, match=r"data.earlier: .*rounds: holds no rows of a generator; leave it out"):
        check_recipe(Recipe(data=Data(earlier=[tmp_path / "rounds"])))
    Ledger(tmp_path / "rounds" / "round-1").close()
    with pytest.raises(RecipeError, match=r"holds no rows of a generator; name its rounds: .*rounds/round-1"):
        check_recipe(Recipe(data=Data(earlier=[tmp_path / "rounds"])))


def test_a_right_answer_is_put_over_the_wrong_one_that_is_nearest_in_length() -> None:
    def long(attempt: int, length: int) -> Row:
        return Row("x", attempt, Status.accepted, "", "p", Sample(completion="a" * length))

    passes, fails = [long(0, 10), long(1, 90)], [long(2, 80), long(3, 200), long(4, 15)]
    pairs = [(right.attempt, wrong.attempt) for right, wrong in matched_in_length(passes, fails)]
    assert pairs == [(0, 4), (1, 2)]
    assert len(matched_in_length(passes, fails[:1])) == 1


@pytest.mark.parametrize(
    ("stage", "reason", "is_wrong"),
    [
        ("math/code", "wrong_answer", True),
        ("math/code", "text_disagrees", True),
        ("math/code", "cut_off", False),
        ("math/code", "no_answer", False),
        ("math/code", "false_step", False),
        ("code/backtranslation", "different", True),
        ("code/backtranslation", "no_code", False),
        ("code/backtranslation", "not_run", False),
    ],
)
def test_a_program_in_the_sample_makes_no_wrong_answer_of_one_that_was_cut_or_that_nothing_was_proved_of(
    stage: str, reason: str, is_wrong: bool, tmp_path: Path
) -> None:
    row = Row(stage, 0, Status.rejected, reason, "p", Sample(completion="so far", code="print(1)"))
    with Ledger(tmp_path) as ledger:
        assert negatives(ledger)(row) is is_wrong


def test_the_best_right_answer_stands_over_the_wrong_one_though_a_worse_one_has_the_same_program() -> None:
    def said(attempt: int, text: str, code: str, score: float) -> Row:
        sample = Sample(problem_id="p", completion=text, code=code, score=score)
        return Row("x", attempt, Status.accepted if score else Status.rejected, "", "p", sample)

    rows = [
        said(0, "worst", "a", 0.1),
        said(1, "good", "b", 0.8),
        said(2, "best", "a", 0.9),
        said(3, "wrong", "c", 0.0),
    ]
    paired = Paired(1, lambda messages: "")
    paired.add(rows, lambda row: row.status is Status.rejected, "")
    assert [(pair["row"], pair["rejected_row"]) for pair in paired.rows] == [("x#2", "x#3")]


def test_a_right_answer_of_the_newest_checkpoint_is_put_over_an_older_ones_wrong_ones_to_the_same_prompt(
    tmp_path: Path,
) -> None:
    def ask(number: int, checkpoint: str) -> Effect:
        request = {"checkpoint": checkpoint, "messages": ASK, "sampling": {}, "sample": number}
        result = {"text": "", "finish_reason": "stop"}
        return Effect(content_key("ask", request), "ask", request, result, template="t@1")

    async def write(name: str, checkpoint: str, right: list[str], wrong: list[str]) -> Path:
        with Ledger(tmp_path / name) as ledger:
            for number, text in enumerate([*right, *wrong]):
                effect = ask(number, checkpoint)
                await ledger.record_effect(effect)
                status, reason = (Status.accepted, "") if text in right else (Status.rejected, "wrong_answer")
                await ledger.record_row(Row(STAGE, number, status, reason, "p", solution(text), (effect.key,)))
            await ledger.record(facts.CHECKPOINT, {"name": checkpoint, "identity": checkpoint, "path": checkpoint})
        return tmp_path / name

    new = asyncio.run(write("new", "second", ["30", "it is thirty"], ["31"]))
    same = asyncio.run(write("same", "second", [], ["33"]))
    old = asyncio.run(write("old", "first", ["3 tens"], ["eleven, surely", "11", "a long way off from what it is"]))

    def exported(across: bool) -> list[tuple[str, str, str, str | None]]:
        with Ledger(new) as ledger, Ledger(same, readonly=True) as one, Ledger(old, readonly=True) as other:
            sets = export(ledger, max_per_problem=4, pairs_per_problem=9, earlier=[one, other], pairs_across=across)
            write_cards(ledger, sets)
        found = [
            (row["chosen"][0]["content"], row["rejected"][0]["content"], row["run"], row.get("rejected_run"))
            for row in data(new, "preference")
        ]
        (pairs,) = [made for made in sets if made.name == "preference"]
        assert pairs.across == sum(bool(row[3]) for row in found) == pairs.to_dict().get("across", 0)
        return found

    own, olds = ("30", "31", "", None), ("3 tens", "11", "old", None)
    assert exported(False) == [own, olds]
    assert "across" not in (new / "data" / "preference" / "README.md").read_text()
    # That which stands over nothing yet comes first, each over the wrong one nearest in length; none over its own checkpoint's.
    assert exported(True) == [own, ("it is thirty", "eleven, surely", "", "old"), ("30", "11", "", "old"), olds]
    card = (new / "data" / "preference" / "README.md").read_text()
    assert "| of them across checkpoints: rejected in an earlier run (`rejected_run`) | 2 |" in card


def test_pairs_across_checkpoints_need_the_rows_of_another_run() -> None:
    with pytest.raises(ValueError, match=r"data.pairs_across: this recipe has one run's rows"):
        Recipe(data=Data(pairs_across=True))
