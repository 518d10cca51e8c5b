"""bfloat16 weights that compute, float32 masters that learn: mixed precision in one process."""

import torch
from torch import Tensor, nn


class MasterWeights:
    """Turns a float32 module into bfloat16 and keeps float32 masters of its weights, for the optimizer to step.

    An update smaller than 1/256 of a weight vanishes in bfloat16, so the optimizer must see float32. The module itself
    is cast, once an update, instead of under autocast, which would cast every weight again in every micro-batch and
    keep the residual stream in float32. Gradients arrive in bfloat16 and are summed in the masters' float32.
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.weights = {name: nn.Parameter(p.detach().clone()) for name, p in module.named_parameters()}
        module.to(torch.bfloat16)
        self._computing = list[Tensor](module.parameters())
        self._hooks = [
            parameter.register_post_accumulate_grad_hook(self._collect(master))
            for parameter, master in zip(module.parameters(), self.weights.values(), strict=True)
        ]

    @staticmethod
    def _collect(master: nn.Parameter):  # type: ignore[no-untyped-def]  # a hook of torch's own type
        def collect(parameter: Tensor) -> None:
            if master.grad is None:
                master.grad = parameter.grad.float()  # type: ignore[union-attr]
            else:
                master.grad.add_(parameter.grad)  # type: ignore[arg-type]
            parameter.grad = None

        return collect

    @torch.no_grad()
    def publish(self) -> None:
        """Give the module the masters' values, after an update."""
        torch._foreach_copy_(self._computing, self._masters())

    @torch.no_grad()
    def release(self) -> None:
        """Make the module float32 again, with the masters' values."""
        for hook in self._hooks:
            hook.remove()
        self.module.to(torch.float32)
        torch._foreach_copy_(list[Tensor](self.module.parameters()), self._masters())

    def _masters(self) -> list[Tensor]:
        return list(self.weights.values())
