"""Rounds: each on the best before it and on the data of all, killed anywhere and gone on with, promoted only where no worse."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from skilled import Killed, World, questions, skilled, skills, stand_in

from alignment.averages import variants
from alignment.estimate import estimate_rounds
from alignment.round import run_round
from alignment.rounds import check_rounds, is_finished, round_recipe, rounds_of, run_rounds
from checkpoints.directory import identity
from ledger import Ledger, LedgerError, facts
from recipes import RecipeError
from recipes.load import resolve
from recipes.schema import Recipe
from report.why import chain

CODE = "code/rejection-sampling"


@dataclass
class Told:
    lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.lines.append(text)

    def generation(self, progress: Any) -> None: ...

    def training(self, name: str, progress: Any) -> None: ...


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return stand_in(monkeypatch)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Knows sums and products below 4."""
    return skilled(tmp_path_factory.mktemp("start"), 4, 4)


@pytest.fixture
def recipe(start: Path, tmp_path: Path) -> Callable[..., Recipe]:
    seeds = questions(tmp_path / "seeds.jsonl", "+", range(3, 9), "A shop had {}. How many is")
    sums = questions(tmp_path / "sums.jsonl", "+", range(20), "What number would {} be, if one added one more: what is")
    products = questions(tmp_path / "products.jsonl", "*", range(20), "One time {}, said otherwise, what is")

    def made(*sets: str, **more: Any) -> Recipe:
        tree = {
            "checkpoint": str(start),
            "rounds": {"count": 2},
            "generate": [{"generator": "math/solutions", "seeds": str(seeds), "options": {"votes": 3}, "samples": 2}],
            "train": {"sft": {"max_length": 6, "batch_size": 6}, "dpo": {"max_length": 5, "batch_size": 5}},
            "data": {"max_per_problem": 2},
            "evaluate": [{"problems": str(path), "samples": 1} for path in (sums, products)],
        }
        return resolve({**tree, **more}, sets)

    return made


def rounds(recipe: Recipe, out: Path) -> Told:
    told = Told()
    with Ledger(out) as ledger:
        asyncio.run(run_rounds(recipe, ledger, told))
    return told


def decided(out: Path) -> list[Any]:
    with Ledger(out, readonly=True) as ledger:
        return list(rounds_of(ledger).values())


