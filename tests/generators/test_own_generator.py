"""A generator of the user's own: one file, and it gets the ledger, the sandbox, the report and the exports."""

import asyncio
import textwrap
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from scripted import ScriptedEngine

from alignment.data.sets import export
from generators.catalog import entry_of
from generators.drive import GeneratorError
from generators.lab import Lab
from generators.options import OptionError, checked
from generators.own import load_own
from generators.seeds import kinds
from generators.stage import generate, stage_of
from ledger import Ledger
from prompts import Library
from recipes import RecipeError
from recipes.schema import Generate
from report import gather

OWN = '''
from generators import Lab, Outcome, accept, reject


async def haiku(lab: Lab, row, *, least: int = 3, words: tuple[str, ...] = ("a",)) -> Outcome:
    """Three lines about a thing."""
    reply = await lab.ask("haiku", thing=row.fields["thing"])
    if len(reply.text.splitlines()) < least:
        return reject("too_short", completion=reply.text)
    return accept(completion=reply.text, messages=[*reply.messages, {"role": "assistant", "content": reply.text}])
'''
TEMPLATE = """---
description: A haiku.
inputs: {thing: str}
---
== user ==
A haiku about {{ thing }}.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "haiku.py").write_text(OWN)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "haiku.j2").write_text(TEMPLATE)
    (tmp_path / "things.jsonl").write_text('{"thing": "rain"}\n{"thing": "wind"}\n')
    return tmp_path


def test_it_runs_with_its_own_prompts_options_and_seeds(folder: Path) -> None:
    part = Generate.model_validate(
        {"generator": str(folder / "haiku.py"), "seeds": str(folder / "things.jsonl"), "options": {"least": "2"}}
    )
    engine = ScriptedEngine(lambda prompt, _: "one\ntwo" if "rain" in prompt else "one")

    async def run() -> dict[str, int]:
        with Ledger(folder / "run") as ledger:
            lab = Lab(engine, ledger, Library())
            found = await generate(lab, part, 4, say=print, watch=lambda progress: None)
            assert [row.id for row in ledger.rows()] == ["own/haiku#0", "own/haiku#1"]
            assert [name.split("@")[0] for name in ledger.templates()] == ["haiku"]
            return {"accepted": found.accepted, **found.rejected}

    assert asyncio.run(run()) == {"accepted": 1, "too_short": 1}
    (folder / "haiku.py").write_text(OWN + "# changed\n")
    with pytest.raises(RecipeError, match=r"has changed since this run began"):
        asyncio.run(run())


REASONS = """
from generators import Hurdle, Lab, Outcome, Reason, Sample, accept, reject


class Why(Reason):
    too_short = "too_short", Hurdle.answered
    no_season = "no_season", None, True


async def haiku(lab: Lab, row) -> Outcome:
    text = (await lab.ask("haiku", thing=row.fields["thing"])).text
    made = Sample(problem_id="p", prompt=lab.conversation("haiku", thing="it"), completion=text, evidence={"lines": 1})
    return accept(made) if "summer" in text else reject(Why.no_season if len(text) > 5 else Why.too_short, made)
