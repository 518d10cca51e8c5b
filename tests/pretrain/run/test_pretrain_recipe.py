"""Recipes of pre-trainings: what is understood, what is refused and how, and what trainings they come to."""

import json
import re
from pathlib import Path

import pytest

from pretrain.data.pack import pack
from pretrain.errors import PretrainError
from pretrain.run.evaluation import StageEvaluation
from pretrain.run.ownership import claim
from pretrain.run.recipe import Recipe, load
from pretrain.run.substages import sub_stages
from pretrain.tokenizer.train import train_tokenizer
from pretrain.training.schedules import starts, step_sizes
from pretrain.training.trainer import _parts

RECIPES = Path(__file__).parents[3] / "recipes"
TEXT = """\
name: three-stages
model: {size: 1m}
tokenizer: {vocab_size: 512}
data:
  sources:
    - {name: docs, path: docs, weight: 3}
    - {name: needles, path: needles}
stages:
  - kind: initial
    tokens: 1e6
    lr: 3e-3
    warmup_tokens: 10_000
    batch_tokens: [[0, 1024], [5e5, 2048]]
    sequence_length: 256
  - kind: long-context
    lengths: [512, 1024]
    rope_base: [20_000, 40_000]
    lr: 1e-3
    batch_tokens: 2048
    min_tokens: 10_000
    max_tokens: 100_000
    gates: {needle: 0.8}
  - {kind: annealing, tokens: 50_000, sequence_length: 1024, lr: 1e-3, batch_tokens: 2048, weights: {docs: 1}}
optimizer: {beta2: 0.99}
"""


def read(tmp_path: Path, text: str = TEXT, *sets: str) -> Recipe:
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    return load(path, sets)


