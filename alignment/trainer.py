"""What the trainings on TRL share: the plan of batches, the trainer's arguments, and a fit that resumes and reports.

What lies in the training directory, and what it is called, is `alignment.job`.
"""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from alignment import processes
from alignment.adapters import assembled, core_of, merged
from alignment.errors import AlignmentError
from alignment.job import RECORDS, Job, OnProgress, TrainResult, result_to_json, write_json
from alignment.processes import refuse_uneven
from alignment.stepping import BatchPlan, last_complete_state, summarise, taken_back, watch_callback
from alignment.tokens.padding_free import hidden_states, pack
from checkpoints.errors import CheckpointError
from checkpoints.loading import ONE_LOAD
from checkpoints.precision import compute_dtype
from checkpoints.weights import refuse_what_differs
from checkpoints.write import write_like
from rows.limits import object_in

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.trainings import TrainingSettings

MICRO_BATCH = 4
"""Sequences in one forward pass, where they are long: more gives no speed on a CPU and takes memory (docs/train/training.md)."""
MICRO_TOKENS = 1280
"""Tokens in one forward pass up to which short sequences go together, on average; at most twice as many in any."""


def plan_batches(
    lengths: Sequence[int],
    *,
    epochs: float,
    batch_size: int,
    max_steps: int,
    micro_batch: int,
    seed: int,
    micro_tokens: int = 0,
    processes: int = 1,
) -> BatchPlan:
    """A fresh shuffle each epoch, cut into batches, each sorted by length so that its micro-batches pad little.

    Sorting only inside a batch leaves the optimiser's view unchanged, where grouping whole epochs by length would not.
    Several `processes` take a micro-batch each in turn, so the last batch is filled up with rows of a further shuffle.
    """
    refuse_uneven(batch_size, processes)
    total = max(1, round(epochs * len(lengths)))
    if max_steps > 0:
        total = max_steps * batch_size
    if processes > 1:
        total = -(-total // batch_size) * batch_size
    shuffler = random.Random(seed)
    order: list[int] = []
    while len(order) < total:
        order += shuffler.sample(range(len(lengths)), len(lengths))
    batches = [
        sorted(order[at : min(at + batch_size, total)], key=lambda row: -lengths[row])
        for at in range(0, total, batch_size)
    ]
    tokens_after = [0]
    for batch in batches:
        tokens_after.append(tokens_after[-1] + sum(lengths[row] for row in batch))
    # Short rows go together: each forward pass casts every weight to bf16, and each backward pass adds to every gradient.
    mean, longest = sum(lengths) / len(lengths), max(lengths)
    short = min(micro_tokens // mean, 2 * micro_tokens // longest)
    share = batch_size // processes
    micro = max(size for size in range(1, share + 1) if share % size == 0 and size <= max(micro_batch, short))
    return BatchPlan([row for batch in batches for row in batch], batch_size, micro, tokens_after)


def planned(
    job: Job, settings: TrainingSettings, lengths: Sequence[int], *, micro_batch: int
) -> tuple[BatchPlan, dict[str, Any]]:
    """The plan of a training's rows, whose tokens `lengths` are, and the arguments of the trainer that follows it."""
    plan = plan_of(settings, lengths, micro_batch=micro_batch, processes=processes.count())
    arguments = trainer_arguments(
        job.state, plan, lr=settings.lr, warmup_ratio=settings.warmup_ratio, seed=settings.seed
    )
    return plan, arguments


def plan_of(settings: TrainingSettings, lengths: Sequence[int], *, micro_batch: int, processes: int = 1) -> BatchPlan:
    """The plan alone."""
    return plan_batches(
        lengths,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        max_steps=settings.max_steps,
        micro_batch=micro_batch,
        micro_tokens=MICRO_TOKENS,
        seed=settings.seed,
        processes=processes,
    )


def trainer_arguments(state: Path, plan: BatchPlan, *, lr: float, warmup_ratio: float, seed: int) -> dict[str, Any]:
    """The arguments SFTConfig and DPOConfig share."""
    import torch

    gpu = torch.cuda.is_available()
    return {
        "output_dir": str(state),
        "max_steps": plan.steps,
        "per_device_train_batch_size": plan.micro_batch,
        "gradient_accumulation_steps": plan.batch_size // plan.micro_batch // processes.count(),
        "train_sampling_strategy": "sequential",
        "learning_rate": lr,
        "lr_scheduler_type": "linear",
        # Rounded down: a warm-up step has lr 0, which in a run of one step would be the whole run.
        "warmup_steps": int(warmup_ratio * plan.steps),
        "weight_decay": 0.0,
        "max_grad_norm": 1.0,
        "optim": "adamw_torch_fused",
        # fp32 weights under bf16 autocast: pure bf16 loses updates of lr 2e-5 to rounding. A CPU that would only emulate
        # bf16 computes in fp32 throughout.
        "bf16": compute_dtype() == "bfloat16",
        "use_cpu": not gpu,
        "gradient_checkpointing": gpu,
        "dataloader_pin_memory": gpu,
        "dataloader_num_workers": 0,
        "remove_unused_columns": False,
        "max_length": None,
        "logging_strategy": "steps",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "no",
        "save_total_limit": 1,
        "report_to": "none",
        "disable_tqdm": True,
        "seed": seed,
        **processes.arguments(),
    }


def load_model(checkpoint: Path, kind: str = "AutoModelForCausalLM", free: Collection[str] = (), **options: Any) -> Any:
    """The checkpoint as a model of transformers' `kind` with fp32 weights, by default its causal language model; refused where a
    weight is missing, over or misshapen, but for the `free` ones. Its `new_weights` names those of them it made anew.
    """
    import torch
    import transformers

    try:
        with ONE_LOAD:
            loaded: Any = getattr(transformers, kind).from_pretrained(
                str(checkpoint), dtype=torch.float32, ignore_mismatched_sizes=True, output_loading_info=True, **options
            )
        model, found = loaded
        model.new_weights = frozenset(found["missing_keys"]) & frozenset(free)
        here = {key: [weight for weight in of if weight not in free] for key, of in found.items() if key in LOADED}
        refuse_what_differs(checkpoint, here)
        refuse_not_finite(checkpoint, model)
    except CheckpointError as cause:
        raise AlignmentError(str(cause)) from cause
    except Exception as cause:  # safetensors, json and transformers each raise their own kinds
        raise AlignmentError(f"{checkpoint}: the checkpoint does not load: {cause}") from cause
    return model


def refuse_not_finite(checkpoint: Path, model: Any) -> None:
    """Raises CheckpointError where a weight is NaN or infinite: the first loss would be, and would blame data or learning rate."""
    import torch

    for name, weight in model.named_parameters():
        if weight.numel() and not all(map(torch.isfinite, torch.aminmax(weight.detach()))):
            raise CheckpointError(
                f"{checkpoint}: {name} holds NaN or infinity; take a checkpoint from before that, or copy it again"
            )


LOADED = ("missing_keys", "unexpected_keys", "mismatched_keys")


def computes_padding_free(core: Any, inputs: Tensor) -> bool:
    """Whether a batch goes through the model without its padding: on a CPU, where every layer attends to all that came before."""
    sliding = "sliding_attention" in (getattr(core.config, "layer_types", None) or ())
    return inputs.device.type == "cpu" and core.config.model_type in PLAIN_HEADS and not sliding


def token_log_probs(trainer: Any, model: Any, inputs: dict[str, Any], labels: Any, *, pairs: bool = False) -> Any:
    """Log-probability of each next token, shape (batch, length - 1), zero where the shifted label is -100.

    With `pairs` the second half of the batch answers the prompts of the first. On a CPU padding is left out, the prompt
    of a pair is computed once, and only the learned positions are projected onto the vocabulary, where TRL projects all.
    """
    import torch

    whole = trainer.accelerator.unwrap_model(model)
    core = core_of(whole)
    attention = {"input_ids": inputs["input_ids"], "attention_mask": inputs["attention_mask"]}
    if labels.device.type != "cpu" or core.config.model_type not in PLAIN_HEADS:
        return model(**attention, labels=labels, fused_lm_head=True, use_cache=False).log_probs
    targets = labels[:, 1:]
    learned = targets != -100

    def logits_of_learned() -> Tensor:
        if "sliding_attention" in (getattr(core.config, "layer_types", None) or ()):
            hidden = core.base_model(**attention, use_cache=False).last_hidden_state[:, :-1][learned]
        else:
            half = targets.shape[0] // 2
            packed = pack(**attention, donor=[*range(half)] * 2 if pairs else None)
            hidden = hidden_states(core, packed)[packed.places[:, :-1][learned]]
        found: Tensor = core.get_output_embeddings()(hidden)
        return found

    with trainer.accelerator.autocast():
        logits = processes.as_forward(whole, logits_of_learned)
    values = -torch.nn.functional.cross_entropy(logits.float(), targets[learned], reduction="none")
    return torch.zeros(targets.shape).masked_scatter(learned, values)


def tell(trainer: Any, figures: Mapping[str, Tensor]) -> None:
    """Logs figures of one forward pass, scalars all; of several processes their mean."""
    import torch

    values = torch.stack([value.detach().float() for value in figures.values()])
    for name, value in zip(figures, trainer.accelerator.reduce(values, "mean").tolist(), strict=True):
        trainer._metrics["train"][name].append(value)


PLAIN_HEADS = ("llama", "qwen2", "qwen3", "mistral")
"""Architectures whose logits are the head's output as it is; others scale or cap it, which TRL's own head knows."""


def fit(
    job: Job,
    trainer: Any,
    plan: BatchPlan,
    dropped: dict[str, int],
    rows: int,
    on_progress: OnProgress,
    *,
    changed: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    at_end: Callable[[], Mapping[str, float]] = dict,
    look: Callable[[int], Mapping[str, float]] = lambda step: {},
    check: Callable[[Sequence[Mapping[str, float]]], str] = lambda history: "",
) -> TrainResult:
    """Trains on the trainer's rows, which are in `plan.order`, from the last complete state; exports and records.

    `changed`: of the start checkpoint's files, as for `write_like`. `at_end`: figures of what was trained, which become
    metrics of the last step. `look`: further figures after a step, where there are any (0: before the first); the state is
    saved there. `check`: why the training has to stop, by the figures of its steps so far; then what was last saved before is
    what it leaves, and where nothing was, AlignmentError is raised. KeyboardInterrupt raised by `on_progress` stops after the
    state has been saved.
    """
    from torch.utils.tensorboard import SummaryWriter
    from transformers.integrations import TensorBoardCallback

    with processes.first_alone():
        last = last_complete_state(job.state)
    done: dict[str, Any] = {"global_step": 0, "log_history": []}
    if last:
        processes.refuse_other_state(last)
        done = object_in(last / "trainer_state.json")
    spent_s = done["log_history"][-1]["seconds"] if done["log_history"] else 0.0
    watch = watch_callback(
        trainer, plan, spent_s, done["global_step"], job.facts["settings"]["save_every_s"], on_progress, look, check
    )
    for builtin in ("PrinterCallback", "ProgressCallback"):
        for callback in [c for c in trainer.callback_handler.callbacks if type(c).__name__ == builtin]:
            trainer.remove_callback(callback)
    trainer.add_callback(watch)
    processes.keep_precision(trainer)
    processes.save_once(trainer)
    with contextlib.ExitStack() as stack:
        if processes.is_first():
            folder = str(job.out / "tensorboard")
            writer = stack.enter_context(SummaryWriter(folder, purge_step=done["global_step"] + 1))
            trainer.add_callback(TensorBoardCallback(tb_writer=writer))
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    if watch.past:
        taken_back(trainer, watch.past, job.state)
    if watch.interrupted:
        raise KeyboardInterrupt(f"stopped and saved at step {trainer.state.global_step} of {plan.steps}")
    ended, weights = at_end(), processes.whole_weights(trainer)
    result = summarise(job, trainer.state.log_history, plan, dropped, rows, watch.past)
    result = replace(result, metrics=result.metrics | {name: [(result.steps, value)] for name, value in ended.items()})
    if not processes.is_first():
        return result
    model = trainer.accelerator.unwrap_model(trainer.model)
    whole = merged(model if weights is None else assembled(model, weights))
    del weights  # what is rounded is not held twice
    write_like(whole, job.checkpoint, job.out, draft=job.state / "export", leave=RECORDS, changed=changed)
    write_json(job.out / "training.json", {**job.facts, "result": result_to_json(result)})
    shutil.rmtree(job.state, ignore_errors=True)
    return result
