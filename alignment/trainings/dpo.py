"""Direct preference optimisation (Llama 3 paper, section 4.1.4) with its two stabilisers.

Formatting tokens (headers, terminators) are left out of the preference term in both responses, and a negative
log-likelihood term on the chosen response, terminator included, is added with weight 0.2. One mask each: with a single
mask either the preference term tears at the terminator both responses share, or the model unlearns to stop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.adapters import adapted
from alignment.errors import AlignmentError
from alignment.job import OnProgress, TrainResult, finished_result, open_job
from alignment.processes import first_alone, is_first, placed
from alignment.tokens.conversations import (
    CONTENT,
    CONTEXT,
    Conversation,
    DropRow,
    Format,
    answer_to,
    encode,
    encode_rows,
    learned_tokens,
    load_format,
    refuse_tools,
)
from alignment.tokens.reading import Row, read_rows
from alignment.trainer import (
    MICRO_BATCH,
    fit,
    load_model,
    planned,
    tell,
    token_log_probs,
)
from alignment.trainings import Learned, Training
from alignment.trainings.dpo_watch import Watch

if TYPE_CHECKING:
    from recipes.trainings import DPO

SIDES = ("chosen", "rejected")
LN2_TOLERANCE = 1e-2
"""Of the first step's preference loss, for kernels that do not round alike from one call to the next."""


