"""Hosts a stepwise reward model (`lab train stepwise`): how likely it is that each step of an answer is a good one.

The question is rendered with the header of the answer, and each step is tokenised on its own with a line's end behind it, which
is tokenised on its own too: so no step's tokens depend on the next one's, a prefix of an answer has the ids that it has in the
whole, and the score of a step is read at the same token in training and here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from checkpoints import directory as checkpoints
from checkpoints.spelling import marked, special_texts, token_ids
from checkpoints.weights import is_stepwise_model
from rows.messages import Message
from serving.engine import PromptTooLongError, ServingError
from serving.scorer import in_batches, last_hidden, loaded, refuse_no_number

END_OF_STEP = "\n"
Answer = tuple[Sequence[Message], Sequence[str]]
"""A conversation that ends with a question, and the steps of an answer to it."""


def step_tokens(tokenizer: Any, special: tuple[str, ...], answer: Answer) -> tuple[list[int], list[int]]:
    """Token ids, and for each step the place of its last token, where its score is read. White space around a step is none
    of its; `special` are the texts of special tokens, which mean their letters (`checkpoints.spelling`). Raises ServingError.
    """
    from jinja2 import TemplateError

    question, steps = answer
    plain = [{**message, "content": marked(message["content"], special)} for message in question]
    try:
        text = tokenizer.apply_chat_template(plain, add_generation_prompt=True, tokenize=False)
    except (TemplateError, TypeError, ValueError) as refused:  # a template's own words, or what it could not do
        raise ServingError(f"the chat template refuses the question: {refused}") from None
    ids, end = token_ids(tokenizer, text), token_ids(tokenizer, END_OF_STEP)
    if not end:
        raise ServingError("the tokenizer has no token for a line's end, at which a step's score is read")
    places = []
    for step in steps:
        ids += [*token_ids(tokenizer, marked(step.strip(), special)), *end]
        places.append(len(ids) - 1)
    return ids, places


class LocalStepScorer:
    """A stepwise reward model in this process. Use `serving.host_step_scorer` to make one."""

    def __init__(self, path: Path, max_model_len: int) -> None:
        """Raises ServingError where the checkpoint is no stepwise reward model."""
        self.path, self.name, self.max_model_len = path, path.name, max_model_len
        self.identity = checkpoints.identity(path)
        if not is_stepwise_model(path):
            raise ServingError(f"{path}: no stepwise reward model; `lab train stepwise` makes one")
        self._one_at_a_time = asyncio.Lock()
        self._model: Any = None

    async def score_steps(self, answers: Sequence[Answer]) -> list[list[float]]:
        """For each step of each answer the probability that it is good. Raises PromptTooLongError, ServingError."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._probabilities, answers)

    async def close(self) -> None:
        """Free its memory."""
        self._model = None

    def _probabilities(self, answers: Sequence[Answer]) -> list[list[float]]:
        if self._model is None:
            self._tokenizer, model = loaded(self.path, "AutoModelForTokenClassification")
            if model.config.num_labels != 1:
                raise ServingError(f"{self.path}: a stepwise reward model has one label, not {model.config.num_labels}")
            self._special, self._model = special_texts(self._tokenizer), model
        lines = [step_tokens(self._tokenizer, self._special, answer) for answer in answers]
        if longest := max((len(ids) for ids, _ in lines if len(ids) > self.max_model_len), default=0):
            raise PromptTooLongError(
                f"question and steps of {longest} tokens; the stepwise reward model takes {self.max_model_len}"
            )
        at_every_token = in_batches([ids for ids, _ in lines], self._forward)
        found = [[line[place] for place in places] for line, (_, places) in zip(at_every_token, lines, strict=True)]
        refuse_no_number(self.path, (score for scores in found for score in scores))
        return found

    def _forward(self, lines: Sequence[list[int]]) -> list[list[float]]:
        # The head in fp32, as it was trained.
        logits = self._model.score(last_hidden(self._model, lines).float())[..., 0]
        probabilities: list[list[float]] = logits.sigmoid().tolist()
        return probabilities
