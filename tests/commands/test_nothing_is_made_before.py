"""Nothing is made on disk before everything is checked, and an empty run holds nobody back."""

import asyncio
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from scripted_server import scripted_server
from tiny_checkpoints import tiny_checkpoint, tiny_tokenizer
from typer.testing import CliRunner, Result

from alignment.child import held
from alignment.errors import AlignmentError
from alignment.job import open_job
from cli import app
from ledger import Ledger
from recipes.trainings import DPO, SFT
from rows.messages import Message

OWN = """from generators import Lab, Outcome, Sample, accept
from generators.seeds.fields import PlainRow


async def think(lab: Lab, seed: PlainRow) -> Outcome:
    reply = await lab.ask("math/question", question=seed.fields["FIELD"])
    return accept(Sample(problem=seed.id, completion=reply.text))
"""
DATA = [{"id": str(n), "thought": f"What is {n}?"} for n in range(3)]


def lab(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def answered(messages: list[Message]) -> str:
    return f"Thinking of {messages[-1]['content'][-20:]}"


@pytest.fixture(autouse=True)
def without_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("alignment.ready.docker_problem", "generators.setup.docker_problem"):
        monkeypatch.setattr(place, lambda: None)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return written(tmp_path / "seeds.jsonl", DATA)


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def own(tmp_path: Path, field: str = "thought") -> Path:
    file = tmp_path / "mine.py"
    file.write_text(OWN.replace("FIELD", field))
    return file


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (["--seeds", "nope.jsonl"], "nope.jsonl: no such file"),
        (["--seeds", "SEEDS", "--split", "tran"], "split tran: no row has a split, so there is none to choose"),
        (["--seeds", "SPLITS", "--split", "tset"], "split tset: known are heldout, train"),
        (["--seeds", "SEEDS", "--prompts", "nowhere"], "nowhere"),
        (["--seeds", "SEEDS", "--set", "serving.max_model_length=5"], 'did you mean "max_model_len"'),
        (["--seeds", "SEEDS", "--set", "data.decontaminate=none.jsonl"], "none.jsonl: no such file"),
        (["--seeds", "SEEDS", "-c", "http://127.0.0.1:9/v1"], "no OpenAI-compatible server answers there"),
        (["--seeds", "SEEDS", "-c", "/nowhere/at/all"], "/nowhere/at/all: no such directory"),
    ],
)
def test_a_generation_with_a_typo_leaves_no_directory_and_says_nothing_is_kept(
    changed: list[str], said: str, tmp_path: Path, seeds: Path
) -> None:
    splits = written(
        tmp_path / "s.jsonl", [{**DATA[n], "split": s} for n, s in enumerate(("train", "heldout", "train"))]
    )
    with scripted_server(answered) as (url, asked):
        places = {"SEEDS": str(seeds), "SPLITS": str(splits)}
        told = lab(
            *("generate", own(tmp_path), "--out", tmp_path / "run", *(places.get(x, x) for x in changed)),
            *(() if "-c" in changed else ("-c", url)),
        )
    assert (told.exit_code, said in told.stderr) == (1, True), told.stderr
    assert not (tmp_path / "run").exists() and not asked
    assert "What is done is kept" not in told.stderr


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ("evaluate: {problems: nope.jsonl}", "nope.jsonl"),
        ("generate: [{generator: code/translation, options: {languages: klingon}}]", 'no translation to "klingon"'),
        ("generate: [{generator: math/solutions}]\ntrain: {sft: {}, dpo: {}}", "a server's weights cannot be trained"),
        ("train: {sft: {}}", "a server's weights cannot be trained"),
    ],
)
def test_a_recipe_that_cannot_be_run_is_refused_by_its_dry_run_and_leaves_no_directory(
    tree: str, said: str, tmp_path: Path
) -> None:
    recipe = tmp_path / "r.yaml"
    with scripted_server(answered) as (url, asked):
        recipe.write_text(f"checkpoint: {url}\n{tree}\n")
        for more in ([], ["--dry-run"]):
            told = lab("run", recipe, "--out", tmp_path / "run", *more)
            assert (told.exit_code, said in told.stderr) == (1, True), told.stderr
    assert not (tmp_path / "run").exists() and not asked


