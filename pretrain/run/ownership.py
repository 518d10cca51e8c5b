"""Whose directory a run's is: the recipe is noted there, and another one is refused."""

import json
from pathlib import Path
from typing import Any

from pretrain.data.shards import stored, write_atomically
from pretrain.errors import PretrainError
from pretrain.run.recipe import Recipe


def claim(recipe: Recipe, out: Path) -> None:
    """Note the recipe in `out`, or refuse where another one was begun there."""
    deciding = {"name", "seed", "model", "tokenizer", "data", "stages", "optimizer"}
    wished = recipe.model_dump(mode="json", include=deciding) | {"dtype": recipe.compute.dtype}
    path = out / "recipe.json"
    if path.exists():
        begun = stored(path, dict[str, Any], "choose another --out")
        if changed := sorted(_differences(begun, wished)):
            raise PretrainError(
                f"{out}: was begun with another recipe; changed since: {', '.join(changed)}. Choose another --out, "
                "or undo the change"
            )
    else:
        out.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(wished, indent=1))


def _differences(a: Any, b: Any, at: str = "") -> list[str]:
    if isinstance(a, dict) and isinstance(b, dict):
        return [d for key in {*a, *b} for d in _differences(a.get(key), b.get(key), f"{at}.{key}" if at else key)]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for n, (x, y) in enumerate(zip(a, b, strict=True)) for d in _differences(x, y, f"{at}.{n}")]
    return [] if a == b else [at]
