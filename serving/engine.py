"""What generators know of a hosted checkpoint: sampling, completions, and the interface that both hosts implement."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from rows.messages import Message

Journal = Callable[[int, Sequence[int]], None]
"""Called as a completion grows: position of the first new token, its new token ids."""

Cut = Callable[[str], str]
"""Asked of a completion as it grows, with its text so far: why it is stopped there, or "". Quick, and called in any thread."""

CUT_EVERY = 8
"""Tokens between two askings whether a completion is to be stopped."""

BROKEN_OFF = ("abort", "error")
"""How vLLM calls the end of what it gave up, as a server does with all that it has begun when it is ended: no answer of the checkpoint."""

_THOUGHT_BEGUN = re.compile(r"<(?:think|thinking|thought|reasoning)>\s*$", re.IGNORECASE)


def thought_begun(prompt_end: str) -> str:
    """What a rendered prompt ends with where its template has begun a thought, in the middle of which the answer starts; or ""."""
    begun = _THOUGHT_BEGUN.search(prompt_end)
    return begun[0] if begun else ""


class ServingError(Exception):
    """A checkpoint cannot be hosted or does not answer; the message says why, and the mend."""


class PromptTooLongError(ServingError):
    """This one prompt does not fit the context; the others are not concerned."""


class RequestRefusedError(ServingError):
    """The server refuses this one request; the others are not concerned."""


@dataclass(frozen=True)
class Sampling:
    """How to sample, in vLLM's terms."""

    temperature: float = 0.8
    top_p: float = 1.0
    top_k: int = 0
    """0 keeps the whole vocabulary."""
    max_tokens: int = 512
    stop: tuple[str, ...] = ()
    """Strings that end the completion; the string itself stays in the text."""
    regex: str | None = None
    choice: tuple[str, ...] | None = None
    json_schema: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Only what differs from the default: an option added later changes no recorded key."""
        plain = Sampling()
        return {name: value for name, value in asdict(self).items() if value != getattr(plain, name)}

    @staticmethod
    def of(wishes: Mapping[str, Any]) -> "Sampling":
        """From what YAML gives, which knows lists and no tuples. Raises TypeError for a name that is none of ours."""
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in wishes.items()
        }
        return Sampling(**given)

    @property
    def constrained(self) -> bool:
        """Whether a grammar restricts the tokens."""
        return bool(self.regex or self.choice or self.json_schema)


@dataclass(frozen=True)
class Completion:
    """One sampled answer, with the engine's own token counts."""

    text: str
    finish_reason: str
    """`stop` (end token or stop string), `length` (the token limit cut it), or what a `Cut` said."""
    prompt_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    """Prompt tokens that the prefix cache served."""
    seconds: float = 0.0


class Engine(Protocol):
    """A hosted checkpoint. Many completions may be asked for at once; the engine bounds those in flight."""

    identity: str
    """Names the content of the checkpoint, not its path; part of every effect's key."""
    name: str
    max_model_len: int

    @property
    def loading_s(self) -> float:
        """Seconds spent loading the model so far."""
        ...

    async def complete(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        *,
        prefix: Sequence[int] = (),
        journal: Journal | None = None,
        cut: Cut | None = None,
    ) -> Completion:
        """Answer the conversation. `prefix` are token ids of an earlier, cut-short answer to go on from. An engine that cannot stop
        a completion under way answers it whole, whatever `cut` would say.
        """
        ...

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the rendered conversation, with the header of the answer."""
        ...

    async def swap(self, checkpoint: str) -> None:
        """Host another checkpoint from here on."""
        ...

    async def close(self) -> None:
        """Stop; no process, thread or accelerator memory is left behind."""
        ...


class Scorer(Protocol):
    """A hosted reward model: says how good conversations are. Many may be scored at once; the scorer bounds those in flight."""

    identity: str
    """Names the content of the model, not its path; part of every `score` effect's key."""
    name: str
    max_model_len: int

    async def score(self, conversations: Sequence[Sequence[Message]]) -> list[float]:
        """A score for the last turn of each conversation, in order; higher is better, finite, on the scorer's own scale.

        Raises PromptTooLongError where one of them does not fit the context.
        """
        ...

    async def close(self) -> None:
        """Stop; no process, thread or accelerator memory is left behind."""
        ...


class StepScorer(Protocol):
    """A hosted stepwise reward model: says how good the steps of answers are."""

    identity: str
    """Names the content of the model, not its path; part of every `score` effect's key."""
    name: str
    max_model_len: int

    async def score_steps(self, answers: Sequence[tuple[Sequence[Message], Sequence[str]]]) -> list[list[float]]:
        """Of each (conversation that ends with a question, steps of an answer) how likely each step is to be good, 0 to 1.

        Raises PromptTooLongError where one of them does not fit the context.
        """
        ...

    async def close(self) -> None:
        """Stop; no process, thread or accelerator memory is left behind."""
        ...
