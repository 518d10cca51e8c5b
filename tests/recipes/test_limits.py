"""A recipe or a template that unfolds, nests or names its way out of bounds is refused with its line."""

import datetime
import json
import os
from pathlib import Path

import pytest
import yaml

from prompts import check_all
from prompts.library import Library
from recipes import RecipeError
from recipes.load import load
from recipes.reading.limits import DEEPEST, LARGEST, MOST_NODES, parsed

UNFOLDING = "a0: &a0 [x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 8)}]\n" for number in range(1, 6)
)
MERGING = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 8)}]}}\n" for n in range(1, 6))
BAD = {
    "unfolding": (UNFOLDING, f"more than {MOST_NODES:,} values"),
    "merging": (MERGING, f"more than {MOST_NODES:,} values"),
    "deep": ("a: " + "[" * (DEEPEST + 5) + "]" * (DEEPEST + 5) + "\n", f"nested more than {DEEPEST} deep"),
    "itself": ("a: &a [*a]\n", "an alias within what it stands for"),
    "number": ("a: " + "1" * 5000 + "\n", "a number of 5,000 digits"),
    "no date": ("a: 2026-13-45\n", "month must be in"),
    "long": ("a: " + "x" * LARGEST + "\n", "larger than|longer than"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_recipe_past_a_limit_is_refused_with_its_file(tmp_path: Path, kind: str) -> None:
    text, why = BAD[kind]
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=why) as told:
        load(path)
    assert str(told.value).startswith(f"{path}:")


def test_dates_are_dates_whatever_another_package_makes_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    table = yaml.SafeLoader.yaml_constructors
    monkeypatch.setitem(table, "tag:yaml.org,2002:timestamp", table["tag:yaml.org,2002:str"])
    assert parsed("2026-01-02") == datetime.date(2026, 1, 2)


@pytest.mark.parametrize("kind", BAD)
def test_a_template_past_a_limit_is_a_complaint_and_the_others_are_checked(tmp_path: Path, kind: str) -> None:
    text, _ = BAD[kind]
    (tmp_path / "bad.j2").write_text(f"---\n{text}---\n== user ==\nHello\n")
    complaints = check_all(Library([tmp_path]))
    assert len(complaints) == 1
    assert complaints[0].startswith(f"{tmp_path / 'bad.j2'}:")


@pytest.mark.parametrize("front", ["sampling: text", "example: [1]", "inputs: {a: {type: [str]}}", "7: 8", "[a]: b"])
def test_front_matter_of_an_odd_type_is_a_complaint(tmp_path: Path, front: str) -> None:
    (tmp_path / "odd.j2").write_text(f"---\n{front}\n---\n== user ==\nHello\n")
    (complaint,) = check_all(Library([tmp_path]))
    assert complaint.startswith(f"{tmp_path / 'odd.j2'}:")


def test_a_value_of_set_past_a_limit_is_refused() -> None:
    with pytest.raises(RecipeError, match="the value is not YAML"):
        load(Path("recipes/quickstart.yaml"), ["name=" + "[" * 100 + "]" * 100])


def test_a_pipe_is_no_recipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(RecipeError, match="no file"):
        load(tmp_path / "pipe.yaml")


def test_aliases_within_the_limits_are_read_as_ever() -> None:
    assert parsed("a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: [*a, *a]\n") == {
        "a": {"x": 1},
        "b": {"x": 1, "y": 2},
        "c": [{"x": 1}, {"x": 1}],
    }


@pytest.mark.parametrize("name", ["../out", "a/b", "/tmp/x", "..", ".hidden", "", "a\x1b[2Jb", "x" * 200])
def test_a_name_that_leads_elsewhere_is_refused_with_its_field(tmp_path: Path, name: str) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("seed: 1\n")
    with pytest.raises(RecipeError, match=r'"name": .* cannot name a folder'):
        load(path, [f"name={json.dumps(name)}"])
