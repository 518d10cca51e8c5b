"""What DPO is watched for as it trains, and where it stops: limits written once, and a sentence for each.

DPO goes wrong in ways that its loss does not show: the chosen answer grows unlikely together with the rejected one, and
answers lose their ends, saying one line again and again or breaking off (Llama 3 paper, section 4.1.4). The first is read off
every step. For the second the policy answers a few of its own prompts now and then, greedily, before the first step and every
`EVERY` steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alignment import processes
from alignment.adapters import core_of
from alignment.job import write_json
from alignment.tokens.conversations import CONTEXT, Conversation, Format
from alignment.tokens.padding_free import attend_as_usual
from curation.filters import cut_off
from rows.forms import Text
from rows.limits import object_in
from verification.unfinished.repetition import repeats

WINDOW = 20
"""Steps over which margin and log-probability are taken."""
MOST_MARGIN = 10.0
"""Mean reward margin: with beta 0.1 the two answers' odds have moved by 100 nats, and the pairs taught all they can at 5."""
MOST_FALL = 0.5
"""Nats a token by which the chosen answers may be less likely than at the start."""

EVERY = 25
"""Steps between two looks at answers; a shorter training has none, for its few steps are cheaper than a look."""
PROMPTS = 16
MOST_TOKENS = 128
"""Of one of these answers."""
MOST_GROWTH, LEAST_SHARE = 1.5, 0.5
"""Of the mean length before the first step,"""
SLACK = 16
"""and tokens beyond that: short answers vary by more than their half."""
MORE_OF_THEM = 0.25
"""Share of the answers by which more may repeat themselves, or break off, than before the first step."""


def look_at(trainer: Any, form: Format, prompts: Sequence[Sequence[int]]) -> dict[str, float]:
    """How the policy's greedy answers to these prompts (token ids) end. Draws no random number and moves no weight."""
    import torch
    from transformers import GenerationConfig

    model = trainer.accelerator.unwrap_model(trainer.model)
    device = trainer.accelerator.device
    longest = max(map(len, prompts))
    pad = form.tokenizer.pad_token_id or 0
    ids = torch.tensor([[pad] * (longest - len(prompt)) + list(prompt) for prompt in prompts], device=device)
    mask = torch.tensor([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=device)
    greedy = GenerationConfig(
        max_new_tokens=MOST_TOKENS, do_sample=False, eos_token_id=sorted(form.stop_ids), pad_token_id=pad
    )
    attend_as_usual(core_of(model))
    was_training = model.training
    model.eval()
    with torch.no_grad(), trainer.accelerator.autocast():
        # (prompts, tokens of the longest answer): what follows a stopping token is padding
        # Several processes draw the same answers, a token after another together: each token takes every layer from all of them.
        synced = processes.count() > 1
        drawn = model.generate(ids, attention_mask=mask, generation_config=greedy, use_cache=True, synced_gpus=synced)[
            :, longest:
        ].tolist()
    model.train(was_training)
    processes.cut_again(model)
    return endings([answer_of(form, tokens) for tokens in drawn])


def answer_of(form: Format, tokens: Sequence[int]) -> tuple[str, int, bool]:
    """(text, tokens with the terminator, whether it ended by itself) of an answer and what pads it."""
    end = next((at for at, token in enumerate(tokens) if token in form.stop_ids), None)
    said = tokens if end is None else tokens[:end]
    return form.tokenizer.decode(said, skip_special_tokens=True), len(said) + (end is not None), end is not None


def endings(answers: Sequence[tuple[str, int, bool]]) -> dict[str, float]:
    """Mean tokens, and the shares that repeat themselves and that end where nothing has ended: with nothing said, or in a block."""
    ended = [text for text, _, by_itself in answers if by_itself]
    return {
        "answers/tokens": sum(tokens for _, tokens, _ in answers) / len(answers),
        "answers/repeating": sum(repeats(text) for text, _, _ in answers) / len(answers),
        "answers/abrupt": sum(not text.strip() or bool(cut_off.look(Text("", text))) for text in ended) / len(answers),
    }


def prompts_of(pairs: Sequence[Sequence[Conversation]]) -> list[list[int]]:
    """Token ids of the first distinct prompts, with the header of an answer."""
    found: dict[tuple[int, ...], None] = {}
    for chosen, _ in pairs:
        first = next(at for at, role in enumerate(chosen.roles) if role != CONTEXT)
        found[tuple(chosen.input_ids[:first])] = None
        if len(found) == PROMPTS:
            break
    return [list(prompt) for prompt in found]


class Watch:
    """The looks of one training. What answers were before the first step is kept beside its state, so a resumed one knows it."""

    def __init__(
        self, trainer: Any, form: Format, pairs: Sequence[Sequence[Conversation]], steps: int, state: Path
    ) -> None:
        self._trainer, self._form, self._prompts = trainer, form, prompts_of(pairs)
        self._steps, self._file = steps, state / "answers.json"

    def look(self, step: int) -> dict[str, float]:
        """Figures of the policy's answers after this step; nothing where it is not looked at."""
        if self._steps <= EVERY or step % EVERY or step == self._steps:
            return {}
        found = processes.agreed(look_at(self._trainer, self._form, self._prompts))
        if not step and processes.is_first():
            write_json(self._file, found)
        return found

    def check(self, history: Sequence[Mapping[str, float]]) -> str:
        """Why the training has to stop after the last of these steps, or ""."""
        start = object_in(self._file) if self._file.is_file() else {}
        why = past_a_limit(history, start)
        return why and f"{why}. Lower lr, or raise beta or nll_weight"


def past_a_limit(history: Sequence[Mapping[str, float]], start: Mapping[str, float]) -> str:
    """The first limit that the steps so far are past, in a sentence; "" where there is none. `start`: how answers were before."""
    if len(history) >= WINDOW:
        margin, change = (
            sum(step.get(name, 0.0) for step in history[-WINDOW:]) / WINDOW
            for name in ("rewards/margins", "logps/chosen_change")
        )
        if margin > MOST_MARGIN:
            return (
                f"over the last {WINDOW} steps the mean reward margin is {margin:.1f} (at most {MOST_MARGIN:g}): the pairs are "
                "told apart beyond doubt, and what moves now is everything else"
            )
        if change < -MOST_FALL:
            return (
                f"over the last {WINDOW} steps the chosen answers are {-change:.2f} nats a token less likely than at the start (at "
                f"most {MOST_FALL:g}): the policy leaves them together with the rejected ones"
            )
    now = history[-1]
    if not start or "answers/tokens" not in now:
        return ""
    tokens, before = now["answers/tokens"], start["answers/tokens"]
    if not LEAST_SHARE * before - SLACK <= tokens <= MOST_GROWTH * before + SLACK:
        return (
            f"an answer has {tokens:.0f} tokens, and had {before:.0f} before the first step (at most {SLACK} beyond {LEAST_SHARE:g} to "
            f"{MOST_GROWTH:g} times that): the length of answers drifts"
        )
    for name, what in (("repeating", "end in copies of one piece"), ("abrupt", "break off")):
        share, was = now[f"answers/{name}"], start[f"answers/{name}"]
        if share > was + MORE_OF_THEM:
            return f"{share:.0%} of the answers {what}, and {was:.0%} did before the first step (at most {MORE_OF_THEM:.0%} more)"
    return ""
