"""Llama 3's architecture (section 3.2): RMSNorm, SwiGLU, RoPE, grouped-query attention, over packed documents.

The model does not know which attention kernel runs (`Attention.attend`), nor whether it is distributed.
A batch is one flat axis of T tokens: documents one after the other, their bounds in `document_offsets`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pretrain.errors import PretrainError
from pretrain.kernels import attention
from pretrain.kernels.elementwise import rms_norm, split_rotated, swiglu


@dataclass(frozen=True)
class RopeScaling:
    """Llama 3.1's stretching of RoPE: long wavelengths divided by `factor`, short ones kept, between them a blend."""

    factor: float = 8.0
    low_freq_factor: float = 1.0
    high_freq_factor: float = 4.0
    original_max_position_embeddings: int = 8192
    """Length the unstretched frequencies were trained at, tokens."""


@dataclass(frozen=True)
class ModelConfig:
    """The shape of a model, in the names of a Hugging Face Llama `config.json`."""

    vocab_size: int
    hidden_size: int
    """Width of the residual stream."""
    intermediate_size: int
    """Width inside the SwiGLU."""
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    """Divides `num_attention_heads`; each serves as many query heads."""
    head_dim: int = 0
    """Even. 0: `hidden_size / num_attention_heads`."""
    rope_theta: float = 500_000.0
    """Base of the rotary frequencies."""
    rope_scaling: RopeScaling | None = None
    max_position_embeddings: int = 8192
    """Longest document, tokens."""
    rms_norm_eps: float = 1e-5
    tie_word_embeddings: bool = False
    """The output head is the embedding."""

    def __post_init__(self) -> None:
        for name in (
            "vocab_size",
            "hidden_size",
            "intermediate_size",
            "num_hidden_layers",
            "num_attention_heads",
            "num_key_value_heads",
            "max_position_embeddings",
        ):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise PretrainError(f"{name} is {value!r}; it must be a whole number of at least 1")
        if self.num_attention_heads % self.num_key_value_heads:
            raise PretrainError(
                f"num_attention_heads = {self.num_attention_heads} does not divide by num_key_value_heads = "
                f"{self.num_key_value_heads}; each key-value head serves equally many query heads"
            )
        if not self.head_dim:
            if self.hidden_size % self.num_attention_heads:
                raise PretrainError(
                    f"hidden_size = {self.hidden_size} does not divide by num_attention_heads = "
                    f"{self.num_attention_heads}; change one of them, or give head_dim"
                )
            object.__setattr__(self, "head_dim", self.hidden_size // self.num_attention_heads)
        if self.head_dim < 2 or self.head_dim % 2:
            raise PretrainError(f"head_dim = {self.head_dim} must be even: RoPE turns pairs of dimensions")
        if self.rope_theta <= 1:
            raise PretrainError(f"rope_theta = {self.rope_theta} must be greater than 1")

    @property
    def group_size(self) -> int:
        """Query heads that share one key-value head."""
        return self.num_attention_heads // self.num_key_value_heads

    def check_length(self, length: int, what: str = "a document") -> None:
        """Refuse a length that RoPE was not made for."""
        if length > self.max_position_embeddings:
            raise PretrainError(
                f"{what} of {length:,} tokens is longer than max_position_embeddings = {self.max_position_embeddings:,}; "
                "cut it, or raise max_position_embeddings together with rope_theta (a long-context stage does both)"
            )


class RMSNorm(nn.Module):
    """x / rms(x) * weight over the last axis; the mean square is taken in float32."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """(..., size) -> the same shape and dtype."""
        return rms_norm(x, self.weight.to(x.dtype), self.eps)


class Attention(nn.Module):
    """Grouped-query attention, causal inside each document.

    One matrix projects to queries, keys and values, its rows ordered by key-value head: the queries of the group, the
    key, the value. So a shard of its rows is whole groups (tensor parallelism), and one product reads the input once.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.group_size, self.head_dim = config.group_size, config.head_dim
        rows = config.num_key_value_heads * (config.group_size + 2) * config.head_dim
        self.qkv = nn.Linear(config.hidden_size, rows, bias=False)
        self.out = nn.Linear(config.num_attention_heads * config.head_dim, config.hidden_size, bias=False)
        self.attend: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] = attention

    def forward(self, x_TC: Tensor, document_offsets: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """(T, hidden_size) -> (T, hidden_size); cos and sin are (T, head_dim)."""
        tokens = x_TC.shape[0]
        # Heads are counted from the product's own width: under tensor parallelism this rank holds only its groups.
        qkv_TKGD = self.qkv(x_TC).view(tokens, -1, self.group_size + 2, self.head_dim)
        out_THD = self.attend(*split_rotated(qkv_TKGD, cos, sin), document_offsets)
        return self.out(out_THD.reshape(tokens, -1))


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x))."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x_TC: Tensor) -> Tensor:
        """(T, hidden_size) -> (T, hidden_size)."""
        return self.down(swiglu(self.gate(x_TC), self.up(x_TC)))


