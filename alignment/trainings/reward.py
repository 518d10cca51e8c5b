"""The reward model (Llama 3 paper, section 4.1.2): a score for each answer, learned from which of them people or checks preferred.

Bradley-Terry without a margin: of every two answers to one prompt the better one is to have the higher score. A row has two
answers or three (edited > chosen > rejected); prompt and answers are one packed row, in which no answer sees another.
The score is read at the terminator of the answer, from a head that starts at zero.
"""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from alignment.adapters import adapted, core_of
from alignment.errors import AlignmentError
from alignment.job import OnProgress, TrainResult, finished_result, open_job
from alignment.processes import as_forward, is_zero, placed
from alignment.tokens.conversations import (
    CONTENT,
    CONTEXT,
    Conversation,
    DropRow,
    Format,
    answer_to,
    encode,
    encode_rows,
    load_format,
    refuse_tools,
)
from alignment.tokens.padding_free import hidden_states, pack
from alignment.tokens.reading import Row, read_rows
from alignment.trainer import (
    MICRO_BATCH,
    computes_padding_free,
    fit,
    load_model,
    planned,
    tell,
)
from alignment.trainings import Learned, Training
from alignment.trainings.reward_figures import Judged, figures
from checkpoints.errors import CheckpointError
from checkpoints.weights import is_stepwise_model

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.trainings import Reward, Stepwise

RANKED = ("edited", "chosen", "rejected")
"""Columns of the answers, the best first; `edited` is in some rows only."""
HEAD = "score.weight"
T = TypeVar("T")
LN2_TOLERANCE = 1e-4


def train_reward(
    checkpoint: Path,
    dataset: Path,
    out: Path,
    settings: Reward,
    *,
    on_progress: OnProgress,
    checkpoint_id: str | None = None,
) -> TrainResult:
    """Trains a score on top of `checkpoint` on `prompt`, `chosen`, `rejected` and where there is one `edited` of `dataset`.

    Leaves a Hugging Face sequence classification checkpoint of one label in `out`. Of the share `held_out` of the prompts, on which it is
    not trained, the result says how it ranks them. Raises AlignmentError.
    """
    job = open_job("reward", checkpoint, dataset, out, settings, checkpoint_id)
    if (result := finished_result(job)) is not None:
        return result
    form = load_format(checkpoint)
    learned, held, dropped = rows_of(form, dataset, settings)
    plan, arguments = planned(
        job, settings, [packed_tokens(answers) for answers in learned], micro_batch=MICRO_BATCH // 2
    )
    pad_id = padding_of(form)
    model = adapted(load_scorer(checkpoint, pad_id), settings, head="score")
    trainer = reward_trainer(model, form.tokenizer, [learned[row] for row in plan.order], arguments, pad_id)
    return fit(
        job,
        trainer,
        plan,
        dropped,
        len(learned),
        on_progress,
        changed=as_a_scorer(core_of(trainer.model), form, pad_id),
        at_end=lambda: figures(judge(trainer, held, pad_id)),
    )


# --- rows


def rows_of(
    form: Format, dataset: Path, settings: Reward
) -> tuple[list[list[Conversation]], list[tuple[Row, list[Conversation]]], dict[str, int]]:
    """The answers of each row to learn from, the best first; the rows held out with theirs; how many were dropped for what."""
    rows = read_rows(dataset, ["prompt", "chosen", "rejected"], optional=["edited"], texts=["category", "row"])
    kept, dropped = encode_rows(rows, lambda row: ranked(form, row, settings.max_similarity), settings.max_length)
    learned, held = parted(kept, settings)
    return [answers for _, answers in learned], held, dropped


def check_start(checkpoint: Path, settings: Reward) -> None:
    """As every dry run asks."""
    refuse_head_of(is_stepwise_model, checkpoint, "a stepwise reward model")
    padding_of(load_format(checkpoint))


