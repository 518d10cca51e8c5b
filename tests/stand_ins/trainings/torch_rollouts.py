"""Rollouts without vLLM: the answers that plain forward passes of the checkpoint draw, with the weights that were handed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from serving.rollouts import Rollout

ENDS = 274
"""The tiny checkpoint's token that ends an answer."""


class TorchRollouts:
    """Stands in for `serving.rollouts.Rollouts`, also in what it promises: prompts, seed and weights decide the answers."""

    def __init__(self, path: Path, settings: Any) -> None:
        from alignment.trainer import load_model

        self._model = load_model(path).eval()
        self.version = 0
        self.drawn: list[tuple[int, int]] = []
        """(seed, version) of each call of `sample`."""

    def close(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def update(self, weights: Iterable[tuple[str, Any]]) -> None:
        import torch

        own = dict(self._model.named_parameters())
        with torch.no_grad():
            for name, weight in weights:
                own[name].copy_(weight)
        self.version += 1

    def sample(
        self,
        prompts: Sequence[Sequence[int]],
        sampling: Any,
        *,
        seed: int,
        finished: Callable[[int, Rollout], None] = lambda place, rollout: None,
    ) -> list[Rollout]:
        import torch

        self.drawn.append((seed, self.version))
        generator = torch.Generator().manual_seed(seed)
        rows = [list(prompt) for prompt in prompts]
        found = [Rollout() for _ in prompts]
        for _ in range(sampling.max_tokens):
            going = [place for place, one in enumerate(found) if one.ids[-1:] != [ENDS]]
            if not going:
                break
            longest = max(len(rows[place]) for place in going)
            ids = torch.tensor([rows[place] + [0] * (longest - len(rows[place])) for place in going])
            last = [len(rows[place]) - 1 for place in going]
            with torch.inference_mode():  # what follows a token does not change what came before it
                log_probs = self._model(input_ids=ids).logits[range(len(going)), last].float().log_softmax(-1)
            chosen = torch.multinomial(log_probs.exp(), 1, generator=generator)[:, 0].tolist()
            for place, token, row in zip(going, chosen, log_probs.tolist(), strict=True):
                rows[place].append(token)
                found[place].ids.append(token)
                found[place].log_probs.append(row[token])
                found[place].versions.append(self.version)
        for place, one in enumerate(found):
            reason = "stop" if one.ids[-1] == ENDS else "length"
            found[place] = Rollout(one.ids, one.log_probs, one.versions, reason)
            finished(place, found[place])
        return found
