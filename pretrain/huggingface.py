"""A Hugging Face Llama directory in and out: logits equal to transformers' within float32 rounding, hosted by vLLM.

Only names and the layout of the fused projection differ; `_names` is the whole map. RoPE's halves are laid out as
Hugging Face does (`kernels.elementwise.rotate`), so that no weight is permuted within a head (torchtitan#335 is what happens else).
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from checkpoints.files import read_object, read_tokenizer, refuse_unreadable, shards_of
from checkpoints.weights import HEAD, TABLE, second_head, weights_missing, weights_over
from pretrain.errors import PretrainError
from pretrain.model import ModelConfig, RopeScaling, Transformer, blank

TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
)


def load_huggingface(directory: Path | str, dtype: torch.dtype = torch.float32) -> Transformer:
    """The model of a Llama directory, its weights in `dtype`. Raises PretrainError naming file and key."""
    directory = Path(directory)
    model = blank(read_config(directory))
    model.load_state_dict({name: weight.to(dtype) for name, weight in huggingface_weights(directory)}, assign=True)
    return model


def huggingface_weights(directory: Path) -> Iterator[tuple[str, Tensor]]:
    """A Llama directory's weights under our names, as stored, in the order of the model's parameters.

    They are mapped from the files: a tensor takes memory when it is used. Raises PretrainError naming file and key.
    """
    config = read_config(directory)
    parts = _fused(_complete(dict(_weights(directory)), config, directory), config, directory)
    expected = {name: tuple(weight.shape) for name, weight in blank(config).named_parameters()}
    theirs = dict(_names(config))
    for name, shape in expected.items():
        weight = torch.cat(parts[name], dim=1).flatten(0, 2) if len(parts[name]) > 1 else parts[name][0]
        if tuple(weight.shape) != shape:
            stored = theirs.get(name) or " + ".join(_projections(int(name.split(".")[1])))
            raise PretrainError(f"{directory}: {stored} is {tuple(weight.shape)}, but config.json makes it {shape}")
        yield name, weight


def save_huggingface(
    model: Transformer,
    directory: Path | str,
    tokenizer_dir: Path | str | None = None,
    dtype: torch.dtype | None = None,
    state: dict[str, Tensor] | None = None,
) -> Path:
    """Write a Hugging Face Llama directory: config, generation config, safetensors, and the tokenizer's files.

    Where `tokenizer_dir` is a checkpoint's, its stop tokens and sampling settings are kept as they are.

    `state` (names as `model.state_dict()`, whole tensors) replaces the model's own weights: an average of checkpoints,
    or weights gathered from ranks. `dtype` defaults to that of the weights. The directory is complete or absent.
    """
    from huggingface_hub import save_torch_state_dict

    directory = Path(directory)
    unfinished = directory.with_name(directory.name + ".tmp")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    state = dict(model.state_dict()) if state is None else dict(state)
    tensors = {name: t.to(dtype or t.dtype).contiguous() for name, t in _split(state, model.config)}
    save_torch_state_dict(tensors, unfinished)
    token_ids = _copy_tokenizer(Path(tokenizer_dir), unfinished, model.config) if tokenizer_dir else {}
    stored = str(dtype or next(iter(state.values())).dtype).removeprefix("torch.")
    _write_json(unfinished / "config.json", to_huggingface(model.config) | token_ids | {"torch_dtype": stored})
    settings = Path(tokenizer_dir) / "generation_config.json" if tokenizer_dir else None
    if settings and settings.exists():
        shutil.copyfile(settings, unfinished / settings.name)
    else:
        _write_json(unfinished / "generation_config.json", {"do_sample": False} | token_ids)
    shutil.rmtree(directory, ignore_errors=True)
    unfinished.rename(directory)
    return directory


def stored_dtype(directory: Path) -> torch.dtype:
    """The number format that a directory's weights are in; float32, which holds them all, where they are in several."""
    kinds = {weight.dtype for _, weight in _weights(directory)}
    return kinds.pop() if len(kinds) == 1 else torch.float32