def train_dpo(
    checkpoint: Path,
    dataset: Path,
    out: Path,
    settings: DPO,
    *,
    on_progress: OnProgress,
    checkpoint_id: str | None = None,
) -> TrainResult:
    """Trains `checkpoint` on `prompt`, `chosen`, `rejected` of `dataset`; leaves a Hugging Face checkpoint in `out`.

    The reference is `checkpoint` itself, also where an interrupted run goes on; its log-probabilities are computed once
    before training. Raises AlignmentError, also where the first step's preference loss is not ln 2.
    """
    job = open_job("dpo", checkpoint, dataset, out, settings, checkpoint_id)
    if (result := finished_result(job)) is not None:
        return result
    form = load_format(checkpoint)
    pairs, dropped = pairs_of(form, dataset, settings)
    plan, arguments = planned(job, settings, [pair_tokens(pair) for pair in pairs], micro_batch=MICRO_BATCH // 2)
    # In training order already for the reference: the same rows in the same micro-batches round alike, in bf16 up to half
    # a nat a response otherwise, which is more than a whole run may move the margin.
    ordered = [pairs[row] for row in plan.order]
    model = adapted(load_model(checkpoint), settings)
    trainer = dpo_trainer(model, form.tokenizer, ordered, arguments, settings)
    watch = Watch(trainer, form, ordered, plan.steps, job.state)
    return fit(job, trainer, plan, dropped, len(pairs), on_progress, look=watch.look, check=watch.check)


def pairs_of(form: Format, dataset: Path, settings: DPO) -> tuple[list[list[Conversation]], dict[str, int]]:
    """The pairs of a data set, the chosen answer first, and how many rows were dropped for each reason."""
    rows = read_rows(dataset, ["prompt", "chosen", "rejected"])
    kept, dropped = encode_rows(rows, lambda row: encode_pair(form, row), settings.max_length)
    return [pair for _, pair in kept], dropped


def pair_tokens(pair: Sequence[Conversation]) -> int:
    return sum(len(response.input_ids) for response in pair)


def look(checkpoint: Path, dataset: Path, settings: DPO) -> Learned:
    """As `--dry-run` asks."""
    pairs, dropped = pairs_of(load_format(checkpoint), dataset, settings)
    learned = sum(learned_tokens(response) for pair in pairs for response in pair)
    return Learned([pair_tokens(pair) for pair in pairs], learned, dropped)


def encode_pair(form: Format, row: Row) -> tuple[Conversation, Conversation]:
    """The prompt with each response; turns of the prompt are context, also the assistant's. Raises AlignmentError for a row that
    is no question with two answers.
    """
    refuse_tools(row)
    if row["chosen"] == row["rejected"]:
        raise DropRow("identical")
    prompt = row["prompt"]
    chosen, rejected = (answer_to(prompt, row[side], side) for side in SIDES)
    return encode(form, prompt + chosen, learn_from=len(prompt)), encode(
        form, prompt + rejected, learn_from=len(prompt)
    )


def dpo_trainer(
    model: Any,
    tokenizer: Any,
    pairs: Sequence[Sequence[Conversation]],
    arguments: dict[str, Any],
    settings: DPO,
) -> Any:
    """TRL's DPOTrainer with the two masks: its own loss reads one completion mask for both terms."""
    import torch
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    class Trainer(DPOTrainer):
        def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
            return dataset  # already token ids

        def compute_ref_log_probs(self, model: Any, inputs: dict[str, Any]) -> Any:
            if model.device.type != self.accelerator.device.type:  # of several processes, as training begins
                model.to(self.accelerator.device)
            with torch.no_grad():
                log_probs = token_log_probs(self, model, inputs, inputs["labels"], pairs=True)
            return (log_probs * inputs["preference_mask"]).sum(dim=1).chunk(2)

        def _get_num_items_in_batch(self, batch_samples: list[dict[str, Any]], device: Any) -> Any:
            """Tokens of all chosen answers of a batch, over its forward passes and the processes."""
            learned = sum((each["labels"][:, 1:].chunk(2)[0] != -100).sum() for each in batch_samples)
            self.chosen_tokens = self.accelerator.gather(torch.as_tensor(learned, device=device)).sum()
            return self.chosen_tokens

        def _compute_loss(self, model: Any, inputs: dict[str, Any], return_outputs: bool) -> Any:
            log_probs = token_log_probs(self, model, inputs, inputs["labels"], pairs=True)
            chosen, rejected = (log_probs * inputs["preference_mask"]).sum(dim=1).chunk(2)
            chosen_reward = settings.beta * (chosen - inputs["ref_chosen_logps"])
            rejected_reward = settings.beta * (rejected - inputs["ref_rejected_logps"])
            margin = chosen_reward - rejected_reward
            preference = -torch.nn.functional.logsigmoid(margin).mean()
            if self.state.global_step == 0:
                check_starts_at_ln2(preference.item())
            chosen_log_probs, _ = log_probs.chunk(2)
            content, _ = inputs["preference_mask"].sum(dim=1).chunk(2)
            # A token counts alike however its batch is cut into passes and among processes, over which losses are averaged.
            parts = self.current_gradient_accumulation_steps * self.accelerator.num_processes
            nll = -chosen_log_probs.sum() / self.chosen_tokens * parts
            figures = {
                "loss/preference": preference,
                "loss/nll": nll,
                "rewards/chosen": chosen_reward.mean(),
                "rewards/rejected": rejected_reward.mean(),
                "rewards/margins": margin.mean(),
                "rewards/accuracies": (margin > 0).float().mean(),
                "logps/chosen": chosen.mean(),
                "logps/rejected": rejected.mean(),
                # Nats a token: an answer's own number would say how long it is.
                "logps/chosen_change": ((chosen - inputs["ref_chosen_logps"]) / content.clamp(min=1)).mean(),
            }
            tell(self, figures)
            return preference + settings.nll_weight * nll

    config = placed(DPOConfig(**arguments, beta=settings.beta, precompute_ref_log_probs=True))
    with first_alone():
        stored = stored_pairs(pairs, Path(arguments["output_dir"]) / "pairs")
    trainer = Trainer(
        model=model,
        args=config,
        train_dataset=stored,
        processing_class=tokenizer,
        data_collator=pair_collator(tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0),
    )
    if REFERENCE in getattr(model, "peft_config", ()):
        # TRL's copy of new adapters, which nobody asks any more: transformers would go on from it, and leave out what was trained.
        model.delete_adapter(REFERENCE)
    return trainer


def stored_pairs(pairs: Sequence[Sequence[Conversation]], folder: Path) -> Any:
    """The pairs as a data set on disk: TRL keeps the reference log-probabilities beside it, so resuming finds them."""
    from datasets import Dataset, load_from_disk

    if not folder.exists() and is_first():
        columns = [
            {
                f"{side}_{part}": getattr(response, part)
                for side, response in zip(SIDES, pair, strict=True)
                for part in PARTS
            }
            for pair in pairs
        ]
        draft = folder.with_name("pairs.part")
        Dataset.from_list(columns).save_to_disk(str(draft))
        draft.rename(folder)
    return load_from_disk(str(folder))


PARTS = ("input_ids", "roles")
REFERENCE = "ref"
"""What TRL calls the adapters of DPO's reference."""


def check_starts_at_ln2(preference_loss: float) -> None:
    """Before the first update policy and reference are the same model, so the loss is -log(sigmoid(0))."""
    if not abs(preference_loss - math.log(2)) <= LN2_TOLERANCE:
        raise AlignmentError(
            f"the first preference loss is {preference_loss:.4f} and not ln 2 = {math.log(2):.4f}: the policy differs "
            "from its reference before any update (dropout left on, or a stale or wrongly padded reference)"
        )


def pair_collator(pad_id: int) -> Callable[[list[dict[str, Any]]], dict[str, Any]]:
    """Batches pairs as (2 x pairs, length): the chosen responses, then the rejected ones, padded on the right.

    `labels` holds -100 outside the responses; `preference_mask` (one shorter: it is aligned with next tokens) is 1 on
    their content, 0 on terminators. Padding is known by position, not by id, as the pad token may be the terminator.
    """

    def collate(rows: list[dict[str, Any]]) -> dict[str, Any]:
        import torch

        sequences = [(row[f"{side}_input_ids"], row[f"{side}_roles"]) for side in SIDES for row in rows]
        shape = (len(sequences), max(len(ids) for ids, _ in sequences))
        input_ids = torch.full(shape, pad_id)
        attention_mask = torch.zeros(shape, dtype=torch.long)
        roles = torch.full(shape, CONTEXT)
        for line, (ids, token_roles) in enumerate(sequences):
            input_ids[line, : len(ids)] = torch.tensor(ids)
            attention_mask[line, : len(ids)] = 1
            roles[line, : len(ids)] = torch.tensor(token_roles)
        batch = {
            "input_ids": input_ids,
            "attention_mask": attention_mask,
            "labels": input_ids.masked_fill(roles == CONTEXT, -100),
            "preference_mask": (roles[:, 1:] == CONTENT).float(),
        }
        for side in SIDES:
            if f"ref_{side}_logps" in rows[0]:
                batch[f"ref_{side}_logps"] = torch.tensor([row[f"ref_{side}_logps"] for row in rows])
        return batch

    return collate


TRAINING = Training(
    "dpo",
    "DPO",
    "Direct preference optimisation (section 4.1.4).\n\nWith an NLL term on the chosen answer.",
    train_dpo,
    data_set="preference",
    columns="`prompt`, `chosen`, `rejected` columns",
    start="The checkpoint to start from; it is the reference as well.",
    such_as="beta=0.1",
    sequences=2,
    curves=(
        ("loss/preference", "preference term of the loss"),
        ("loss/nll", "NLL term of the loss"),
        ("rewards/margins", "reward margin, chosen over rejected"),
        ("rewards/accuracies", "share of pairs ranked rightly"),
        ("logps/chosen_change", "chosen answers, nats a token above the start"),
    ),
    note="The preference term starts at ln 2 = 0.693, where policy and reference are one.",
    look=look,
)
