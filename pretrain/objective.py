"""What a training makes smaller: the model and its loss as one module, which knows neither trainer nor other processes."""

from collections.abc import Callable

from torch import Tensor, nn

from pretrain.kernels.loss import linear_cross_entropy
from pretrain.model import Transformer


class Objective(nn.Module):
    """Model and loss in one module: what is compiled, sharded and differentiated."""

    def __init__(self, model: Transformer) -> None:
        super().__init__()
        self.model = model
        self.cross_entropy: Callable[..., Tensor] = linear_cross_entropy

    def forward(self, tokens: Tensor, targets: Tensor, document_offsets: Tensor) -> Tensor:
        """Sum of the losses of all targets: tokens and targets (T,), document_offsets (n + 1,) -> scalar float32."""
        hidden = self.model(tokens, document_offsets)
        return self.cross_entropy(hidden, self.model.output_weight, targets, reduction="sum")
