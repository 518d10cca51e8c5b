"""What every engine promises (`serving.engine.Engine`), whoever hosts: vLLM here, a server elsewhere, a script in tests."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from scripted import ScriptedEngine, ScriptedScorer
from scripted_server import scripted_server

from checkpoints import CheckpointError
from checkpoints.directory import DEFAULT_DIR
from rows.messages import Message
from serving import Completion, Engine, PromptTooLongError, Sampling, Scorer, ServingError
from serving.remote import RemoteEngine

T = TypeVar("T")
SHORT = Sampling(max_tokens=6)
NOWHERE = "/nowhere/at/all"

ENGINES = [
    pytest.param(
        "local",
        marks=[pytest.mark.vllm, pytest.mark.skipif(not DEFAULT_DIR.exists(), reason="no default checkpoint")],
    ),
    "remote",
    "scripted",
]


def said(text: str) -> list[Message]:
    return [{"role": "user", "content": text}]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, loop: asyncio.AbstractEventLoop) -> Iterator[Engine]:
    if request.param == "local":
        yield request.getfixturevalue("local_engine")
    elif request.param == "remote":
        with scripted_server(lambda messages: f"an answer to {messages[-1]['content']}") as (url, _):
            remote = RemoteEngine(url, max_in_flight=8)
            wait(loop, remote.start())
            yield remote
            wait(loop, remote.close())
    else:
        scripted = ScriptedEngine(lambda content, _: f"an answer to {content}")
        yield scripted
        wait(loop, scripted.close())


def wait(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, loop).result(300)


def test_an_engine_says_what_it_hosts(engine: Engine) -> None:
    assert engine.identity and engine.name
    assert engine.max_model_len > 0
    assert engine.loading_s >= 0


def test_an_answer_comes_with_its_counts(engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
    answer = wait(loop, engine.complete(said("Say hello."), SHORT))
    assert isinstance(answer.text, str)
    assert answer.finish_reason in ("stop", "length")
    assert answer.prompt_tokens >= answer.cached_tokens >= 0
    assert answer.prompt_tokens > 0 < answer.output_tokens
    assert answer.seconds >= 0


def test_many_are_answered_at_once_and_each_gets_its_own(engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
    async def many() -> list[Completion]:
        return await asyncio.gather(*(engine.complete(said(f"Count to {n}."), SHORT) for n in range(20)))

    answers = wait(loop, many())
    assert len(answers) == 20
    if not hasattr(engine, "prompt_logprobs"):  # what a script was asked is seen in its answer
        assert [answer.text for answer in answers] == [f"an answer to Count to {n}." for n in range(20)]


def test_a_turn_that_was_begun_for_the_checkpoint_is_gone_on_with(
    engine: Engine, loop: asyncio.AbstractEventLoop
) -> None:
    begun: list[Message] = [
        *said("Write a function."),
        {"role": "assistant", "content": "def add(a, b):\n    return a"},
    ]
    answer = wait(loop, engine.complete(begun, Sampling(temperature=0, max_tokens=4)))
    assert not answer.text.startswith("def add")  # only what is new comes back


def test_longer_conversations_have_more_tokens(engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
    short, long = (wait(loop, engine.count_tokens(said("word " * n))) for n in (1, 50))
    assert 0 < short < long


def test_a_prompt_longer_than_the_context_is_refused_alone(engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
    async def both() -> list[Completion | BaseException]:
        long = engine.complete(said("word " * 2 * engine.max_model_len), SHORT)
        return await asyncio.gather(long, engine.complete(said("hello"), SHORT), return_exceptions=True)

    long, good = wait(loop, both())
    assert isinstance(long, PromptTooLongError)
    assert isinstance(good, Completion)


def test_an_answer_that_nobody_waits_for_holds_nobody_up(engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
    async def cancelled_and_then() -> Completion:
        task = asyncio.create_task(engine.complete(said("Tell a long story."), Sampling(max_tokens=300)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return await engine.complete(said("hello"), SHORT)

    assert wait(loop, cancelled_and_then()).output_tokens > 0


def test_what_is_journalled_follows_on_from_the_kept_tokens(engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
    parts: list[tuple[int, list[int]]] = []
    greedy = Sampling(temperature=0, max_tokens=40)
    wait(loop, engine.complete(said("Count to 100."), greedy, journal=lambda at, ids: parts.append((at, list(ids)))))
    kept = [token for _, ids in parts for token in ids][:4]
    assert [at for at, _ in parts] == [sum(len(ids) for _, ids in parts[:n]) for n in range(len(parts))]
    parts.clear()
    journal = lambda at, ids: parts.append((at, list(ids)))  # noqa: E731
    answer = wait(loop, engine.complete(said("Count to 100."), greedy, prefix=kept, journal=journal))
    assert answer.text
    assert not parts or parts[0][0] == len(kept)


def test_an_answer_that_is_stopped_keeps_what_was_written_and_says_why(
    engine: Engine, loop: asyncio.AbstractEventLoop
) -> None:
    seen: list[str] = []

    def cut(text: str) -> str:
        seen.append(text)
        return "enough" if len(text) > 20 else ""

    ask, greedy = said("Count to 100 in words."), Sampling(temperature=0, max_tokens=64)
    whole = wait(loop, engine.complete(ask, greedy))
    answer = wait(loop, engine.complete(ask, greedy, cut=cut))
    if not seen:  # an engine that cannot answers whole
        assert answer.text == whole.text
        return
    assert (answer.finish_reason, answer.text) == ("enough", seen[-1])
    assert answer.text == whole.text[: len(answer.text)]
    assert 0 < answer.output_tokens < whole.output_tokens
    assert wait(loop, engine.complete(said("hello"), SHORT)).output_tokens > 0


def test_a_checkpoint_that_is_not_there_is_not_swapped_in(engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
    before = engine.identity
    with pytest.raises((ServingError, CheckpointError)):
        wait(loop, engine.swap(NOWHERE))
    assert engine.identity == before
    assert wait(loop, engine.complete(said("hello"), SHORT)).output_tokens > 0


def test_a_scorer_gives_each_conversation_its_number_in_order(loop: asyncio.AbstractEventLoop) -> None:
    scorer: Scorer = ScriptedScorer(lambda content: float(len(content)))
    assert wait(loop, scorer.score([said("four"), said("sixsix"), said("")])) == [4.0, 6.0, 0.0]
    with pytest.raises(PromptTooLongError):
        wait(loop, scorer.score([said("x" * 2 * scorer.max_model_len)]))
    wait(loop, scorer.close())
