"""The greedy soup: real means of checkpoints whose skill stands in their weights, held to questions by a stand-in engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from skilled import Killed, World, questions, skilled, skills, stand_in
from tiny_checkpoints import edit_json
from typer.testing import CliRunner, Result

from checkpoints import CheckpointError
from checkpoints.average import average, weights_of
from checkpoints.directory import check
from cli import app
from prompts import Library
from report.run.gather import by_folders


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return stand_in(monkeypatch)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Of ten questions, five sums and five products of numbers up to 5, the first two answer seven, and their mean all."""
    folder = tmp_path_factory.mktemp("bases")
    known = {"sums": (9, 3), "products": (3, 9), "nothing": (0, 0), "little": (2, 2)}
    return {name: skilled(folder / name, *of) for name, of in known.items()}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    parts = [questions(tmp_path / sign, sign, range(1, 6), "Check {}:").read_text() for sign in "+*"]
    (path := tmp_path / "check.jsonl").write_text("".join(parts))
    return path


def soup(paths: list[Path], file: Path, out: Path, *more: str, catch: bool = True) -> Result:
    asked = ["train", "average", *map(str, paths), "--greedy", "--problems", str(file), "--out", str(out), *more]
    return CliRunner().invoke(app, asked, catch_exceptions=catch)


