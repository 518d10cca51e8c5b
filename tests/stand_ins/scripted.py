"""A checkpoint that answers by a script: stands in for vLLM where something else is under test."""

import asyncio
from collections.abc import Callable, Sequence

from rows.messages import Message
from serving import Completion, PromptTooLongError, Sampling, ServingError
from serving.engine import Cut, Journal


class ScriptedEngine:
    """Answers `answer(last message, number of the call)`, after `delay_s`."""

    identity = "scripted"
    name = "scripted"
    max_model_len = 1000
    loading_s = 0.0

    def __init__(self, answer: Callable[[str, int], str], delay_s: float = 0.0, finish_reason: str = "stop") -> None:
        self.answer = answer
        self.delay_s = delay_s
        self.finish_reason = finish_reason
        self.calls = 0
        self.prefixes: list[list[int]] = []

    async def complete(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        *,
        prefix: Sequence[int] = (),
        journal: Journal | None = None,
        cut: Cut | None = None,
    ) -> Completion:
        content = messages[-1]["content"]
        if len(content) > self.max_model_len:
            raise PromptTooLongError(f"prompt of {len(content)} tokens")
        number, self.calls = self.calls, self.calls + 1
        self.prefixes.append(list(prefix))
        if journal:
            journal(len(prefix), [number])
        await asyncio.sleep(self.delay_s)
        text = self.answer(content, number)
        for at in range(1, len(text)) if cut else ():  # a character is a token
            if cut and (reason := cut(text[:at])):
                return Completion(text[:at], reason, len(content), at)
        return Completion(text, self.finish_reason, len(content), len(text))

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(message["content"]) for message in messages)

    async def swap(self, checkpoint: str) -> None:
        raise ServingError(f"a script cannot load {checkpoint}")

    async def close(self) -> None: ...


class ScriptedScorer:
    """Gives what `score(content of the last message)` says: stands in for a reward model."""

    identity = "scripted"
    name = "scripted"
    max_model_len = 1000

    def __init__(self, score: Callable[[str], float]) -> None:
        self._score = score

    async def score(self, conversations: Sequence[Sequence[Message]]) -> list[float]:
        contents = [messages[-1]["content"] for messages in conversations]
        if too_long := [content for content in contents if len(content) > self.max_model_len]:
            raise PromptTooLongError(f"conversation of {len(too_long[0])} tokens")
        return [self._score(content) for content in contents]

    async def close(self) -> None: ...


class ScriptedStepScorer:
    """Gives the steps of an answer what `score(content of the question, steps)` says: stands in for a stepwise reward model."""

    identity = "scripted"
    name = "scripted"
    max_model_len = 1000

    def __init__(self, score: Callable[[str, Sequence[str]], list[float]]) -> None:
        self._score = score
        self.asked: list[tuple[str, ...]] = []
        """The steps of each answer."""

    async def score_steps(self, answers: Sequence[tuple[Sequence[Message], Sequence[str]]]) -> list[list[float]]:
        self.asked += [tuple(steps) for _, steps in answers]
        return [self._score(question[-1]["content"], steps) for question, steps in answers]

    async def close(self) -> None: ...
