"""A kind of seed is one row of a table: every generator, preview and figure of diversity knows it from there."""

import asyncio
import inspect
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from scripted import ScriptedEngine

import generators.seeds
from generators.catalog import CATALOG
from generators.lab import Lab
from generators.own import load_own
from generators.quality.diversity import seed_texts
from generators.seeds.kinds import KINDS, ROWS, Kind, kind_of
from generators.seeds.load import SeedError, load
from generators.stage import generate
from ledger import Ledger
from prompts import Library
from recipes.schema import Generate

PAGES = Path(__file__).parents[3] / "docs" / "make-data"
SEEDS_PAGE, OWN_PAGE = PAGES / "seeds.md", PAGES / "write-a-generator.md"
OWN = '''
from generators import Lab, Outcome, accept
{imports}


async def told(lab: Lab, seed: {annotation}) -> Outcome:
    """What kind of seed came."""
    assert isinstance(seed, {annotation})
    reply = await lab.ask("code/answer", problem=seed.id)
    return accept(problem=seed.id, completion=reply.text)
'''


@dataclass(frozen=True)
class Poem:
    """A kind that is not ours."""

    id: str
    lines: tuple[str, ...]
    split: str = ""


def poem(row: dict[str, Any], line: int) -> Poem:
    if not isinstance(row.get("lines"), list):
        raise ValueError('no "lines"')
    return Poem(str(row.get("id", line)), tuple(row["lines"]), str(row.get("split", "")))


def seeds_of(kind: Kind[Any], folder: Path) -> Path:
    """Ours, or a file of two rows where the kind has none."""
    if kind.ours:
        return kind.ours
    (folder / "rows.jsonl").write_text('{"id": "a", "x": 1, "prompt": "Why?"}\n{"id": "b", "x": 2, "prompt": "How?"}\n')
    return folder / "rows.jsonl"


def attempts_of(own: Path, seeds: Path) -> list[str]:
    """The seeds of two accepted rows of a user's generator, by their ids."""
    part = Generate.model_validate({"generator": str(own), "seeds": str(seeds), "count": 2, "budget": {"attempts": 2}})
    with Ledger(own.parent / "run") as ledger:
        lab = Lab(ScriptedEngine(lambda prompt, number: "yes"), ledger, Library())
        asyncio.run(generate(lab, part, 2, say=print, watch=lambda progress: None))
        assert [(row.status, row.reason) for row in ledger.rows()] == [("accepted", "")] * 2
        return [row.seed_id for row in ledger.rows()]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_users_generator_gets_each_kind_that_it_may_be_annotated_with(kind: Kind[Any], tmp_path: Path) -> None:
    types = get_args(kind.type) or (kind.type,)
    imports = "\n".join(f"from {of.__module__} import {of.__name__}" for of in types)
    annotation = " | ".join(of.__name__ for of in types)
    (tmp_path / "own.py").write_text(OWN.format(imports=imports, annotation=annotation))
    seeds = seeds_of(kind, tmp_path)
    assert load_own(tmp_path / "own.py").kind is kind
    assert attempts_of(tmp_path / "own.py", seeds) == [seed.id for seed in load(kind, [seeds]).items[:2]]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_kind_gives_values_to_templates_and_text_to_compare(kind: Kind[Any], tmp_path: Path) -> None:
    found = load(kind, [seeds_of(kind, tmp_path)])
    assert not found.skipped or kind.folder
    for seed in found.items[:20]:
        values = kind.values(seed)
        assert any(values.values())
        assert all(name.isidentifier() for name in values)
        assert seed.id
        assert isinstance(seed.split, str)
    assert all(text.strip() for text in seed_texts(found.items[:20]))


@pytest.mark.parametrize("name", CATALOG)
def test_a_generator_of_the_catalog_is_annotated_with_the_kind_of_its_row(name: str) -> None:
    entry = CATALOG[name]
    _, seed = list(inspect.signature(entry.generator).parameters)[:2]
    assert get_type_hints(entry.generator)[seed] == entry.kind.type


def test_the_page_on_seeds_names_every_kind() -> None:
    page = SEEDS_PAGE.read_text()
    assert [kind for kind in KINDS if f"| {kind} |" not in page] == []


def test_the_page_on_generators_of_ones_own_names_what_can_be_imported_and_is_a_kind() -> None:
    told = re.search(r"what the seeds are: (.*?) of `generators\.seeds`", " ".join(OWN_PAGE.read_text().split()))
    assert told
    named = {*re.findall(r"\w+", told[1])} - {"or"}
    assert named == {*generators.seeds.__all__} - {"PlainRow"}
    kinds = {of for kind in KINDS.values() for of in get_args(kind.type) or (kind.type,)}
    assert {getattr(generators.seeds, name) for name in generators.seeds.__all__} <= kinds


def test_a_row_of_the_table_is_all_that_a_new_kind_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poems: Kind[Poem] = Kind(
        "poems",
        Poem,
        "poems, a list of lines each",
        values=lambda seed: {"poem": "\n".join(seed.lines)},
        text=lambda seed: " ".join(seed.lines),
        parse=poem,
    )
    monkeypatch.setitem(KINDS, "poems", poems)
    file = tmp_path / "poems.jsonl"
    file.write_text("".join(json.dumps({"id": name, "lines": [name, name]}) + "\n" for name in ("rain", "wind")))
    assert kind_of(Poem) is poems
    seeds = load(poems, [file])
    assert [seed.id for seed in seeds.items] == ["rain", "wind"]
    assert seed_texts(seeds.items) == ["rain rain", "wind wind"]
    with pytest.raises(SeedError, match="only snippets can be mixed into one prompt, and this generator takes poems"):
        load(poems, [file], mix=2)


def test_an_annotation_that_is_no_kind_gives_the_rows_as_they_are() -> None:
    assert kind_of(None) is kind_of(int) is kind_of(list[str]) is ROWS
