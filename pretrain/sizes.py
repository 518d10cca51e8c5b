"""Named sizes, from one that trains on two cores to Llama 3 405B (table 3 of the paper)."""

from dataclasses import replace

from pretrain.errors import PretrainError
from pretrain.model import ModelConfig


def _llama3(layers: int, width: int, feed_forward: int, heads: int) -> ModelConfig:
    return ModelConfig(
        vocab_size=128_256,
        hidden_size=width,
        intermediate_size=feed_forward,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=8,
    )


def _small(layers: int, width: int, feed_forward: int, heads: int, key_value_heads: int) -> ModelConfig:
    return ModelConfig(
        vocab_size=4096,
        hidden_size=width,
        intermediate_size=feed_forward,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=key_value_heads,
        max_position_embeddings=2048,
        rope_theta=10_000.0,
        tie_word_embeddings=True,
    )


SIZES: dict[str, ModelConfig] = {
    "1m": _small(layers=3, width=128, feed_forward=384, heads=4, key_value_heads=2),
    "3m": _small(layers=4, width=192, feed_forward=512, heads=6, key_value_heads=2),
    "10m": _small(layers=6, width=320, feed_forward=896, heads=5, key_value_heads=1),
    "30m": _small(layers=8, width=512, feed_forward=1408, heads=8, key_value_heads=2),
    "smollm2-135m": ModelConfig(
        vocab_size=49_152,
        hidden_size=576,
        intermediate_size=1536,
        num_hidden_layers=30,
        num_attention_heads=9,
        num_key_value_heads=3,
        rope_theta=100_000.0,
        tie_word_embeddings=True,
    ),
    # Llama 3.2 1B's shape without its RoPE scaling: what the GPU benchmark trains.
    "1b": replace(_llama3(16, 2048, 8192, 32), tie_word_embeddings=True),
    "8b": _llama3(32, 4096, 14_336, 32),
    "70b": _llama3(80, 8192, 28_672, 64),
    "405b": _llama3(126, 16_384, 53_248, 128),
}


def size(name: str) -> ModelConfig:
    """The config of a named size."""
    if name not in SIZES:
        raise PretrainError(f"no model size is called {name!r}; known: {', '.join(SIZES)}")
    return SIZES[name]