@pytest.mark.parametrize(
    ("generator", "option", "said"),
    [
        ("code/execution-feedback", "languages=pyhton", "known: python, javascript"),
        ("code/translation", "languages=klingon", "known: javascript, cpp"),
        ("code/backtranslation", "kinds=docs", "known: documentation, explanation"),
        ("code/backtranslation", "least_score=9", "must be between 1 and 5; got 9"),
        ("math/solutions", "votes=0", "must be at least 1; got 0"),
        ("math/problems", "aim=nowhere", "not a run directory"),
        ("math/tree", "scorer=none.at:all", "write it as package.module:function"),
    ],
)
def test_an_options_value_is_checked_before_anything_starts(
    generator: str, option: str, said: str, tmp_path: Path
) -> None:
    told = lab("generate", generator, "--option", option, "--count", 5, "--out", tmp_path / "run")
    assert told.exit_code == 2
    assert said.replace(" ", "") in "".join(told.stderr.replace("│", "").split())
    assert not (tmp_path / "run").exists()


def test_a_generator_that_raises_is_told_by_file_line_seed_and_attempt_and_may_be_mended_in_the_same_run(
    tmp_path: Path, seeds: Path
) -> None:
    with scripted_server(answered) as (url, _):
        command = ("generate", own(tmp_path, "thoughts"), "--seeds", seeds, "-c", url, "--out", tmp_path / "run")
        told = lab(*command)
        assert told.exit_code == 1
        assert "lab: mine.py:6, seed 0, attempt 0: KeyError: 'thoughts'" in told.stderr
        assert "Traceback" not in told.stderr and "asyncio" not in told.stderr
        with Ledger(tmp_path / "run") as ledger:
            assert ledger.attempts("own/mine"), "what it did is told of, and mended under another --out"


def test_a_run_that_nothing_has_come_of_begins_anew_with_another_recipe(tmp_path: Path, seeds: Path) -> None:
    run = tmp_path / "run"
    with scripted_server(answered) as (url, _):
        with Ledger(run) as ledger:
            asyncio.run(ledger.record_step("run", "running", {}))
        assert lab("generate", own(tmp_path), "--seeds", seeds, "-c", url, "--out", run).exit_code == 0
        told = lab("generate", own(tmp_path), "--seeds", seeds, "-c", url, "--out", run, "--set", "seed=2")
        assert told.exit_code == 1
        assert "holds a run of another recipe (seed: 0 -> 2); give another --out" in told.stderr


def test_samples_may_grow_and_not_shrink(tmp_path: Path, seeds: Path) -> None:
    run = tmp_path / "run"
    with scripted_server(answered) as (url, asked):
        command = ("generate", own(tmp_path), "--seeds", seeds, "-c", url, "--out", run)
        for samples in (2, 5, 6):
            told = lab(*command, "--samples", samples)
            assert told.exit_code == 0, told.stderr
            assert len(asked) == samples * len(DATA), "what is there is not asked again"
        told = lab(*command, "--samples", 5)
        assert "holds a run of another recipe (generate.0.samples: 6 -> 5); give another --out" in told.stderr
        assert "the same command goes on" not in told.stderr, "it would be refused again"
    with Ledger(run, readonly=True) as ledger:
        assert len(list(ledger.rows("own/mine"))) == 6 * len(DATA)


def test_samples_grow_past_what_a_count_went_on_to_by_its_steps_alone(tmp_path: Path, seeds: Path) -> None:
    number = itertools.count()
    with scripted_server(lambda messages: f"another answer, {next(number)}") as (url, _):
        command = ("generate", own(tmp_path), "--seeds", seeds, "-c", url, "--out", tmp_path / "run", "--samples")
        assert lab(*command, 2, "--count", 9).exit_code == 0
        told = lab(*command, 5)
        assert (told.exit_code, "went on by 2 a seed; give 2 and a multiple of that" in told.stderr) == (1, True)
        assert lab(*command, 2, "--count", 9).exit_code == 0
        told = lab(*command, 6)
        assert told.exit_code == 0, told.stderr
    with Ledger(tmp_path / "run", readonly=True) as ledger:
        assert sorted(row.attempt for row in ledger.rows("own/mine")) == list(range(18))