def read_config(directory: Path) -> ModelConfig:
    """The config of a Hugging Face Llama directory, in the old spelling of RoPE (`rope_theta`) or the new one."""
    path = directory / "config.json"
    if not path.exists():
        raise PretrainError(f"{path} is missing; give a Hugging Face directory with a Llama in it")
    given = read_object(path)
    refuse_unreadable(directory)
    if given.get("model_type") != "llama":
        raise PretrainError(f"{path}: model_type is {given.get('model_type')!r}; only 'llama' can be trained here")
    for key, wanted in {"hidden_act": "silu", "attention_bias": False, "mlp_bias": False}.items():
        if given.get(key, wanted) != wanted:
            raise PretrainError(f"{path}: {key} is {given[key]!r}; Llama 3's architecture has {wanted!r}")
    rope = given.get("rope_parameters") or given.get("rope_scaling") or {}
    if not isinstance(rope, dict):
        raise PretrainError(f"{path}: RoPE is told by {rope!r}, no object")
    kind = rope.get("rope_type", rope.get("type", "default"))
    if kind not in ("default", "llama3"):
        raise PretrainError(f"{path}: RoPE of type {kind!r} is not known; known: default, llama3")
    scaling = (
        RopeScaling(**{key: rope[key] for key in asdict(RopeScaling()) if key in rope}) if kind == "llama3" else None
    )
    try:
        return ModelConfig(
            vocab_size=given["vocab_size"],
            hidden_size=given["hidden_size"],
            intermediate_size=given["intermediate_size"],
            num_hidden_layers=given["num_hidden_layers"],
            num_attention_heads=given["num_attention_heads"],
            num_key_value_heads=given.get("num_key_value_heads") or given["num_attention_heads"],
            head_dim=given.get("head_dim") or 0,
            rope_theta=float(rope.get("rope_theta", given.get("rope_theta", 10_000.0))),
            rope_scaling=scaling,
            max_position_embeddings=given.get("max_position_embeddings", 2048),
            rms_norm_eps=given.get("rms_norm_eps", 1e-6),
            tie_word_embeddings=given.get("tie_word_embeddings", False),
        )
    except KeyError as error:
        raise PretrainError(f"{path}: {error.args[0]} is missing") from None
    except (TypeError, ValueError, ArithmeticError) as error:
        raise PretrainError(f"{path}: a value is not of its kind: {error}") from None
    except PretrainError as error:
        raise PretrainError(f"{path}: {error}") from None


def write_config(config: ModelConfig, directory: Path) -> None:
    """`config.json` alone, which `read_config` reads."""
    directory.mkdir(parents=True, exist_ok=True)
    _write_json(directory / "config.json", to_huggingface(config))


def to_huggingface(config: ModelConfig) -> dict[str, Any]:
    """`config.json` of the config, without the tokenizer's ids."""
    fields = asdict(config)
    scaling = fields.pop("rope_scaling")
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "attention_dropout": 0.0,
        "initializer_range": 0.02,
        "use_cache": True,
        "rope_scaling": {"rope_type": "llama3", **scaling} if scaling else None,
        **fields,
    }


def _names(config: ModelConfig) -> Iterator[tuple[str, str]]:
    """(our name, Hugging Face's) of every weight that needs no change; the fused projection is not among them."""
    yield "embedding.weight", TABLE
    yield "norm.weight", "model.norm.weight"
    if not config.tie_word_embeddings:
        yield "head.weight", HEAD
    for n in range(config.num_hidden_layers):
        yield f"blocks.{n}.attention_norm.weight", f"model.layers.{n}.input_layernorm.weight"
        yield f"blocks.{n}.attention.out.weight", f"model.layers.{n}.self_attn.o_proj.weight"
        yield f"blocks.{n}.feed_forward_norm.weight", f"model.layers.{n}.post_attention_layernorm.weight"
        for part in ("gate", "up", "down"):
            yield f"blocks.{n}.feed_forward.{part}.weight", f"model.layers.{n}.mlp.{part}_proj.weight"


def _projections(n: int) -> list[str]:
    return [f"model.layers.{n}.self_attn.{part}_proj.weight" for part in "qkv"]


def _complete(given: dict[str, Tensor], config: ModelConfig, directory: Path) -> dict[str, Tensor]:
    """The weights that config.json asks for, by Hugging Face's names; refused where one is missing or over.

    A tied head may be stored beside the embedding or in its place; rotary frequencies are by-products of older transformers.
    """
    stored = {name: weight for name, weight in given.items() if not name.endswith("rotary_emb.inv_freq")}
    if config.tie_word_embeddings and (head := stored.pop(HEAD, None)) is not None:
        table = stored.setdefault(TABLE, head)
        if head.shape != table.shape or not torch.equal(head, table):
            raise PretrainError(f"{directory}: {second_head()}")
    wanted = {theirs for _, theirs in _names(config)}
    wanted |= {name for n in range(config.num_hidden_layers) for name in _projections(n)}
    if missing := wanted - set(stored):
        raise PretrainError(f"{directory}: {weights_missing(missing)}")
    if surplus := set(stored) - wanted:
        raise PretrainError(f"{directory}: {weights_over(surplus)}")
    return stored


