"""`lab prompts try` and `diff`: the checkpoint is a script behind a real server, generator and sandbox are real."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_server import scripted_server
from typer.testing import CliRunner, Result

from cli import app
from generators.code.execution_feedback import execution_feedback
from generators.code.rejection_sampling import rejection_sampling
from generators.lab import Lab
from generators.sample import Outcome, accept
from generators.trials.template_uses import uses_of
from generators.trials.trial import recipe_of
from generators.trials.workbench import Workbench
from ledger import Ledger
from prompts import Library
from rows.messages import Message
from sandbox import docker_problem

ROOT = Path(__file__).parents[2]
PROBLEMS = [json.loads(line) for line in (ROOT / "recipes/seeds/python-problems.jsonl").read_text().splitlines()[:40]]
needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
PLEASE = "Write the solution, please,"


def right(asked: str) -> str:
    """The reference solution of the problem that is asked."""
    found = next((row for row in PROBLEMS if row["prompt"] in asked), None)
    return f"```python\n{found['code']}```\n" if found else "```python\nnothing = 0\n```\n"


def lab(answer: Callable[[str, int], str], *arguments: str) -> tuple[Result, list[Any]]:
    """`lab prompts ...` with a checkpoint that answers `answer(last user message, number of the call)`."""
    calls = iter(range(10_000))

    def answered(messages: list[Message]) -> str:
        user = [message["content"] for message in messages if message["role"] == "user"]
        return answer(user[-1], next(calls))

    with scripted_server(answered) as (url, asked), contextlib.chdir(ROOT):
        told = CliRunner().invoke(app, ["prompts", *arguments, "--checkpoint", url])
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told, asked


def found_by(answer: Callable[[str, int], str], *arguments: str) -> tuple[dict[str, Any], list[Any]]:
    told, asked = lab(answer, *arguments, "--json")
    assert told.exit_code == 0, told.stderr
    return json.loads(told.stdout), asked


def reworded(folder: Path, old: str = "Write the solution", new: str = PLEASE, name: str = "code/answer") -> Path:
    """An override of ours in which some words are others."""
    source = Library().get(name).source
    assert old in source
    path = folder / f"{name}.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source.replace(old, new))
    return path


# -- which generator uses which template --------------------------------------------------------------------------------

ANOTHER = {"hard": "code/repair-tests"}


async def _helped(lab: Lab, text: str) -> str:
    return (await lab.ask("code/solution", problem=text)).text


async def own(lab: Lab, seed: Any, *, mode: str = "code") -> Outcome:
    """code/feedback is not used here, only spoken of."""
    prompt = lab.conversation("code/answer", problem=seed.text)
    await lab.ask(f"code/repair-{mode}", problem=await _helped(lab, seed.text))
    await lab.ask(ANOTHER["hard"], code="")
    return accept(prompt=prompt)


def test_the_templates_of_a_generator_are_read_from_its_own_source() -> None:
    known = Library().names()
    feedback, sampling = uses_of(execution_feedback, known), uses_of(rejection_sampling, known)
    assert feedback.asked[:4] == ("code/problem", "code/solution", "code/tests", "code/choose-repair")
    assert set(feedback.shown) == {"code/answer", "code/feedback"}
    assert "code/answer" in sampling.asked
    assert "code/problem" not in sampling.asked + sampling.shown


def test_templates_named_by_constant_pattern_and_helper_are_found_and_prose_is_not() -> None:
    found = uses_of(own, Library().names())
    assert set(found.asked) == {"code/solution", "code/repair-code", "code/repair-tests"}
    assert found.shown == ("code/answer",)


# -- try --------------------------------------------------------------------------------------------------------------


@pytest.mark.docker
@needs_docker
def test_try_shows_each_answer_and_the_yield_with_its_reasons(tmp_path: Path) -> None:
    answers = [right, lambda _: "I would rather not.", lambda _: "```python\ndef triple(n):\n    return n\n```"]
    run = tmp_path / "run"

    def answer(asked: str, _: int) -> str:
        number = next(n for n, row in enumerate(PROBLEMS) if row["prompt"] in asked)
        return answers[{1: 1, 0: 2}.get(number, 0)](asked)

    found, asked = found_by(answer, "try", "code/answer", "-n", "4", "--out", str(run))
    assert (found["generator"], found["accepted"], found["attempts"]) == ("code/rejection-sampling", 2, 4)
    assert found["reasons"] == {"test_failure": 1, "no_code": 1}
    low, high = found["interval"]
    assert low < found["yield"] == 0.5 < high
    assert [row["reason"] for row in found["rows"]] == ["test_failure", "no_code", "", ""]
    assert found["rows"][1]["answers"] == [{"text": "I would rather not.", "cut": False}]
    assert "triple" in found["rows"][0]["detail"]
    assert len(asked) == 4
    with Ledger(run, readonly=True) as ledger:
        assert ledger.templates()[found["version"]] == Library().get("code/answer").source


@pytest.mark.docker
@needs_docker
def test_try_in_the_middle_of_a_generator_shows_what_it_asked_there() -> None:
    def answer(asked: str, _: int) -> str:
        if "exercise" in asked:
            return "twice(n)` that returns twice n."
        if "one-line tests" in asked:
            return "2) == 4\nassert twice(0) == 0\n"
        return "\ndef twice(n):\n    return 2 * n\n```"

    found, asked = found_by(answer, "try", "code/tests", "-n", "2")
    assert (found["generator"], found["accepted"]) == ("code/execution-feedback", 2)
    # Both seeds led to one problem: whoever comes second finds what the first has recorded.
    assert 4 <= len(asked) <= 6
    assert all("assert twice(2) == 4" in row["answers"][0]["text"] for row in found["rows"])


@pytest.mark.docker
@needs_docker
def test_a_template_that_no_generator_uses_is_asked_by_itself_and_claims_no_yield(tmp_path: Path) -> None:
    path = tmp_path / "own" / "quiz.j2"
    path.parent.mkdir()
    path.write_text(
        "---\ndescription: d\ninputs:\n  topic: {type: str}\nexample: {topic: primes}\n---\n== user ==\nAsk of {{ topic }}."
    )
    seeds = tmp_path / "topics.jsonl"
    seeds.write_text('{"topic": "sets"}\n{"topic": "<b>{{ 7 * 7 }}</b>"}\n{"topic": "maps"}\n')
    own = ("--prompts", str(tmp_path))
    found, _ = found_by(lambda asked, _: asked, "try", "own/quiz", "-n", "2", *own, "--seeds", str(seeds))
    assert [row["answers"][0]["text"] for row in found["rows"]] == ["Ask of sets.", "Ask of <b>{{ 7 * 7 }}</b>."]
    assert (found["generator"], found["yield"], found["accepted"]) == (None, None, None)
    found, asked = found_by(lambda asked, _: asked, "try", "own/quiz", "-n", "3", *own)
    assert {row["answers"][0]["text"] for row in found["rows"]} == {"Ask of primes."}
    assert len(asked) == 3


OWN = """
async def haiku(lab, row):
    reply = await lab.ask("haiku", thing=row.fields["thing"])
    return accept(completion=reply.text) if "rain" in reply.text else reject("no_rain", detail=reply.text)
