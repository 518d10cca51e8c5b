"""A round trains whatever its table of trainings holds, in order; another training is a row and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pyarrow.parquet import read_table
from scripted import ScriptedEngine
from skilled import World, questions, skilled, stand_in, templates
from typer.testing import CliRunner

from alignment import child, round, trainings
from alignment.estimate import estimate
from alignment.job import TrainingProgress, TrainResult
from alignment.ready import check_recipe
from alignment.round import run_round
from alignment.rounds import check_rounds, rises, rounds_of, run_rounds
from alignment.trainings import Training
from cli import app
from evaluation import EvaluationError, compare_rates
from generators.lab import Lab
from generators.setup import Bench
from ledger import Ledger, LedgerError, facts
from ledger.rows import Row, Status
from prompts import Library
from recipes import RecipeError
from recipes.load import resolve
from recipes.schema import Data, Evaluate, Generate, Recipe, Rounds
from recipes.trainings import SFT, Train
from report import gather
from rows.sample import Sample

ANSWER = Sample(messages=[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], problem_id="p")


@dataclass
class Told:
    lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.lines.append(text)

    def generation(self, progress: Any) -> None: ...

    def training(self, name: str, progress: TrainingProgress) -> None:
        self.lines.append(f"{name} {progress.step}")


class WithTwoMore(Train):
    ranking: SFT | None = None
    starved: SFT | None = None


def fake_train(checkpoint: Path, dataset: Path, out: Path, settings: SFT, **more: Any) -> TrainResult:
    """Trains nothing, and says on what and from what."""
    assert list(dataset.glob("*.parquet"))
    more["on_progress"](TrainingProgress(1, 1, 0.5, 10, 1.0, 0.0))
    out.mkdir(parents=True)
    (out / "from").write_text(str(checkpoint))
    return TrainResult(out, 1, 0.5, [(1, 0.5)], {"agreement": [(1, settings.lr)]}, 1, {}, 10, 1.0, 10.0)


@pytest.fixture
def two_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A training of the data there are, another of data that are empty; no engine, no sandbox, no process."""
    curves = (("agreement", "how often it ranks as we do"),)
    ranking = Training("ranking", "Ranking", "", fake_train, data_set="sft", columns="", curves=curves)
    starved = Training("starved", "Starved", "", fake_train, data_set="preference", columns="", sequences=3)
    known = (*trainings.trainings(), starved, ranking)
    monkeypatch.setattr(trainings, "trainings", lambda: known)

    @asynccontextmanager
    async def bench(recipe: Recipe, ledger: Ledger, say: Any, **more: Any) -> AsyncIterator[Bench]:
        engine: Any = ScriptedEngine(lambda text, number: "")
        await ledger.record(facts.RECIPE, recipe.to_plain())
        yield Bench(Lab(engine, ledger, Library([]), None), engine, None)  # type: ignore[arg-type]

    def here(name: str, *given: Any, **more: Any) -> TrainResult:
        return trainings.training_of(name).train(*given, **more)

    monkeypatch.setattr(round, "open_bench", bench)
    monkeypatch.setattr(round.checkpoints, "find", lambda name: tmp_path / name)
    monkeypatch.setattr(child, "identity", lambda path: "known")
    monkeypatch.setattr(child, "run_in_subprocess", here)


def recipe(**train: SFT) -> Recipe:
    return Recipe(checkpoint="start").model_copy(update={"train": WithTwoMore(**train)})


def test_a_training_is_a_row_of_the_table_and_the_round_runs_it(two_more: None, tmp_path: Path) -> None:
    told = Told()
    wanted = recipe(ranking=SFT(lr=0.25), starved=SFT())
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(ledger.record_row(Row("math/solutions", 0, Status.accepted, "", "p", ANSWER)))
        asyncio.run(round.run_round(wanted, ledger, told))
        assert {name: step["state"] for name, step in ledger.steps().items()} == {
            "run": "done", "train starved": "skipped", "train ranking": "done",
        }  # fmt: skip
        figures, shown = (ledger.read(fact, "ranking") for fact in (facts.TRAINING, facts.TRAINING_TOLD))
    assert figures and figures["metrics"] == {"agreement": [[1, 0.25]]}
    assert shown == {"label": "Ranking", "curves": {"agreement": "how often it ranks as we do"}, "note": ""}
    why = "the preference set is empty: left out 1 all_passed"
    assert told.lines == [f"train starved: skipped, {why}", "ranking 1"]
    assert (tmp_path / "run" / "checkpoints" / "ranking" / "from").read_text() == str(tmp_path / "start")