def _fused(given: dict[str, Tensor], config: ModelConfig, directory: Path) -> dict[str, list[Tensor]]:
    """Hugging Face's weights under our names; q, k and v by key-value head, to be joined. Takes `given` apart."""
    ours = {our: [given.pop(theirs)] for our, theirs in _names(config)}
    for n in range(config.num_hidden_layers):
        parts = [given.pop(name) for name in _projections(n)]
        try:
            by_head = [part.view(config.num_key_value_heads, -1, config.head_dim, config.hidden_size) for part in parts]
        except RuntimeError:
            shapes = ", ".join(str(tuple(part.shape)) for part in parts)
            raise PretrainError(
                f"{directory}: layer {n} projects by {shapes}, which does not fit config.json"
            ) from None
        ours[f"blocks.{n}.attention.qkv.weight"] = by_head
    return ours


def _split(state: dict[str, Tensor], config: ModelConfig) -> Iterator[tuple[str, Tensor]]:
    """Our weights under Hugging Face's names."""
    for ours, theirs in _names(config):
        yield theirs, state[ours]
    for n in range(config.num_hidden_layers):
        fused = state[f"blocks.{n}.attention.qkv.weight"]
        by_head = fused.view(config.num_key_value_heads, config.group_size + 2, config.head_dim, config.hidden_size)
        parts = by_head.split((config.group_size, 1, 1), dim=1)
        for name, part in zip(_projections(n), parts, strict=True):
            # With one key-value head the part is a view of the whole, which safetensors refuses to store.
            yield name, part.clone(memory_format=torch.contiguous_format).view(-1, config.hidden_size)


def _weights(directory: Path) -> Iterator[tuple[str, Tensor]]:
    from safetensors import SafetensorError, safe_open

    index = directory / "model.safetensors.index.json"
    files = shards_of(index) if index.exists() else [directory / "model.safetensors"]
    for path in files:
        try:
            with safe_open(path, framework="pt") as opened:
                for name in opened.keys():  # noqa: SIM118 - not a dict
                    yield name, opened.get_tensor(name)
        except FileNotFoundError:
            raise PretrainError(f"{path} is missing; weights are read from safetensors files") from None
        except SafetensorError as error:
            raise PretrainError(f"{path} is damaged or cut short: {error}; copy it again") from None


def _copy_tokenizer(source: Path, target: Path, config: ModelConfig) -> dict[str, Any]:
    """Copy the tokenizer's files; returns its special token ids for the two configs."""
    if not (source / "tokenizer.json").exists():
        raise PretrainError(f"{source / 'tokenizer.json'} is missing; name the directory of a tokenizer")
    refuse_unreadable(source)  # a pipe or a device would be copied without end
    for name in TOKENIZER_FILES:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)
    tokenizer = read_tokenizer(target)
    if len(tokenizer) > config.vocab_size:
        raise PretrainError(
            f"{source} has {len(tokenizer):,} tokens, the model only {config.vocab_size:,}; it is another model's tokenizer"
        )
    said = read_object(source / "config.json") if (source / "config.json").exists() else {}
    ids = {name: said.get(name, getattr(tokenizer, name)) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    return {name: value for name, value in ids.items() if value is not None}


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=2, sort_keys=True) + "\n")


@torch.no_grad()
def logits_difference(model: Transformer, directory: Path | str, tokens: int = 64) -> float:
    """Largest difference between the model's logits and transformers' of `directory`, over the largest logit.

    Both in float32, over one document of random tokens. Rounding leaves about 1e-6; a wrong layout of RoPE about 1.
    """
    from transformers import AutoModelForCausalLM

    # Eager attention: transformers' default kernel rounds otherwise than a plain softmax by itself.
    theirs = AutoModelForCausalLM.from_pretrained(str(directory), dtype=torch.float32, attn_implementation="eager")
    document = torch.randint(0, model.config.vocab_size, (tokens,), generator=torch.Generator().manual_seed(0))
    expected = theirs(document[None]).logits[0]
    offsets = torch.tensor([0, tokens], dtype=torch.int32)
    difference = model.logits(model(document, offsets)) - expected
    return float(difference.abs().max() / expected.abs().max())
