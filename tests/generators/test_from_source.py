"""Problems from a repository's own functions. The checkpoint is a script, the sandbox is real; no file is run on the host."""

import asyncio
from pathlib import Path

import pytest
from scripted import ScriptedEngine

from generators.code.from_source import from_source
from generators.lab import Lab
from generators.sample import Outcome
from generators.seeds.load import SeedError
from generators.seeds.repository import SourceFunction, survey
from generators.stage import seeds_of
from ledger import Ledger
from prompts import Library
from recipes.schema import Generate
from sandbox import Program, Sandbox, docker_problem
from verification.calls import calls_for, signature_of
from verification.differential import Call
from verification.leaks import leaks_code

needs_docker = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
EXAMPLE = Path(__file__).resolve().parents[2] / "recipes" / "seeds" / "example-repository"
SHARES = "takes an amount in cents and a number of people, and returns a list of shares that differ by one at most, the larger first."


def taken(folder: Path, source: str) -> tuple[list[SourceFunction], dict[str, str]]:
    (folder / "module.py").write_text(source, encoding="utf-8")
    functions, skipped = survey(folder)
    return functions, dict(skipped)


def outcome_of(folder: Path, function: SourceFunction, *answers: str, **options: int) -> Outcome:
    async def once() -> Outcome:
        engine = ScriptedEngine(lambda _, number: answers[number])
        engine.max_model_len = 10_000
        with Ledger(folder) as ledger:
            async with Sandbox(slots=1) as box:
                return await from_source(Lab(engine, ledger, Library(), box).attempt(0), function, **options)

    return asyncio.run(once())


def calls_from_use(code: str) -> list[Call]:
    return calls_for(code, "f", "", at_most=6)


def example(name: str) -> SourceFunction:
    return next(function for function in survey(EXAMPLE)[0] if function.entry_point == name)


def test_a_function_carries_the_constants_helpers_and_imports_it_needs_and_nothing_else() -> None:
    function = example("numbered")
    assert function.place == "texts/names.py:23"
    assert [line for line in function.code.splitlines() if not line.startswith((" ", '"', ")")) and line] == [
        "import re",
        "LONGEST = 20",
        '_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")',
        "def slug(title: str) -> str:",
        "def numbered(title: str, taken: list[str]) -> str:",
    ]


def test_what_reads_the_clock_or_files_is_left_out_with_its_place_and_reason() -> None:
    functions, skipped = survey(EXAMPLE)
    assert len(functions) == 10
    assert sorted(why for _, why in skipped) == ["needs datetime", "needs pathlib"]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import numpy\ndef f(a):\n    return numpy.sum(a)\n", "needs numpy"),
        ("from .other import g\ndef f(a):\n    return g(a)\n", "needs a module of its package"),
        ("def f(a):\n    return undefined(a)\n", "undefined comes from elsewhere"),
        ("count = 0\ndef f(a):\n    global count\n    count += a\n    return count\n", "count changes"),
        ("if True:\n    LIMIT = 3\ndef f(a):\n    return a + LIMIT\n", "LIMIT changes"),
        ("def f(a):\n    print(a)\n    return a + 1\n", "calls print"),
        ("def f(a):\n    yield a\n", "is a generator"),
        ("def f(a):\n    a.append(1)\n", "returns nothing"),
        ("def f(a):\n    return a\n", "does nothing"),
        ("def f():\n    return 1 + 1\n", "takes 0 arguments"),
        ("def f(*a):\n    return a\n", "takes 0 arguments"),
        ("def f(a, *, b):\n    return a + b\n", "takes arguments that cannot be listed"),
        ("import random\n\ndef g(a):\n    return random.random()\n\ndef f(a):\n    return g(a)\n", "needs random"),
    ],
)
def test_a_function_that_cannot_stand_alone_is_left_out(source: str, why: str, tmp_path: Path) -> None:
    functions, skipped = taken(tmp_path, source)
    assert "f" not in [function.entry_point for function in functions]
    assert why in skipped.values()


def test_nothing_of_a_repository_is_run_while_it_is_read(tmp_path: Path) -> None:
    mark = tmp_path / "was-run"
    source = f"open({str(mark)!r}, 'w').close()\nLIMIT = open({str(mark)!r}, 'w')\n\ndef double(n: int) -> int:\n    return 2 * n\n"
    functions, _ = taken(tmp_path, source)
    assert [function.entry_point for function in functions] == ["double"]
    assert not mark.exists()