"""


@pytest.mark.docker
@needs_docker
def test_a_generator_of_ones_own_judges_the_templates_beside_it(tmp_path: Path) -> None:
    (tmp_path / "haiku.py").write_text(f"from generators import accept, reject\n\n{OWN}")
    (tmp_path / "prompts").mkdir()
    template = "---\ndescription: d\ninputs: {thing: str}\n---\n== user ==\nA haiku about {{ thing }}.\n"
    (tmp_path / "prompts" / "haiku.j2").write_text(template)
    (tmp_path / "things.jsonl").write_text('{"thing": "rain"}\n{"thing": "wind"}\n')
    own = ("--generator", str(tmp_path / "haiku.py"), "--seeds", str(tmp_path / "things.jsonl"))
    found, _ = found_by(lambda asked, _: asked, "try", "haiku", *own)
    assert (found["generator"], found["accepted"], found["reasons"]) == (str(tmp_path / "haiku.py"), 1, {"no_rain": 1})
    reworded = tmp_path / "new.j2"
    reworded.write_text(template.replace("haiku about", "haiku about rain and"))
    found, _ = found_by(lambda asked, _: asked, "diff", "haiku", str(reworded), *own)
    assert (found["a"]["accepted"], found["b"]["accepted"]) == (1, 2)


def test_a_generator_of_ones_own_that_fails_is_told_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generators.setup.docker_problem", lambda: None)
    broken, seeds = tmp_path / "broken.py", tmp_path / "things.jsonl"
    broken.write_text("async def broken(lab, row):\n    await lab.ask('math/question', question=row.fields['nope'])\n")
    seeds.write_text('{"thing": "rain"}\n{"thing": "wind"}\n')
    text = Library().get("math/question").source

    async def looked(url: str) -> tuple[dict[str, Any], dict[str, Any]]:
        async with Workbench(recipe_of(None, str(broken), url, None, seeds), tmp_path / "none", seeds) as bench:
            shown = await bench.preview("math/question", text, 0)
            events = [event async for event in bench.sample("math/question", text, 0, 2)]
            return shown, events[-1]

    with scripted_server(lambda _: "") as (url, _):
        shown, last = asyncio.run(looked(url))
    assert shown["messages"] and not shown["complaints"]
    assert "since the generator fails: broken.py:2, seed 1: KeyError: 'nope'" in shown["values_from"]
    assert "broken.py:2, seed 1, attempt 0: KeyError: 'nope'" in last["error"]


@pytest.mark.docker
@needs_docker
def test_what_a_model_wrote_cannot_steer_the_terminal() -> None:
    told, _ = lab(lambda *_: "\x1b[2J\x1b]0;owned\x07\u202e", "try", "code/answer", "-n", "1")
    assert told.exit_code == 0, told.stderr
    assert not set(told.stdout) & {"\x1b", "\x07", "\u202e"}
    assert "⟨1B⟩[2J" in told.stdout


# -- diff -------------------------------------------------------------------------------------------------------------


@pytest.mark.docker
@needs_docker
def test_diff_proves_the_better_wording_on_the_same_seeds(tmp_path: Path) -> None:
    reworded(tmp_path)
    # The asked-nicely wording is answered rightly, the other one for the first problem only.
    answer: Callable[[str, int], str] = lambda asked, _: (  # noqa: E731
        right(asked) if PLEASE in asked or PROBLEMS[0]["prompt"] in asked else "No."
    )
    found, asked = found_by(answer, "diff", "code/answer", str(tmp_path), "--n", "8")
    assert (found["a"]["accepted"], found["b"]["accepted"], len(asked)) == (1, 8, 16)
    assert found["a"]["version"] != found["b"]["version"]
    assert found["a"]["reasons"] == {"no_code": 7}
    comparison = found["comparison"]
    assert comparison["p_value"] == pytest.approx(0.0033, abs=1e-4)  # seven of seven one way, of eight
    assert (comparison["better"], comparison["worse"]) == (7, 0)
    assert comparison["verdict"].startswith("better by 87.5%")
    assert [row["seed"] for row in found["differ"]] == [row["task_id"] for row in PROBLEMS[1:8]]
    assert (found["differ"][0]["a"]["reason"], found["differ"][0]["b"]["accepted"]) == ("no_code", True)


@pytest.mark.docker
@needs_docker
def test_wordings_that_render_alike_cost_one_of_them_and_show_no_difference(tmp_path: Path) -> None:
    path = reworded(tmp_path, "description: >-\n", "description: >-\n  Ours.\n")
    alternating: Callable[[str, int], str] = lambda asked, n: right(asked) if n % 2 else "No."  # noqa: E731
    found, asked = found_by(alternating, "diff", "code/answer", str(path), "--n", "6")
    assert found["a"]["accepted"] == found["b"]["accepted"] == 3
    assert (found["comparison"]["p_value"], found["differ"], len(asked)) == (1.0, [], 6)
    assert found["b"]["output_tokens"] == 0


@pytest.mark.docker
@needs_docker
def test_what_comes_before_the_template_is_asked_once_for_both(tmp_path: Path) -> None:
    reworded(tmp_path, "four one-line tests of `{{ entry_point }}`", "all the tests", "code/tests")

    def answer(asked: str, _: int) -> str:
        if "exercise" in asked:
            return "twice(n)` that returns twice n."
        if "all the tests" in asked:
            return "2) == 4\nassert twice(0) == 0\n"
        return "2) == 4\n" if "one-line tests" in asked else "\ndef twice(n):\n    return 2 * n\n```"

    found, asked = found_by(answer, "diff", "code/tests", str(tmp_path), "--n", "2")
    # A problem for each, of which both make the same; one solution and tests of it; then only the tests in other words.
    assert len(asked) == 2 + 1 + 1 + 1
    assert found["a"]["reasons"] == {"too_few_tests": 2}
    assert (found["b"]["accepted"], len(found["differ"])) == (2, 2)


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["try", "code/problme"], 'did you mean "code/problem"'),
        (["try", "code/answer", "--generator", "code/poetry"], "code/poetry"),
        (["try", "code/answer", "--recipe", "code/answer"], "name a generator with --generator code/answer"),
        (
            ["try", "code/answer", "--recipe", "recipes/quickstart.yaml", "--generator", "math/steps"],
            "its generators: code/execution-feedback, code/rejection-sampling",
        ),
        (["try", "code/answer", "--recipe", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["try", "code/answer", "--seeds", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["try", "code/answer", "--first", "99999"], "has seeds 0-"),
        (["diff", "this", "that"], "which template are they?"),
        (["diff", "code/answer", "code/answer"], "are one wording of code/answer"),
        (["diff", "code/answer", "nowhere/code/answer.j2"], "nowhere/code/answer.j2: no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_said_before_anything_is_asked(arguments: list[str], said: str) -> None:
    told, asked = lab(lambda *_: "", *arguments)
    assert (told.exit_code, said in told.stderr, asked) == (1, True, []), told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.docker
@needs_docker
def test_a_wording_with_a_mistake_is_refused_with_its_line_and_asks_nothing(tmp_path: Path) -> None:
    path = reworded(tmp_path, "{{ problem }}", "{{ problm }}")
    told, asked = lab(lambda *_: "", "diff", str(path), "code/answer")
    assert (told.exit_code, asked) == (1, [])
    line = path.read_text().split("\n").index("{{ problm }}") + 1
    assert f'code/answer.j2:{line}: unknown variable "problm"; did you mean "problem"?' in told.stderr
