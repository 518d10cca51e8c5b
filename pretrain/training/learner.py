"""The model as it is trained: wrapped, sharded, in its precision, with its loss and its optimizer."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint as recompute

from pretrain.data.packing import PackedBatch
from pretrain.distributed.gather import gathered
from pretrain.model import Transformer
from pretrain.objective import Objective
from pretrain.training.mixed_precision import MasterWeights
from pretrain.training.schedules import Training

if TYPE_CHECKING:
    from pretrain.distributed.mesh import Mesh


class Learner:
    """The model as it is trained: prepared, sharded, in its precision, with its optimizer."""

    def __init__(
        self,
        model: Transformer,
        training: Training,
        mesh: "Mesh | None",
        weights: Iterator[tuple[str, Tensor]] | None = None,
    ) -> None:
        self.model, self.training, self.mesh = model, training, mesh
        self.device = mesh.device if mesh else next(model.parameters()).device
        for block in model.blocks:
            _prepare(block, training)
        self.objective = Objective(model)
        self.masters: MasterWeights | None = None
        if mesh:
            from pretrain.distributed.parallel import parallelize

            self.objective = parallelize(self.objective, mesh, getattr(torch, training.dtype), weights)
        elif training.dtype == "bfloat16":
            self.masters = MasterWeights(model)
        self.weights = self.masters.weights if self.masters else dict(model.named_parameters())
        self.optimizer = _adamw(self.weights, training)
        self.average = (
            {name: torch.zeros_like(weight) for name, weight in self.weights.items()} if training.average_last else {}
        )

    def backward(self, micro: PackedBatch, targets: float) -> float:
        """Add this micro-batch's gradients of (sum of losses) / targets; return its share of the mean loss."""
        micro = micro.to(self.device)
        # All targets of the global batch divide, not this micro-batch's: an average of averages would weigh tokens unequally.
        loss = self.objective(micro.tokens, micro.targets, micro.document_offsets) / max(targets, 1.0)
        loss.backward()
        return float(loss.detach())

    def clip(self) -> float:
        """Scale the gradients down to the largest allowed norm; return the norm before, over all ranks."""
        if self.mesh:
            from pretrain.distributed.parallel import clip_gradients

            return clip_gradients(self.weights.values(), self.training.clip_norm)
        return float(nn.utils.clip_grad_norm_(self.weights.values(), self.training.clip_norm))

    def update(self, lr: float, skip: bool) -> None:
        """Step the optimizer, unless the update is skipped, and drop the gradients."""
        if not skip:
            for group in self.optimizer.param_groups:
                group["lr"] = lr
            self.optimizer.step()
            if self.masters:
                self.masters.publish()
        self.optimizer.zero_grad(set_to_none=True)

    @torch.no_grad()
    def snapshot(self, count: int) -> None:
        """Make the average the mean of `count` snapshots, this one included."""
        for name, weight in self.weights.items():
            self.average[name].lerp_(weight, 1 / count)

    def whole_model(self) -> Transformer:
        """The model for evaluation, as it computes: itself, or under a mesh one whose blocks are gathered as they run."""
        if self.mesh is None:
            return self.model
        return gathered(self.model.config, self.weights, getattr(torch, self.training.dtype))

    def tensors(self, average: bool = True) -> dict[str, Any]:
        """What a state holds: weights, both moments, the average. A training draws no random numbers."""
        state = {"weights": {name: weight.detach() for name, weight in self.weights.items()}}
        for moment in ("exp_avg", "exp_avg_sq"):
            state[moment] = {name: self.optimizer.state[weight][moment] for name, weight in self.weights.items()}
        if average and self.average:
            state["average"] = self.average
        return state

    def loaded(self, updates: int) -> None:
        """After `tensors()` were filled from a state that had made `updates` updates."""
        for state in self.optimizer.state.values():
            state["step"].fill_(updates)
        if self.masters:
            self.masters.publish()

    def release(self) -> Transformer:
        """Undo what was done to the model for training: the float32 model, under a mesh gathered as it runs."""
        for block in self.model.blocks:
            block.__dict__.pop("forward", None)
        if self.masters:
            self.masters.release()
        return gathered(self.model.config, self.weights) if self.mesh else self.model


def _prepare(block: nn.Module, training: Training) -> None:
    """Wrap the block's forward; the instance's attribute hides the class's method until `release` removes it."""
    if training.activation_checkpointing:
        block.forward = partial(recompute, block.forward, use_reentrant=False)
    if training.compile:
        block.forward = torch.compile(block.forward)


def _adamw(weights: dict[str, nn.Parameter], training: Training) -> torch.optim.AdamW:
    decays = {name: w.dim() > 1 and not name.startswith("embedding.") for name, w in weights.items()}
    groups = [
        {"params": [w for name, w in weights.items() if decays[name]], "weight_decay": training.weight_decay},
        {"params": [w for name, w in weights.items() if not decays[name]], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=training.lr, betas=training.betas, eps=training.eps, fused=True)
    # AdamW makes its state in the first step; a training that resumes needs the tensors to load into before that.
    for weight in weights.values():
        step = torch.zeros((), dtype=torch.float32, device=weight.device)
        moments = {moment: torch.zeros_like(weight.detach()) for moment in ("exp_avg", "exp_avg_sq")}
        optimizer.state[weight] = {"step": step, **moments}
    return optimizer
