"""A whole pre-training from one recipe: tokenizer, shards, initial, long context, annealing, Hugging Face directory.

`run` does the steps in order and can be killed at any point; the same call goes on. It leaves in `out`:

    recipe.json           what was run; another recipe is refused here
    tokenizer/            where the recipe trains one
    data/<source>/        packed shards
    state/<stage>/        config.json of the model at this stage, and resumable states
    checkpoints/<stage>/  Hugging Face directory of each stage
    model/                Hugging Face directory of the result: after annealing, the average of its checkpoints
    metrics.jsonl         one line an optimizer step (`metrics.StepRecord`)
    samples.jsonl         {stage, step, prompt, completion}; where a step occurs twice, the last line counts
    stages.json           `Summary`, written after every stage
"""

import json
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from pretrain.data.packing import PackedBatch
from pretrain.data.shards import is_packed, read_manifest, stored, write_atomically
from pretrain.distributed.gather import gather, gathered
from pretrain.errors import PretrainError
from pretrain.huggingface import huggingface_weights, read_config, save_huggingface, write_config
from pretrain.model import ModelConfig, Transformer, blank, initial_weights, parameter_count
from pretrain.run.evaluation import StageEvaluation, check_evaluations
from pretrain.run.ownership import claim
from pretrain.run.recipe import LongContext, Recipe, SourceOf
from pretrain.run.substages import SubStage, sub_stages
from pretrain.training import states as checkpoint
from pretrain.training.metrics import StepRecord, finite
from pretrain.training.progress import Progress
from pretrain.training.schedules import snapshot_steps, starts, step_sizes
from pretrain.training.trainer import train

if TYPE_CHECKING:
    from pretrain.data.loader import Loader
    from pretrain.distributed.mesh import Mesh


@dataclass
class StageResult:
    """One stage, or one length of a long-context stage, as it came out."""

    stage: str
    kind: str
    sequence_length: int
    rope_base: float
    steps: int
    tokens: int
    loss: float | None
    """Mean training loss of the last ten steps, nats per token; in the file None where it was not finite, here and below."""
    evaluation: Mapping[str, float | None]
    """At the end: `held_out` and `short_loss` (at the first stage's length), and `needle` where it was asked for."""
    skipped: int
    """Updates left out for a loss not finite or a spike."""
    tokens_per_s: float
    seconds: float
    checkpoint: str
    """Hugging Face directory, relative to the run."""
    gates: dict[str, dict[str, Any]] | None = None
    """For each gate: value, limit, passed."""
    averaged: int = 0
    """Checkpoints in the average that `checkpoint` holds."""


@dataclass
class Summary:
    """The contents of stages.json."""

    name: str
    seed: int
    parameters: int
    vocabulary_size: int
    stages: list[StageResult] = field(default_factory=list)
    model: str | None = None
    """The result's directory, relative to the run; None while it is not finished."""


def run(recipe: Recipe, out: Path, show: Progress | None = None) -> Summary:
    """Do what the recipe says, going on from whatever `out` already holds.

    Raises PretrainError for input that cannot be used, trainer.Interrupted after Ctrl-C. Under torchrun every rank
    calls it; rank 0 writes and shows.
    """
    _check(recipe)
    mesh = _mesh(recipe)
    leads = mesh is None or mesh.rank == 0
    lab = _Run(recipe, out, show if show and leads else Progress(silent=True), mesh, leads)
    with lab.first_on_rank_zero():
        if leads:
            claim(recipe, out)
    tokenizer = lab.tokenizer()
    lab.pack(tokenizer)
    model, weights = lab.model(tokenizer)
    summary = lab.summary(model)
    todo = list(sub_stages(recipe, model.config.rope_theta))
    finished = {result.stage for result in summary.stages}
    lab.tell_of_rows([sub_stage for sub_stage in todo if sub_stage.name not in finished])
    check_evaluations(recipe, todo, tokenizer, max(model.config.max_position_embeddings, todo[0].length))
    short = lab.held_out(todo[0].length)
    previous: Path | None = None
    for sub_stage in todo:
        _reshape(model, sub_stage)
        done = next((result for result in summary.stages if result.stage == sub_stage.name), None)
        if done is None:
            before = summary.stages[-1].evaluation["short_loss"] if summary.stages else None
            if summary.stages and before is None:  # a length that is better than that is none
                before = math.nan
            own = checkpoint.latest(out / "state" / sub_stage.name)
            if summary.stages and own is None and not (previous and checkpoint.facts_of(previous).get("finished")):
                raise PretrainError(
                    f"{out / 'state'}: the last state of {summary.stages[-1].stage} is gone, which {sub_stage.name} goes on from; "
                    "put it back, or begin anew with another --out"
                )
            model, result = lab.train(
                sub_stage, model, weights, tokenizer, previous, todo[0].length, short, before, sub_stage is todo[-1]
            )
            summary.stages.append(result)
            lab.write(summary)
        previous = checkpoint.latest(out / "state" / sub_stage.name)
    if summary.model is None:
        summary.model = "model"
        lab.write(summary)
    lab.show.note(
        f"{out / 'model'}: {summary.parameters:,} parameters; `lab serve {out / 'model'}` hosts it",
        model=str(out / "model"),
    )
    return summary


