"""The stepwise reward model (Llama 3 paper, section 4.3.3): for each step of an answer, how likely it is to be a good one.

A row is a question, the steps of an answer, and for each step whether it is good or how often it was, 0 to 1. One logit is read
at the last token of each step (`serving.steps` says which), from a head that starts at zero; the loss is the binary
cross-entropy with the step's label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.adapters import adapted, core_of
from alignment.errors import AlignmentError
from alignment.job import OnProgress, TrainResult, finished_result, open_job
from alignment.processes import as_forward, is_zero, placed
from alignment.tokens.conversations import (
    CONTENT,
    CONTEXT,
    TERMINATOR,
    Conversation,
    DropRow,
    Format,
    encode_rows,
    load_format,
    refuse_no_embedding,
)
from alignment.tokens.padding_free import hidden_states, pack
from alignment.tokens.reading import Row, cells, messages_of
from alignment.trainer import MICRO_BATCH, computes_padding_free, fit, load_model, planned, tell
from alignment.trainings import Learned, Training
from alignment.trainings.reward import HEAD, check_starts_at_ln2, in_fp32, model_head, parted, refuse_head_of
from alignment.trainings.stepwise_figures import Judged, figures, good, rates_by_position
from checkpoints.weights import is_reward_model
from rows.messages import Message
from serving import ServingError
from serving.steps import step_tokens

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.trainings import Stepwise

BIAS = "score.bias"
NO_STEP = -100.0
"""The label of what is no step, in a batch whose answers have not as many as the one with most."""


@dataclass(frozen=True)
class Labelled:
    """A question with the steps of an answer, tokenised."""

    question: str
    """What rows about one and the same question share."""
    input_ids: list[int]
    ends: list[int]
    """The place of each step's last token, where its score is read."""
    labels: list[float]
    """How good each step is, 0 to 1."""


def train_stepwise(
    checkpoint: Path,
    dataset: Path,
    out: Path,
    settings: Stepwise,
    *,
    on_progress: OnProgress,
    checkpoint_id: str | None = None,
) -> TrainResult:
    """Trains a score of each step on top of `checkpoint` on `prompt`, `completions` and `labels` of `dataset`.

    Leaves a Hugging Face token classification checkpoint of one label in `out`. Of the share `held_out` of the questions, on which it
    is not trained, the result says how it tells their steps apart. Raises AlignmentError.
    """
    job = open_job("stepwise", checkpoint, dataset, out, settings, checkpoint_id)
    if (result := finished_result(job)) is not None:
        return result
    form = load_format(checkpoint)
    learned, held, dropped = rows_of(form, dataset, settings)
    plan, arguments = planned(job, settings, [len(row.input_ids) for row in learned], micro_batch=MICRO_BATCH)
    model = adapted(load_step_scorer(checkpoint), settings, head="score")
    trainer = stepwise_trainer(model, form.tokenizer, [learned[row] for row in plan.order], arguments)
    by_position = rates_by_position([row.labels for row in learned])
    return fit(
        job,
        trainer,
        plan,
        dropped,
        len(learned),
        on_progress,
        changed=as_a_step_scorer(core_of(trainer.model)),
        at_end=lambda: figures(judge(trainer, held), by_position),
    )


# --- rows


def rows_of(form: Format, dataset: Path, settings: Stepwise) -> tuple[list[Labelled], list[Labelled], dict[str, int]]:
    """The rows to learn from; those held out; how many were dropped for what."""
    kept, dropped = encode_rows(read_steps(dataset), lambda row: [encoded(form, row)], settings.max_length)
    learned, held = parted(kept, settings)
    return [labelled(*one) for one in learned], [labelled(*one) for one in held], dropped


def labelled(row: Row, sequences: Sequence[Conversation]) -> Labelled:
    """A row whose steps `encoded` has tokenised."""
    (sequence,) = sequences
    ends = [place for place, role in enumerate(sequence.roles) if role == TERMINATOR]
    return Labelled(repr(row["prompt"]), sequence.input_ids, ends, row["labels"])


def check_start(checkpoint: Path, settings: Stepwise) -> None:
    """As every dry run asks."""
    refuse_head_of(is_reward_model, checkpoint, "a reward model of whole answers")