def data(run: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(run / "data" / name / "train-00000.parquet").to_pylist()
    return rows


def test_a_round_begins_from_the_best_before_it_and_trains_the_start_once_more(
    world: World, recipe: Callable[..., Recipe], start: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    rounds(recipe(), out)
    first, second = decided(out)
    assert (first["promoted"], first["best"]) == ("sft", "round-1/sft")
    assert (second["promoted"], second["best"]) == ("", "round-1/sft"), "the second is as good, and not better"
    with Ledger(out / "round-2", readonly=True) as ledger:
        made = ledger.read(facts.RECIPE)
    assert made and made["checkpoint"] == str(out / "round-1" / "checkpoints" / "sft")
    assert world.starts == [start, out / "round-1/checkpoints/sft", start, out / "round-2/checkpoints/sft"]
    assert identity(out / "checkpoints" / "best") == identity(out / "round-1" / "checkpoints" / "sft")


def test_what_the_start_of_a_round_has_answered_already_is_not_asked_again(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    rounds(recipe(), out)
    of_best = identity(out / "checkpoints" / "best")
    twice = {question for (content, question), times in world.asked.items() if content == of_best and times > 2}
    assert not [question for question in twice if "added one more" in question], "greedy and one sample, once each"
    with Ledger(out / "round-2", readonly=True) as ledger:
        scores = ledger.all(facts.SCORE)
        assert ledger.read(facts.SPENT, "eval:start/sums/greedy") == 0
    with Ledger(out / "round-1", readonly=True) as ledger:
        assert scores["start/sums/greedy"]["pass@1"] == ledger.all(facts.SCORE)["sft/sums/greedy"]["pass@1"]


def test_a_round_trains_on_the_rows_of_all_rounds_and_of_a_problem_prefers_its_own(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    rounds(recipe("data.max_per_problem=5"), out)
    first, second = (data(out / name, "sft") for name in ("round-1", "round-2"))
    assert {row["run"] for row in first} == {""}
    assert {row["run"] for row in second} == {"", "round-1"}
    own = [row["run"] == "" for row in second]
    assert own == sorted(own, reverse=True), "its own come first"
    for problem in {row["problem_id"] for row in second}:
        of_it = [row["run"] for row in second if row["problem_id"] == problem]
        assert len(of_it) <= 5
    for row in second:
        with Ledger(out / (row["run"] or "round-2"), readonly=True) as ledger:
            assert ledger.row(row["row"]).sample.problem_id == row["problem_id"]
    assert data(out / "round-2", "preference")[0]["run"] == ""


def test_variants_of_a_training_are_averaged_and_the_mean_is_what_goes_on(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    wanted = recipe("rounds.count=1", variants={"sft": [{"max_length": 6}, {"max_length": 12}]})
    told = rounds(wanted, out)
    made = out / "round-1" / "checkpoints"
    assert [skills(made / name) for name in ("sft-1", "sft-2", "sft")] == [(6, 6), (12, 6), (9, 6)]
    assert world.starts[-1] == made / "sft"
    assert "train sft-2: max_length 12" in told.lines
    with Ledger(out / "round-1", readonly=True) as ledger:
        assert set(ledger.all(facts.TRAINING)) == {"sft-1", "sft-2", "dpo"}
        labels = [told["label"] for told in ledger.all(facts.TRAINING_TOLD).values()]
    assert labels == ["DPO", "SFT, variant 1", "SFT, variant 2"]


def test_what_answers_less_is_not_promoted_and_the_start_stays_the_best(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    wishes = [f"train.{name}.{skill}=3" for name in ("sft", "dpo") for skill in ("max_length", "batch_size")]
    told = rounds(recipe("rounds.count=1", *wishes), out)
    (found,) = decided(out)
    assert (found["promoted"], found["best"]) == ("", "round-1/start")
    assert "nothing is promoted" in found["why"]
    assert not (out / "checkpoints" / "best").exists()
    assert any("the best is still" in line for line in told.lines)


def test_a_checkpoint_that_rises_over_all_but_falls_on_one_benchmark_is_not_promoted(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path, start: Path
) -> None:
    strong = skilled(tmp_path / "strong", 5, 12)
    out = tmp_path / "out"
    wishes = ("train.sft.max_length=20", "train.sft.batch_size=3", "train.dpo.max_length=7", "train.dpo.batch_size=12")
    rounds(recipe("rounds.count=1", f"checkpoint={strong}", *wishes), out)
    (found,) = decided(out)
    assert found["candidates"]["sft"]["against"]["difference"] > found["candidates"]["dpo"]["against"]["difference"]
    assert "products, greedy" in found["candidates"]["sft"]["falls"]
    assert found["promoted"] == "dpo"
    assert found["samplers"] == {"math": "round-1/sft"}, "it answers most of that kind, and only writes what is judged"


def test_the_next_round_has_each_generator_answered_by_the_best_of_its_capability(
    recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    before: Any = {"best": "round-1/dpo", "samplers": {"math": "round-1/sft"}}
    made = round_recipe(recipe("seed=7"), 2, tmp_path, before)
    assert made.generate[0].checkpoint == str(tmp_path / "round-1/checkpoints/sft")
    assert made.checkpoint == str(tmp_path / "round-1/checkpoints/dpo")
    assert (made.seed, made.serving.seed, made.rounds, made.data.earlier) == (8, 1, None, [tmp_path / "round-1"])
    of_code = recipe(generate=[{"generator": CODE}])
    assert round_recipe(of_code, 2, tmp_path, before).generate[0].checkpoint is None, "no benchmark of its kind"


def test_the_reward_model_of_a_round_chooses_in_the_next_where_a_generator_chooses_by_one(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    wanted = recipe("rounds.count=1", "train.reward.max_length=4", "train.reward.batch_size=4")
    rounds(wanted, out)
    (found,) = decided(out)
    assert found["reward_model"] == "round-1/reward"
    assert "reward" not in found["candidates"]
    assert round_recipe(wanted, 2, out, found).reward_model is None, "solutions are told apart by their answers"
    choosing = wanted.model_copy(update={"generate": recipe(generate=[{"generator": CODE}]).generate})
    assert round_recipe(choosing, 2, out, found).reward_model == str(out / "round-1/checkpoints/reward")
    assert round_recipe(choosing, 1, out, None).reward_model is None


def test_the_stepwise_reward_model_of_a_round_is_used_in_the_next_where_a_generator_takes_one(
    recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    before: Any = {"best": "round-1/sft", "samplers": {}, "stepwise_model": "round-1/stepwise"}
    made = str(tmp_path / "round-1/checkpoints/stepwise")
    for generator, model in (("math/tree", made), ("math/solutions", made), ("math/mistakes", None)):
        wanted = recipe(generate=[{"generator": generator}])
        assert round_recipe(wanted, 2, tmp_path, before).stepwise_model == model


def test_a_stage_with_a_checkpoint_of_its_own_is_answered_by_that_one(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    other = skilled(tmp_path / "other", 8, 8)
    rounds(recipe("rounds.count=1", f"generate.0.checkpoint={other}"), out)
    with Ledger(out / "round-1", readonly=True) as ledger:
        askers = {
            ledger.effect(row.effects[0]).request["checkpoint"]  # type: ignore[union-attr]
            for row in ledger.rows("math/solutions")
        }
        start = ledger.effect(next(ledger.rows("eval:start/sums/greedy")).effects[0])
        told = [chain(ledger, row)["checkpoint"]["name"] for row in ("math/solutions#0", "eval:sft/sums/greedy#0")]
    assert askers == {identity(other)}
    assert told == [str(other), "sft"]
    assert start and start.request["checkpoint"] != identity(other)


def test_until_plateau_ends_after_the_first_round_that_promotes_nothing(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    wanted = recipe("rounds.count=5", "rounds.until=plateau")
    told = rounds(wanted, out)
    assert [found["promoted"] for found in decided(out)] == ["sft", ""]
    assert "round 2 promoted nothing: no further round (rounds.until: plateau)" in told.lines
    with Ledger(out) as ledger:
        assert is_finished(wanted, ledger)
        assert not is_finished(recipe("rounds.count=5"), ledger), "without it there are more to do"


def test_more_rounds_may_be_asked_for_and_those_that_are_done_are_not_done_again(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    rounds(recipe("rounds.count=1"), out)
    before = list(world.trained)
    rounds(recipe(), out)
    assert [Path(made).parts[-3:] for made in world.trained[len(before) :]] == [
        ("round-2", "checkpoints", "sft"),
        ("round-2", "checkpoints", "dpo"),
    ]


def test_killed_in_its_second_round_and_moved_to_another_folder_it_goes_on_there(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Ledger.record_step

    async def dying(ledger: Ledger, name: str, *more: Any) -> None:
        await record(ledger, name, *more)
        if (ledger.run_dir.name, name, more[0]) == ("round-2", "train sft", "done"):
            raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(Ledger, "record_step", dying)
        rounds(recipe(), tmp_path / "out")
    rounds(recipe(), there := (tmp_path / "out").rename(tmp_path / "somewhere else"))
    assert [Path(made).name for made in world.trained] == ["sft", "dpo", "sft", "dpo"]
    with Ledger(there / "round-2", readonly=True) as ledger:
        assert (ledger.read(facts.RECIPE) or {})["checkpoint"] == str(there / "round-1/checkpoints/sft")


def test_another_recipe_is_refused_with_what_differs(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    rounds(recipe("rounds.count=1"), out)
    with pytest.raises(LedgerError, match=r"another recipe \(train.sft.max_length: 6 -> 7\)"):
        rounds(recipe("train.sft.max_length=7"), out)
    with pytest.raises(LedgerError, match=r"rounds.train_from: start -> best"):
        rounds(recipe("rounds.train_from=best"), out)


def test_killed_at_the_beginning_and_the_end_of_every_step_it_goes_on_and_nothing_is_done_twice(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = recipe(variants={"sft": [{"max_length": 6}, {"max_length": 8}]})
    survived: set[tuple[Path, str, str]] = set()
    record = Ledger.record_step

    async def dying(ledger: Ledger, name: str, state: str, detail: dict[str, Any]) -> None:
        await record(ledger, name, state, detail)
        if (ledger.run_dir, name, state) not in survived:
            survived.add((ledger.run_dir, name, state))
            raise Killed

    monkeypatch.setattr(Ledger, "record_step", dying)
    out, kills = tmp_path / "out", 0
    while True:
        try:
            rounds(wanted, out)
            break
        except BaseException as error:
            assert "Killed" in repr(error) or isinstance(error, BaseExceptionGroup), error
            kills += 1
            assert kills < 100
    assert kills > 30, "two stages beside each other die together"
    # A training that ended a moment before it was recorded is asked once more, and answers at once where it is real.
    assert len(set(world.trained)) == 6
    assert len(world.trained) == 6
    assert [found["best"] for found in decided(out)] == ["round-1/sft", "round-1/sft"]
    with Ledger(out / "round-1", readonly=True) as ledger:
        asked = sum(1 for effect in ledger.effects("ask"))
    assert sum(world.asked.values()) < asked * 2


def test_killed_in_the_middle_of_a_training_and_of_a_mean_it_goes_on(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = recipe("rounds.count=1", variants={"sft": [{"max_length": 6}, {"max_length": 8}]})
    out = tmp_path / "out"
    real, killed = variants.average, []

    def half_moved(paths: Any, there: Path, *more: Any) -> Path:
        if not killed:
            killed.append(there)
            there.mkdir()
            (there / "config.json").write_text("{")
            raise LedgerError("killed while it moved its files")
        return real(paths, there, *more)

    monkeypatch.setattr(variants, "average", half_moved)
    with pytest.raises(LedgerError, match="killed"):
        rounds(wanted, out)
    rounds(wanted, out)
    assert killed == [out / "round-1/checkpoints/sft"]
    assert skills(killed[0]) == (7, 6)
    assert [Path(made).name for made in world.trained] == ["sft-1", "sft-2", "dpo"]


def test_killed_in_the_middle_of_answers_it_goes_on_with_those_that_are_missing(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out, sessions = tmp_path / "out", 0
    for world.dies_after in (25, 60, None):
        try:
            rounds(recipe("rounds.count=1"), out)
        except BaseException as error:
            assert world.dies_after is not None, error
            sessions += 1
    assert sessions == 2
    with Ledger(out / "round-1", readonly=True) as ledger:
        assert all(step["state"] == "done" for step in ledger.steps().values())
        assert sum(1 for _ in ledger.effects("ask")) == sum(world.asked.values()), "no answer was paid for twice"


def test_a_directory_that_holds_a_run_is_not_made_one_of_rounds(
    world: World, recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with Ledger(out) as ledger:
        asyncio.run(run_round(recipe().model_copy(update={"rounds": None}), ledger, Told()))
    with pytest.raises(LedgerError, match=r"another recipe \(rounds"):
        rounds(recipe(), out)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"rounds": None}, "rounds: not there"),
        ({"train": {}}, "train: a round trains what answers"),
        ({"evaluate": []}, "evaluate: rounds are told apart by it"),
        ({"train_from": "default"}, "train_from: is decided by `rounds.train_from`"),
    ],
)
def test_rounds_that_could_promote_nothing_are_refused_with_the_mend(
    recipe: Callable[..., Recipe], wish: dict[str, Any], said: str
) -> None:
    with pytest.raises(RecipeError, match=said):
        check_rounds(recipe(**wish))


@pytest.mark.parametrize(
    ("variants", "said"),
    [
        ({"dpo": [{"lr": 1e-5}]}, "dpo: a mean is of two variants or more"),
        ({"reward": [{}, {}]}, "reward: no training of this recipe; `train:` has sft, dpo"),
        ({"sft": [{"lr": 1e-5}, {"beta": 1}]}, "sft.1: unknown key 'beta'; known here: epochs, lr"),
        ({"sft": [{"lr": 1e-5}, {"lr": -1}]}, "sft.1.lr: Input should be greater than 0"),
    ],
)
def test_variants_that_cannot_be_are_refused(recipe: Callable[..., Recipe], variants: Any, said: str) -> None:
    with pytest.raises(RecipeError) as refused:
        recipe(variants=variants)
    assert said in str(refused.value)


def test_the_plan_counts_every_round_its_rows_and_each_variant(recipe: Callable[..., Recipe]) -> None:
    plan = estimate_rounds(recipe(variants={"sft": [{"lr": 1e-5}, {"lr": 2e-5}]}))
    assert [step["step"] for step in plan if step["round"] == 2] == [
        "generate math/solutions", "train sft-1", "train sft-2", "evaluate sft", "train dpo", "evaluate dpo",
    ]  # fmt: skip
    trained = {step["round"]: step["tokens"] for step in plan if step["step"] == "train dpo"}
    assert trained[2] == 2 * trained[1]


def test_the_recipe_of_a_round_is_one_that_can_be_recorded_and_read_again(
    recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    before: Any = {"best": "round-1/dpo", "samplers": {"math": "round-1/sft"}}
    made = round_recipe(recipe(variants={"sft": [{"lr": 1e-5}, {"lr": 2e-5}]}), 2, tmp_path, before)
    plain = json.loads(json.dumps(made.to_plain()))
    assert resolve(plain).to_plain() == plain