class Block(nn.Module):
    """One layer: attention and SwiGLU, each normalised before and added to the residual stream."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.attention = Attention(config)
        self.feed_forward_norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.feed_forward = SwiGLU(config)

    def forward(self, x_TC: Tensor, document_offsets: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """(T, hidden_size) -> (T, hidden_size)."""
        x_TC = x_TC + self.attention(self.attention_norm(x_TC), document_offsets, cos, sin)
        return x_TC + self.feed_forward(self.feed_forward_norm(x_TC))


class Transformer(nn.Module):
    """Tokens to hidden states; the head is applied by the loss, in chunks, so that no (T, vocabulary) tensor lives."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        if not config.tie_word_embeddings:
            self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    @property
    def output_weight(self) -> Tensor:
        """(vocab_size, hidden_size): the head, which may be the embedding."""
        return self.embedding.weight if self.config.tie_word_embeddings else self.head.weight

    def forward(self, tokens: Tensor, document_offsets: Tensor, positions: Tensor | None = None) -> Tensor:
        """Hidden states after the last norm.

        tokens (T,) int64; document_offsets (n_documents + 1,) int32 on the same device; positions (T,) default to the
        distance from the start of each token's document. Returns (T, hidden_size). Where every document may be no
        longer than `max_position_embeddings` is the caller's to check (`ModelConfig.check_length`): here it would
        wait for the GPU.
        """
        if positions is None:
            positions = document_positions(document_offsets, tokens.shape[0])
        x_TC = self.embedding(tokens)
        cos, sin = rope(self.config, positions, x_TC.dtype)
        for block in self.blocks:
            x_TC = block(x_TC, document_offsets, cos, sin)
        return self.norm(x_TC)

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., hidden_size) -> (..., vocab_size). For a few positions; training goes through `linear_cross_entropy`."""
        return F.linear(hidden, self.output_weight)

    def initialise(self, generator: torch.Generator | None = None) -> None:
        """Normal weights of deviation hidden_size ** -0.5; what adds to the residual stream is scaled by (2 x layers) ** -0.5.

        At Llama 3's widths that is about the usual 0.02. At a width of 64, where 0.02 is six times too small, a model
        does not learn to look back within a million tokens; with this it takes a few hundred steps.
        """
        for name, parameter in self.named_parameters():
            _initialise(parameter, name, self.config, generator)


def blank(config: ModelConfig) -> Transformer:
    """A model on the meta device: its shapes and names, no memory."""
    with torch.device("meta"):
        return Transformer(config)


def initial_weights(config: ModelConfig, generator: torch.Generator) -> Iterator[tuple[str, Tensor]]:
    """What `Transformer.initialise` gives, whole float32 tensors in the order of the parameters, one at a time."""
    for name, parameter in blank(config).named_parameters():
        weight = torch.empty(parameter.shape)
        _initialise(weight, name, config, generator)
        yield name, weight


def _initialise(weight: Tensor, name: str, config: ModelConfig, generator: torch.Generator | None) -> None:
    std = config.hidden_size**-0.5
    if weight.dim() == 1:
        nn.init.ones_(weight)
    else:
        adds = name.endswith(("attention.out.weight", "feed_forward.down.weight"))
        std /= math.sqrt(2 * config.num_hidden_layers) if adds else 1.0
        nn.init.normal_(weight, std=std, generator=generator)


def document_positions(document_offsets: Tensor, tokens: int) -> Tensor:
    """(T,) int64: each token's distance from the start of its document. `tokens` is T, so that nothing waits for the GPU."""
    starts = document_offsets[:-1].long()
    lengths = document_offsets.diff().long()
    first = torch.repeat_interleave(starts, lengths, output_size=tokens)
    return torch.arange(tokens, device=document_offsets.device) - first


def rope(config: ModelConfig, positions: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """cos and sin, (T, head_dim) each, for positions (T,); halves, not interleaved pairs, as Hugging Face lays them out.

    Angles are computed in float32 (float64 where `dtype` is), since a bfloat16 position is wrong from 257 on.
    """
    precision = torch.float64 if dtype == torch.float64 else torch.float32
    frequencies = rope_frequencies(config, positions.device).to(precision)
    angles = positions.to(precision)[:, None] * frequencies
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos().to(dtype), angles.sin().to(dtype)


def rope_frequencies(config: ModelConfig, device: torch.device | None = None) -> Tensor:
    """(head_dim / 2,) float32 radians per token, with Llama 3.1's scaling where the config has it."""
    exponents = torch.arange(0, config.head_dim, 2, dtype=torch.float32, device=device) / config.head_dim
    frequencies = 1.0 / config.rope_theta**exponents
    scaling = config.rope_scaling
    if scaling is None:
        return frequencies
    turns = scaling.original_max_position_embeddings * frequencies / (2 * math.pi)
    kept = (turns - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor)
    kept = kept.clamp(0, 1)
    return frequencies * (kept + (1 - kept) / scaling.factor)


def parameter_count(config: ModelConfig) -> int:
    """Parameters of the model, a tied head counted once. Costs no memory: the model is made on the meta device."""
    return sum(parameter.numel() for parameter in blank(config).parameters())


def training_flops(config: ModelConfig, lengths: Sequence[int]) -> float:
    """Floating-point operations of one forward and backward pass over documents of these lengths, tokens.

    Six for each weight of a matrix product and token, the output head included, the embedding's look-up not; for
    attention the products that a causal mask inside each document leaves: 12 x layers x heads x head_dim x L (L + 1) / 2.
    """
    attention_width = config.num_attention_heads * config.head_dim
    key_value_width = config.num_key_value_heads * config.head_dim
    layer = config.hidden_size * (2 * attention_width + 2 * key_value_width + 3 * config.intermediate_size)
    weights = config.num_hidden_layers * layer + config.hidden_size * config.vocab_size
    pairs = sum(length * (length + 1) / 2 for length in lengths)
    return 6.0 * weights * sum(lengths) + 12.0 * config.num_hidden_layers * attention_width * pairs
