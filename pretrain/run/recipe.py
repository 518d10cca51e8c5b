"""The recipe of a pre-training: a YAML file, checked before anything runs. The classes are its manual.

recipe = load(Path("recipes/pretrain-tiny.yaml"), ["stages.0.tokens=100000"])
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pretrain.errors import PretrainError
from recipes import RecipeError
from recipes.part import FolderName
from recipes.reading import tree as yaml_tree

Tokens = Annotated[int, BeforeValidator(lambda value: _whole_number(value)), Field(ge=1)]
"""A number of tokens; 3e6 and 3_000_000 are both understood."""

RampOf = Tokens | list[tuple[Annotated[int, BeforeValidator(lambda value: _whole_number(value)), Field(ge=0)], Tokens]]
"""A value, or [[0, VALUE], [FROM_TOKENS, VALUE], ...]: the value from so many tokens of the stage on."""


RopeBase = Annotated[float, Field(gt=1, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of a recipe: refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Model(Part):
    """What is trained: a named size, with fields of its shape changed; a shape of one's own; or a checkpoint."""

    size: str | None = None
    """A name of `pretrain.sizes.SIZES`."""
    checkpoint: Path | None = Field(default=None, alias="from")
    """Hugging Face Llama directory to go on from (continued pre-training). Nothing else may be given then."""
    hidden_size: int | None = None
    intermediate_size: int | None = None
    num_hidden_layers: int | None = None
    num_attention_heads: int | None = None
    num_key_value_heads: int | None = None
    head_dim: int | None = None
    rope_theta: float | None = None
    max_position_embeddings: int | None = None
    rms_norm_eps: float | None = None
    tie_word_embeddings: bool | None = None

    @model_validator(mode="after")
    def _one_of(self) -> "Model":
        if self.checkpoint and (self.size or self.shape()):
            raise ValueError("a checkpoint brings its own size and shape: give `from` alone")
        needed = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads")
        missing = [name for name in needed if getattr(self, name) is None]
        if not self.checkpoint and not self.size and missing:
            raise ValueError(f"give a `size`, or `from`, or a whole shape (missing: {', '.join(missing)})")
        return self

    def shape(self) -> dict[str, Any]:
        """The fields of `ModelConfig` that the recipe gives."""
        return self.model_dump(exclude={"size", "checkpoint"}, exclude_none=True)


class Tokenizer(Part):
    """Trained on the sources, or taken from a directory (by default the checkpoint's)."""

    vocab_size: int | None = Field(default=None, ge=260)
    """Train a byte-level BPE of this size on the sources."""
    directory: Path | None = Field(default=None, alias="from")
    """Hugging Face directory with a tokenizer.json."""
    digits: int = Field(default=3, ge=1, le=3)
    """Digits that one token may hold; 1 makes copying numbers easy for a small model."""
    characters: Tokens = 20_000_000
    """How much of each source the tokenizer is trained on at most."""


class SourceOf(Part):
    """One source of text."""

    name: FolderName
    path: str
    """Folder of text files, JSONL, Parquet, `hf:NAME`, or a directory that `lab pretrain pack` wrote."""
    weight: float = Field(default=1.0, ge=0)
    """Share of the tokens, relative to the other weights."""
    column: str = "text"
    """Column with the text, in JSONL and Parquet."""


class Data(Part):
    """What is read, and how it is laid into rows."""

    sources: list[SourceOf] = Field(min_length=1)
    held_out: float = Field(default=0.01, gt=0, lt=1)
    """Share of each source's documents that training never sees; evaluations and gates read these."""
    packing: Literal["sequential", "best-fit"] = "sequential"
    """`sequential` cuts documents at the ends of rows; `best-fit` only those longer than a row, and pads."""