"""


def test_its_own_reasons_say_where_an_attempt_fell_and_what_is_a_wrong_answer(folder: Path) -> None:
    (folder / "haiku.py").write_text(REASONS)
    (folder / "things.jsonl").write_text("".join(f'{{"thing": "{n}"}}\n' for n in ("one", "two", "three")))
    part = Generate.model_validate({"generator": str(folder / "haiku.py"), "seeds": str(folder / "things.jsonl")})
    answers = {"one": "in summer", "two": "it rains", "three": "no"}
    engine = ScriptedEngine(lambda prompt, _: next(said for n, said in answers.items() if f"about {n}" in prompt))
    with Ledger(folder / "run") as ledger:
        asyncio.run(generate(Lab(engine, ledger, Library()), part, 4, say=print, watch=lambda progress: None))
        export(ledger, max_per_problem=4, pairs_per_problem=4)
        (stage,) = gather(ledger).stages
        assert [row.sample.evidence["lines"] for row in ledger.rows()] == [1, 1, 1]
    (pair,) = parquet.read_table(folder / "run" / "data" / "preference").to_pylist()
    assert (pair["chosen"][0]["content"], pair["rejected"][0]["content"]) == ("in summer", "it rains")
    assert stage.waterfall[:3] == [("attempts", 3), ("answered", 2), ("held up", 1)]


def test_a_field_that_no_sample_has_ends_the_run_with_the_one_that_was_meant(folder: Path) -> None:
    (folder / "haiku.py").write_text(OWN.replace("accept(completion=", "accept(completoin="))
    part = Generate.model_validate({"generator": str(folder / "haiku.py"), "seeds": str(folder / "things.jsonl")})
    engine = ScriptedEngine(lambda prompt, _: "one\ntwo\nthree")
    with (
        Ledger(folder / "run") as ledger,
        pytest.raises(GeneratorError, match=r'did you mean "completion"\? .*evidence='),
    ):
        asyncio.run(generate(Lab(engine, ledger, Library()), part, 4, say=print, watch=lambda progress: None))


def test_what_it_needs_and_makes_is_read_from_the_function(folder: Path) -> None:
    entry = entry_of(str(folder / "haiku.py"))
    assert (entry.kind, entry.makes) == (kinds.ROWS, "Three lines about a thing.")
    typed = folder / "typed.py"
    typed.write_text("from generators.seeds import MathProblem\nasync def f(lab, p: MathProblem): ...\n")
    assert load_own(typed).kind == kinds.MATHEMATICS


def test_the_example_of_the_page_runs_as_it_stands_there(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "make-data" / "write-a-generator.md").read_text()
    for name in ("haiku/my_generator.py", "haiku/prompts/haiku.j2", "haiku/things.jsonl"):
        block = page.split(f"`{name}`")[1].split("\n\n")[1]
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(_whole(page, block)) + "\n")
    part = Generate.model_validate(
        {
            "generator": str(tmp_path / "haiku/my_generator.py"),
            "seeds": str(tmp_path / "haiku/things.jsonl"),
            "options": {"least": 3},
        }
    )
    assert "{generator: my_generator.py, seeds: things.jsonl" in page
    engine = ScriptedEngine(lambda prompt, _: "drops\non the roof\nall night" if "rain" in prompt else "gone")
    with Ledger(tmp_path / "run") as ledger:
        found = asyncio.run(generate(Lab(engine, ledger, Library()), part, 4, say=print, watch=lambda progress: None))
        assert (found.accepted, dict(found.rejected)) == (1, {"too_short": 1})
        assert [row.id for row in ledger.rows()] == ["own/my_generator#0", "own/my_generator#1"]


def _whole(page: str, begun: str) -> str:
    """The indented block that begins so, with the empty lines in it."""
    lines = page[page.index(begun) :].split("\n")
    ends = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("    ")), len(lines))
    return "\n".join(lines[:ends]).rstrip()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\n", r"own\.py: needs exactly one public `async def"),
        ("async def a(lab, s): ...\nasync def b(lab, s): ...\n", "has 2 \\(a, b\\)"),
        ("async def a(lab): ...\n", r"own\.py:1: `a` takes \['lab'\]"),
        ("async def a(lab, s, *, n): ...\n", 'the option "n" of a needs a default'),
        ("import nothing_like_it\n", r"own\.py:1: ModuleNotFoundError: No module named 'nothing_like_it'$"),
        ("import beside\n", r"own\.py:1: ModuleNotFoundError: .*; a generator is one file: .*in PYTHONPATH"),
        ("import sys\nsys.exit(3)\n", r"own\.py:2: SystemExit: 3"),
        ("def (:\n", r"own\.py:1: SyntaxError"),
        ("\n\n1 / 0\n", r"own\.py:3: ZeroDivisionError"),
    ],
)
def test_a_file_that_is_no_generator_is_refused_with_its_line(tmp_path: Path, source: str, said: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(source)
    (tmp_path / "beside.py").write_text("x = 1\n")
    with pytest.raises(RecipeError, match=said):
        load_own(path)


def test_options_take_the_type_of_their_default(folder: Path) -> None:
    generator = load_own(folder / "haiku.py").generator
    assert checked("r", generator, {"least": "5", "words": "b, c"}) == {"least": 5, "words": ("b", "c")}
    with pytest.raises(OptionError, match=r'r has no option "lest"; did you mean "least"\?'):
        checked("r", generator, {"lest": 1})
    for wrong in ("x", 1.5, True):
        with pytest.raises(OptionError, match=r'option "least" must be int, such as 3'):
            checked("r", generator, {"least": wrong})


def test_no_seeds_of_its_own_is_said_before_anything_starts(folder: Path) -> None:
    with pytest.raises(RecipeError, match=r"brings no seeds of its own; name some with --seeds"):
        stage_of(Generate(generator=str(folder / "haiku.py")), 1)
