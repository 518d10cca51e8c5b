"""Hosts a reward model (`lab train reward`): the score of a conversation, read at the terminator of its last turn.

By transformers and not by vLLM, in a thread of its own: a forward pass a conversation needs neither pages nor a scheduler, and
where there is no GPU vLLM's own engine already runs in this process.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from checkpoints import CheckpointError
from checkpoints import directory as checkpoints
from checkpoints.files import read_object, read_tokenizer
from checkpoints.loading import ONE_LOAD
from checkpoints.precision import compute_dtype
from checkpoints.spelling import longest, marked, prompts_before, special_texts, token_ids
from checkpoints.weights import is_reward_model, weights_missing
from rows.messages import Message
from serving.engine import PromptTooLongError, ServingError

BATCH = 16
"""Conversations in one forward pass at most."""
T = TypeVar("T")


class LocalScorer:
    """A reward model in this process. Use `serving.host_scorer` to make one."""

    def __init__(self, path: Path, max_model_len: int) -> None:
        """Raises ServingError where the checkpoint is no reward model."""
        self.path, self.name, self.max_model_len = path, path.name, max_model_len
        self.identity = checkpoints.identity(path)
        if not is_reward_model(path):
            raise ServingError(f"{path}: no reward model; `lab train reward` makes one")
        self._one_at_a_time = asyncio.Lock()
        self._model: Any = None

    async def score(self, conversations: Sequence[Sequence[Message]]) -> list[float]:
        """A score for the last turn of each; higher is better. Raises PromptTooLongError, ServingError."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._scores, conversations)

    async def close(self) -> None:
        """Free its memory."""
        self._model = None

    def _scores(self, conversations: Sequence[Sequence[Message]]) -> list[float]:
        self._load()
        found = in_batches([self._tokens(conversation) for conversation in conversations], self._forward)
        refuse_no_number(self.path, found)
        return found

    def _load(self) -> None:
        if self._model is not None:
            return
        self._tokenizer, model = loaded(self.path, "AutoModelForSequenceClassification")
        self._special = special_texts(self._tokenizer)
        try:
            ends = read_object(self.path / "generation_config.json").get("eos_token_id") if self._generates() else None
        except CheckpointError as error:
            raise ServingError(str(error)) from None
        self._stops = {self._tokenizer.eos_token_id, *(ends if isinstance(ends, list) else [ends])} - {None}
        if model.config.num_labels != 1 or model.config.pad_token_id is None:
            raise ServingError(
                f"{self.path}: a reward model has one label and a padding token of its own, by which the end of an answer "
                f"is found; this one has {model.config.num_labels} and {model.config.pad_token_id}"
            )
        self._model = model

    def _generates(self) -> bool:
        return (self.path / "generation_config.json").exists()

    def _tokens(self, messages: Sequence[Message]) -> list[int]:
        """As it was trained: the prompt and the answer each tokenised on its own, up to the answer's terminator."""
        whole = self._render(messages)
        begun = longest(prompts_before(self._render, self._tokenizer.chat_template, messages[:-1], whole), whole)
        if begun < 0:
            raise ServingError(f"{self.path}: its chat template does not keep a prompt as it was when it is answered")
        answer = token_ids(self._tokenizer, whole[begun:])
        end = next((place for place, token in enumerate(answer) if token in self._stops), None)
        if end is None:
            raise ServingError(f"{self.path}: its chat template ends an answer with no token that stops generation")
        ids = token_ids(self._tokenizer, whole[:begun]) + answer[: end + 1]
        if len(ids) > self.max_model_len:
            raise PromptTooLongError(f"conversation of {len(ids)} tokens; the reward model takes {self.max_model_len}")
        return ids

    def _render(self, messages: Sequence[Message], **options: bool) -> str:
        from jinja2 import TemplateError

        plain = [{**message, "content": marked(message["content"], self._special)} for message in messages]
        try:
            return str(self._tokenizer.apply_chat_template(plain, tokenize=False, **options))
        except (TemplateError, TypeError, ValueError) as refused:  # a template's own words, or what it could not do
            raise ServingError(f"{self.path}: its chat template refuses a conversation: {refused}") from None

    def _forward(self, lines: Sequence[list[int]]) -> list[float]:
        ends = [len(line) - 1 for line in lines]
        last = last_hidden(self._model, lines)[list(range(len(lines))), ends]
        # In fp32, as it was trained: in bf16 two scores of about 10 differ by a sixteenth or not at all.
        scores: list[float] = self._model.score(last.float())[:, 0].tolist()
        return scores


# --- what every model of scores needs


def loaded(path: Path, kind: str) -> tuple[Any, Any]:
    """The tokenizer, and the model of transformers' `kind`, in fp32 and on the GPU where there is one. Raises ServingError."""
    import torch
    import transformers

    try:
        tokenizer = read_tokenizer(path)
        transformers.utils.logging.disable_progress_bar()
        with ONE_LOAD:  # an engine may be starting
            model, found = getattr(transformers, kind).from_pretrained(
                str(path), dtype=torch.float32, output_loading_info=True
            )
        if missing := found["missing_keys"]:  # transformers fills them with random numbers
            raise CheckpointError(f"{path}: {weights_missing(missing)}")
    except CheckpointError as error:
        raise ServingError(str(error)) from None
    except Exception as error:  # safetensors, json and transformers each raise their own kinds
        raise ServingError(f"{path}: the reward model does not load: {error}") from None
    return tokenizer, model.to("cuda" if torch.cuda.is_available() else "cpu").eval().requires_grad_(False)


def in_batches(lines: Sequence[list[int]], forward: Callable[[Sequence[list[int]]], Sequence[T]]) -> list[T]:
    """What `forward` says of each line of token ids, in order; those of about one length go through together."""
    by_length = sorted(range(len(lines)), key=lambda number: len(lines[number]))
    found: dict[int, T] = {}
    for at in range(0, len(by_length), BATCH):
        numbers = by_length[at : at + BATCH]
        found |= dict(zip(numbers, forward([lines[number] for number in numbers]), strict=True))
    return [found[number] for number in range(len(lines))]


def last_hidden(model: Any, lines: Sequence[list[int]]) -> Any:
    """The last hidden state of each token, shape (lines, longest, width); what lies behind a line's end says nothing."""
    import torch

    longest, pad, device = max(map(len, lines)), model.config.pad_token_id or 0, model.device
    ids = torch.tensor([line + [pad] * (longest - len(line)) for line in lines], device=device)
    mask = torch.tensor([[1] * len(line) + [0] * (longest - len(line)) for line in lines], device=device)
    bf16 = compute_dtype() == "bfloat16"
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        return model.base_model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state


def refuse_no_number(path: Path, scores: Iterable[float]) -> None:
    """Raises ServingError where a score is none."""
    if (odd := next((score for score in scores if not math.isfinite(score)), None)) is not None:
        raise ServingError(f"{path}: gives a score of {odd}; train it anew with a lower learning rate")