class StageOf(Part):
    """What every stage has."""

    kind: str
    lr: float = Field(gt=0)
    """Peak learning rate."""
    warmup_tokens: int = Field(default=0, ge=0)
    """Tokens over which the learning rate rises from 0."""
    batch_tokens: RampOf
    """Tokens of one optimizer step, over all ranks; in steps where a list is given."""
    weights: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] | None = None
    """Weights of the sources in this stage; sources not named get 0. None: the data's own."""


class Initial(StageOf):
    """Section 3.4.1: linear warm-up, cosine to 1% of the peak, batch and length growing in steps."""

    kind: Literal["initial"]
    tokens: Tokens
    sequence_length: RampOf
    floor: float = Field(default=0.01, ge=0, le=1)
    """What the cosine ends at, as a share of the peak."""


class Gates(Part):
    """When a length is learnt (section 3.4.2): both must hold, or the stage goes on."""

    short_loss: float = Field(default=0.02, ge=0)
    """Held-out loss at the first stage's length may exceed the loss before this length by this share."""
    needle: float = Field(default=0.9, ge=0, le=1)
    """Share of needles that must be found at the new length."""
    needle_cases: int = Field(default=20, ge=1)
    """Haystacks tried in each check."""


class LongContext(StageOf):
    """Section 3.4.2: the length grows in steps; each goes on until its gates hold, or its budget is spent."""

    kind: Literal["long-context"]
    lengths: list[Tokens] = Field(min_length=1)
    """Sequence lengths, in order."""
    rope_base: RopeBase | list[RopeBase] | None = None
    """RoPE's base at these lengths: one for all, or one for each. None: the model's."""
    min_tokens: Tokens
    """Trained at each length before the gates may end it."""
    max_tokens: Tokens
    """Trained at each length at most, whether the gates hold or not."""
    check_every: int = Field(default=20, ge=1)
    """Steps between two checks of the gates."""
    gates: Gates = Gates()

    @model_validator(mode="after")
    def _fits(self) -> "LongContext":
        if self.lengths != sorted(set(self.lengths)):
            raise ValueError(f"lengths {self.lengths} must grow")
        if isinstance(self.rope_base, list) and len(self.rope_base) != len(self.lengths):
            raise ValueError(f"rope_base has {len(self.rope_base)} values for {len(self.lengths)} lengths")
        if self.min_tokens > self.max_tokens:
            raise ValueError(f"min_tokens {self.min_tokens:,} is more than max_tokens {self.max_tokens:,}")
        return self


class Annealing(StageOf):
    """Section 3.4.3: the learning rate falls linearly to 0, the best data upsampled, checkpoints averaged."""

    kind: Literal["annealing"]
    tokens: Tokens
    sequence_length: Tokens
    average: int = Field(default=5, ge=0)
    """Checkpoints averaged into the final model, evenly spaced, the last one at the end. 0: none, the last is the model."""


Stage = Annotated[Initial | LongContext | Annealing, Field(discriminator="kind")]


class Optimizer(Part):
    """AdamW, and what keeps it from harm."""

    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.95, ge=0, lt=1)
    eps: float = Field(default=1e-8, gt=0)
    weight_decay: float = Field(default=0.1, ge=0)
    """Of matrices; norms and the embedding do not decay."""
    clip_norm: float = Field(default=1.0, gt=0)
    """Largest global norm of the gradient."""
    max_skips: int = Field(default=5, ge=1)
    """Updates skipped in a row, for a loss not finite or a spike, after which the run stops."""


class Compute(Part):
    """How it is computed; nothing here changes what is learnt beyond rounding."""

    dtype: Literal["float32", "bfloat16"] = "float32"
    """`bfloat16`: computes in bfloat16, keeps weights and moments in float32."""
    compile: bool = False
    """torch.compile of each block."""
    activation_checkpointing: bool = False
    """Recompute blocks in the backward pass instead of keeping their activations."""
    micro_batch_tokens: Tokens | None = None
    """Tokens a rank puts through the model at once; None: its whole share of the batch."""


