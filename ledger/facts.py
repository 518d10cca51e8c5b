"""The facts of a run, declared once for who writes and who reads them: name, what there is one of it for, type of the value.

    await ledger.record(facts.STAGE, progress.to_dict(), "code/translation")
    ledger.read(facts.STAGE, "code/translation")     # StageFigures, or None while there is none
    ledger.all(facts.STAGE)                          # {"code/translation": StageFigures, ...}

Values are JSON. The ledger holds a fact under `NAME`, or `NAME:SUBJECT` where there may be several.
"""

from dataclasses import dataclass
from typing import Any, Generic, NotRequired, TypedDict, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Fact(Generic[T]):
    """A fact whose value is a `T`."""

    name: str
    of: str = ""
    """What there is one for: `stage`, `checkpoint`, ... Empty where a run has one."""

    def key(self, subject: str = "") -> str:
        """As the ledger names it. Raises ValueError where a subject is missing or too many."""
        if bool(subject) != bool(self.of):
            raise ValueError(f"the fact {self.name} is one of {f'a {self.of}' if self.of else 'the run'}: {subject!r}")
        return f"{self.name}:{subject}" if subject else self.name


class StageFigures(TypedDict):
    """How a generation or evaluation stage ended, over all processes that worked on it."""

    accepted: int
    surplus: int
    passed_over: NotRequired[dict[str, int]]
    """reason -> rows among them that no data set would take; older runs have none"""
    attempts: int
    rejected: dict[str, int]
    """reason -> rows, most frequent first"""
    left_out: NotRequired[dict[str, int]]
    """reason -> attempts that nobody judged; older runs have none"""
    unfinished: int
    output_tokens: int
    seconds: float
    stopped_by: str
    """`target`, `budget: NAME`, `seeds`, `nothing new`, or empty where every attempt there was has ended."""


class LiveFigures(StageFigures):
    """Where the stage under way stands, with what only makes sense while it runs."""

    stage: str
    target: int | None
    total: int | None
    in_flight: int
    eta_s: float | None
    session_seconds: float
    session: dict[str, int]
    """Spent by the process under way (`generators.lab.Tally`)."""
    at: float
    """Unix time."""


class SeedFigures(TypedDict):
    """What a stage's seeds are and where they come from."""

    paths: list[str]
    count: int
    content: NotRequired[str]
    """`generators.seeds.found.Seeds.content`; older runs have none"""
    licences: dict[str, int]


class ReasonFacts(TypedDict):
    """What a reason of a user's own generator means (`generators.reasons.Meaning`)."""

    hurdle: str
    """Empty for none."""
    negative: bool


class GuardFigures(TypedDict, total=False):
    """What a filter on top of the tests removed (`generators.quality.guard`); empty where nothing was filtered."""

    by_difficulty: dict[str, dict[str, float]]
    """difficulty -> `kept`, `removed`, `lost`, and `p` where it loses more than the others"""
    alarm: str


class DiversityFigures(TypedDict, total=False):
    """How different a stage's accepted rows are (`generators.quality.diversity`); empty for fewer than two rows."""

    rows: int
    distinct_1: float
    distinct_2: float
    distinct_3: float
    spread: float
    novelty_seeds: float
    novelty_last: float
    last: str
    """The run that `novelty_last` compares with."""
    alarm: str


class EndingFigures(TypedDict):
    """`evaluation.endings.Endings`: tokens of an answer, share that the limit ended, share that ends in copies of one piece."""

    tokens: float
    cut: float
    repeating: float


class TableFigures(TypedDict):
    """Where the right answers of a benchmark are."""

    title: str
    """What its rows and columns are."""
    cells: dict[str, dict[str, list[int]]]
    """row -> column -> [right answers, answers]"""


ScoreFigures = TypedDict(
    "ScoreFigures",
    {
        "pass@1": float,
        "benchmark": str,
        "n": int,
        "samples": int,
        "passed": int,
        "interval": list[float],
        "by_difficulty": dict[str, float],
        "checkpoint": str,
        "decoding": str,
        "temperature": float,
        "endings": NotRequired[EndingFigures],
        "pass@k": NotRequired[dict[str, list[float]]],
        "table": NotRequired[TableFigures],
    },
)
"""`evaluation.Score` of a checkpoint; `n` problems, `interval` at 95%; `decoding` is `greedy` or `sampled`; `pass@k` is k -> the
figure and its interval's ends, for the k above 1 that the samples allow.
"""


