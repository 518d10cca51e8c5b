"""What a recipe may say. Each field's line is its documentation; unknown keys are refused."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from recipes.names import BENCHMARKS, stage_name
from recipes.part import FolderName, LeastProof, Part
from recipes.trainings import Train, TrainingSettings


class Budget(Part):
    """Where a stage stops short of its count. None is no limit."""

    attempts: PositiveInt | None = None
    tokens: PositiveInt | None = None
    """Output tokens."""
    seconds: PositiveFloat | None = None


class Serving(Part):
    """What of vLLM's many options a user of Lab needs to host the checkpoint."""

    max_model_len: PositiveInt = 2048
    """Longest prompt plus answer, tokens."""
    max_in_flight: PositiveInt = 128
    """Completions decoded together."""
    kv_cache_gb: PositiveFloat = 2.0
    """Memory of the key-value cache on CPU, GiB; on a GPU vLLM takes what `gpu_memory_utilization` leaves."""
    gpu_memory_utilization: PositiveFloat = 0.85
    tensor_parallel_size: PositiveInt = 1
    seed: int = 0
    """Of what is drawn, where answers are sampled: the same checkpoint asked the same in another run then answers otherwise."""


class SandboxPart(Part):
    """The limits of one run, and how many run at once. A limit not given is the sandbox's own (`sandbox.report.Limits`)."""

    slots: PositiveInt | None = None
    """Programs run at once; default: one for each core."""
    cpu_s: PositiveFloat | None = None
    wall_s: PositiveFloat | None = None
    memory_mb: PositiveInt | None = None
    runtime: str | None = None
    """Another OCI runtime that Docker knows, such as `runsc`."""
    fresh: bool = False
    """A new container for each run of a program, where none shall follow another; costs 0.5 to 1.4 s each."""


class Sampling(Part):
    """What overrides the sampling that a template asks for."""

    temperature: float | None = Field(default=None, ge=0)
    top_p: float | None = Field(default=None, gt=0, le=1)
    top_k: int | None = Field(default=None, ge=0)
    max_tokens: PositiveInt | None = None


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | Path) else value


RENAMED = {"recipe": "generator"}
"""Keys of `generate` that had another name once: the old, and the one it has now."""


class Generate(Part):
    """One generation stage."""

    generator: str
    """A generator of `lab generate --list`, or the path of your own (`my_generator.py`; docs/make-data/write-a-generator.md)."""
    seeds: Annotated[list[Path], BeforeValidator(_listed)] = []
    """Files, folders or `hf:NAME` data sets; one or several. Without any: the generator's own."""
    split: str | None = None
    """Only the seeds of this split."""
    count: PositiveInt | None = None
    """Accepted rows to stop at, exactly. Without it: `samples` attempts of every seed."""
    samples: PositiveInt = 1
    """K: attempts at each seed."""
    allocation: Literal["uniform", "adaptive"] = "uniform"
    """`adaptive`: a problem that has its answers stops, and one of which some pass draws on until it has, up to three times K."""
    checkpoint: str | None = None
    """Another one of the same model that answers this stage; without: the recipe's. `lab rounds` names the best of its kind."""
    mix: PositiveInt | None = None
    """Snippets shown in one prompt, each of another source or topic, rare ones drawn about as often as common ones."""
    options: dict[str, Any] = {}
    """The generator's own options; `lab generate --list` names them."""
    least_proof: LeastProof = "control"
    """What passed its tests with a weaker one is rejected as `weak_proof`; docs/prove/sandbox.md says what each holds."""
    strict: bool = False
    """Refuse a malformed seed row instead of skipping it."""
    sampling: Sampling = Sampling()
    budget: Budget = Budget()

    @model_validator(mode="after")
    def _adaptive_has_a_choice(self) -> "Generate":
        if self.allocation == "adaptive" and self.samples == 1 and not self.count:
            raise ValueError("allocation: adaptive chooses among samples; give samples: 2 or more, or a count")
        return self


class Data(Part):
    """How rollouts become data sets."""

    max_per_problem: PositiveInt = 4
    """Accepted answers kept of one problem."""
    pairs_per_problem: PositiveInt = 2
    """Preference pairs made of one problem; of each prompt, where a problem is asked in several."""
    decontaminate: Annotated[list[Path], BeforeValidator(_listed)] = []
    """Evaluation sets none of whose items may be in the data. The run's own evaluation problems always count."""
    mix: dict[str, PositiveFloat] = {}
    """Generator, or its group (`code`) -> its share of the SFT set, of whatever sum; of what there is too much of rows are left out."""
    earlier: Annotated[list[Path], BeforeValidator(_listed)] = []
    """Run directories whose rows are in the data as well, after the run's own and in this order: the newest first."""
    pairs_across: bool = False
    """Right answers of this run also over wrong ones that another checkpoint gave to the same prompt in an `earlier` one."""