def look(checkpoint: Path, dataset: Path, settings: Reward) -> Learned:
    """As `--dry-run` asks. One score is read of each answer."""
    learned, held, dropped = rows_of(load_format(checkpoint), dataset, settings)
    return Learned([packed_tokens(answers) for answers in learned], sum(map(len, learned)), dropped, len(held))


def ranked(form: Format, row: Row, max_similarity: float) -> list[Conversation]:
    """The prompt with each answer, the best answer first, without those that are nearly a better one. Raises DropRow for
    answers between which there is nothing to learn, AlignmentError for a row that is no question with answers.
    """
    refuse_tools(row)
    prompt = row["prompt"]
    answers = [(name, answer_to(prompt, row[name], name)) for name in RANKED if row.get(name)]
    if any(one == other for (_, one), (_, other) in combinations(answers, 2)):
        raise DropRow("identical")
    kept: list[Conversation] = []
    for _, answer in answers:
        encoded = encode(form, prompt + answer, learn_from=len(prompt))
        # Who mends one word of the chosen answer still says that the rejected one is worse.
        if not any(alike(better, encoded, max_similarity) for better in kept):
            kept.append(encoded)
    if len(kept) < 2:
        raise DropRow("similar")
    return kept


def alike(one: Conversation, other: Conversation, most: float) -> bool:
    """Whether the answers have more than the share `most` in common: twice the tokens common to both, in order, to all."""
    said = [[token for token, role in zip(c.input_ids, c.roles, strict=True) if role != CONTEXT] for c in (one, other)]
    matcher = SequenceMatcher(None, said[0], said[1], autojunk=False)
    return matcher.quick_ratio() > most and matcher.ratio() > most  # the first is never the smaller, and much cheaper


def parted(
    kept: Sequence[tuple[Row, T]], settings: Reward | Stepwise
) -> tuple[list[tuple[Row, T]], list[tuple[Row, T]]]:
    """The rows to learn from, and those held out. Raises AlignmentError where there are none to learn from."""
    sides: tuple[list[tuple[Row, T]], list[tuple[Row, T]]] = ([], [])
    for row, said in kept:
        sides[is_held_out(row, settings)].append((row, said))
    if not sides[0]:
        raise AlignmentError(f"held_out={settings.held_out}: all {len(kept)} rows are held out; lower it, or give more")
    return sides


def is_held_out(row: Row, settings: Reward | Stepwise) -> bool:
    """By its prompt, so that no prompt is on both sides, and the same rows however the set is ordered."""
    said = repr([(turn["role"], turn["content"]) for turn in row["prompt"]])
    return zlib.crc32(f"{settings.seed} {said}".encode("utf-8", "surrogatepass")) < settings.held_out * 2**32


def category(row: Row) -> str:
    """Its `category`, or else the generator that made it."""
    return row.get("category") or row.get("row", "").partition("#")[0]


def packed_tokens(answers: Sequence[Conversation]) -> int:
    """Tokens of a row whose prompt lies there once."""
    prompt = min(answer.roles.index(CONTENT) for answer in answers)
    return sum(len(answer.input_ids) for answer in answers) - prompt * (len(answers) - 1)


# --- the model


def padding_of(form: Format) -> int:
    """An id to pad with that ends no answer: transformers reads the score at the last id that is another one."""
    tokenizer = form.tokenizer
    special = {str(token): number for number, token in tokenizer.added_tokens_decoder.items() if token.special}
    most = math.inf if form.vocabulary is None else form.vocabulary  # one that was added may have no embedding
    free = [token for token, number in special.items() if number not in form.stop_ids and number < most]
    chosen = min(free, key=lambda token: ("pad" not in token.lower(), special[token]), default=None)
    if chosen is None:
        raise AlignmentError(
            "the tokenizer has no special token beside those that end an answer, so that padding could not be told "
            "from the end; add a padding token to it"
        )
    return special[chosen]