class BestOfFigures(TypedDict):
    """`evaluation.best_of`: share of problems that are answered rightly by the best of `n` sampled answers."""

    n: int
    chosen: float
    """By the reward model,"""
    blind: float
    """by lot,"""
    any: float
    """and by whoever knows."""


class ComparisonFigures(TypedDict):
    """`evaluation.Comparison` of two checkpoints by one decoding."""

    difference: float
    interval: list[float]
    p_value: float
    better: int
    worse: int
    verdict: str


class ClaimFigures(TypedDict):
    """`evaluation.Claim` of a checkpoint against another on one benchmark."""

    before: str
    after: str
    benchmark: str
    greedy: ComparisonFigures
    sampled: ComparisonFigures | None
    alike: list[float] | None
    won: list[str]
    lost: list[str]
    verdict: str


class TrainingFigures(TypedDict):
    """`alignment.job.TrainResult` of a training."""

    checkpoint: str
    steps: int
    final_loss: float
    losses: list[tuple[int, float]]
    """(step, loss)"""
    metrics: dict[str, list[tuple[int, float]]]
    rows: int
    dropped: dict[str, int]
    tokens: int
    seconds: float
    tokens_per_s: float
    stopped: NotRequired[str]
    """Why it ended before its last step; empty where it did not, and none in runs of an older version."""


class TrainingTold(TypedDict):
    """How a training is told to people (`alignment.trainings.Training`). Runs of an older version have none."""

    label: str
    curves: dict[str, str]
    """metric -> title of its curve"""
    note: str
    """A sentence that helps to read the curves; may be empty."""


class DataSetFigures(TypedDict):
    """A data set that was written, and what was left out of it by reason."""

    name: str
    path: str
    rows: int
    dropped: dict[str, int]
    shares: NotRequired[dict[str, float]]
    across: NotRequired[int]
    """Pairs whose two answers are of two checkpoints."""


class ContaminationFigures(TypedDict):
    """What the data sets were compared with, and which items were found."""

    against: list[str]
    items: int
    hits: dict[str, str]
    """What is said of a hit -> how its row begins; the first of them."""
    found: NotRequired[int]
    """Hits; older runs have none, and `hits` all that they say."""


class CandidateFigures(TypedDict):
    """A checkpoint of a round, held against the best before it (`alignment.rounds`)."""

    mean: float
    """Share of right answers: the mean over the problems of all benchmarks, each decoding alike."""
    by_capability: dict[str, float]
    """`code`, `math` -> the same over the benchmarks that belong to it"""
    against: ComparisonFigures | None
    """With the best before, over those problems; None for that one itself."""
    falls: list[str]
    """Where a paired test shows a fall: `BENCHMARK, greedy`."""


class RoundFigures(TypedDict):
    """How a round ended."""

    run: str
    """Its directory's name."""
    candidates: dict[str, CandidateFigures]
    """`start` (the best before it), then each checkpoint that it evaluated; in its order."""
    promoted: str
    """Which of them is the best from then on; empty where none is."""
    why: str
    """One sentence on that, without its end."""
    best: str
    """The best from then on, as `ROUND/CHECKPOINT`; `round-1/start` is the recipe's own."""
    samplers: dict[str, str]
    """`code`, `math` -> the one that answers generators of that kind in the next round, spelt so too"""
    reward_model: NotRequired[str]
    """The newest that was trained, spelt so too; none where no round trained one."""
    stepwise_model: NotRequired[str]
    """The newest stepwise one."""


class ArenaFact(TypedDict):
    """Whose answers an arena compares."""

    names: list[str]
    """As the command named the two checkpoints; none where the answers were there already."""
    identities: list[str]
    """Of their contents."""
    sampling: dict[str, Any]


class PairFact(TypedDict):
    """Two answers to one prompt, as a person is shown them (`lab arena`)."""

    prompt: list[Any]
    """Messages."""
    category: str
    answers: list[str]
    by: list[str]
    """Who wrote each answer."""
    cut: list[bool]
    """Whether the token limit ended it."""
    first: int
    """Which answer is shown first: drawn by lot, and kept, so that a page that is opened again shows the same."""