SHORTEST_NEEDLE = 256
"""Tokens of the shortest text of the benchmark `needle`."""


def _benchmark(name: str) -> str:
    if name not in BENCHMARKS:
        raise PydanticCustomError("literal_error", "known: {expected}", {"expected": ", ".join(BENCHMARKS)})
    return name


class Evaluate(Part):
    """A benchmark that the start and each trained checkpoint are held to: greedily, and by answers sampled at a temperature."""

    problems: Path | None = None
    """A file of problems with tests, or of questions of mathematics; or a `benchmark`."""
    benchmark: Annotated[str, AfterValidator(_benchmark)] | None = None
    """One that Lab has, or fetches, by itself."""
    longest: PositiveInt | None = None
    """Tokens of the longest text of `needle`, with its answer; default: `serving.max_model_len`."""
    split: str | None = None
    ids: str | None = None
    """Task numbers, such as `11-510`."""
    samples: NonNegativeInt = 3
    """Sampled answers to each problem, beside the greedy one. Without any nothing is claimed."""
    temperature: PositiveFloat = 0.8
    """Of the sampled answers."""
    max_tokens: PositiveInt = 512
    """Of one answer."""
    best_of: bool = False
    """The recipe's reward model scores the sampled answers: how right is the best of N by it?"""
    least_proof: LeastProof = "control"
    """An answer that passed its tests with a weaker one counts as wrong, as `weak_proof`."""

    @model_validator(mode="after")
    def _one_set_of_problems(self) -> "Evaluate":
        if (self.problems is None) == (self.benchmark is None):
            raise ValueError("needs either problems (a file) or benchmark (a name), and not both")
        if self.longest is not None and self.benchmark != "needle":
            raise ValueError("longest is of the benchmark needle alone; leave it out")
        if self.longest is not None and self.longest < SHORTEST_NEEDLE:
            raise ValueError(f"longest: {self.longest} tokens; the shortest text of needle has {SHORTEST_NEEDLE}")
        return self

    @model_validator(mode="after")
    def _best_of_several(self) -> "Evaluate":
        if self.best_of and self.samples < 2:
            raise ValueError("best_of chooses among sampled answers; give samples: 2 or more")
        return self

    @property
    def name(self) -> str:
        """What stages and figures of the benchmark are called by."""
        file = self.benchmark or (self.problems.stem if self.problems else "")
        longest = str(self.longest or "")
        return "-".join(part for part in (file, longest, self.split, self.ids) if part).replace("/", "-")


class Rounds(Part):
    """Rounds one after another (section 4), each on the data of all and from the best checkpoint so far: `lab rounds`."""

    count: PositiveInt = 2
    """Rounds there are at most; may grow later."""
    until: Literal["plateau"] | None = None
    """`plateau`: no round after one that promoted nothing."""
    train_from: Literal["start", "best"] = "start"
    """What a round trains: the recipe's checkpoint once more, as the paper does, or the best so far. The best so far answers."""


