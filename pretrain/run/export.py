"""A state of a run, finished or not, as a Hugging Face directory."""

from pathlib import Path
from typing import Any

import torch

from pretrain.data.shards import stored
from pretrain.errors import PretrainError
from pretrain.huggingface import read_config, save_huggingface
from pretrain.model import Transformer, blank
from pretrain.training import states as checkpoint


def export_state(run: Path, stage: str, out: Path, dtype: str) -> Transformer:
    """Write the newest state of `stage` (by default the last begun) to `out`; returns the model, in the stored precision.

    A run's own exports are of finished stages (`checkpoints/`); this is for one that is under way, or was killed.
    Raises PretrainError where there is no such run, stage or state.
    """
    states = {path.parent.name: path for path in (run / "state").glob("*/config.json")}
    if not states:
        raise PretrainError(f"{run}: no state of a pre-training is in it; name the --out of a `lab train pretrain`")
    if stage and stage not in states:
        raise PretrainError(f"{run} has no stage {stage!r}; it has {', '.join(sorted(states))}")
    folder = states[stage].parent if stage else max(states.values(), key=lambda path: path.stat().st_mtime).parent
    state = checkpoint.latest(folder)
    if state is None:
        raise PretrainError(f"{folder}: no state was saved yet; wait for the first, or set checkpoints.every lower")
    model = blank(read_config(folder))
    model.to_empty(device="cpu")
    checkpoint.load(state, {"weights": {name: p.detach() for name, p in model.named_parameters()}})
    save_huggingface(model.to(getattr(torch, dtype)), out, _tokenizer(run))
    return model.float()


def _tokenizer(run: Path) -> Path:
    """The tokenizer the run trained, or was given."""
    if (run / "tokenizer" / "tokenizer.json").exists():
        return run / "tokenizer"
    path = run / "recipe.json"
    recipe = stored(path, dict[str, dict[str, Any] | Any], "it names the tokenizer; put it back")
    named = [
        part.get(name)
        for part, name in ((recipe.get("tokenizer"), "directory"), (recipe.get("model"), "checkpoint"))
        if isinstance(part, dict)
    ]
    if not any(isinstance(name, str) and name for name in named):
        raise PretrainError(f"{path}: names no tokenizer; put the run's own recipe.json back")
    return Path(next(name for name in named if isinstance(name, str) and name))
