"""What is looked at while a stage trains: held-out loss, the gates of a new length, and what the model writes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from checkpoints.files import read_tokenizer
from pretrain.errors import PretrainError
from pretrain.run.recipe import Initial, LongContext, Recipe
from pretrain.run.substages import SubStage
from pretrain.training.trainer import held_out_loss

if TYPE_CHECKING:
    from pretrain.data.packing import PackedBatch
    from pretrain.model import Transformer


def check_evaluations(recipe: Recipe, sub_stages: Sequence[SubStage], tokenizer_folder: Path, longest: int) -> None:
    """Refuse, before hours are spent, needles and samples for which there is no room. `longest`: what the model can read at first."""
    tokenizer = read_tokenizer(tokenizer_folder)
    for sub_stage in sub_stages:
        if cases := _needle_cases(recipe, sub_stage):
            from pretrain.run.gates import check_room

            check_room(tokenizer, sub_stage.length, cases, recipe.seed)
    for prompt in recipe.evaluation.samples:
        tokens = len(tokenizer(prompt)["input_ids"])
        if not 0 < tokens <= longest - recipe.evaluation.sample_tokens:
            raise PretrainError(
                f"evaluation.samples: {prompt!r} has {tokens:,} tokens; it needs at least one, and with "
                f"sample_tokens = {recipe.evaluation.sample_tokens:,} at most {longest:,}"
            )


def _needle_cases(recipe: Recipe, sub_stage: SubStage) -> int:
    """How many needles this stage looks for: its own number, or that of the first stage with gates; 0 where there is none."""
    stage = sub_stage.stage
    if isinstance(stage, Initial):
        return 0
    gates = (
        [stage.gates]
        if isinstance(stage, LongContext)
        else [s.gates for s in recipe.stages if isinstance(s, LongContext)]
    )
    return gates[0].needle_cases if gates else 0


class StageEvaluation:
    """What is looked at while one sub-stage trains: held-out loss, gates, samples."""

    def __init__(
        self,
        recipe: Recipe,
        sub_stage: SubStage,
        tokenizer: Path,
        *,
        held_out: "list[PackedBatch]",
        short: "list[PackedBatch]",
        short_before: float | None,
    ) -> None:
        self.recipe, self.sub_stage, self.tokenizer_folder = recipe, sub_stage, tokenizer
        self.held_out, self.short, self.short_before = held_out, short, short_before
        self.samples: list[tuple[str, str]] = []
        self.cases = _needle_cases(recipe, sub_stage)

    def evaluate(self, model: "Transformer") -> dict[str, float]:
        """Held-out loss at this sub-stage's length and at the first's; needles where a long-context stage has been reached."""
        short = held_out_loss(model, self.short)
        held_out = short if self.held_out is self.short else held_out_loss(model, self.held_out)
        figures = {"held_out": held_out, "short_loss": short}
        if self.cases:
            from pretrain.run.gates import needle_accuracy

            haystack = torch.cat([batch.tokens for batch in self.held_out]).tolist()
            figures["needle"] = needle_accuracy(
                model, self._tokenizer(), self.sub_stage.length, haystack, self.cases, self.recipe.seed
            )
        self.samples = [(prompt, self._continue(model, prompt)) for prompt in self.recipe.evaluation.samples]
        return figures

    def gates(self, evaluation: dict[str, float]) -> dict[str, dict[str, Any]]:
        """Section 3.4.2's two conditions, with the figures they are judged by."""
        assert isinstance(self.sub_stage.stage, LongContext)
        gates = self.sub_stage.stage.gates
        judged = {"needle": (evaluation["needle"], gates.needle, evaluation["needle"] >= gates.needle)}
        if self.short_before is not None:
            limit = self.short_before * (1 + gates.short_loss)
            judged["short_loss"] = (evaluation["short_loss"], limit, evaluation["short_loss"] <= limit)
        return {name: {"value": value, "limit": limit, "passed": ok} for name, (value, limit, ok) in judged.items()}

    def enough(self, tokens: int, evaluation: dict[str, float]) -> bool:
        """Whether this length is learnt: the least amount is trained, and both gates hold."""
        assert isinstance(self.sub_stage.stage, LongContext)
        passed = all(gate["passed"] for gate in self.gates(evaluation).values())
        return tokens >= self.sub_stage.stage.min_tokens and passed

    def take_samples(self) -> list[tuple[str, str]]:
        """(prompt, completion) of the last evaluation, once."""
        samples, self.samples = self.samples, []
        return samples

    def _tokenizer(self) -> Any:
        return read_tokenizer(self.tokenizer_folder)

    def _continue(self, model: "Transformer", prompt: str) -> str:
        from pretrain.generate import generate

        tokenizer = self._tokenizer()
        tokens = tokenizer(prompt)["input_ids"]
        # Decoded to the full length, since ranks that generate together must not stop at different tokens.
        new = generate(model, tokens, self.recipe.evaluation.sample_tokens)
        end = new.index(tokenizer.eos_token_id) if tokenizer.eos_token_id in new else len(new)
        return tokenizer.decode(new[:end])
