"""Whose directory a run's is: the recipe is noted there, and another one is refused.

Where its files lie is no part of a recipe: a checkpoint, a tokenizer and packed shards are known by their content, which is
noted beside it, and text by what packing noted of it.
"""

import json
from pathlib import Path
from typing import Any

from checkpoints.directory import identity
from pretrain.data.pack import read_codec
from pretrain.data.shards import is_packed, read_manifest, stored, write_atomically
from pretrain.errors import PretrainError
from pretrain.run.recipe import Recipe

CONTENT = "content"
"""What is noted beside the recipe; runs of earlier versions have none, and are known by their paths."""


def claim(recipe: Recipe, out: Path) -> None:
    """Note the recipe in `out`, or refuse where another one was begun there."""
    deciding = {"name", "seed", "model", "tokenizer", "data", "stages", "optimizer"}
    wished = recipe.model_dump(mode="json", include=deciding) | {"dtype": recipe.compute.dtype}
    path = out / "recipe.json"
    if not path.exists():
        out.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(wished | {CONTENT: _content(recipe)}, indent=1))
        return
    begun = stored(path, dict[str, Any], "choose another --out")
    begun, wished = _deciding(begun), _deciding(wished)
    if CONTENT in begun:
        begun, wished = _placeless(begun), _placeless(wished | {CONTENT: _content(recipe)})
    if changed := sorted(_differences(begun, wished)):
        raise PretrainError(
            f"{out}: was begun with another recipe; changed since: {', '.join(changed)}. Choose another --out, "
            "or undo the change"
        )


def _deciding(noted: dict[str, Any]) -> dict[str, Any]:
    """Without the number of skipped updates that ends a run: a run that it ended goes on with a larger one."""
    optimizer = {name: value for name, value in noted.get("optimizer", {}).items() if name != "max_skips"}
    return noted | {"optimizer": optimizer}


def _content(recipe: Recipe) -> dict[str, Any]:
    """What the files are that a recipe names, but for text."""
    checkpoint, tokenizer = recipe.model.checkpoint, recipe.tokenizer.directory
    return {
        "model": identity(checkpoint) if checkpoint else None,
        "tokenizer": read_codec(tokenizer).sha256 if tokenizer else None,
        "data": {
            source.name: read_manifest(Path(source.path)).fingerprint
            for source in recipe.data.sources
            if is_packed(Path(source.path))
        },
    }


def _placeless(noted: dict[str, Any]) -> dict[str, Any]:
    """A noted recipe without the places of its files; a data set of the Hub and one of ours have no other name."""
    sources = [
        {key: value for key, value in source.items() if key != "path" or ":" in str(value)}
        for source in noted["data"]["sources"]
    ]
    return noted | {
        "model": noted["model"] | {"checkpoint": None},
        "tokenizer": noted["tokenizer"] | {"directory": None},
        "data": noted["data"] | {"sources": sources},
    }


def _differences(a: Any, b: Any, at: str = "") -> list[str]:
    """`stages.0.lr: 0.003 -> 0.001`, one for each value that differs."""
    if isinstance(a, dict) and isinstance(b, dict):
        return [d for key in {*a, *b} for d in _differences(a.get(key), b.get(key), f"{at}.{key}" if at else key)]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for n, (x, y) in enumerate(zip(a, b, strict=True)) for d in _differences(x, y, f"{at}.{n}")]
    return [] if a == b else [f"{at}: {_short(a)} -> {_short(b)}"]


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else "none" if value is None else json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