def load_scorer(checkpoint: Path, pad_id: int) -> Any:
    """The checkpoint with a score of each sequence in the place of its output head; a new head is zero. Raises AlignmentError."""
    refuse_head_of(is_stepwise_model, checkpoint, "a stepwise reward model")
    model = load_model(
        checkpoint,
        "AutoModelForSequenceClassification",
        free=(HEAD, "lm_head.weight"),
        num_labels=1,
        pad_token_id=pad_id,
    )
    if HEAD in model.new_weights:
        model.score.weight.data.zero_()
    return model


def refuse_head_of(is_one: Callable[[Path], bool], checkpoint: Path, what: str) -> None:
    """Raises AlignmentError where the checkpoint is one whose head scores something else."""
    try:
        if is_one(checkpoint):
            raise AlignmentError(
                f"{checkpoint}: {what}; give the checkpoint of a policy, or go on from a model of the same kind"
            )
    except CheckpointError as error:
        raise AlignmentError(str(error)) from None


def as_a_scorer(model: Any, form: Format, pad_id: int) -> dict[str, dict[str, Any]]:
    """What the files of the start checkpoint say otherwise of a reward model."""
    pad = form.tokenizer.convert_ids_to_tokens(pad_id)
    return {
        "config.json": {
            "architectures": [type(model).__name__],
            "id2label": {"0": "score"},
            "label2id": {"score": 0},
            "pad_token_id": pad_id,
        },
        "tokenizer_config.json": {"pad_token": pad},
        "special_tokens_map.json": {"pad_token": pad},
    }


def reward_trainer(
    model: Any, tokenizer: Any, rows: Sequence[Sequence[Conversation]], arguments: dict[str, Any], pad_id: int
) -> Any:
    """TRL's RewardTrainer with rows of two or three answers and the loss over them."""
    import torch
    from datasets import Dataset
    from trl.trainer.reward_config import RewardConfig
    from trl.trainer.reward_trainer import RewardTrainer

    class Trainer(RewardTrainer):
        def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
            return dataset  # already token ids

        def compute_loss(
            self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
        ) -> Any:
            scores = scores_of(self, model, inputs)
            loss, margins = bradley_terry(scores, inputs["row"], inputs["rank"])
            if self.state.global_step == 0 and is_zero(model_head(self, model)):
                check_starts_at_ln2(loss.item())
            accuracies = (margins > 0).float().mean()
            tell(
                self,
                {"rewards/margins": margins.mean(), "rewards/accuracies": accuracies, "rewards/mean": scores.mean()},
            )
            return loss

    shuffler = random.Random(arguments["seed"])
    trainer = Trainer(
        model=model,
        args=placed(RewardConfig(**arguments)),
        train_dataset=Dataset.from_list([shuffled(answers, shuffler) for answers in rows]),
        processing_class=tokenizer,
        data_collator=lambda rows: {name: torch.tensor(value) for name, value in collated(rows, pad_id).items()},
    )
    model.config.pad_token_id = pad_id  # TRL took the tokenizer's, which may be what ends an answer
    return trainer


def model_head(trainer: Any, model: Any) -> Tensor:
    head: Tensor = core_of(trainer.accelerator.unwrap_model(model)).score.weight.detach()
    return head


def shuffled(answers: Sequence[Conversation], shuffler: random.Random) -> dict[str, Any]:
    """A row's answers in an order that says nothing, with their ranks: 0 is the best."""
    order = shuffler.sample(range(len(answers)), len(answers))
    return {"answers": [answers[rank].input_ids for rank in order], "ranks": order}


def collated(rows: Sequence[Mapping[str, Any]], pad_id: int) -> dict[str, list[Any]]:
    """A batch's answers as lines padded on the right, shape (answers, longest), each with its row and its rank there."""
    lines = [ids for row in rows for ids in row["answers"]]
    longest = max(map(len, lines))
    return {
        "input_ids": [ids + [pad_id] * (longest - len(ids)) for ids in lines],
        "attention_mask": [[1] * len(ids) + [0] * (longest - len(ids)) for ids in lines],
        "row": [number for number, row in enumerate(rows) for _ in row["answers"]],
        "rank": [rank for row in rows for rank in row["ranks"]],
    }