def look(checkpoint: Path, dataset: Path, settings: Stepwise) -> Learned:
    """As `--dry-run` asks. One score is read of each step."""
    learned, held, dropped = rows_of(load_format(checkpoint), dataset, settings)
    steps = sum(len(row.ends) for row in learned)
    return Learned([len(row.input_ids) for row in learned], steps, dropped, len(held))


def read_steps(dataset: Path) -> list[tuple[str, Row]]:
    """(place, row) with `prompt` (messages), `completions` (the steps) and `labels` (a number for each). Raises AlignmentError, with
    its place, for one that has no steps, not a label for each, or a label that is no share.
    """
    return [
        (
            place,
            {
                "prompt": question_of(row["prompt"], f"{place}: prompt"),
                "completions": (steps := steps_of(row["completions"], f"{place}: completions")),
                "labels": labels_of(row["labels"], len(steps), f"{place}: labels"),
            },
        )
        for place, row in cells(dataset, ["prompt", "completions", "labels"])
    ]


def question_of(value: object, where: str) -> list[Message]:
    """A text, which a user asks, or messages."""
    if isinstance(value, str):
        if not value.strip():
            raise AlignmentError(f"{where}: says nothing")
        return [{"role": "user", "content": value}]
    messages = messages_of(value, where)
    if messages[-1]["role"] == "assistant":
        raise AlignmentError(f"{where}: ends with an assistant's turn, which is what the steps would be")
    return messages


