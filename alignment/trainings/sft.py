"""Supervised fine-tuning (Llama 3 paper, section 4.1.3): cross-entropy on the assistant's tokens and its terminator.

The data set has one conversational column, `messages`; every assistant turn in it is learned, the rest is context.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.adapters import adapted
from alignment.job import OnProgress, TrainResult, finished_result, open_job
from alignment.processes import placed
from alignment.tokens.conversations import (
    CONTEXT,
    Conversation,
    Format,
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
    token_log_probs,
)
from alignment.trainings import Learned, Training

if TYPE_CHECKING:
    from recipes.trainings import SFT


def train_sft(
    checkpoint: Path,
    dataset: Path,
    out: Path,
    settings: SFT,
    *,
    on_progress: OnProgress,
    checkpoint_id: str | None = None,
) -> TrainResult:
    """Trains `checkpoint` on the `messages` of `dataset` and leaves a Hugging Face checkpoint in `out`.

    Goes on from the state in `out` where a run was cut off, and returns at once where it is finished. `checkpoint_id`
    is the caller's name for the checkpoint's content (without one its files are hashed). Raises AlignmentError.
    """
    job = open_job("sft", checkpoint, dataset, out, settings, checkpoint_id)
    if (result := finished_result(job)) is not None:
        return result
    form = load_format(checkpoint)
    conversations, dropped = conversations_of(form, dataset, settings)
    plan, arguments = planned(
        job, settings, [len(conversation.input_ids) for conversation in conversations], micro_batch=MICRO_BATCH
    )
    ordered = [conversations[row] for row in plan.order]
    model = adapted(load_model(checkpoint), settings)
    trainer = sft_trainer(model, form.tokenizer, ordered, arguments)
    return fit(job, trainer, plan, dropped, len(conversations), on_progress)


def conversations_of(form: Format, dataset: Path, settings: SFT) -> tuple[list[Conversation], dict[str, int]]:
    """The conversations of a data set as they are learned, and how many rows were dropped for each reason."""
    rows = read_rows(dataset, ["messages"])
    kept, dropped = encode_rows(rows, lambda row: [encode_row(form, row)], settings.max_length)
    return [conversation for _, (conversation,) in kept], dropped


def encode_row(form: Format, row: Row) -> Conversation:
    """The conversation of a row. Raises DropRow, AlignmentError."""
    refuse_tools(row)
    return encode(form, row["messages"])


def look(checkpoint: Path, dataset: Path, settings: SFT) -> Learned:
    """As `--dry-run` asks."""
    found, dropped = conversations_of(load_format(checkpoint), dataset, settings)
    return Learned([len(each.input_ids) for each in found], sum(map(learned_tokens, found)), dropped)


def sft_trainer(model: Any, tokenizer: Any, conversations: Sequence[Conversation], arguments: dict[str, Any]) -> Any:
    """TRL's SFTTrainer over already masked rows, with a loss that projects only the learned positions."""
    from datasets import Dataset
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    class Trainer(SFTTrainer):
        def compute_loss(
            self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
        ) -> Any:
            log_probs = token_log_probs(self, model, inputs, inputs["labels"])
            if num_items_in_batch is None:
                return -log_probs.sum() / (inputs["labels"] != -100).sum()
            return (
                -log_probs.sum() / num_items_in_batch * self.accelerator.num_processes
            )  # whose gradients are averaged

    rows = Dataset.from_list([{"input_ids": c.input_ids, "labels": labels(c)} for c in conversations])
    return Trainer(model=model, args=placed(SFTConfig(**arguments)), train_dataset=rows, processing_class=tokenizer)


def labels(conversation: Conversation) -> list[int]:
    """The token where it is learned, -100 elsewhere. By role, not by id: the pad token may be the terminator."""
    return [
        -100 if role == CONTEXT else token
        for token, role in zip(conversation.input_ids, conversation.roles, strict=True)
    ]


TRAINING = Training(
    "sft",
    "SFT",
    "Supervised fine-tuning on conversations (section 4.1.3).",
    train_sft,
    data_set="sft",
    columns="a `messages` column",
    look=look,
)