class JudgementFact(TypedDict):
    """What a person said of a pair; a later word replaces it."""

    better: int | None
    """Which answer; None where neither is."""
    grade: str
    """By how much, or why neither is (`alignment.arena.record`)."""
    edited: str | None
    """The better answer as the person mended it."""
    at: float
    """Unix time."""


class CheckpointFact(TypedDict):
    """The checkpoint the run started with."""

    name: str
    identity: str
    path: str
    """As the recipe names it: a directory, a Hub id, `default`, or a URL."""


class MachineFact(TypedDict):
    """What the run ran on, as far as figures depend on it."""

    cores: int
    memory_gb: int
    gpu: str | None
    python: str
    platform: str


RECIPE: Fact[dict[str, Any]] = Fact("recipe")
"""Every setting, resolved, as plain YAML values."""
WORKING_DIRECTORY: Fact[str] = Fact("working_directory")
"""Of the process that recorded the recipe: relative paths of that are below it."""
CHECKPOINT: Fact[CheckpointFact] = Fact("checkpoint")
MACHINE: Fact[MachineFact] = Fact("machine")
COMMANDS: Fact[list[str]] = Fact("commands")
"""The command lines that worked on the run, oldest first, each once."""
EMITTED_TOKENS: Fact[int] = Fact("emitted_tokens")
"""Tokens the engine decoded for the run, those lost to kills included."""
LIVE: Fact[LiveFigures] = Fact("live", of="stage")

SEEDS: Fact[SeedFigures] = Fact("seeds", of="stage")
LAPS: Fact[list[int]] = Fact("laps", of="stage")
"""Samples of each lap over the seeds, by which attempts are numbered; a second one where the samples grew."""
SKIPPED_SEEDS: Fact[str] = Fact("skipped_seeds", of="stage")
"""One sentence on the malformed seeds that were left out."""
SPENT: Fact[int] = Fact("spent", of="stage")
"""Output tokens of the effects that the stage paid for, counted as they are recorded: a budget of tokens holds over kills."""
SECONDS: Fact[float] = Fact("seconds", of="stage")
"""Kept whatever ends a stage, so that a budget of seconds holds over kills."""
STAGE: Fact[StageFigures] = Fact("stage", of="stage")
GUARD: Fact[GuardFigures] = Fact("guard", of="stage")
DIVERSITY: Fact[DiversityFigures] = Fact("diversity", of="stage")
OWN_GENERATOR: Fact[str] = Fact("own", of="stage")
"""Fingerprint of the user's own generator file."""
REASONS: Fact[dict[str, ReasonFacts]] = Fact("reasons", of="stage")
"""The reasons that a user's own generator declares."""

ROUND: Fact[RoundFigures] = Fact("round", of="number")
"""Of `lab rounds`: each round is a run of its own."""
ROUND_SECONDS: Fact[float] = Fact("round_seconds", of="number")
"""Seconds of work on the round, over all processes."""

ARENA: Fact[ArenaFact] = Fact("arena")
PAIR: Fact[PairFact] = Fact("pair", of="question")
JUDGEMENT: Fact[JudgementFact] = Fact("judgement", of="question")

DATA_SET: Fact[DataSetFigures] = Fact("dataset", of="data set")
CONTAMINATION: Fact[ContaminationFigures] = Fact("contamination")
TRAINING: Fact[TrainingFigures] = Fact("train", of="training")
TRAINING_TOLD: Fact[TrainingTold] = Fact("train_told", of="training")
PROBLEMS: Fact[str] = Fact("problems", of="benchmark")
"""What its problems are (`evaluation.problems.ProblemSet.content`); older runs have none."""
SCORE: Fact[ScoreFigures] = Fact("score", of="checkpoint/benchmark/decoding")
BEST_OF: Fact[list[BestOfFigures]] = Fact("best_of", of="checkpoint/benchmark")
"""N doubles."""
JUDGES: Fact[list[str]] = Fact("judges", of="checkpoint/benchmark")
"""What judged its answers, by content: one, or more where it changed before all were judged; older runs have none."""
CLAIM: Fact[ClaimFigures] = Fact("claim", of="after/before/benchmark")