def refusal(tmp_path: Path, text: str, *sets: str) -> str:
    with pytest.raises(PretrainError) as caught:
        list(sub_stages(read(tmp_path, text, *sets), 10_000))
    return str(caught.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize("path", sorted(RECIPES.glob("pretrain-*.yaml")), ids=lambda path: path.name)
def test_every_recipe_of_pre_training_that_we_ship_loads(path: Path) -> None:
    assert list(sub_stages(load(path), 10_000))


def test_the_ranks_that_the_8b_recipe_names_divide_every_step_of_it() -> None:
    recipe = load(RECIPES / "pretrain-8b.yaml")
    data = 1024 // (recipe.parallel.tensor * recipe.parallel.context)
    for sub_stage in sub_stages(recipe, 10_000):
        training = sub_stage.training
        for start in {*starts(training.batch_tokens), *starts(training.sequence_length)}:
            rows, length = step_sizes(training, start)
            assert rows % data == 0, sub_stage.name
            tokens = rows // data // _parts(rows // data, length, training.micro_batch_tokens) * length
            assert tokens % (2 * recipe.parallel.context) == 0, sub_stage.name


def test_a_recipe_of_post_training_names_the_command_that_runs_it() -> None:
    with pytest.raises(PretrainError, match=r"lab run .*quickstart\.yaml"):
        load(RECIPES / "quickstart.yaml")


def test_stages_become_one_training_each_and_a_long_context_stage_one_a_length(tmp_path: Path) -> None:
    found = list(sub_stages(read(tmp_path), 10_000))
    assert [(sub_stage.name, sub_stage.length, sub_stage.rope_base) for sub_stage in found] == [
        ("initial", 256, 10_000),
        ("long-context-512", 512, 20_000),
        ("long-context-1024", 1024, 40_000),
        ("annealing", 1024, 40_000),
    ]
    initial, long, _, annealing = (sub_stage.training for sub_stage in found)
    assert (initial.schedule, initial.tokens, initial.warmup_tokens) == ("cosine", 1_000_000, 10_000)
    assert initial.batch_tokens == ((0, 1024), (500_000, 2048)) and initial.betas == (0.9, 0.99)
    assert (long.schedule, long.tokens) == ("constant", 100_000)
    assert (annealing.schedule, annealing.average_last) == ("linear", 5)


def test_two_stages_of_a_kind_have_names_of_their_own(tmp_path: Path) -> None:
    second = TEXT.replace(
        "optimizer:", "  - {kind: annealing, tokens: 9e3, sequence_length: 512, lr: 1, batch_tokens: 512}\noptimizer:"
    )
    assert [sub_stage.name for sub_stage in sub_stages(read(tmp_path, second), 10_000)][-2:] == [
        "annealing",
        "annealing-2",
    ]


def test_any_value_can_be_set_from_the_command_line(tmp_path: Path) -> None:
    recipe = read(tmp_path, TEXT, "stages.0.lr=1e-4", "evaluation.every=7", "data.sources.1.weight=0", "model.size=3m")
    assert recipe.stages[0].lr == 1e-4
    assert (recipe.evaluation.every, recipe.data.sources[1].weight, recipe.model.size) == (7, 0, "3m")


def test_sources_are_found_beside_the_recipe(tmp_path: Path) -> None:
    (tmp_path / "needles").mkdir()
    paths = [source.path for source in read(tmp_path).data.sources]
    assert paths[1] == str(tmp_path / "needles")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tokens: 1e6", "tokns: 1e6", 'recipe.yaml:10: unknown key "stages.0.tokns"; did you mean "tokens"?'),
        ("beta2", "beta3", 'unknown key "optimizer.beta3"; did you mean "beta'),
        ("needle: 0.8", "neelde: 0.8", 'recipe.yaml:22: unknown key "stages.1.gates.neelde"; did you mean "needle"?'),
        ("needle: 0.8", "needle: 8", "recipe.yaml:22"),
        ("    lr: 3e-3\n", "", 'recipe.yaml:9: "stages.0.lr" is needed'),
        ("kind: initial", "kind: inital", "'initial', 'long-context', 'annealing'"),
        ("weights: {docs: 1}", "weights: {doc: 1}", 'stage annealing weighs "doc"; the sources are docs, needles'),
        ("weights: {docs: 1}", "weights: {docs: -1}", '"stages.2.weights.docs"'),
        ("weights: {docs: 1}", "weights: {docs: 0}", "stage annealing gives every source weight 0"),
        ("[20_000, 40_000]", "[20_000, 0]", "stages.1.rope_base"),
        ("name: three-stages", "name: three-stages\nseed: -1", '"seed"'),
        ("[512, 1024]", "[1024, 512]", "must grow"),
        ("[20_000, 40_000]", "[20_000]", "rope_base has 1 values for 2 lengths"),
        ("min_tokens: 10_000", "min_tokens: 1e6", "is more than max_tokens"),
        ("size: 1m", "sise: 1m", 'did you mean "size"?'),
        ("{size: 1m}", "{hidden_size: 64}", "give a `size`, or `from`, or a whole shape (missing: intermediate_size"),
        ("{size: 1m}", "{size: 1m, from: x}", "give `from` alone"),
        ("{vocab_size: 512}", "{}", "give the tokenizer either a `vocab_size`"),
        ("sequence_length: 256", "sequence_length: 300", "stage initial: batch_tokens = 1,024"),
        ("name: needles", "name: docs", "two sources have one name"),
        ("name: three-stages", "name: [", "recipe.yaml:"),
    ],
)
def test_recipe_that_cannot_be_used_is_refused_with_line_and_mend(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in TEXT
    assert said in refusal(tmp_path, TEXT.replace(old, new, 1))


@pytest.mark.parametrize("override", ["stages.0.lr", "stages.9.lr=1", "name.x=1", "stages.0.lr=[", "=1"])
def test_override_that_names_nothing_is_refused(tmp_path: Path, override: str) -> None:
    assert f"--set {override}" in refusal(tmp_path, TEXT, override)


def look(tmp_path: Path, short_before: float | None) -> StageEvaluation:
    recipe = read(tmp_path)
    long = list(sub_stages(recipe, 10_000))[1]
    return StageEvaluation(recipe, long, tmp_path, held_out=[], short=[], short_before=short_before)


def test_length_is_learnt_when_short_loss_is_recovered_and_needles_are_found(tmp_path: Path) -> None:
    good = {"short_loss": 2.03, "needle": 0.8, "held_out": 1.9}
    assert look(tmp_path, 2.0).enough(10_000, good)
    assert not look(tmp_path, 2.0).enough(9_999, good)
    assert not look(tmp_path, 2.0).enough(10_000, {**good, "short_loss": 2.05})
    assert not look(tmp_path, 2.0).enough(10_000, {**good, "needle": 0.79})
    gates = look(tmp_path, 2.0).gates({**good, "needle": 0.5})
    assert gates["needle"] == {"value": 0.5, "limit": 0.8, "passed": False}
    assert gates["short_loss"] == {"value": 2.03, "limit": pytest.approx(2.04), "passed": True}


def test_each_long_context_stage_looks_for_its_own_number_of_needles(tmp_path: Path) -> None:
    again = "  - {kind: long-context, lengths: [2048], lr: 1e-3, batch_tokens: 2048, min_tokens: 1, max_tokens: 9, gates: {needle_cases: 7}}"
    recipe = read(tmp_path, TEXT.replace("  - {kind: annealing", f"{again}\n  - {{kind: annealing"))
    looks = [
        StageEvaluation(recipe, one, tmp_path, held_out=[], short=[], short_before=None)
        for one in sub_stages(recipe, 10_000)
    ]
    assert [look.cases for look in looks] == [0, 20, 20, 7, 20]


def test_a_run_that_skipped_updates_ended_goes_on_with_a_larger_max_skips(tmp_path: Path) -> None:
    claim(read(tmp_path), tmp_path / "run")
    claim(read(tmp_path, TEXT, "optimizer.max_skips=50"), tmp_path / "run")
    with pytest.raises(PretrainError, match=re.escape("optimizer.clip_norm: 1.0 -> 0.5")):
        claim(read(tmp_path, TEXT, "optimizer.clip_norm=0.5"), tmp_path / "run")


def test_a_run_goes_on_after_its_files_have_moved_and_not_with_other_ones(tmp_path: Path) -> None:
    tokenizer = train_tokenizer(["some words and more words " * 20], 300, tmp_path / "tokenizer")
    (tmp_path / "docs.txt").write_text("Some words.\n")
    pack(tmp_path / "docs.txt", tokenizer, tmp_path / "needles")
    text = TEXT.replace("vocab_size: 512", f"from: {tokenizer}").replace("path: needles", f"path: {tmp_path}/needles")
    out = tmp_path / "run"
    claim(read(tmp_path, text, "data.sources.0.path=docs.txt"), out)
    for name in ("tokenizer", "needles", "docs.txt"):
        (tmp_path / name).rename(tmp_path / f"moved-{name}")
    moved = text.replace(f"{tmp_path}/", f"{tmp_path}/moved-")
    claim(read(tmp_path, moved, "data.sources.0.path=moved-docs.txt"), out)
    (tmp_path / "docs.txt").write_text("Other words.\n")
    other = train_tokenizer(["quite other words and letters " * 20], 300, tmp_path / "other")
    pack(tmp_path / "docs.txt", other, tmp_path / "others")
    for changed, told in (
        (moved.replace("moved-needles", "others"), "content.data.needles: "),
        (moved.replace("moved-tokenizer", "other"), "content.tokenizer: "),
        (moved.replace("lr: 3e-3", "lr: 2e-3"), "stages.0.lr: 0.003 -> 0.002"),
        (moved.replace("path: docs", "path: hf:somebody/docs"), "data.sources.0.path: none -> hf:somebody/docs"),
    ):
        with pytest.raises(PretrainError, match=re.escape(told)):
            claim(read(tmp_path, changed), out)


def test_a_run_of_an_earlier_version_is_known_by_its_paths(tmp_path: Path) -> None:
    claim(read(tmp_path), tmp_path / "run")
    noted = json.loads((tmp_path / "run/recipe.json").read_text())
    del noted["content"]
    (tmp_path / "run/recipe.json").write_text(json.dumps(noted))
    claim(read(tmp_path), tmp_path / "run")
    with pytest.raises(PretrainError, match=re.escape("data.sources.1.path: needles -> elsewhere")):
        claim(read(tmp_path, TEXT.replace("path: needles", "path: elsewhere")), tmp_path / "run")