def test_a_training_starts_from_the_checkpoint_of_the_one_before(
    two_more: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sft, *_, ranking = trainings.trainings()
    known = (Training("sft", "SFT", "", fake_train, "sft", ""), ranking)
    monkeypatch.setattr(trainings, "trainings", lambda: known)
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(ledger.record_row(Row("math/solutions", 0, Status.accepted, "", "p", ANSWER)))
        asyncio.run(round.run_round(recipe(sft=SFT(), ranking=SFT()), ledger, Told()))
    made = tmp_path / "run" / "checkpoints"
    assert (made / "ranking" / "from").read_text() == str(made / sft.name)


def test_a_reward_model_is_trained_from_the_start_and_nothing_goes_on_from_it(
    two_more: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The estimate holds no evaluation of it either."""
    known = (
        Training("sft", "SFT", "", fake_train, "sft", ""),
        Training("starved", "Reward", "", fake_train, "sft", "", policy=False),
        Training("ranking", "DPO", "", fake_train, "sft", ""),
    )
    monkeypatch.setattr(trainings, "trainings", lambda: known)
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(ledger.record_row(Row("math/solutions", 0, Status.accepted, "", "p", ANSWER)))
        asyncio.run(round.run_round(recipe(sft=SFT(), starved=SFT(), ranking=SFT()), ledger, Told()))
    made = tmp_path / "run" / "checkpoints"
    assert (made / "starved" / "from").read_text() == str(tmp_path / "start")
    assert (made / "ranking" / "from").read_text() == str(made / "sft")


def test_the_estimate_counts_each_training_of_the_table(two_more: None) -> None:
    plan = estimate(recipe(starved=SFT(max_steps=2, batch_size=5), ranking=SFT()))
    assert [(step["step"], step["tokens"]) for step in plan] == [
        ("train starved", 2 * 5 * 150 * 3),
        ("train ranking", 0),
    ]


def test_each_field_of_the_schema_is_a_training_with_its_settings() -> None:
    assert [training.name for training in trainings.trainings()] == list(Train.model_fields)
    assert [training.settings.__name__ for training in trainings.trainings()][:2] == ["SFT", "DPO"]


def test_a_relative_path_is_the_same_recipe_from_another_directory_and_after_the_project_has_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("project", "elsewhere"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "project")
    with Ledger(tmp_path / "run") as ledger:

        def named(seeds: str) -> Recipe:
            return Recipe(checkpoint="start", generate=[Generate(generator="code/debugging", seeds=[Path(seeds)])])

        asyncio.run(ledger.record(facts.RECIPE, named("p.jsonl").to_plain()))
        asyncio.run(ledger.record(facts.WORKING_DIRECTORY, str(tmp_path / "project")))
        monkeypatch.chdir(tmp_path / "elsewhere")
        round.refuse_another_recipe(named("../project/p.jsonl"), ledger)
        round.refuse_another_recipe(named(f"{tmp_path}/project/p.jsonl"), ledger)
        round.refuse_another_recipe(named("p.jsonl"), ledger)  # whose content is looked at when it is read
        with pytest.raises(LedgerError, match=r"project/p\.jsonl.* -> .*elsewhere/q\.jsonl"):
            round.refuse_another_recipe(named("q.jsonl"), ledger)


def test_another_spelling_of_a_path_is_the_same_recipe_and_another_place_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("start", "judge"):
        (tmp_path / name).mkdir()

    def named(folder: str) -> dict[str, Any]:
        return round.essence(
            Recipe(
                checkpoint=f"{folder}start",
                reward_model=f"{folder}judge",
                prompts=Path(f"{folder}prompts"),
                generate=[Generate(generator=f"{folder}mine.py", seeds=[Path(f"{folder}seeds.jsonl"), Path("hf:a/b")])],
                data=Data(decontaminate=[Path(f"{folder}items.jsonl")], earlier=[Path(f"{folder}before")]),
                evaluate=[Evaluate(problems=Path(f"{folder}problems.jsonl"))],
            ).to_plain()
        )

    assert named("") == named(f"{tmp_path}/")
    found = [change.partition(":")[0] for change in round.differences(named(""), named("else/"))]
    assert found == [
        "checkpoint", "reward_model", "prompts", "generate.0.generator", "generate.0.seeds", "data.decontaminate",
        "data.earlier", "evaluate.0.problems",
    ]  # fmt: skip


def test_a_run_that_is_done_by_another_recipe_is_not_told_of_as_this_one_s(
    two_more: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(ledger.record_row(Row("math/solutions", 0, Status.accepted, "", "p", ANSWER)))
        asyncio.run(round.run_round(Recipe(checkpoint="start"), ledger, Told()))
    (file := tmp_path / "mine.yaml").write_text("checkpoint: start\nseed: 3\n")
    told = CliRunner().invoke(app, ["run", str(file), "--out", str(tmp_path / "run"), "--json"])
    assert told.exit_code == 1 and "holds a run of another recipe (seed: 0 -> 3)" in told.output, told.output


def test_what_answers_as_much_does_not_rise_whatever_its_sums_are_rounded_to() -> None:
    before, after = {"a": 0.0, "b": (0 + 2 / 3) / 2, "c": (0 + 1 / 3) / 2}, {"a": 0.5, "b": 0.0, "c": 0.0}
    found = compare_rates(before, after).to_dict()
    assert 0 < found["difference"] < 1e-15 and not rises(found)
    assert rises(compare_rates(before, {**after, "c": 1e-6}).to_dict())


# --- runs and rounds that learn from one another


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return stand_in(monkeypatch)


def of_sums(folder: Path, **more: Any) -> Recipe:
    """Of a checkpoint that writes sums, learns them, and is held to others."""
    seeds = questions(folder / "seeds.jsonl", "+", range(3, 9), "A shop had {}. How many is")
    held = questions(folder / "sums.jsonl", "+", range(20), "What number would {} be, if one added one more: what is")
    tree = {
        "checkpoint": str(skilled(folder / "start", 4, 4)),
        "generate": [{"generator": "math/solutions", "seeds": str(seeds), "options": {"votes": 3}, "samples": 2}],
        "train": {"sft": {"max_length": 6, "batch_size": 6}},
        "data": {"max_per_problem": 2},
        "evaluate": {"problems": str(held), "samples": 1},
    }
    return resolve({**tree, **more}, [])


def rounds(recipe: Recipe, out: Path) -> int:
    """Runs them; how many are done."""
    with Ledger(out) as ledger:
        asyncio.run(run_rounds(recipe, ledger, Told()))
        return len(rounds_of(ledger))


def test_rounds_refuse_other_templates_than_those_of_the_first_before_anything_is_asked(
    world: World, tmp_path: Path
) -> None:
    mine = templates(tmp_path / "mine")
    ours, wishes = mine.read_text(), {"prompts": str(tmp_path / "mine")}
    assert rounds(of_sums(tmp_path, rounds={"count": 1}, **wishes), tmp_path / "out") == 1
    mine.write_text(f"{ours}\nBe brief.")
    before = world.asked.total()
    with pytest.raises(EvaluationError, match="answers of start were asked with the template math/question@"):
        rounds(of_sums(tmp_path, rounds={"count": 2}, **wishes), tmp_path / "out")
    assert world.asked.total() == before
    mine.write_text(ours)
    assert rounds(of_sums(tmp_path, rounds={"count": 2}, **wishes), tmp_path / "out") == 2


def test_a_run_may_train_on_the_rows_of_earlier_runs_alone(world: World, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with Ledger(first) as ledger:
        asyncio.run(run_round(of_sums(tmp_path), ledger, Told()))
    wanted = of_sums(tmp_path, generate=[], data={"earlier": [str(first)], "max_per_problem": 2})
    check_recipe(wanted)
    with Ledger(second) as ledger:
        asyncio.run(run_round(wanted, ledger, Told()))
        assert "Nothing has been generated" not in gather(ledger).sentence
    rows = [read_table(run / "data" / "sft" / "train-00000.parquet").to_pylist() for run in (first, second)]
    assert rows[0] and rows[1] == [{**row, "run": "first"} for row in rows[0]]
    assert world.trained == [str(run / "checkpoints" / "sft") for run in (first, second)]
    (sft,) = [step for step in estimate(wanted) if step["step"] == "train sft"]
    assert sft["tokens"] > 0
    with pytest.raises(RecipeError, match="every round would train on the same rows"):
        check_rounds(wanted.model_copy(update={"rounds": Rounds()}))
    with pytest.raises(RecipeError, match=r"nothing to train on.*data\.earlier"):
        check_recipe(of_sums(tmp_path, generate=[]))
