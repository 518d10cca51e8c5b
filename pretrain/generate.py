"""Decoding with a key-value cache: greedy, or sampled.

    new = generate(model, tokens, max_new_tokens=40, eos=tokenizer.eos_token_id)
    several = generate_batch(model, prompts, max_new_tokens=40)

The model does not know of the cache: prompts go through it packed, one document each, and `Attention.attend` is
replaced for as long as it lasts by a function that keeps keys and values, and reads them back for each new token.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import cast

import torch
from torch import Tensor

from pretrain.errors import PretrainError
from pretrain.kernels import attention, decode_attention
from pretrain.model import Block, Transformer


@dataclass(frozen=True)
class Sampling:
    """How the next token is drawn. The default is greedy: the likeliest."""

    temperature: float = 0.0
    """What the logits are divided by; 0: greedy."""
    top_p: float = 1.0
    """Only the likeliest tokens that together have this probability."""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.temperature < 0:
            raise PretrainError(f"temperature = {self.temperature} must not be negative; 0 is greedy")
        if not 0 < self.top_p <= 1:
            raise PretrainError(f"top_p = {self.top_p} must be above 0 and at most 1")


GREEDY = Sampling()


def generate(
    model: Transformer,
    tokens: Sequence[int],
    max_new_tokens: int,
    eos: int | None = None,
    sampling: Sampling = GREEDY,
) -> list[int]:
    """The tokens that follow `tokens`, at most `max_new_tokens`, without the `eos` that may end them."""
    return generate_batch(model, [tokens], max_new_tokens, eos, sampling)[0]


@torch.no_grad()
def generate_batch(
    model: Transformer,
    prompts: Sequence[Sequence[int]],
    max_new_tokens: int,
    eos: int | None = None,
    sampling: Sampling = GREEDY,
) -> list[list[int]]:
    """What follows each prompt, all decoded side by side; greedy tokens do not depend on which prompts are beside.

    Raises PretrainError for an empty prompt, an id past the vocabulary, or a length past the model's.
    """
    _check(model, prompts, max_new_tokens)
    if not prompts or max_new_tokens < 1:
        return [[] for _ in prompts]
    device = model.output_weight.device
    generator = torch.Generator(device).manual_seed(sampling.seed)
    lengths = torch.tensor([len(prompt) for prompt in prompts], dtype=torch.int32, device=device)
    packed = torch.tensor([token for prompt in prompts for token in prompt], device=device)
    offsets = torch.tensor([0, *accumulate(map(len, prompts))], dtype=torch.int32, device=device)
    cache = _Cache(len(prompts), max(map(len, prompts)) + max_new_tokens, offsets)
    new: list[list[int]] = [[] for _ in prompts]
    open_ = set(range(len(prompts)))
    with cache.attached(model):
        hidden = model(packed, offsets)[offsets[1:].long() - 1]
        for step in range(max_new_tokens):
            chosen = _choose(model.logits(hidden), sampling, generator)
            for row, token in enumerate(chosen.tolist()):
                if token == eos:
                    open_.discard(row)
                elif row in open_:
                    new[row].append(token)
            if not open_ or step == max_new_tokens - 1:
                break
            # A finished row goes on beside the others; what it says is not kept.
            lengths += 1
            cache.decoding(lengths)
            hidden = model(chosen, cache.singles, positions=lengths.long() - 1)
    return new


class _Cache:
    """Keys (already rotated) and values of every layer: (B, L, H_kv, D) each, filled to `lengths`."""

    def __init__(self, rows: int, length: int, offsets: Tensor) -> None:
        self.rows, self.length, self.offsets = rows, length, offsets
        self.singles = torch.arange(rows + 1, dtype=torch.int32, device=offsets.device)
        self.lengths: Tensor | None = None
        self.layers: dict[int, tuple[Tensor, Tensor]] = {}

    def decoding(self, lengths: Tensor) -> None:
        """From now on one token of each row comes, the `lengths`-th of its row."""
        self.lengths = lengths
        self.row = torch.arange(self.rows, device=lengths.device)
        self.place = lengths.long() - 1

    @contextmanager
    def attached(self, model: Transformer) -> Iterator[None]:
        """Put the cache between the model and its attention."""
        blocks = cast(list[Block], list(model.blocks))
        kept = [(block, block.attention.attend, block.__dict__.pop("forward", None)) for block in blocks]
        for layer, block in enumerate(blocks):
            block.attention.attend = self._attend(layer)
        try:
            yield
        finally:
            for block, attend, forward in kept:
                block.attention.attend = attend
                # A trainer's compiled block would be compiled anew for each length met here, so it was set aside.
                if forward is not None:
                    block.__dict__["forward"] = forward

    def _attend(self, layer: int) -> Callable[..., Tensor]:
        def attend(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor) -> Tensor:
            if self.lengths is None:  # the prompts
                self.layers[layer] = self._filled(k), self._filled(v)
                return attention(q, k, v, document_offsets)
            keys, values = self.layers[layer]
            keys[self.row, self.place] = k
            values[self.row, self.place] = v
            return decode_attention(q, keys, values, self.lengths)

        return attend

    def _filled(self, packed: Tensor) -> Tensor:
        """(T, H_kv, D) of the prompts -> (B, L, H_kv, D)."""
        rows = packed.new_zeros(self.rows, self.length, *packed.shape[1:])
        for row, (start, end) in enumerate(zip(self.offsets[:-1].tolist(), self.offsets[1:].tolist(), strict=True)):
            rows[row, : end - start] = packed[start:end]
        return rows


def _choose(logits: Tensor, sampling: Sampling, generator: torch.Generator) -> Tensor:
    """(B, V) -> (B,) token ids."""
    if not sampling.temperature:
        return logits.argmax(dim=-1)
    ordered, ids = (logits.float() / sampling.temperature).softmax(dim=-1).sort(dim=-1, descending=True)
    # The likeliest token always stays: what stands before it has probability 0.
    ordered = ordered.masked_fill(ordered.cumsum(dim=-1) - ordered >= sampling.top_p, 0.0)
    return ids.gather(-1, torch.multinomial(ordered, 1, generator=generator)).squeeze(-1)


def _check(model: Transformer, prompts: Sequence[Sequence[int]], max_new_tokens: int) -> None:
    vocabulary = model.config.vocab_size
    for number, prompt in enumerate(prompts):
        if not prompt:
            raise PretrainError(f"prompt {number} has no tokens; begin with the tokenizer's BOS")
        if bad := [token for token in prompt if not 0 <= token < vocabulary]:
            raise PretrainError(
                f"prompt {number}: token id {bad[0]} is past the vocabulary of {vocabulary:,}; "
                "use the tokenizer that belongs to the model"
            )
        model.config.check_length(len(prompt) + max_new_tokens, f"prompt {number} with {max_new_tokens} new tokens")