class Parallel(Part):
    """How torchrun's processes are laid out: data x context x tensor."""

    data: int = Field(default=0, ge=0)
    """0: what the others leave."""
    tensor: int = Field(default=1, ge=1)
    context: int = Field(default=1, ge=1)


class Evaluation(Part):
    """What is looked at along the way."""

    every: int = Field(default=100, ge=0)
    """Steps between evaluations; 0: only at the end of a stage. Long-context stages use their `check_every`."""
    tokens: Tokens = 65_536
    """Held-out tokens of one evaluation."""
    samples: list[str] = []
    """Prompts that the model continues at every evaluation."""
    sample_tokens: int = Field(default=40, ge=1)
    """Tokens of a sample."""


class Checkpoints(Part):
    """Resumable states."""

    every: int = Field(default=100, ge=0)
    """Steps between states; 0: only at the end of a stage."""
    keep: int = Field(default=2, ge=1)
    """States kept of each stage."""


class Recipe(Part):
    """A whole pre-training, from text to a Hugging Face directory."""

    name: FolderName
    seed: int = Field(default=0, ge=0)
    """Decides weights and the order of the data."""
    model: Model
    tokenizer: Tokenizer = Tokenizer()
    data: Data
    stages: list[Stage] = Field(min_length=1)
    optimizer: Optimizer = Optimizer()
    compute: Compute = Compute()
    parallel: Parallel = Parallel()
    evaluation: Evaluation = Evaluation()
    checkpoints: Checkpoints = Checkpoints()

    @model_validator(mode="after")
    def _fits(self) -> "Recipe":
        names = [source.name for source in self.data.sources]
        if len(set(names)) < len(names):
            raise ValueError("two sources have one name")
        for stage in self.stages:
            for name in stage.weights or {}:
                if name not in names:
                    raise ValueError(f'stage {stage.kind} weighs "{name}"; the sources are {", ".join(names)}')
            if stage.weights is not None and not any(stage.weights.values()):
                raise ValueError(f"stage {stage.kind} gives every source weight 0")
        if bool(self.tokenizer.vocab_size) == bool(self.tokenizer.directory or self.model.checkpoint):
            raise ValueError(
                "give the tokenizer either a `vocab_size` to be trained, or `from` (or the model's own `from`)"
            )
        return self


def load(path: Path, overrides: Sequence[str] = ()) -> Recipe:
    """The checked recipe of a YAML file, `path=value` overrides applied. Paths are found from the file's folder too."""
    try:
        tree, source = yaml_tree.read(path)
        if "generate" in tree:
            raise RecipeError(f"{path}: this is a recipe of post-training; run it with `lab run {path}`")
        yaml_tree.set_values(tree, overrides, "path=value, such as stages.0.lr=1e-3")
        recipe = yaml_tree.checked(Recipe, tree, str(path), source)
    except RecipeError as error:
        raise PretrainError(str(error)) from None
    return _found_paths(recipe, path.parent)


def _whole_number(value: Any) -> Any:
    """YAML reads 3e6 as text and 3.0e6 as a fraction; both mean a whole number here."""
    if isinstance(value, (str, float)):
        try:
            number = float(value)
        except ValueError:
            return value
        return int(number) if number.is_integer() else value
    return value


def _found_paths(recipe: Recipe, folder: Path) -> Recipe:
    """Paths that do not exist from the working directory are looked for beside the recipe."""

    def found(path: Path | None) -> Path | None:
        return path and yaml_tree.beside(path, folder)

    sources = [
        s.model_copy(update={"path": str(found(Path(s.path)))}) if ":" not in s.path else s for s in recipe.data.sources
    ]
    return recipe.model_copy(
        update={
            "model": recipe.model.model_copy(update={"checkpoint": found(recipe.model.checkpoint)}),
            "tokenizer": recipe.tokenizer.model_copy(update={"directory": found(recipe.tokenizer.directory)}),
            "data": recipe.data.model_copy(update={"sources": sources}),
        }
    )