class Recipe(Part):
    """A whole run: generate, make data, train, evaluate."""

    name: FolderName = "run"
    """The folder under `runs` where no --out says another."""
    checkpoint: str = "default"
    """A Hugging Face directory, a Hub id, a URL, or `default`."""
    reward_model: str | None = None
    """A reward model (a directory that `lab train reward` left, or a Hub id): generators choose by it, and the sets take the
    answers first that it likes best."""
    stepwise_model: str | None = None
    """A stepwise one (`lab train stepwise`): it steers the tree search, and chooses among solutions."""
    seed: int = 0
    prompts: Path | None = None
    """A folder whose templates override ours."""
    serving: Serving = Serving()
    sandbox: SandboxPart = SandboxPart()
    generate: list[Generate] = []
    data: Data = Data()
    train: Train = Train()
    train_from: str | None = None
    """What the trainings start from, where it is another checkpoint of the same model than the one that answers."""
    variants: dict[str, list[dict[str, Any]]] = {}
    """Training -> the settings in which two or more trainings differ, whose weights are averaged (section 4.1.5)."""
    evaluate: list[Evaluate] = []
    """One benchmark, or a list."""
    rounds: Rounds | None = None

    @field_validator("evaluate", mode="before")
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        return [given] if isinstance(given, dict | Evaluate) else given or []

    @field_validator("evaluate")
    @classmethod
    def _within_the_context(cls, benchmarks: list[Evaluate], info: ValidationInfo) -> list[Evaluate]:
        """A text is as long as the context where nothing is said: part of the recipe, since another length is another problem."""
        context = (info.data.get("serving") or Serving()).max_model_len
        return [
            Evaluate.model_validate({**one.model_dump(exclude_unset=True), "longest": context})
            if one.benchmark == "needle" and one.longest is None
            else one
            for one in benchmarks
        ]

    @field_validator("evaluate")
    @classmethod
    def _each_benchmark_once(cls, benchmarks: list[Evaluate]) -> list[Evaluate]:
        names = [benchmark.name for benchmark in benchmarks]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(
                f"two benchmarks are called {twice}; give their files different names, or other splits or ids"
            )
        return benchmarks

    @field_validator("generate")
    @classmethod
    def _each_generator_once(cls, stages: list[Generate]) -> list[Generate]:
        """Rows are named by their generator, so two stages of one generator would be one."""
        names = [stage_name(stage.generator) for stage in stages]
        if twice := next((name for name in names if names.count(name) > 1), None):
            files = "" if twice in {stage.generator for stage in stages} else "call the files otherwise, "
            raise ValueError(
                f"{twice} stands there twice; {files}give one stage several seeds, or make another run of it"
            )
        return stages

    @field_validator("variants")
    @classmethod
    def _of_trainings_there_are(
        cls, variants: dict[str, list[dict[str, Any]]], info: ValidationInfo
    ) -> dict[str, list[dict[str, Any]]]:
        train = info.data.get("train") or Train()
        for name, several in variants.items():
            base = getattr(train, name, None)
            if base is None:
                known = [name for name, settings in train if settings]
                raise ValueError(f"{name}: no training of this recipe; `train:` has {', '.join(known) or 'none'}")
            if len(several) < 2:
                raise ValueError(f"{name}: a mean is of two variants or more; the settings of one stand under `train:`")
            made = [_varied(base, wishes, f"{name}.{number}") for number, wishes in enumerate(several)]
            if alike := next((n for n, one in enumerate(made) if one in made[:n]), None):
                raise ValueError(
                    f"{name}.{alike}: the same settings as {name}.{made.index(made[alike])}, so the same training once more; "
                    "give it another seed, at least"
                )
        return variants

    @model_validator(mode="after")
    def _each_generator_has_its_share(self) -> Self:
        """Told before a token is spent: rows of a generator without a share would be written for nothing."""
        names, mix = [stage_name(stage.generator) for stage in self.generate], self.data.mix
        if mix and (without := [name for name in names if name not in mix and name.partition("/")[0] not in mix]):
            raise ValueError(
                f"data.mix gives {without[0]} no share; name it, or its group, or take it out of `generate`"
            )
        if not self.data.earlier:
            known = {part for name in names for part in (name, name.partition("/")[0])}
            if unmet := [name for name in mix if name not in known]:
                raise ValueError(f"data.mix: {unmet[0]} is no generator of this recipe, so its share cannot be met")
        return self

    @model_validator(mode="after")
    def _pairs_across_have_another_run(self) -> Self:
        if self.data.pairs_across and not self.data.earlier and not self.rounds:
            raise ValueError(
                "data.pairs_across: this recipe has one run's rows; name others in data.earlier, or give `rounds:`"
            )
        return self

    def settings_of(self, training: str) -> list[TrainingSettings]:
        """The settings of each variant of a training that the recipe asks for; one where it has no variants."""
        base: TrainingSettings = getattr(self.train, training)
        variants = self.variants.get(training) or [{}]
        return [_varied(base, wishes, f"{training}.{number}") for number, wishes in enumerate(variants)]

    def to_plain(self) -> dict[str, Any]:
        """As YAML and JSON hold it."""
        return self.model_dump(mode="json", exclude_none=True)


def _varied(base: TrainingSettings, wishes: dict[str, Any], name: str) -> TrainingSettings:
    """The settings with some of them replaced. Raises ValueError, which names the first that is none or cannot be so."""
    try:
        return type(base).model_validate({**base.model_dump(), **wishes})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise ValueError(f"{name}: unknown key {key!r}; known here: {', '.join(type(base).model_fields)}") from None
        raise ValueError(
            f"{name}.{key}: {first['msg'].removeprefix('Value error, ')} (got {first['input']!r})"
        ) from None