def weights(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def test_each_is_taken_in_where_the_mean_answers_no_less_the_best_first(
    world: World, bases: dict[str, Path], file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    given = [bases[name] for name in ("nothing", "sums", "little", "products")]
    told = soup(given, file, out, "--json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    rows = [(Path(each["checkpoint"]).name, each["alone"], each["mean"], each["kept"]) for each in found["tried"]]
    assert rows == [
        ("sums", 0.7, 0.7, True), ("products", 0.7, 1.0, True), ("little", 0.2, 0.8, False), ("nothing", 0.0, 0.6, False),
    ]  # fmt: skip
    assert (found["score"], found["n"], skills(check(out))) == (1.0, 10, (6, 6))
    expected = average([bases["sums"], bases["products"]], tmp_path / "expected", weights_of(2))
    assert weights(out) == weights(expected)
    record = json.loads((out / "average.json").read_text())
    assert [(Path(part["checkpoint"]).name, part["weight"]) for part in record["of"]] == [
        ("sums", 0.5), ("products", 0.5),
    ]  # fmt: skip
    assert record["greedy"] == found
    assert not [path for path in (out / "greedy").iterdir() if path.is_dir()], "no mean is left behind"
    told = CliRunner().invoke(app, ["report", str(out / "greedy"), "--json"])
    scores = json.loads(told.stdout)["scores"]
    assert sorted(score["pass@1"] for score in scores.values()) == [0.0, 0.2, 0.6, 0.7, 0.7, 0.8, 1.0]
    called = {score["checkpoint"] for score in scores.values()}
    assert {"nothing", "sums", "little", "products", "mean of sums, products"} < called
    page = out / "greedy" / "report.html"
    told = CliRunner().invoke(app, ["report", str(out / "greedy")])
    for text in (told.stdout, page.read_text()):
        assert "100.0% (mean of sums, products)" in " ".join(text.split()), "checkpoints are called by their folders"
    assert "rows accepted" not in page.read_text(), "nothing was generated"


def test_where_every_mean_falls_the_best_is_left_as_it_is_and_people_read_why(
    world: World, bases: dict[str, Path], file: Path, tmp_path: Path
) -> None:
    told = soup([bases["nothing"], bases["sums"]], file, tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert weights(check(tmp_path / "out")) == weights(bases["sums"])
    *_, head, first, second, last = told.output.splitlines()
    assert head.split() == ["alone", "mean", "check,", "10", "problems"]
    assert first.split()[:3] == ["70.0%", "70.0%", "kept"] and second.split()[:4] == ["0.0%", "50.0%", "left", "out"]
    assert last.endswith("the mean of 1 of 2, pass@1 70.0% on the problems that chose them")


def test_killed_anywhere_it_goes_on_and_no_evaluation_is_done_twice(
    world: World, bases: dict[str, Path], file: Path, tmp_path: Path
) -> None:
    given, out = [bases["sums"], bases["products"], bases["nothing"]], tmp_path / "out"
    for after in (3, 9, 12, 14):
        world.dies_after = after
        with pytest.raises(BaseExceptionGroup):
            soup(given, file, out, catch=False)
    world.dies_after = None
    assert soup(given, file, out).exit_code == 0
    assert set(world.asked.values()) == {1} and len(world.asked) == 10 * (3 + 2)
    assert skills(check(out)) == (6, 6)
    before = world.asked.copy()
    assert json.loads(soup(given, file, out, "--json").stdout)["score"] == 1.0
    assert world.asked == before, "what is done answers at once"


def test_killed_while_the_mean_is_put_into_its_place_it_goes_on(
    world: World, bases: dict[str, Path], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, out = [bases["sums"], bases["products"]], tmp_path / "out"
    replace = Path.replace

    def dies(self: Path, target: Any) -> Any:
        if Path(target) == out / "average.json":
            raise Killed
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(Killed):
        soup(given, file, out, catch=False)
    assert (out / "model.safetensors").exists() and not (out / "average.json").exists()
    monkeypatch.setattr(Path, "replace", replace)
    assert soup(given, file, out).exit_code == 0 and skills(check(out)) == (6, 6)


def test_one_that_goes_on_with_another_template_is_refused_and_not_scored_by_two(
    world: World, bases: dict[str, Path], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, out, mine = [bases["sums"], bases["products"]], tmp_path / "out", tmp_path / "prompts"
    world.dies_after = 12
    with pytest.raises(BaseExceptionGroup):
        soup(given, file, out, catch=False)
    world.dies_after = None
    template = Library([]).get("math/question").path.read_text()
    (mine / "math").mkdir(parents=True)
    (mine / "math" / "question.j2").write_text(template.replace("question", "question ", 1))
    monkeypatch.setattr("skilled.Library", lambda folders: Library([mine]))
    asked = world.asked.copy()
    told = soup(given, file, out)
    assert told.exit_code == 1 and "were asked with the template math/question@" in " ".join(told.output.split())
    assert world.asked == asked


@pytest.mark.parametrize(
    ("paths", "more", "said"),
    [
        (["sums"], [], "a mean is of two checkpoints or more"),
        (["sums", "products", "sums"], [], "the same as"),
        (["sums", "other"], [], "not the model of"),
        (["sums", "products"], ["--ids", "99"], "99"),
        (["sums", "products"], ["--weights", "1,2"], "--weights changes nothing beside --greedy"),
        (["sums", "products"], ["--benchmark", "humaneval"], "needs --problems FILE or --benchmark NAME"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(
    paths: list[str], more: list[str], said: str, world: World, bases: dict[str, Path], file: Path, tmp_path: Path
) -> None:
    other = edit_json(skilled(tmp_path / "other", 1, 1) / "config.json", rope_theta=5.0)
    told = soup([{**bases, "other": other}[name] for name in paths], file, tmp_path / "out", *more)
    assert told.exit_code != 0 and said in " ".join(told.output.replace("│", " ").split()), told.output
    assert not world.asked


def test_another_s_place_is_refused_and_so_are_other_checkpoints_or_problems_in_its_own(
    world: World, bases: dict[str, Path], file: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    assert "there is something already" in soup([bases["sums"], bases["products"]], file, taken).output
    out = tmp_path / "out"
    assert soup([bases["sums"], bases["products"]], file, out).exit_code == 0
    before = weights(out)
    assert "made of other checkpoints" in soup([bases["sums"], bases["little"]], file, out).output
    file.write_text(file.read_text().replace("Check", "Say"))
    told = soup([bases["sums"], bases["products"]], file, out)
    assert told.exit_code == 1 and "or by other problems; give another --out" in told.output
    assert weights(out) == before


def test_what_was_asked_otherwise_is_not_held_against_the_rest(
    world: World, bases: dict[str, Path], file: Path, tmp_path: Path
) -> None:
    out, given = tmp_path / "out", [bases["sums"], bases["products"]]
    world.dies_after = 12
    with pytest.raises(BaseExceptionGroup):
        soup(given, file, out, catch=False)
    world.dies_after = None
    told = soup(given, file, out, "--set", "evaluate.max_tokens=64")
    assert told.exit_code == 1 and "another recipe (max_tokens: 512 -> 64)" in told.output, told.output
    assert soup(given, file, out).exit_code == 0
    assert "another recipe" in soup(given, file, out, "--set", "evaluate.max_tokens=64").output, (
        "of one that is done, too"
    )


def test_without_greedy_problems_decide_nothing_and_are_refused(bases: dict[str, Path], tmp_path: Path) -> None:
    asked = ["train", "average", str(bases["sums"]), str(bases["little"]), "--out", str(tmp_path / "o")]
    told = CliRunner().invoke(app, [*asked, "--problems", "x.jsonl"])
    assert told.exit_code == 2 and "--problems changes nothing without --greedy" in " ".join(told.stderr.split())
    with pytest.raises(CheckpointError):
        check(tmp_path / "o")


def test_checkpoints_of_one_folder_s_name_are_told_apart_by_their_paths() -> None:
    steps = {
        "evaluate a1": {"of": ["x/sft"]},
        "evaluate b2": {"of": ["y/sft"]},
        "evaluate c3": {"of": ["x/sft", "y/dpo"]},
    }
    assert by_folders({**steps, "evaluate start": {}, "run": {}}) == {
        "a1": "x/sft", "b2": "y/sft", "c3": "mean of x/sft, dpo",
    }  # fmt: skip