def test_another_spelling_of_the_same_checkpoint_and_seeds_is_the_same_recipe(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with scripted_server(answered) as (url, asked):
        for address, file in ((url, seeds), (f"{url}/", seeds.name), (url, f"./{seeds.name}")):
            told = lab("generate", own(tmp_path), "--seeds", file, "-c", address, "--out", "run")
            assert told.exit_code == 0, told.stderr
    assert len(asked) == len(DATA)


def test_a_count_that_is_not_met_says_what_held_and_counted_for_nothing(tmp_path: Path, seeds: Path) -> None:
    with scripted_server(lambda messages: "the same") as (url, _):
        command = ("generate", own(tmp_path), "--seeds", seeds, "-c", url, "--out", tmp_path / "run", "--count", 5)
        told = lab(*command)
    assert told.exit_code == 3
    assert re.search(r"3 accepted of 2\d\d attempts, stopped by nothing new", told.stdout), told.stdout
    assert re.search(r"(2\d\d) more held and counted for nothing, as no data set takes them: \1 dup", told.stdout)
    assert re.search(r"sft: 3 rows in \S+\n", told.stdout), told.stdout


def test_a_count_that_one_problem_too_few_kept_from_being_met_says_what_gives_more(tmp_path: Path, seeds: Path) -> None:
    own(tmp_path).write_text(OWN.replace("FIELD", "thought"))
    numbers = itertools.count()
    with scripted_server(lambda messages: f"number {next(numbers)}") as (url, _):
        told = lab(
            "generate", own(tmp_path), "--seeds", seeds, "-c", url, "--out", tmp_path / "run",
            "--set", "generate.0.count=5", "--set", "data.max_per_problem=1",
        )  # fmt: skip
    assert told.exit_code == 3 and "over_max_per_problem" in told.stdout
    assert "give more seeds, or a larger --set data.max_per_problem=N" in told.stdout


def test_an_empty_preference_set_says_what_a_pair_is(tmp_path: Path, seeds: Path) -> None:
    own(tmp_path).write_text(OWN.replace("FIELD", "thought").replace("problem=seed.id", "problem_id=seed.id"))
    with scripted_server(answered) as (url, _):
        told = lab("generate", tmp_path / "mine.py", "--seeds", seeds, "-c", url, "--out", tmp_path / "run")
    assert re.search(r"preference: 0 rows in \S+; left out: 3 all_passed; a pair is a right and a wrong", told.stdout)


def test_what_the_data_sets_leave_out_is_said_with_its_reason(tmp_path: Path, seeds: Path) -> None:
    with scripted_server(lambda messages: "the same") as (url, _):
        told = lab("generate", own(tmp_path), "--seeds", seeds, "-c", url, "--out", tmp_path / "run", "--samples", 3)
    assert re.search(r"sft: 3 rows in \S+; left out: 6 duplicate", told.stdout), told.stdout


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("scaling --source a=docs --mixes 3", "needs at least two sources"),
        ("scaling --source a=docs --source b=docs --mixes 1", "1 mixes cannot fit 3 parameters"),
        ("scaling --source a=docs --source b=docs --mixes 9 --evaluate nope", "nope: no such file or folder"),
        ("scaling --source a=docs@0", "every source has weight 0"),
        ("scaling --source docs --held-out 1", "held_out 1: give a share of at least 0, below 1"),
        ("scaling --source docs --lr 0", "lr = 0: it must be above 0"),
        ("judge docs --mix a=docs --evaluate nope -c run", "nope: no such file or folder"),
        ("judge docs --mix docs --evaluate docs -c run", "two sources have the same name"),
        ("judge docs --mix a=docs --evaluate docs -c run --share 1", "share = 1.0"),
        ("judge docs --mix a=docs --evaluate docs -c run --tokens 0", "tokens = 0: it must be above 0"),
    ],
)
def test_a_study_that_cannot_be_made_packs_nothing_first(
    command: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("docs", "run"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("words and words\n")
    told = lab("pretrain", *command.split(), "--out", "study")
    assert (told.exit_code, said in told.stderr) == (1, True), told.stderr
    assert not (tmp_path / "study").exists()


@pytest.mark.usefixtures("warm_children")
def test_a_training_that_its_data_refuse_leaves_nothing_and_holds_nobody_back(tmp_path: Path) -> None:
    checkpoint = tiny_checkpoint(tmp_path / "tiny")
    wrong, other = written(tmp_path / "wrong.jsonl", [{"text": "a"}]), written(tmp_path / "other.jsonl", [{"b": 1}])
    told = lab("train", "sft", checkpoint, "--data", wrong, "--out", tmp_path / "out")
    assert (told.exit_code, "no messages; it has text" in told.stderr) == (1, True), told.stderr
    assert not (tmp_path / "out").exists()
    (tmp_path / "out").mkdir()  # a folder of one's own stays, and so does what is in it
    (tmp_path / "out" / "mine").touch()
    for data in (wrong, other):
        told = lab("train", "sft", checkpoint, "--data", data, "--out", tmp_path / "out")
        assert (told.exit_code, "no messages; it has" in told.stderr) == (1, True), told.stderr
    assert (tmp_path / "out" / "mine").exists()


@pytest.mark.usefixtures("warm_children")
@pytest.mark.parametrize("name", ["sft", "dpo"])
def test_a_training_that_ends_before_a_state_was_saved_leaves_nothing_and_mended_it_goes_into_the_same_out(
    name: str, tmp_path: Path
) -> None:
    """DPO keeps its reference's log-probabilities before the first step, TensorBoard's file is opened there."""
    checkpoint = tiny_checkpoint(tmp_path / "tiny")
    talk = {"prompt": [{"role": "user", "content": "the cat"}], "rejected": [{"role": "assistant", "content": "hat"}]}
    answer = [{"role": "assistant", "content": "sat on the mat"}]
    rows = [talk | {"chosen": answer, "messages": talk["prompt"] + answer}] * 4
    data, out = written(tmp_path / "my rows.jsonl", rows), tmp_path / "out"
    command = ("train", name, checkpoint, "--data", data, "--out", out, "--set", "max_steps=2")
    told = lab(*command, "--set", "lr=1e38")
    assert (told.exit_code, "lower the learning rate" in told.stderr) == (1, True), told.stderr
    assert not out.exists()
    out.mkdir()
    (out / "tensorboard").mkdir()  # of somebody else
    (out / "tensorboard" / "mine").touch()
    assert lab(*command, "--set", "lr=1e38").exit_code == 1
    assert [str(path.relative_to(out)) for path in out.rglob("mine")] == ["tensorboard/mine"]
    assert not (out / "state").exists()
    told = lab(*command, "--set", "lr=1e-5", "--json")
    assert told.exit_code == 0, told.stderr
    assert json.loads(told.stdout)["steps"] == 2


def test_a_training_that_has_begun_is_not_taken_for_another(tmp_path: Path) -> None:
    checkpoint = tiny_checkpoint(tmp_path / "tiny")
    data = [written(tmp_path / f"{n}.jsonl", [{"n": n}]) for n in range(2)]
    out = tmp_path / "out"
    open_job("sft", checkpoint, data[0], out, SFT(), None)
    open_job("sft", checkpoint, data[1], out, SFT(), None)
    (out / "state").mkdir()
    open_job("sft", checkpoint, data[0], out, SFT(), None)
    (out / "state" / "checkpoint-1").mkdir(parents=True)
    open_job("sft", checkpoint, data[1], out, SFT(), None)  # half written, as a full disk leaves it
    open_job("sft", checkpoint, data[0], out, SFT(), None)
    (out / "state" / "checkpoint-1").mkdir(parents=True)
    (out / "state" / "checkpoint-1" / "trainer_state.json").write_text("{}")
    with pytest.raises(AlignmentError, match="holds a training with another dataset"):
        open_job("sft", checkpoint, data[1], out, SFT(), None)
    with pytest.raises(
        AlignmentError, match=r"holds a training with other settings \(lr: 2e-05 -> 0.1, seed: 0 -> 3\);"
    ):
        open_job("sft", checkpoint, data[0], out, SFT(lr=0.1, seed=3), None)
    with pytest.raises(AlignmentError, match="holds a training by sft;"):
        open_job("dpo", checkpoint, data[0], out, DPO(), None)
    told = lab("train", "sft", checkpoint, "--data", data[0], "--out", checkpoint)
    assert "must not overwrite" in told.stderr and not (checkpoint / "request.json").exists()


def test_two_processes_do_not_train_into_one_directory(tmp_path: Path) -> None:
    checkpoint, data = tiny_checkpoint(tmp_path / "tiny"), written(tmp_path / "rows.jsonl", [{"n": 1}])
    out = tmp_path / "my out"
    out.mkdir()
    (out / "request.json").write_text('{"parent_pid": 7}')
    command = ("train", "sft", checkpoint, "--data", data, "--out", out)
    with held(out):
        told = lab(*command)
        assert (told.exit_code, f"{out}: process 7 trains there; wait for it" in told.stderr) == (1, True), told.stderr
        assert (out / "request.json").read_text() == '{"parent_pid": 7}'
    assert "no messages; it has n" in lab(*command).stderr  # let go of, it is looked at


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("prompts try nope", "nope: no such template"),
        ("prompts try code/answer --seeds nope.jsonl", "nope.jsonl: no such file"),
        ("prompts diff code/answer code/answer", "are one wording"),
        ("filter rows.jsonl --dedup none --judge general", "no OpenAI-compatible server answers there"),
        ("pretrain pack rows.jsonl --column nope --tokenizer tokenizer", 'no column "nope"'),
    ],
)
def test_a_command_that_is_refused_leaves_no_out(
    command: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "rows.jsonl", [{"text": "words and words"}])
    server: tuple[str, ...] = ()
    if command.startswith("pretrain"):
        tiny_tokenizer(tmp_path / "tokenizer")
    else:
        server = ("--checkpoint", "http://127.0.0.1:9/v1")
    told = lab(*command.split(), *server, "--out", "out")
    assert (told.exit_code, said in told.stderr) == (1, True), told.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["arena --answers pairs.jsonl", "prompts try code/answer -c http://127.0.0.1:9/v1"])
