"""Whether a checkpoint's weights are those its config.json asks for: none missing, none over, each of its shape.

transformers fills what is missing with random numbers and says so in a log; vLLM, swapping weights into a running engine,
keeps what was there before. So every command asks here before it takes a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkpoints.errors import CheckpointError
from checkpoints.files import read_object
from checkpoints.loading import ONE_LOAD

HEAD, TABLE = "lm_head.weight", "model.embed_tokens.weight"
NAMED = 5
"""Weights that a message names."""


def refuse_other_weights(path: Path) -> None:
    """Raises CheckpointError where the weights of `path` are not exactly those of its architecture. Reads no weight.

    An architecture that transformers does not know, or whose numbers are packed, is left to who loads it.
    """
    config = read_object(path / "config.json")
    refuse_scorer(path)
    if "quantization_config" in config:
        return
    from transformers import AutoModelForCausalLM

    try:
        with ONE_LOAD:
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                str(path), device_map="meta", ignore_mismatched_sizes=True, output_loading_info=True
            )
    except Exception:  # of any kind: code of its own, a class that transformers has not; what loads it says so better
        return
    refuse_what_differs(path, loaded[1])


def refuse_scorer(path: Path) -> Path:
    """`path`, unless what lies there answers nothing. Raises CheckpointError."""
    if scores_answers(path):
        raise CheckpointError(
            f"{path}: a reward model, which scores answers and writes none; give the checkpoint of a policy"
        )
    return path


def scores_answers(path: Path) -> bool:
    """Whether it scores answers, or their steps, and writes none. Raises CheckpointError."""
    return is_reward_model(path) or is_stepwise_model(path)


def is_reward_model(path: Path) -> bool:
    """Whether it scores answers, each as a whole. Raises CheckpointError."""
    return _is_for(path, "SequenceClassification")


def is_stepwise_model(path: Path) -> bool:
    """Whether it scores the steps of answers. Raises CheckpointError."""
    return _is_for(path, "TokenClassification")


def _is_for(path: Path, task: str) -> bool:
    kinds = read_object(path / "config.json").get("architectures") or ()
    return any(task in str(name) for name in kinds)


def refuse_what_differs(path: Path, found: Mapping[str, Any]) -> None:
    """Raises CheckpointError for what `from_pretrained(output_loading_info=True)` found of a checkpoint, by weight."""
    if missing := found["missing_keys"]:
        raise CheckpointError(f"{path}: {weights_missing(missing)}")
    if surplus := found["unexpected_keys"]:
        raise CheckpointError(f"{path}: {weights_over(surplus)}")
    for name, stored, wanted in sorted(found["mismatched_keys"]):
        raise CheckpointError(f"{path}: {name} is {tuple(stored)}, but config.json makes it {tuple(wanted)}")


def weights_missing(names: Any) -> str:
    """What is said of weights that no file has."""
    mend = "copy the whole checkpoint again"
    if list(names) == [HEAD]:
        mend = 'where the head is the token table, config.json has to say "tie_word_embeddings": true'
    return f"the checkpoint is not complete: no file has {_some(names)}; {mend}"


def weights_over(names: Any) -> str:
    """What is said of weights that no layer is for."""
    return (
        f"weights that config.json has no place for: {_some(names)}; "
        "is it this checkpoint's config.json (layers, architecture, tie_word_embeddings)?"
    )


def second_head() -> str:
    """What is said of a tied checkpoint whose files hold a head of their own."""
    return (
        f"config.json ties {HEAD} to {TABLE}, but the weights hold a head of their own; "
        f'say "tie_word_embeddings": false in config.json, or take {HEAD} out of the file'
    )


def refuse_second_head(path: Path, shards: list[Path], config: Mapping[str, Any]) -> None:
    """Raises CheckpointError where config.json ties the output head to the token table, and the files hold another head.

    Loaders disagree about such a checkpoint: some take the file's head with a warning, a running vLLM ties it.
    """
    if config.get("tie_word_embeddings") is False:
        return
    from safetensors import safe_open

    places: dict[str, Path] = {}
    for shard in shards:
        with safe_open(shard, framework="numpy") as file:
            places |= {name: shard for name in (HEAD, TABLE) if name in set(file.keys())}
    if len(places) < 2 or _equal(places):
        return
    if "tie_word_embeddings" not in config:
        from transformers import AutoConfig

        if not AutoConfig.from_pretrained(str(path)).tie_word_embeddings:
            return
    raise CheckpointError(f"{path}: {second_head()}")


def _equal(places: Mapping[str, Path]) -> bool:
    """Whether head and table are the same numbers, read some rows at a time."""
    import torch
    from safetensors import safe_open

    with safe_open(places[HEAD], framework="pt") as one, safe_open(places[TABLE], framework="pt") as other:
        head, table = one.get_slice(HEAD), other.get_slice(TABLE)
        if head.get_shape() != table.get_shape():
            return False
        rows = head.get_shape()[0]
        return all(torch.equal(head[at : at + 4096], table[at : at + 4096]) for at in range(0, rows, 4096))


def _some(names: Any) -> str:
    ordered = sorted(names)
    more = f" and {len(ordered) - NAMED} more" if len(ordered) > NAMED else ""
    return ", ".join(ordered[:NAMED]) + more