EVALUATION_BATCH = 16_384
"""Tokens of a held-out batch at most, where a row is not longer."""


class _Run:
    """A recipe, a directory, and this rank's place."""

    def __init__(self, recipe: Recipe, out: Path, show: Progress, mesh: "Mesh | None", leads: bool) -> None:
        self.recipe, self.out, self.show, self.mesh, self.leads = recipe, out, show, mesh, leads
        self.device = mesh.device if mesh else torch.device("cuda" if torch.cuda.is_available() else "cpu")

    @contextmanager
    def first_on_rank_zero(self) -> Iterator[None]:
        """The other ranks wait for rank 0's block before theirs, which finds the files there."""
        if self.mesh and not self.leads:
            torch.distributed.barrier()
        yield
        if self.mesh and self.leads:
            torch.distributed.barrier()

    def tell_of_rows(self, todo: list[SubStage]) -> None:
        """Say now which stage these ranks cannot train: others may, so it is no error until then."""
        ranks = self.mesh.data_size if self.mesh else 1
        for sub_stage in todo:
            training = sub_stage.training
            for start in sorted({*starts(training.batch_tokens), *starts(training.sequence_length)}):
                rows, length = step_sizes(training, start)
                if rows % ranks:
                    self.show.note(
                        f"{sub_stage.name}: its {rows:,} rows of {length:,} tokens do not divide among {ranks} data ranks; "
                        "before it, start again with another `parallel`"
                    )

    def tokenizer(self) -> Path:
        """The tokenizer's directory; trained first where the recipe says so."""
        given = self.recipe.tokenizer.directory or self.recipe.model.checkpoint
        if given:
            return given
        from pretrain.data.sources import Document, documents
        from pretrain.tokenizer.train import train_tokenizer

        def texts() -> Iterator[str]:
            for source in self._texts():
                left = self.recipe.tokenizer.characters
                for item in documents(source.path, source.column):
                    if left <= 0:
                        break
                    if isinstance(item, Document):
                        yield item.text
                        left -= len(item.text)

        folder = self.out / "tokenizer"
        with self.first_on_rank_zero():
            if self.leads and not folder.exists():
                assert self.recipe.tokenizer.vocab_size  # the recipe's check
                draft = folder.with_name("tokenizer.part")
                train_tokenizer(texts(), self.recipe.tokenizer.vocab_size, draft, digits=self.recipe.tokenizer.digits)
                draft.rename(folder)
                self.show.note(f"tokenizer trained: {folder}")
        return folder

    def _texts(self) -> list[SourceOf]:
        """The sources that are text, not shards."""
        return [s for s in self.recipe.data.sources if self._shards(s.path, s.name) != Path(s.path)]

    def pack(self, tokenizer: Path) -> None:
        """Tokenise every source that is not packed yet."""
        from pretrain.data.pack import pack, read_codec

        with self.first_on_rank_zero():
            for source in self.recipe.data.sources:
                folder = self._shards(source.path, source.name)
                if folder == Path(source.path):
                    if read_manifest(folder).tokenizer_sha256 != read_codec(tokenizer).sha256:
                        raise PretrainError(
                            f"{folder} (source {source.name}) was packed with another tokenizer than {tokenizer}; give "
                            "the recipe that tokenizer (`tokenizer: {from: DIRECTORY}`), or the text itself"
                        )
                elif self.leads:
                    packed = pack(source.path, tokenizer, folder, column=source.column)
                    self.show.note(f"{source.name}: {packed.n_documents:,} documents, {packed.n_tokens:,} tokens")

    def _shards(self, path: str, name: str) -> Path:
        return Path(path) if is_packed(Path(path)) else self.out / "data" / name

    def loader(self, sub_stage: SubStage) -> "Loader":
        """Training batches with the stage's weights; sizes are set before every batch."""
        size = self.mesh.data_size if self.mesh else 1
        rank = self.mesh.data_rank if self.mesh else 0
        return self._loader(
            sub_stage.stage.weights, sequence_length=sub_stage.length, rows=size, rank=rank, world_size=size
        )

    def held_out(self, length: int) -> list[PackedBatch]:
        """The same batches of documents never trained on, in the data's own mixture, whole on every rank."""
        rows = max(1, min(EVALUATION_BATCH, self.recipe.evaluation.tokens) // length)
        loader = self._loader(None, sequence_length=length, rows=rows, part="held-out")
        return [loader.batch() for _ in range(max(1, self.recipe.evaluation.tokens // (rows * length)))]

    def _loader(self, weights: dict[str, float] | None, **options: Any) -> "Loader":
        from pretrain.data.loader import Loader, Source

        data = self.recipe.data
        sources = [
            Source(
                self._shards(source.path, source.name),
                source.weight if weights is None else weights.get(source.name, 0.0),
                source.name,
                data.held_out,
            )
            for source in data.sources
        ]
        return Loader(sources, seed=self.recipe.seed, packing=data.packing, **options)

    def model(self, tokenizer: Path) -> tuple[Transformer, Iterator[tuple[str, Tensor]]]:
        """The model before its first step, float32; under a mesh on the meta device, and the weights to give it."""
        from pretrain.data.pack import read_codec

        vocabulary = read_codec(tokenizer).vocabulary_size
        wished = self.recipe.model
        if wished.checkpoint:
            config = read_config(wished.checkpoint)
            if config.vocab_size < vocabulary:
                raise PretrainError(
                    f"{wished.checkpoint}: its vocabulary of {config.vocab_size:,} does not hold the tokenizer's "
                    f"{vocabulary:,} tokens; give the tokenizer that belongs to it, or extend the checkpoint"
                )
            weights = huggingface_weights(wished.checkpoint)
        else:
            config = _config(wished.size, {**wished.shape(), "vocab_size": vocabulary})
            weights = initial_weights(config, torch.Generator().manual_seed(self.recipe.seed))
        model = blank(config)
        if self.mesh is None:
            model.load_state_dict({name: w.to(self.device, torch.float32) for name, w in weights}, assign=True)
        return model, weights

    def summary(self, model: Transformer) -> Summary:
        """What an earlier call recorded, or an empty one."""
        path = self.out / "stages.json"
        if not path.exists():
            return Summary(self.recipe.name, self.recipe.seed, parameter_count(model.config), model.config.vocab_size)
        return stored(path, Summary, "delete it, and what it told of is gone over again")

    def write(self, summary: Summary) -> None:
        """stages.json, replaced in one step."""
        if self.leads:
            write_atomically(self.out / "stages.json", json.dumps(finite(asdict(summary)), indent=1))

    def train(
        self,
        sub_stage: SubStage,
        model: Transformer,
        initial: Iterator[tuple[str, Tensor]],
        tokenizer: Path,
        previous: Path | None,
        short_length: int,
        short: list[PackedBatch],
        short_before: float | None,
        last: bool,
    ) -> tuple[Transformer, StageResult]:
        """Train one sub-stage, evaluate and export it."""
        began = time.monotonic()
        held_out = short if sub_stage.length == short_length else self.held_out(sub_stage.length)
        look = StageEvaluation(
            self.recipe, sub_stage, tokenizer, held_out=held_out, short=short, short_before=short_before
        )

        def on_step(record: StepRecord) -> None:
            self.show.step(record)
            self._write_samples(record, look)

        if self.leads:
            write_config(model.config, self.out / "state" / sub_stage.name)
        self.show.stage(sub_stage.name, sub_stage.training.tokens)
        trained = train(
            model,
            self.loader(sub_stage),
            sub_stage.training,
            self.out,
            stage=sub_stage.name,
            start=previous,
            mesh=self.mesh,
            weights=initial,
            evaluate=look.evaluate,
            enough=look.enough if isinstance(sub_stage.stage, LongContext) else None,
            on_step=on_step,
        )
        model, folder, evaluation = trained.model, f"checkpoints/{sub_stage.name}", trained.evaluation
        weights = gather(trained.weights, keep=self.leads)
        self._export(model, weights, tokenizer, folder)
        if trained.average is not None:
            folder, evaluation = f"{folder}-average", self._average(model.config, trained.average, look)
            weights = gather(trained.average, keep=self.leads)
            self._export(model, weights, tokenizer, folder)
        if last:
            self._export(model, weights, tokenizer, "model")
        gates = look.gates(evaluation) if isinstance(sub_stage.stage, LongContext) else None
        for name, gate in (gates or {}).items():
            sign, word = ("<=" if name == "short_loss" else ">="), "passed" if gate["passed"] else "NOT passed"
            self.show.note(
                f"gate {sub_stage.name} {name}: {gate['value']:.4f} {sign} {gate['limit']:.4f} {word}",
                gate=name,
                **gate,
            )
        return model if self.mesh is None else blank(model.config), StageResult(
            sub_stage.name, sub_stage.stage.kind, sub_stage.length, model.config.rope_theta, trained.steps, trained.tokens, trained.loss,
            evaluation, trained.skipped, trained.tokens_per_s, time.monotonic() - began, folder, gates,
            len(snapshot_steps(sub_stage.training)),
        )  # fmt: skip

    def _write_samples(self, record: StepRecord, look: StageEvaluation) -> None:
        samples = look.take_samples() if self.leads else []
        if not samples:
            return
        with (self.out / "samples.jsonl").open("a", encoding="utf-8") as file:
            for prompt, completion in samples:
                self.show.sample(prompt, completion, record.step)
                line = {"stage": record.stage, "step": record.step, "prompt": prompt, "completion": completion}
                file.write(json.dumps(line) + "\n")

    def _export(self, model: Transformer, weights: dict[str, Tensor], tokenizer: Path, folder: str) -> None:
        if self.leads:
            save_huggingface(model, self.out / folder, tokenizer, state=weights)

    def _average(self, config: ModelConfig, average: dict[str, Tensor], look: StageEvaluation) -> dict[str, float]:
        evaluation = look.evaluate(gathered(config, average, getattr(torch, self.recipe.compute.dtype)))
        self.show.note(
            "average: " + "  ".join(f"{name} {value:.4f}" for name, value in evaluation.items()), **evaluation
        )
        return evaluation


def _reshape(model: Transformer, sub_stage: SubStage) -> None:
    """Lengths and RoPE's base are no weights: a stage changes them in the config."""
    config = model.config
    model.config = replace(
        config,
        rope_theta=sub_stage.rope_base or config.rope_theta,
        max_position_embeddings=max(config.max_position_embeddings, sub_stage.length),
    )


def _config(size_name: str | None, shape: dict[str, Any]) -> ModelConfig:
    from pretrain.sizes import size

    if not size_name:
        return ModelConfig(**shape)
    # A named size has its head_dim filled in; another width or number of heads asks for it anew.
    if {"hidden_size", "num_attention_heads"} & set(shape):
        shape = {"head_dim": 0, **shape}
    return replace(size(size_name), **shape)


def _check(recipe: Recipe) -> None:
    """Refuse what cannot run before anything is written: sizes that do not fit, heads that do not divide."""
    list(sub_stages(recipe, 10_000.0))
    if not recipe.model.checkpoint:
        _config(recipe.model.size, {**recipe.model.shape(), "vocab_size": 1})


def _mesh(recipe: Recipe) -> "Mesh | None":
    from pretrain.distributed.mesh import setup

    return setup(recipe.parallel.data, recipe.parallel.tensor, recipe.parallel.context)
