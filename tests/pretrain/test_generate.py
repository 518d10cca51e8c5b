"""Decoding with a cache: the same tokens as reading everything again for each new one."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pretrain.errors import PretrainError
from pretrain.generate import Sampling, generate, generate_batch
from pretrain.model import ModelConfig, Transformer

CONFIG = ModelConfig(
    vocab_size=61,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    rope_theta=100.0,
)


def small(seed: int = 0, dtype: torch.dtype = torch.float64) -> Transformer:
    torch.manual_seed(seed)
    model = Transformer(CONFIG)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model.to(dtype)


@torch.no_grad()
def recomputed(model: Transformer, prompt: list[int], new: int, eos: int | None = None) -> list[int]:
    tokens = list(prompt)
    for _ in range(new):
        offsets = torch.tensor([0, len(tokens)], dtype=torch.int32)
        token = int(model.logits(model(torch.tensor(tokens), offsets)[-1]).argmax())
        if token == eos:
            break
        tokens.append(token)
    return tokens[len(prompt) :]


prompts = st.lists(st.integers(0, CONFIG.vocab_size - 1), min_size=1, max_size=20)


@given(st.lists(prompts, min_size=1, max_size=4), st.integers(1, 8), st.integers(0, 5))
@settings(max_examples=15)
def test_greedy_with_the_cache_equals_reading_all_again(batch: list[list[int]], new: int, seed: int) -> None:
    model = small(seed)
    assert generate_batch(model, batch, new) == [recomputed(model, prompt, new) for prompt in batch]


def test_the_token_that_ends_a_text_ends_it_for_its_row_alone() -> None:
    model, batch = small(), [[1, 2, 3], [4], [5, 6]]
    whole = generate_batch(model, batch, 12)
    eos = whole[0][2]
    ended = generate_batch(model, batch, 12, eos=eos)
    assert ended == [row[: row.index(eos)] if eos in row else row for row in whole]
    assert generate(model, batch[0], 12, eos=eos) == ended[0]


def test_attention_and_prepared_blocks_are_as_before_afterwards() -> None:
    model = small()
    attends = [block.attention.attend for block in model.blocks]

    def compiled(*inputs: torch.Tensor) -> torch.Tensor:
        raise AssertionError("a prepared block is not run here")

    model.blocks[0].forward = compiled
    generate(model, [1, 2], 3)
    assert model.blocks[0].__dict__["forward"] is compiled
    assert [block.attention.attend for block in model.blocks] == attends


def test_sampling_repeats_with_its_seed_and_follows_the_probabilities() -> None:
    model, prompt = small(dtype=torch.float32), [3, 1, 4]
    warm = Sampling(temperature=1.0, seed=7)
    assert generate(model, prompt, 10, sampling=warm) == generate(model, prompt, 10, sampling=warm)
    # A prompt repeated is so many draws of one next token; their shares are the model's probabilities.
    draws = torch.tensor(generate_batch(model, [prompt] * 4000, 1, sampling=warm)).flatten()
    with torch.no_grad():
        expected = model.logits(model(torch.tensor(prompt), torch.tensor([0, 3], dtype=torch.int32))[-1]).softmax(-1)
    shares = torch.bincount(draws, minlength=CONFIG.vocab_size) / len(draws)
    assert (shares - expected).abs().max() < 0.04


def test_a_narrow_nucleus_and_a_cold_temperature_are_greedy() -> None:
    model, prompt = small(), [9, 8]
    greedy = generate(model, prompt, 8)
    assert generate(model, prompt, 8, sampling=Sampling(temperature=1.0, top_p=1e-9)) == greedy
    assert generate(model, prompt, 8, sampling=Sampling(temperature=1e-4)) == greedy


def test_nothing_asked_gives_nothing() -> None:
    assert generate_batch(small(), [], 5) == []
    assert generate(small(), [1], 0) == []


@pytest.mark.parametrize(
    ("prompt", "new", "message"),
    [
        ([], 3, "no tokens"),
        ([1, 61], 3, "token id 61 is past the vocabulary of 61"),
        ([1] * 60, 5, "prompt 0 with 5 new tokens of 65 tokens is longer than max_position_embeddings = 64"),
    ],
)
def test_prompts_that_cannot_be_continued_are_refused(prompt: list[int], new: int, message: str) -> None:
    with pytest.raises(PretrainError, match=message):
        generate(small(), prompt, new)


@pytest.mark.parametrize("wrong", [{"temperature": -1.0}, {"top_p": 0.0}, {"top_p": 1.5}])
def test_impossible_sampling_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(PretrainError, match=next(iter(wrong))):
        Sampling(**wrong)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU here")
def test_the_gpu_kernels_decode_what_a_cpu_does() -> None:
    config = ModelConfig(61, 128, 192, 2, 2, 1, head_dim=64, max_position_embeddings=64)
    model = Transformer(config)
    model.initialise(torch.Generator().manual_seed(0))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(8)
    batch = [[1, 2, 3], [4, 5]]
    # Three tokens, the last two from the cache: in bfloat16 a near tie may part the two further on.
    expected = generate_batch(model.bfloat16(), batch, 3)
    assert generate_batch(model.cuda(), batch, 3) == expected