def scores_of(trainer: Any, model: Any, inputs: Mapping[str, Any]) -> Tensor:
    """The score of each line, shape (answers,), read at its last token. On a CPU without padding, and each prompt once."""
    whole = trainer.accelerator.unwrap_model(model)
    core = core_of(whole)
    ids, mask, row = inputs["input_ids"], inputs["attention_mask"], inputs["row"]
    with trainer.accelerator.autocast():
        if not computes_padding_free(core, ids):
            found: Tensor = model(input_ids=ids, attention_mask=mask, use_cache=False).logits[:, 0].float()
            return found
        of = row.tolist()
        packed = pack(ids, mask, donor=[of.index(number) for number in of])
        ends = packed.places.gather(1, mask.sum(dim=1, keepdim=True) - 1)[:, 0]
        # In fp32: in bf16 two scores of about 10 differ by a sixteenth or not at all.
        return as_forward(whole, lambda: in_fp32(core.score, hidden_states(core, packed)[ends])[:, 0])


def in_fp32(head: Any, hidden: Tensor) -> Tensor:
    """What a head says of hidden states, also within autocast."""
    import torch

    with torch.autocast(hidden.device.type, enabled=False):
        said: Tensor = head(hidden.float())
    return said


def bradley_terry(scores: Tensor, row: Tensor, rank: Tensor) -> tuple[Tensor, Tensor]:
    """The loss, and of every two answers of a row the better one's score less the other's. Each row counts alike: of three
    answers the mean over their three pairs.
    """
    import torch

    better, worse = ((row[:, None] == row[None]) & (rank[:, None] < rank[None])).nonzero(as_tuple=True)
    margins = scores[better] - scores[worse]
    of_row = row[better]
    weight = 1.0 / torch.bincount(of_row)[of_row]
    loss = -(weight * torch.nn.functional.logsigmoid(margins)).sum() / len(torch.unique(of_row))
    return loss, margins.detach()


def check_starts_at_ln2(loss: float) -> None:
    """With a head of zeros all scores are alike, so the loss is -log(sigmoid(0))."""
    if not abs(loss - math.log(2)) <= LN2_TOLERANCE:
        raise AlignmentError(f"the first loss is {loss:.4f} and not ln 2 = {math.log(2):.4f}: the head is no zero head")


def judge(trainer: Any, held: Sequence[tuple[Row, Sequence[Conversation]]], pad_id: int) -> list[Judged]:
    """The margin of every two answers of the rows held out."""
    import torch

    judged = []
    model = trainer.model.eval()
    for row, answers in held:
        batch = collated([{"answers": [a.input_ids for a in answers], "ranks": range(len(answers))}], pad_id)
        inputs = {name: torch.tensor(value, device=model.device) for name, value in batch.items()}
        with torch.no_grad():
            scores = scores_of(trainer, model, inputs).tolist()
        judged += [
            Judged(category(row), scores[one] - scores[other], length(answers[one]) - length(answers[other]))
            for one, other in combinations(range(len(answers)), 2)
        ]
    return judged


def length(answer: Conversation) -> int:
    return sum(role != CONTEXT for role in answer.roles)


TRAINING = Training(
    "reward",
    "Reward model",
    "A reward model, by which answers are ranked (section 4.1.2).\n\nBradley-Terry without a margin; two answers or three.",
    train_reward,
    data_set="preference",
    columns="`prompt`, `chosen`, `rejected` columns, and `edited` where there is one",
    start="The checkpoint that the score is put on.",
    such_as="held_out=0.2",
    sequences=2,
    policy=False,
    curves=(
        ("rewards/accuracies", "share of pairs ranked rightly"),
        ("rewards/margins", "score of the better answer, less that of the other"),
    ),
    note="The loss starts at ln 2 = 0.693, where all scores are alike.",
    look=look,
    check=check_start,
)