def test_of_two_that_begin_at_once_the_one_that_is_refused_leaves_the_others_directory(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "pairs.jsonl", [{"prompt": "Why?", "answers": {"one": "Because.", "two": "Why not?"}}])
    quicker: list[Ledger] = []

    def opened(run: Path, **named: Any) -> Ledger:
        if not quicker:
            quicker.append(Ledger(run))
        return Ledger(run, **named)

    monkeypatch.setattr("ledger.Ledger", opened)
    told = lab(*command.split(), "--out", "out")
    assert (told.exit_code, "this run is held by" in told.stderr) == (1, True), told.stderr
    assert (tmp_path / "out/ledger.sqlite").exists()
    quicker[0].close()


def test_a_trial_writes_over_no_run_and_a_run_makes_no_data_of_a_trial(tmp_path: Path, seeds: Path) -> None:
    recipe = tmp_path / "r.yaml"
    with scripted_server(answered) as (url, _):
        recipe.write_text(f"checkpoint: {url}\ngenerate:\n- generator: {own(tmp_path)}\n  seeds: {seeds}\n")
        run, trial = (
            ("run", recipe, "--out"),
            ("prompts", "try", "math/question", "--recipe", recipe, "-n", "2", "--out"),
        )
        for first, other, said in ((run, trial, "a run of another kind"), (trial, run, "what `lab prompts` tried")):
            out = tmp_path / str(first[0])
            assert lab(*first, out).exit_code == 0
            told = lab(*other, out)
            assert (told.exit_code, said in told.stderr) == (1, True), told.stderr
            assert lab(*first, out).exit_code == 0


@pytest.mark.parametrize("out", [".", ".hidden", f"runs/{'x' * 120}"])
def test_a_run_may_lie_in_any_directory(out: str, tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with scripted_server(answered) as (url, _):
        told = lab("generate", own(tmp_path), "--seeds", seeds, "-c", url, "--out", out)
    assert told.exit_code == 0, told.stderr
    assert (Path(out) / "ledger.sqlite").exists()
