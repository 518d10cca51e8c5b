"""The policy in training: log-probabilities of sampled tokens, updates by the clipped objective, and a state that goes on.

Weights are fp32 under bf16 autocast, as in the other trainings. Nothing here draws a random number but the order of
minibatches, which seed and step decide, so a state is weights, optimiser and a step.
"""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.errors import AlignmentError
from alignment.processes import as_forward, count, cut_again, is_first
from alignment.tokens.padding_free import hidden_states, pack
from alignment.trainer import MICRO_TOKENS, PLAIN_HEADS, computes_padding_free, load_model
from alignment.trainings.ppo import several
from alignment.trainings.ppo.objective import SELF, check_ratio_is_1, clipped_loss, kl_of
from alignment.trainings.ppo.several import by_all, shares, whole
from checkpoints.precision import compute_dtype

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.trainings import OnPolicy

VALUE_WEIGHT = 0.1
STATE = "learner.pt"


@dataclass
class Answer:
    """A sampled answer with what is known of its tokens; lists of the same length but for the prompt."""

    group: int
    """Answers of one group answer one prompt."""
    prompt: list[int]
    ids: list[int]
    sampler: list[float]
    """Log-probability of each by the sampler,"""
    old: list[float] = field(default_factory=list)
    """by the trainer before the batch's first update; empty until then."""
    advantages: list[float] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    """What the critic is to say before each token; empty without a critic."""
    reference: list[float] = field(default_factory=list)
    """Log-probability of each by the learner's reference; empty where it has none."""
    versions: list[int] = field(default_factory=list)
    """How many updates the weights had seen that drew each."""
    reward: float | None = None
    """Of the whole answer; None where each token has its own judge."""


