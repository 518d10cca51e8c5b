"""The annealing judge: its verdict on data that help and on data that do not, and its arithmetic."""

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pretrain.data.loader import Loader
from pretrain.errors import PretrainError
from pretrain.huggingface import load_huggingface, save_huggingface
from pretrain.model import ModelConfig, Transformer
from pretrain.studies import small_runs
from pretrain.studies import sources as study_sources
from pretrain.studies.annealing_judge import CANNOT_TELL, NOT_WORTH, WORTH, Trial, annealing, difference, judge
from pretrain.studies.small_runs import Evaluation
from pretrain.training.schedules import Training, learning_rate
from pretrain.training.trainer import train

PROSE = [
    "the",
    "river",
    "keeper",
    "walked",
    "along",
    "a",
    "quiet",
    "bank",
    "and",
    "counted",
    "every",
    "boat",
    "that",
    "came",
    "down",
    "with",
    "grain",
    "salt",
    "or",
    "wool",
]
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def prose(rng: random.Random) -> str:
    return " ".join(rng.choice(PROSE) for _ in range(60))


def counting(rng: random.Random) -> str:
    """What the model is to master, and never sees in its default mix."""
    start = rng.randrange(10)
    return " ".join(NUMBERS[(start + i) % 10] for i in range(60))


def noise(rng: random.Random) -> str:
    return "".join(rng.choice("qxzjkvwyfgbmp#%&@!?;:<>|~ ") for _ in range(300))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Packed sources of three kinds, and a checkpoint begun on prose."""
    root = tmp_path_factory.mktemp("world")
    rng = random.Random(0)
    kinds = [
        ("prose", prose, 300),
        ("counting", counting, 120),
        ("noise", noise, 120),
        ("goal", counting, 40),
        ("more", prose, 40),
    ]
    for name, write, count in kinds:
        (root / "text" / name).mkdir(parents=True)
        for i in range(count):
            (root / "text" / name / f"{i:03d}.txt").write_text(write(rng))
    given = [study_sources.parse(f"{root / 'text' / name}") for name, _, _ in kinds]
    sources = study_sources.ready(given, root, held_out=0.05, vocabulary_size=300)
    config = ModelConfig(300, 32, 64, 2, 2, 1, tie_word_embeddings=True, rope_theta=1e4)
    model = Transformer(config)
    model.initialise(torch.Generator().manual_seed(0))
    loader = Loader(sources[:1], sequence_length=64, rows=16, seed=0)
    budget = Training(
        tokens=40 * 1024, lr=4e-3, schedule="constant", warmup_tokens=10 * 1024, batch_tokens=1024, sequence_length=64
    )
    save_huggingface(train(model, loader, budget).model, root / "half", root / "tokenizer")
    return {"root": root, "half": root / "half", **{source.name: source for source in sources}}


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial(tokens=20 * 1024, lr=4e-3, batch_tokens=1024, sequence_length=64, evaluation_tokens=4096)


def targets(world, name: str = "goal") -> list[Evaluation]:
    return [Evaluation(name, (replace(world[name], held_out=0.0),), "train", 4096)]


@pytest.mark.parametrize(("name", "target", "verdict"), [("counting", "goal", WORTH), ("noise", "more", NOT_WORTH)])
def test_text_of_the_evaluations_kind_is_worth_it_and_noise_is_not(world, trial, tmp_path, name, target, verdict):
    judged = judge(world["half"], world[name], [world["prose"]], targets(world, target), trial, tmp_path, processes=0)
    assert judged.verdict == verdict
    assert [d.evaluation for d in judged.differences] == [target, "default mix", "data set"]
    assert json.loads((tmp_path / "judgement.json").read_text())["verdict"] == verdict
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").iterdir()}
    assert judge(world["half"], world[name], [world["prose"]], targets(world, target), trial, tmp_path) == judged
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").iterdir()} == written


def test_results_from_other_weights_in_the_same_place_are_refused(world, trial, tmp_path):
    short, half = replace(trial, tokens=2048), tmp_path / "half"
    shutil.copytree(world["half"], half)
    arguments = world["counting"], [world["prose"]], targets(world), short, tmp_path / "out"
    judge(half, *arguments, processes=0)
    model = load_huggingface(half)
    with torch.no_grad():
        model.norm.weight.mul_(1.5)
    save_huggingface(model, half, world["half"])
    small_runs._content.cache_clear()
    with pytest.raises(PretrainError, match="made with other options"):
        judge(half, *arguments, processes=0)


def test_a_result_made_with_other_options_is_refused_and_a_missing_one_is_made_again(world, trial, tmp_path):
    short = replace(trial, tokens=2048)
    first = judge(world["half"], world["counting"], [world["prose"]], targets(world), short, tmp_path, processes=0)
    (tmp_path / "runs" / "with-seed-1.json").unlink()
    again = judge(world["half"], world["counting"], [world["prose"]], targets(world), short, tmp_path, processes=1)
    # A worker has a thread of its own, and on some CPUs another number of threads rounds otherwise.
    for now, before in zip(again.differences, first.differences, strict=True):
        assert now.with_set == pytest.approx(before.with_set, rel=1e-4)
        assert now.without == before.without
    with pytest.raises(PretrainError, match="made with other options"):
        judge(world["half"], world["counting"], [world["prose"]], targets(world), trial, tmp_path)


def test_bad_input_says_what_to_change(world, trial, tmp_path):
    with pytest.raises(PretrainError, match="at least one evaluation"):
        judge(world["half"], world["counting"], [world["prose"]], [], trial, tmp_path)
    with pytest.raises(PretrainError, match="both called 'prose'"):
        judge(world["half"], world["prose"], [world["prose"]], targets(world), trial, tmp_path)
    with pytest.raises(PretrainError, match="at least 3"):
        replace(trial, seeds=2)
    with pytest.raises(PretrainError, match="between 0 and 1"):
        replace(trial, share=1.0)


def test_the_learning_rate_ends_next_to_zero(trial):
    training = annealing(trial)
    last = learning_rate(training, training.tokens - 1024, training.tokens)
    assert 0 < last <= trial.lr * 1024 / training.tokens * 1.1


@given(
    base=st.lists(st.floats(1, 5), min_size=3, max_size=8),
    shift=st.floats(-1, 1),
    jitter=st.floats(1e-6, 1e-3),
)
def test_the_verdict_follows_the_interval_and_swapping_the_arms_swaps_it(base, shift, jitter):
    other = [value + shift + jitter * (-1) ** i for i, value in enumerate(base)]
    forth, back = difference("x", other, base), difference("x", base, other)
    assert forth.mean == pytest.approx(-back.mean, abs=1e-9)
    opposite = {WORTH: NOT_WORTH, NOT_WORTH: WORTH, CANNOT_TELL: CANNOT_TELL}
    if min(abs(bound) for bound in forth.interval) > 1e-9:
        assert back.verdict == opposite[forth.verdict]
        assert forth.verdict == (
            CANNOT_TELL if forth.interval[0] < 0 < forth.interval[1] else WORTH if shift < 0 else NOT_WORTH
        )


def test_the_interval_is_students():
    found = difference("x", [1.0, 1.2, 1.4], [1.1, 1.1, 1.1])
    assert found.mean == pytest.approx(0.1)
    assert found.interval == pytest.approx((0.1 - 4.3027 * 0.2 / 3**0.5, 0.1 + 4.3027 * 0.2 / 3**0.5), abs=1e-3)
    assert found.verdict == CANNOT_TELL