def test_unreadable_files_are_named_and_an_empty_repository_says_so(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text("x = " + "(" * 5000 + ")" * 5000)
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe\x00")
    _, skipped = survey(tmp_path)
    assert {place for place, _ in skipped} == {"deep.py:1", "bytes.py:1"}
    with pytest.raises(SeedError, match="no function here can stand alone"):
        seeds_of(Generate(generator="code/from-source", seeds=[tmp_path]))
    with pytest.raises(SeedError, match="no such folder"):
        survey(tmp_path / "absent")


def test_calls_are_made_from_examples_annotations_defaults_and_names() -> None:
    code = 'def f(words, size: int = 2, mark="-"):\n    """Join.\n\n    >>> f(["a"], 1, "+")\n    \'a\'\n    """\n    return mark.join(words[:size])\n'
    calls = [call.source() for call in calls_for(code, "f", "", at_most=12)]
    assert calls[0] == "f(['a'], 1, '+')"
    assert len(calls) == 12
    assert signature_of("TOP = 3\n" + code.replace("= 2", "= TOP"), "f") == "f(words, size=3, mark='-')"
    assert calls_from_use("def f(bill, percent):\n    return bill * percent // 100\n")[0].arguments == (3, 5)
    assert calls_from_use("def f(thing):\n    return thing.strip()\n")[0].arguments == ("hello",)
    assert (
        calls_from_use("def f(things):\n    return [thing.lower() for thing in things]\n")[0].arguments[0][0] == "hello"
    )
    assert calls_from_use("def f(thing):\n    return sorted(thing.items())\n")[0].arguments[0]["hello"] == 3
    assert calls_from_use(
        "def f(one):\n    for other in one:\n        for one in other:\n            pass\n    return one\n"
    )
    assert calls_for("def f(thing):\n    return thing\n", "f", "", at_most=12) == []
    assert calls_for("def f(thing):\n    return thing\n", "f", "", at_most=3, proposed="assert f(7) == 1\nassert f(")[
        0
    ].arguments == (7,)


def test_a_text_that_holds_the_code_is_told_from_one_that_says_it_in_words() -> None:
    code = 'def f(xs):\n    """The sum of the even numbers in xs."""\n    return sum(x for x in xs if x % 2 == 0)\n'
    assert not leaks_code("`f(xs)` returns the sum of the even numbers in xs.", code)
    assert leaks_code("`f(xs)` does return sum( x for x in xs if x%2==0 ).", code)
    assert leaks_code("Use this:\n```python\n1\n```", code)


@pytest.mark.docker
@needs_docker[1]
def test_every_example_function_runs_alone_and_its_docstring_examples_hold(tmp_path: Path) -> None:
    async def run_all() -> list[str]:
        async with Sandbox(slots=2) as box:
            programs = [
                Program(
                    f.code,
                    "".join(
                        f"assert {c.source()} is not None\n" for c in calls_for(f.code, f.entry_point, "", at_most=6)
                    ),
                )
                for f in survey(EXAMPLE)[0]
            ]
            return [str(report.verdict) for report in await asyncio.gather(*map(box.run, programs))]

    assert set(asyncio.run(run_all())) == {"accepted"}


@pytest.mark.docker
@needs_docker[1]
def test_a_solution_that_answers_as_the_repository_does_is_a_row_with_both_answers(tmp_path: Path) -> None:
    solution = "```python\ndef split_evenly(cents, people):\n    if people < 1:\n        return []\n    return [(cents + people - 1 - n) // people for n in range(people)]\n```"
    found = outcome_of(tmp_path, example("split_evenly"), f" {SHARES}", solution)
    assert found.accepted, found.sample
    row = found.sample
    assert row.evidence["behaviour"] == "same" and row.evidence["inputs"] > len(row.tests.splitlines()) == 6
    assert row.problem.startswith("Write a Python function `split_evenly(cents, people)` that takes")
    assert row.evidence["place"] == "shop/prices.py:44"
    assert "divmod" in row.evidence["source_completion"] and "divmod" not in row.problem
    assert row.messages[-1]["content"] == row.completion


@pytest.mark.docker
@needs_docker[1]
@pytest.mark.parametrize(
    ("text", "solution", "reason"),
    [
        (SHARES, "def split_evenly(cents, people):\n    return [cents // people] * people\n", "test_failure"),
        ("share, rest = divmod(cents, people)", "", "leaks_code"),
        (SHARES, "def other(cents, people):\n    return []\n", "no_code"),
        (SHARES, "I do not know.", "no_code"),
    ],
)
def test_what_is_wrong_or_gives_the_code_away_is_refused(text: str, solution: str, reason: str, tmp_path: Path) -> None:
    found = outcome_of(
        tmp_path, example("split_evenly"), text, f"```python\n{solution}```" if "def" in solution else solution
    )
    assert (found.accepted, found.reason) == (False, reason), found.sample


@pytest.mark.docker
@needs_docker[1]
def test_a_solution_that_only_knows_the_shown_tests_fails_on_the_hidden_inputs(tmp_path: Path) -> None:
    function = example("as_euros")
    probe = outcome_of(tmp_path / "probe", function, "text", "none")
    table = "\n".join(
        f"    if cents == {line.split('(')[1].split(')')[0]}:\n        return {line.split(' == ')[1]}"
        for line in probe.sample.tests.splitlines()
    )
    cheat = f"```python\ndef as_euros(cents):\n{table}\n```"
    found = outcome_of(tmp_path / "cheat", function, "gives cents as text.", cheat)
    assert (found.accepted, found.reason) == (False, "different"), found.sample
    assert "reference" in found.sample.detail


@pytest.mark.docker
@needs_docker[1]
def test_chance_and_too_few_inputs_prove_nothing(tmp_path: Path) -> None:
    functions, _ = taken(tmp_path, "def f(thing):\n    return str(thing)[::-1]\n")
    found = outcome_of(tmp_path / "run", functions[0], "assert f(x) == 2\nassert f(y) == 9\nassert f(")
    assert (found.accepted, found.reason) == (False, "too_few_inputs"), found.sample
    salted, _ = taken(tmp_path, "def f(text):\n    return hash(object())\n")
    found = outcome_of(tmp_path / "salted", salted[0])
    assert (found.accepted, found.reason) == (False, "too_few_inputs"), found.sample
    # With literals of the checkpoint's the calls are there; what it expected of them does not matter.
    asserted = "".join(f"assert f({n}) == 0\n" for n in range(8))
    good = outcome_of(
        tmp_path / "more",
        functions[0],
        asserted,
        "writes a number backwards.",
        "```python\ndef f(thing):\n    return f'{thing}'[::-1]\n```",
    )
    assert good.accepted, good.sample