class Learner:
    """The policy, its critic where it has one, and their optimiser; where there are several processes, this one's part of them."""

    apart = False
    """Whether this process is where the others may not be: within a call that all make."""

    def __init__(
        self,
        checkpoint: Path,
        settings: OnPolicy,
        total_steps: int,
        *,
        kl_weight: float = 0.0,
        critic_lr: float | None = None,
        reference: Path | None = None,
    ) -> None:
        """With `critic_lr` there is a critic. Answers are read by `reference` too, or where only the KL to it has a weight by what the
        run began from.
        """
        import torch

        self.settings, self.total_steps, self.kl_weight = settings, total_steps, kl_weight
        self.version = 0
        """Batches learned from."""
        if count() > 1:
            several.group()  # which says which GPU is whose
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = load_model(checkpoint).to(self.device).train()
        for module in self.model.modules():  # the ratio is of two computations of one function
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        if self.device.type == "cuda":
            # Nothing here is random, and the sampler may be drawing meanwhile from the generator that would be put back.
            self.model.gradient_checkpointing_enable({"use_reentrant": False, "preserve_rng_state": False})
        # Before any update, also where a run goes on: a copy of what it started from.
        self.reference = copy.deepcopy(self.model).eval() if kl_weight and reference is None else None
        if reference is not None:
            self.reference = load_model(reference).to(self.device).eval()
        self.critic = None
        if critic_lr is not None:
            self.critic = torch.nn.Linear(self.model.config.hidden_size, 1).to(self.device)
            torch.nn.init.zeros_(self.critic.weight)
            torch.nn.init.zeros_(self.critic.bias)
        several.cut(*(module for module in (self.model, self.reference, self.critic) if module is not None))
        parameters: list[dict[str, object]] = [{"params": list(self.model.parameters())}]
        if self.critic is not None:
            parameters.append({"params": list(self.critic.parameters()), "lr": critic_lr})
        self.optimizer = torch.optim.AdamW(parameters, lr=settings.lr, eps=1e-8, weight_decay=0.0, fused=True)
        self._peaks = [group["lr"] for group in self.optimizer.param_groups]

    # --- forward

    @by_all
    def measure(self, answers: Sequence[Answer], step: int) -> tuple[list[list[float]], list[list[float]]]:
        """Log-probabilities of each answer's tokens, and the critic's values before each (empty without one).

        In the very parts in which `update` will compute them: in bf16 other rows beside a row round it differently, by as much
        as sampler and trainer are apart.
        """
        return self._measure(answers, step)

    @by_all
    def reference_log_probs(self, answers: Sequence[Answer], step: int) -> list[list[float]]:
        """Log-probabilities of each answer's tokens by the reference; empty without one."""
        if self.reference is None:
            return [[] for _ in answers]
        trained, critic = self.model, self.critic
        self.model, self.critic = self.reference, None
        try:
            return self._measure(answers, step)[0]
        finally:
            self.model, self.critic = trained, critic

    def _measure(self, answers: Sequence[Answer], step: int) -> tuple[list[list[float]], list[list[float]]]:
        import torch

        places = {id(answer): place for place, answer in enumerate(answers)}
        mine: dict[int, tuple[list[float], list[float]]] = {}
        with torch.no_grad():
            for part, counts in shares([m for mini in self._minibatches(answers, step) for m in micro_batches(mini)]):
                found, said = self._forward(part)
                sizes = [len(answer.ids) for answer in part]
                values = [own.tolist() for own in said.split(sizes)] if said is not None else [[] for _ in part]
                if counts:
                    for answer, own, value in zip(part, found.split(sizes), values, strict=True):
                        mine[places[id(answer)]] = own.tolist(), value
        cut_again(self.model)
        every = {place: found for one in several.gathered(mine) for place, found in one.items()}
        return [every[place][0] for place in range(len(answers))], [every[place][1] for place in range(len(answers))]

    def _forward(self, answers: Sequence[Answer]) -> tuple[Tensor, Tensor | None]:
        """Log-probability of each token of the answers, and its value, each of shape (tokens,)."""
        import torch

        rows = [[*answer.prompt, *answer.ids] for answer in answers]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows], device=self.device)
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=self.device)
        before = torch.tensor(  # the places whose next token was drawn
            [
                [len(answer.prompt) - 1 <= at < len(row) - 1 for at in range(longest)]
                for answer, row in zip(answers, rows, strict=True)
            ],
            device=self.device,
        )
        drawn = ids[:, 1:][before[:, :-1]]
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=compute_dtype() == "bfloat16"):
            hidden, logits = as_forward(self.model, lambda: self._states(answers, ids, mask, before))
        log_probs = -torch.nn.functional.cross_entropy(logits.float(), drawn, reduction="none")
        # The critic looks at the policy's states and does not move them: at 135M its errors, at first large, would.
        values = self.critic(hidden.detach().float())[:, 0] if self.critic is not None else None
        return log_probs, values

    def _states(self, answers: Sequence[Answer], ids: Tensor, mask: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        model = self.model
        if computes_padding_free(model, ids):
            groups = [answer.group for answer in answers]
            packed = pack(ids, mask, donor=[groups.index(group) for group in groups])
            hidden = hidden_states(model, packed)[packed.places[before]]
            return hidden, model.get_output_embeddings()(hidden)
        if model.config.model_type in PLAIN_HEADS:
            hidden = model.base_model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state[before]
            return hidden, model.get_output_embeddings()(hidden)
        # Its own forward pass and not the call of the model, within which this may be (`as_forward`).
        said = type(model).forward(
            model, input_ids=ids, attention_mask=mask, use_cache=False, output_hidden_states=True
        )
        return said.hidden_states[-1][before], said.logits[before]

    # --- update

    @by_all
    def update(self, answers: Sequence[Answer], step: int, *, first: bool) -> dict[str, float]:
        """`passes` over the batch in `minibatches` parts, an optimiser step for each; means over tokens of what happened. `first`:
        whether nothing was updated since this process began, so that the ratio has to be 1.
        """
        import torch

        settings = self.settings
        self._set_rate(step)
        sums: dict[str, float] = {}
        tokens = steps = 0
        norms: list[float] = []
        parts = self._minibatches(answers, step)
        for number in range(settings.passes):
            if number:
                random.Random(f"{settings.seed} {step} {number}").shuffle(parts)
            for part in parts:
                size = sum(len(answer.ids) for answer in part)
                for micro, counts in shares(list(micro_batches(part))):
                    loss, figures = self._loss(micro)
                    if first and not steps:
                        check_ratio_is_1(figures["kl_moved"] / figures["tokens"], SELF, "the trainer to itself")
                    if not torch.isfinite(loss):
                        raise AlignmentError(f"step {step}: the loss is {loss.item()}; lower lr ({settings.lr})")
                    (loss / size * (count() if counts else 0)).backward()  # of several, gradients are meaned
                    for name, value in figures.items() if counts else ():
                        sums[name] = sums.get(name, 0.0) + value
                parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
                norms.append(float(whole(torch.nn.utils.clip_grad_norm_(parameters, 1.0))))
                if not math.isfinite(norms[-1]):
                    raise AlignmentError(f"step {step}: grad_norm is {norms[-1]}; lower lr ({settings.lr})")
                self.optimizer.step()
                self.optimizer.zero_grad(set_to_none=True)
                tokens, steps = tokens + size, steps + 1
        self.version += 1
        means = {name: value / tokens for name, value in several.summed(sums).items() if name != "tokens"}
        return {**means, "grad_norm": max(norms), "learning_rate": self.optimizer.param_groups[0]["lr"]}

    def _loss(self, answers: Sequence[Answer]) -> tuple[Tensor, dict[str, float]]:
        import torch

        def flat(name: str) -> Tensor:
            return torch.tensor([value for answer in answers for value in getattr(answer, name)], device=self.device)

        new, values = self._forward(answers)
        old = flat("old")
        loss, figures = clipped_loss(
            new, old, flat("sampler"), flat("advantages"), clip=self.settings.clip, cap=self.settings.importance_cap
        )
        figures = {
            "loss": loss.item(),
            "share_clipped": figures["clipped"],
            "share_truncated": figures["truncated"],
            "kl_moved": figures["kl"],
            "tokens": float(len(new)),
        }
        if self.kl_weight:
            left = kl_of(flat("reference") - new).sum()
            figures["kl_to_start"] = left.item()
            loss = loss + self.kl_weight * left
        if values is not None:
            error = ((values - flat("returns")) ** 2).sum()
            figures["value_loss"] = error.item()
            loss = loss + VALUE_WEIGHT * error
        return loss, figures

    def _minibatches(self, answers: Sequence[Answer], step: int) -> list[list[Answer]]:
        return minibatches(answers, self.settings.minibatches, f"{self.settings.seed} {step}")

    def _set_rate(self, step: int) -> None:
        """Linear warm-up, then linear decay to zero; `step` counts from 0."""
        warm = int(self.settings.warmup_ratio * self.total_steps)
        share = step / warm if step < warm else (self.total_steps - step) / max(1, self.total_steps - warm)
        for group, peak in zip(self.optimizer.param_groups, self._peaks, strict=True):
            group["lr"] = peak * share

    # --- state

    @by_all
    def weights(self) -> list[tuple[str, Tensor]]:
        """The policy's weights by the names of a checkpoint's files, of several processes in the first alone; a head tied to the
        embeddings is left out.
        """
        found = []
        for name, parameter in self.model.named_parameters():
            weight = whole(parameter.detach())
            if is_first():
                found.append((name, weight.cpu() if count() > 1 else weight))
        return found

    @by_all
    def save(self, folder: Path) -> None:
        import torch

        if count() > 1:
            several.save(folder, self._modules(), self.optimizer, self.version)
            return
        critic = self.critic.state_dict() if self.critic is not None else None
        weights = {"model": self.model.state_dict(), "critic": critic}
        torch.save({**weights, "optimizer": self.optimizer.state_dict(), "version": self.version}, folder / STATE)

    @by_all
    def load(self, folder: Path) -> None:
        """What `save` wrote. Raises AlignmentError where it is not readable."""
        import torch

        try:
            if count() > 1:
                self.version = several.load(folder, self._modules(), self.optimizer)
                return
            state = torch.load(folder / STATE, map_location=self.device, weights_only=True)
            self.model.load_state_dict(state["model"])
            if self.critic is not None:
                self.critic.load_state_dict(state["critic"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.version = state["version"]
        except Exception as cause:  # zip, pickle and torch each raise their own kinds
            raise AlignmentError(
                f"{folder}: the saved state does not load: {cause}; remove it to start over"
            ) from cause

    def _modules(self) -> Any:
        import torch

        return torch.nn.ModuleDict({"policy": self.model, **({"critic": self.critic} if self.critic else {})})


def minibatches(answers: Sequence[Answer], parts: int, seed: str) -> list[list[Answer]]:
    """The groups dealt into `parts`, or as many as there are groups; all answers of a group in one."""
    groups = list(dict.fromkeys(answer.group for answer in answers))
    random.Random(seed).shuffle(groups)
    dealt = [set(groups[number::parts]) for number in range(min(parts, len(groups)))]
    return [[answer for answer in answers if answer.group in chosen] for chosen in dealt]


def micro_batches(answers: Sequence[Answer]) -> Iterator[list[Answer]]:
    """Answers that go through the model together: about MICRO_TOKENS, a prompt counted once where its answers follow."""
    part: list[Answer] = []
    tokens = 0
    for answer in answers:
        new = len(answer.ids) + (0 if part and part[-1].group == answer.group else len(answer.prompt))
        if part and tokens + new > MICRO_TOKENS:
            yield part
            part, tokens = [], 0
            new = len(answer.ids) + len(answer.prompt)
        part.append(answer)
        tokens += new
    if part:
        yield part
