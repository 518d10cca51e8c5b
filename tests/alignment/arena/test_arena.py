"""What an arena asks, draws and keeps."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripted import ScriptedEngine
from small_trainings import json_lines, user
from starlette.types import Message as Event
from typer.testing import CliRunner

from alignment import AlignmentError
from alignment.arena import answers as drawing
from alignment.arena.answers import Hosts, blocks, draw
from alignment.arena.questions import Question, questions_in
from alignment.arena.record import Arena, open_arena, read_arena
from alignment.arena.server import Sitting, make_app
from alignment.tokens.reading import read_rows
from cli import app
from generators.lab import Reply
from ledger import Ledger, LedgerError
from ledger.facts import ArenaFact
from prompts.ui import local_page
from prompts.ui.local_page import Address, guarded
from recipes.schema import Serving
from serving import Sampling

READY = ArenaFact(names=[], identities=[], sampling={})


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """The test as pytest calls it."""

    @functools.wraps(test)
    def called(*arguments: Any, **named: Any) -> None:
        asyncio.run(test(*arguments, **named))

    return called


async def arena_of(ledger: Ledger, *pairs: tuple[str, str]) -> tuple[Arena, list[str]]:
    """An arena of ready answers by `one` and `two`, and the keys of its pairs."""
    arena = await open_arena(ledger, READY)
    for number, texts in enumerate(pairs):
        await arena.add(Question(f"key{number}", [user(f"Question {number}")]), ("one", "two"), texts)
    return arena, list(arena.pairs)


@in_a_loop
async def test_a_page_that_is_opened_again_shows_the_answers_in_the_same_places(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run") as ledger:
        arena, keys = await arena_of(ledger, *[("yes", "no")] * 12)
        drawn = [arena.pairs[key]["first"] for key in keys]
    with Ledger(tmp_path / "run") as ledger:
        again = await open_arena(ledger, READY)
        assert [again.pairs[key]["first"] for key in keys] == drawn


@in_a_loop
async def test_a_body_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_page, "BODY_S", 0.05)
    sent: list[Event] = []

    async def never() -> Event:
        await asyncio.sleep(60)
        raise AssertionError

    async def send(event: Event) -> None:
        sent.append(event)

    async def app(*_: object) -> None:
        raise AssertionError("no call is made")

    headers = [(b"host", b"127.0.0.1:1"), (b"x-lab-token", b"t"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": "/api/judge", "query_string": b"", "headers": headers}
    await guarded(app, Address(1, "t"))(scope, never, send)
    assert sent[0]["status"] == 408


@in_a_loop
async def test_pairs_of_which_none_is_better_are_kept_and_are_in_no_data_set(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run") as ledger:
        arena, keys = await arena_of(ledger, ("a", "b"), ("c", "d"), ("e", "f"))
        await arena.judge(keys[0], None, "both bad", None)
        await arena.judge(keys[1], None, "alike", "an edit of neither")
        await arena.judge(keys[2], 1, "slightly better", None)
        assert [(row["chosen"][0]["content"], row["edited"]) for row in arena.rows()] == [("f", None)]
        assert arena.summary()["grades"] == {"slightly better": {"two": 1}, "alike": {"": 1}, "both bad": {"": 1}}
    assert len(read_rows(tmp_path / "run/data/preference", ["chosen"])) == 1


@in_a_loop
async def test_a_later_word_replaces_the_earlier_one_and_a_killed_arena_has_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run") as ledger:
        arena, keys = await arena_of(ledger, ("a", "b"))
        await arena.judge(keys[0], 0, "better", "a mended")
        await arena.judge(keys[0], 1, "significantly better", None)
        (tmp_path / "run/data/preference/train-00000.parquet").unlink()  # as if killed between record and data
    with Ledger(tmp_path / "run") as ledger:
        (row,) = (await open_arena(ledger, READY)).rows()
    assert (row["chosen"][0]["content"], row["grade"], row["edited"]) == ("b", "significantly better", None)
    assert len(read_rows(tmp_path / "run/data/preference", ["chosen"])) == 1


def test_a_row_of_the_data_is_explained_and_export_says_where_they_are(tmp_path: Path) -> None:
    async def judged(ledger: Ledger) -> str:
        arena, keys = await arena_of(ledger, ("so", "because"))
        await arena.judge(keys[0], 1, "better", "Because of it.")
        return arena.rows()[0]["row"]

    def lab(*arguments: str) -> str:
        return CliRunner().invoke(app, [*arguments]).output

    with Ledger(run := tmp_path / "run") as ledger:
        row = asyncio.run(judged(ledger))
    told = lab("why", str(run), row)
    assert all(part in told for part in ("Question 0", "by one", "by two", "so", "is better", "Because of it."))
    assert json.loads(lab("why", str(run), row, "--json"))["judgement"]["better"] == 1
    assert "the `row` column of data/preference names them" in " ".join(lab("why", str(run), "arena#x").split())
    assert "`lab train reward` and `lab train dpo` read it" in lab("export", str(run))


@in_a_loop
async def test_what_was_judged_is_not_forgotten_by_another_command_that_begins_anew(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run") as ledger:
        arena, keys = await arena_of(ledger, ("a", "b"))
        assert ledger.is_empty()
        await arena.judge(keys[0], 0, "better", None)
        with pytest.raises(LedgerError, match="not begun anew"):
            await ledger.begin_anew()


@in_a_loop
async def test_an_edit_that_changes_nothing_is_none_and_one_that_is_the_other_answer_is_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run") as ledger:
        arena, keys = await arena_of(ledger, ("a\r\nb", "c"))
        await arena.judge(keys[0], 0, "better", "a\nb")
        assert arena.rows()[0]["edited"] is None
        for edited, why in (("c ", "the other one"), (" \n", "is empty")):
            with pytest.raises(AlignmentError, match=why):
                await arena.judge(keys[0], 0, "better", edited)


@in_a_loop
async def test_answers_from_which_nothing_could_be_learned_are_not_shown(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run") as ledger:
        arena = await open_arena(ledger, READY)
        questions = [Question(key, [user("Why?")]) for key in ("same", "empty", "fine")]
        sitting = Sitting(arena, questions)
        for question, texts in zip(questions, (("a", "a"), ("a", " "), ("a", "b")), strict=True):
            await sitting.ready(question, ("one", "two"), texts, (False, False))
        assert sitting.left_out == {"same": "identical", "empty": "empty"}
        assert list(arena.pairs) == ["fine"]
        app = make_app(sitting, lambda: None)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            found = (await client.get("/api/next")).json()
        assert found["pair"]["number"] == 2
        assert found["left_out"] == {"identical": 1, "empty": 1}


@in_a_loop
async def test_another_comparison_does_not_go_into_the_same_directory(tmp_path: Path) -> None:
    one = ArenaFact(names=["a", "b"], identities=["1", "2"], sampling={})
    with Ledger(tmp_path / "run") as ledger:
        await open_arena(ledger, one)
        await open_arena(ledger, {**one, "names": ["moved/a", "b"]})  # the same contents elsewhere
        with pytest.raises(AlignmentError, match="an arena of moved/a and b, whose contents are not those given"):
            await open_arena(ledger, {**one, "identities": ["1", "3"]})
        assert read_arena(ledger).told()[0].startswith("0 judged")


def test_prompts_are_texts_messages_or_conversations_and_each_is_asked_once(tmp_path: Path) -> None:
    talk = [{"role": "system", "content": "Be brief."}, user("Why?")]
    rows = [
        {"prompt": "Why?"},
        {"prompt": [user("Why?")]},
        {"messages": [*talk, {"role": "assistant", "content": "So."}]},
    ]
    file = json_lines(tmp_path / "ready.jsonl", rows)
    assert [question.prompt for question in questions_in(file, ready=False)] == [[user("Why?")], talk]


@pytest.mark.parametrize(
    ("row", "ready", "why"),
    [
        ({"said": "x"}, False, r':1: no text under "prompt" \(or instruction, '),
        ({"prompt": " "}, False, ':1: no text under "prompt"'),
        ({"prompt": [{"role": "assistant", "content": "x"}]}, False, ":1: in the conversation no user says anything"),
        ({"prompt": "x", "answers": {"one": "a"}}, True, ":1: `answers` must hold two texts"),
        ({"prompt": "x", "answers": ["a", "b"]}, True, ":1: `answers` must hold two texts"),
    ],
)
def test_a_row_that_is_no_question_is_named(tmp_path: Path, row: dict[str, Any], ready: bool, why: str) -> None:
    with pytest.raises(AlignmentError, match=why):
        questions_in(json_lines(tmp_path / "ready.jsonl", [row]), ready=ready)


@in_a_loop
async def test_two_checkpoints_of_one_process_take_turns_and_are_changed_a_handful_of_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[str] = []

    @asynccontextmanager
    async def hosted(checkpoint: str, *_: Any, **__: Any) -> AsyncIterator[ScriptedEngine]:
        engine = ScriptedEngine(lambda content, number: f"{checkpoint} says {number} to {content}")
        engine.identity = checkpoint
        held.append(checkpoint)
        yield engine
        held.append(f"-{checkpoint}")

    monkeypatch.setattr(drawing, "host", hosted)
    monkeypatch.setattr(drawing, "find", Path)
    monkeypatch.setattr(drawing, "refuse_scorer", Path)
    monkeypatch.setattr(drawing, "identity", str)
    monkeypatch.setattr(drawing, "same_architecture", lambda *_: False)
    questions = [Question(str(n), [user(f"Question {n}")]) for n in range(50)]
    found: dict[str, tuple[str, str]] = {}
    left_out: dict[str, str] = {}

    async def drawn(question: Question, replies: tuple[Reply, Reply]) -> None:
        found[question.key] = replies[0].text, replies[1].text

    questions[3] = Question("3", [user("x" * 2000)])
    with Ledger(tmp_path / "run") as ledger:
        async with Hosts(("a", "b"), Serving(), print) as hosts:
            await draw(hosts, ledger, questions, Sampling(), drawn, lambda q, why: left_out.update({q.key: why}))
    assert left_out == {"3": "too_long"}
    assert len(found) == 49
    assert all(one.startswith("a says") and other.startswith("b says") for one, other in found.values())
    assert held == ["a", "-a", "b", "-b", "a", "-a", "b", "-b"], "never two at once"
    assert list(found)[:7] == ["0", "1", "2", "4", "5", "6", "7"], "the first are there first"
    assert [len(block) for block in blocks(questions)] == [8, 16, 26]


@in_a_loop
async def test_answers_drawn_otherwise_do_not_join_those_that_are_there(tmp_path: Path) -> None:
    def drawn(**sampling: Any) -> ArenaFact:
        return ArenaFact(names=["one"], identities=["1"], sampling=Sampling(**sampling).to_dict())

    with Ledger(tmp_path / "run") as ledger:
        await open_arena(ledger, drawn(temperature=0.8))
        arena = await open_arena(ledger, drawn(temperature=0.5))  # nothing was drawn yet
        await arena.add(Question("key", [user("Question")]), ("one", "one"), ("yes", "no"))
        await open_arena(ledger, drawn(temperature=0.5))
        with pytest.raises(AlignmentError, match=r"drawn otherwise \(temperature: 0.5 -> 0.2\)"):
            await open_arena(ledger, drawn(temperature=0.2))