def steps_of(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not value:
        raise AlignmentError(f"{where}: no steps; expected a list of texts, got {value!r:.40}")
    for number, step in enumerate(value):
        if not isinstance(step, str) or not step.strip():
            raise AlignmentError(f"{where}: step {number} says nothing; got {step!r:.40}")
    return value


def labels_of(value: object, steps: int, where: str) -> list[float]:
    if not isinstance(value, list) or len(value) != steps:
        has = len(value) if isinstance(value, list) else repr(value)[:40]
        raise AlignmentError(f"{where}: {steps} steps need as many labels, got {has}")
    for number, label in enumerate(value):
        if not isinstance(label, bool | int | float) or not 0 <= label <= 1:  # not a number is in no bounds
            raise AlignmentError(f"{where}: label {number} is {label!r:.40}; it is true, false, or a share from 0 to 1")
    return [float(label) for label in value]


def encoded(form: Format, row: Row) -> Conversation:
    """The question as context, the steps as content, each with a terminator at its last token. Raises DropRow for what a letter that
    is a special token cannot say, AlignmentError where the template refuses the question.
    """
    letters = [special for special in form.special_texts if len(special) == 1]
    said = [*row["completions"], *(message["content"] for message in row["prompt"])]
    if any(letter in text for letter in letters for text in said):
        raise DropRow("special_tokens")
    try:
        ids, ends = step_tokens(form.tokenizer, form.special_texts, (row["prompt"], row["completions"]))
        question, _ = step_tokens(form.tokenizer, form.special_texts, (row["prompt"], []))
    except ServingError as error:
        raise AlignmentError(str(error)) from None
    refuse_no_embedding(form, ids)
    if form.positions is not None and len(ids) > form.positions:
        raise DropRow("longer_than_context")
    roles = [CONTEXT] * len(question) + [CONTENT] * (len(ids) - len(question))
    for place in ends:
        roles[place] = TERMINATOR
    return Conversation(ids, roles)


# --- the model


def load_step_scorer(checkpoint: Path) -> Any:
    """The checkpoint with a score of each token in the place of its output head; a new head is zero. Raises AlignmentError."""
    refuse_head_of(is_reward_model, checkpoint, "a reward model of whole answers")
    free = (HEAD, BIAS, "lm_head.weight")
    model = load_model(checkpoint, "AutoModelForTokenClassification", free=free, num_labels=1)
    if HEAD in model.new_weights:
        model.score.weight.data.zero_()
        model.score.bias.data.zero_()
    return model


def as_a_step_scorer(model: Any) -> dict[str, dict[str, Any]]:
    """What the files of the start checkpoint say otherwise of a stepwise reward model."""
    kind = type(model).__name__
    return {"config.json": {"architectures": [kind], "id2label": {"0": "good"}, "label2id": {"good": 0}}}


def stepwise_trainer(model: Any, tokenizer: Any, rows: Sequence[Labelled], arguments: dict[str, Any]) -> Any:
    """TRL's RewardTrainer with rows of labelled steps and the loss over them."""
    import torch
    from datasets import Dataset
    from trl.trainer.reward_config import RewardConfig
    from trl.trainer.reward_trainer import RewardTrainer

    class Trainer(RewardTrainer):
        loss_is_scaled_for_ga = True  # by `num_items_in_batch`: the labels of all forward passes of a batch

        def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
            return dataset  # already token ids

        def compute_loss(
            self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
        ) -> Any:
            logits, labels = step_logits(self, model, inputs)
            losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
            if self.state.global_step == 0 and is_zero(model_head(self, model)):
                check_starts_at_ln2(losses.mean().item())
            right = good(logits.detach().sigmoid()) == good(labels)
            tell(self, {"steps/accuracy": right.float().mean()})
            # Over the steps of the whole batch, so that how it is cut into forward passes and among processes changes nothing.
            if num_items_in_batch is None:
                return losses.mean()
            return losses.sum() / num_items_in_batch * self.accelerator.num_processes  # whose gradients are averaged

    stored = [{"input_ids": row.input_ids, "ends": row.ends, "labels": row.labels} for row in rows]
    return Trainer(
        model=model,
        args=placed(RewardConfig(**arguments)),
        train_dataset=Dataset.from_list(stored),
        processing_class=tokenizer,
        data_collator=lambda rows: {name: torch.tensor(value) for name, value in collated(rows).items()},
    )


def collated(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """A batch padded on the right: ids and mask of shape (rows, longest), ends and labels of shape (rows, most steps)."""
    longest, most = max(len(row["input_ids"]) for row in rows), max(len(row["ends"]) for row in rows)
    return {
        "input_ids": [[*row["input_ids"], *[0] * (longest - len(row["input_ids"]))] for row in rows],
        "attention_mask": [[int(at < len(row["input_ids"])) for at in range(longest)] for row in rows],
        "ends": [[*row["ends"], *[0] * (most - len(row["ends"]))] for row in rows],
        "labels": [[*row["labels"], *[NO_STEP] * (most - len(row["labels"]))] for row in rows],
    }


def step_logits(trainer: Any, model: Any, inputs: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
    """The logit of each step of the batch, one answer's after another's, and its label; both of shape (steps,)."""
    whole = trainer.accelerator.unwrap_model(model)
    core = core_of(whole)
    ids, mask, ends, labels = (inputs[name] for name in ("input_ids", "attention_mask", "ends", "labels"))
    real = labels != NO_STEP
    with trainer.accelerator.autocast():
        if not computes_padding_free(core, ids):
            logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits[..., 0]
            return logits.gather(1, ends)[real].float(), labels[real]
        packed = pack(ids, mask)
        places = packed.places.gather(1, ends)[real]
        return as_forward(whole, lambda: in_fp32(core.score, hidden_states(core, packed)[places])[:, 0]), labels[real]


def judge(trainer: Any, held: Sequence[Labelled]) -> list[Judged]:
    """What the model says of the steps of the rows held out."""
    import torch

    model, judged = trainer.model.eval(), []
    for row in held:
        inputs = {name: torch.tensor(value, device=model.device) for name, value in collated([vars(row)]).items()}
        with torch.no_grad():
            logits, _ = step_logits(trainer, model, inputs)
        judged.append(Judged(row.question, logits.sigmoid().tolist(), row.labels))
    return judged


TRAINING = Training(
    "stepwise",
    "Stepwise reward model",
    "A stepwise reward model, of an answer's steps (section 4.3.3).\n\nIt steers a tree search, chooses, and rewards.",
    train_stepwise,
    data_set="stepwise",
    columns="`prompt`, `completions` (the steps) and `labels` columns",
    start="The checkpoint that the score is put on.",
    such_as="held_out=0.2",
    policy=False,
    curves=(("steps/accuracy", "share of steps told rightly"),),
    note="The loss starts at ln 2 = 0.693, where every step is as likely good as bad.",
    look=look,
    check=check_start,
)
