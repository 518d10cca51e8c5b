"""Recipes are checked before anything is spent, and say what is wrong with line and suggestion."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from recipes import RecipeError
from recipes.load import load, recorded, resolve

GOOD = """name: mine
generate:
  - generator: code/rejection-sampling
    seeds: problems.jsonl
    samples: 4
train:
  sft: {lr: 1.0e-5}
"""
ROOT = Path(__file__).parents[2]


def recipe(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text)
    return path


SHIPPED = [path for path in sorted((ROOT / "recipes").glob("*.yaml")) if not path.name.startswith("pretrain-")]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_recipe_we_ship_loads(path: Path) -> None:
    loaded = load(path)
    assert all(path.exists() for part in loaded.generate for path in part.seeds)


def test_a_recipe_of_pre_training_names_the_command_that_runs_it() -> None:
    path = ROOT / "recipes" / "pretrain-tiny.yaml"
    with pytest.raises(RecipeError, match=f"lab train pretrain {path}"):
        load(path)


def test_an_unknown_key_is_refused_with_line_and_suggestion(tmp_path: Path) -> None:
    with pytest.raises(
        RecipeError, match=r'mine\.yaml:5: unknown key "generate\.0\.smaples"; did you mean "samples"\?'
    ):
        load(recipe(tmp_path, GOOD.replace("samples", "smaples")))
    with pytest.raises(RecipeError, match=r'mine\.yaml:7: unknown key "train\.sft\.learning_rate"'):
        load(recipe(tmp_path, GOOD.replace("lr:", "learning_rate:")))


def test_a_training_of_which_nothing_is_said_is_refused_with_its_line_and_may_be_taken_out_by_set(
    tmp_path: Path,
) -> None:
    with pytest.raises(
        RecipeError, match=r'mine\.yaml:8: "train\.dpo" says nothing; write `dpo: \{\}` for its defaults'
    ):
        load(recipe(tmp_path, f"{GOOD}  dpo:\n"))
    assert load(recipe(tmp_path, f"{GOOD}  dpo: {{}}\n")).train.dpo
    assert load(recipe(tmp_path, GOOD), ["train.sft=null"]).train.sft is None
    assert load(recipe(tmp_path, f"{GOOD}  dpo:\n"), ["train.dpo=null"]).train.dpo is None


def test_a_training_of_which_only_set_says_something_is_done(tmp_path: Path) -> None:
    found = load(recipe(tmp_path, f"{GOOD}  dpo:\n"), ["train.dpo.lr=1e-6"]).train.dpo
    assert found and found.lr == 1e-6
    assert load(recipe(tmp_path, f"{GOOD}  dpo:\n"), ["train.dpo={}"]).train.dpo
    with pytest.raises(RecipeError, match=r'mine\.yaml:8: "train\.dpo" says nothing'):
        load(recipe(tmp_path, f"{GOOD}  dpo:\n"), ["train.sft.lr=1e-6"])


def test_a_wrong_value_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r'mine\.yaml:5: "generate\.0\.samples": .*greater than 0 \(got -4\)'):
        load(recipe(tmp_path, GOOD.replace("samples: 4", "samples: -4")))


def test_a_word_that_is_none_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"known: isolated, control, plain \(got 'sure'\)"):
        load(recipe(tmp_path, GOOD), ["generate.0.least_proof=sure"])
    with pytest.raises(RecipeError, match=r"known: humaneval, instructions, needle \(got 'mbpp'\)"):
        load(recipe(tmp_path, GOOD), ["evaluate=[{benchmark: mbpp}]"])


def test_broken_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"mine\.yaml:3: "):
        load(recipe(tmp_path, "name: a\ngenerate: [\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("generate:\n  - generator: m\n   seeds: a\n", "mine.yaml:3: this line is indented otherwise"),
        ("a:\n  - x\n - y\n", "mine.yaml:3: this `-` is indented otherwise than the list"),
        ("a: b: c\n", "mine.yaml:1: a second `: ` in one value"),
        ("a:\n\tb: 1\n", "mine.yaml:2: this line is indented by a tab"),
        ("a: {b: 1\n", "a bracket that is not closed"),
        ("a: 1\n]\n", "mine.yaml:2: a bracket that is not closed, or closed where none is open"),
        ('a: "x\n', "a quote that is opened here and closed nowhere"),
        ("a: *x\n", "mine.yaml:1: an unquoted `*`"),
    ],
)
def test_what_yaml_says_in_its_own_terms_is_said_in_ours(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RecipeError) as told:
        load(recipe(tmp_path, text))
    assert said in str(told.value)


def test_any_value_can_be_set_from_the_command_line(tmp_path: Path) -> None:
    path = recipe(tmp_path, GOOD)
    loaded = load(path, ["train.sft.lr=1e-6", "generate.0.budget.seconds=5", "serving.max_in_flight=7", "name=other"])
    assert loaded.train.sft is not None
    assert (loaded.train.sft.lr, loaded.serving.max_in_flight, loaded.name) == (1e-6, 7, "other")
    assert loaded.generate[0].budget.seconds == 5


@pytest.mark.parametrize("wish", ["nonsense", "generate.7.count=1", "name.x=1", "train.sft.lrr=1"])
def test_a_set_that_fits_nothing_is_refused(tmp_path: Path, wish: str) -> None:
    with pytest.raises(RecipeError, match=r"--set|unknown key"):
        load(recipe(tmp_path, GOOD), [wish])


def test_seeds_are_found_beside_the_recipe(tmp_path: Path) -> None:
    (tmp_path / "problems.jsonl").write_text("")
    assert load(recipe(tmp_path, GOOD)).generate[0].seeds == [tmp_path / "problems.jsonl"]


def test_the_key_that_a_generator_was_once_named_by_is_refused_with_its_line_and_the_new_name(tmp_path: Path) -> None:
    old = GOOD.replace("generator:", "recipe:")
    with pytest.raises(RecipeError) as refused:
        load(recipe(tmp_path, old))
    assert str(refused.value) == f'{tmp_path}/mine.yaml:3: "generate.0.recipe": `recipe` is now `generator`'


def test_a_recipe_recorded_by_an_older_run_is_read_under_the_names_of_today() -> None:
    now = resolve({"generate": [{"generator": "math/solutions", "seeds": "a.jsonl"}]}).to_plain()
    part = now["generate"][0]
    old = {**now, "generate": [{"recipe": part["generator"], **{k: v for k, v in part.items() if k != "generator"}}]}
    assert recorded(old) == now == recorded(now)
    assert recorded({"name": "eval"}) == resolve({"name": "eval"}).to_plain()
    assert recorded({"unknown": 1}) == {"unknown": 1}


def test_a_recipe_recorded_before_a_setting_existed_has_its_default() -> None:
    now = resolve({"seed": 3, "train": {"sft": {}}}).to_plain()
    old = {**now, "train": {"sft": {name: now["train"]["sft"][name] for name in ("epochs", "lr", "batch_size")}}}
    assert recorded(old) == now


def test_a_training_has_the_seed_of_the_recipe_unless_it_names_its_own() -> None:
    train = resolve({"seed": 7, "train": {"sft": {}, "dpo": {"seed": 0}}}).train
    assert train.sft and train.dpo
    assert (train.sft.seed, train.dpo.seed) == (7, 0)


def test_a_generator_that_stands_there_twice_is_refused() -> None:
    twice = {"generate": [{"generator": "math/solutions", "seeds": "a.jsonl"}, {"generator": "math/solutions"}]}
    with pytest.raises(RecipeError, match="math/solutions stands there twice; give one stage several seeds"):
        resolve(twice)
    files = {"generate": [{"generator": "a/mine.py", "seeds": "x"}, {"generator": "b/mine.py", "seeds": "x"}]}
    with pytest.raises(RecipeError, match="own/mine stands there twice; call the files otherwise, give one stage"):
        resolve(files)


def test_one_seed_source_or_several_may_be_given() -> None:
    one, several = {"generator": "math/solutions", "seeds": "a.jsonl"}, {"generator": "math/steps", "seeds": ["a", "b"]}
    first, second = resolve({"generate": [one, several]}).generate
    assert (first.seeds, second.seeds) == ([Path("a.jsonl")], [Path("a"), Path("b")])


def test_reading_a_recipe_needs_neither_pydantic_nor_anything_else_of_ours() -> None:
    program = (
        "import sys, recipes.reading.tree; ours = {name.partition('.')[0] for name in sys.modules}"
        " & {'pydantic', 'yaml', 'rows', 'checkpoints', 'pretrain'}; sys.exit(str(ours) if ours else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT).returncode == 0


@pytest.mark.parametrize(
    ("wish", "meant"),
    [
        ("sampling.temperature=.9", '"generate.0.sampling"'),
        ("temperature=.9", '"evaluate.0.temperature" or "generate.0.sampling.temperature"'),
        ("train.sft.samples=2", '"generate.0.samples" or "train.ppo.samples"'),
        ("lr=1", '"train.sft.lr" or "train.dpo.lr"'),
        ("memory_mb=512", '"sandbox.memory_mb"'),
    ],
)
def test_a_key_of_another_part_is_told_where_it_stands(tmp_path: Path, wish: str, meant: str) -> None:
    with pytest.raises(RecipeError, match=rf"did you mean {re.escape(meant)}\?"):
        load(recipe(tmp_path, GOOD), [wish])


def test_a_key_with_two_values_is_refused_at_the_line_of_the_second(tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("name: x\nseed: 0\nserving:\n  seed: 1\n  seed: 2\n")
    with pytest.raises(RecipeError, match=r"twice\.yaml:5: `seed` stands there twice"):
        load(file)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ("train.sft.batch_size=true", '"train.sft.batch_size": a number is needed .got true.'),
        ("train.sft.lr=false", '"train.sft.lr": a number is needed'),
        ("train.sft.lr=.inf", '"train.sft.lr": Input should be a finite number'),
        ("train.dpo.nll_weight=.nan", '"train.dpo.nll_weight": Input should be'),
        ("rounds.count=true", '"rounds.count": a number is needed'),
    ],
)
def test_neither_a_truth_nor_what_has_no_end_is_a_number(wish: str, why: str) -> None:
    with pytest.raises(RecipeError, match=why):
        load(ROOT / "recipes/rounds-two-core.yaml", [wish])


def test_two_variants_of_the_same_settings_are_refused_and_another_seed_makes_two_of_them() -> None:
    variants = "variants.sft=[{lr: 3.0e-5}, {lr: 1.0e-5}, {lr: 1.0e-5%s}]"
    with pytest.raises(RecipeError, match=r"sft\.2: the same settings as sft\.1"):
        load(ROOT / "recipes/rounds-two-core.yaml", [variants % ""])
    load(ROOT / "recipes/rounds-two-core.yaml", [variants % ", seed: 3"])
