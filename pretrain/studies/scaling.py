"""The scaling study (section 3.2.1): a grid of small runs, the law they follow, and a larger run predicted and then made.

    sources = study_sources.ready([study_sources.parse("texts/english")], out, held_out=0.02)
    study = run_study(Study(), sources, out)

The grid is `budgets` x `sizes`. A budget whose optimum is not between its sizes gets further sizes on that side. The
prediction is on disk before the run that it predicts begins.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pretrain.data.loader import Source
from pretrain.data.shards import read_manifest, write_atomically
from pretrain.errors import PretrainError
from pretrain.model import ModelConfig, parameter_count, training_flops
from pretrain.studies.scaling_chart import chart
from pretrain.studies.scaling_fits import (
    Parabola,
    PowerLaw,
    Prediction,
    Run,
    interval,
    optimum_law,
    optimum_resamples,
    parabolas,
    predict,
    resampled,
    with_intervals,
)
from pretrain.studies.small_runs import Evaluation, Finished, SmallRun, Standing, document_lengths, run_all
from pretrain.training.schedules import Training

RESAMPLES = 200
EXTRA_SIZES = 2
"""Sizes by which a budget whose optimum is not bracketed may grow."""
BATCH_EXPONENT = 1 / 3
"""The best batch grows about as C^0.33 (DeepSeek LLM, 2024, section 3.1): one batch for all budgets would handicap either
the small runs, which would make too few steps, or the large ones, whose gradients would be too noisy."""
LEAST_STEPS = 8
"""Of any run, whatever its budget."""
REFERENCE_WIDTH = 64
"""The width at which the learning rate is Study.lr; elsewhere it goes with 1 / width."""


@dataclass(frozen=True)
class Study:
    """The options of a study. The defaults fit two CPU cores and a quarter of an hour."""

    flops: float = 2e11
    """The smallest budget, floating-point operations of training."""
    budgets: int = 4
    factor: float = 2.0
    """From one budget to the next."""
    sizes: int = 5
    tokens_per_parameter: float = 40.0
    """Of the middle size of each budget."""
    spread: float = 1.6
    """Ratio of the tokens per parameter of neighbouring sizes."""
    held_out_factor: float = 4.0
    """The run that is predicted has so many times the largest budget."""
    lr: float = 0.012
    """Peak learning rate at width 64."""
    warmup: float = 0.05
    """Share of the tokens over which the learning rate rises."""
    batch_tokens: int = 512
    """Tokens of a step at the smallest budget; with larger ones it grows as their cube root (BATCH_EXPONENT)."""
    sequence_length: int = 128
    evaluation_tokens: int = 131_072
    seed: int = 0

    def __post_init__(self) -> None:
        if self.budgets < 4:
            raise PretrainError(f"budgets = {self.budgets}: choosing a law leaves one out, so at least 4 are needed")
        if self.sizes < 4:
            raise PretrainError(f"sizes = {self.sizes}: a parabola with an interval needs at least 4")
        if self.factor <= 1 or self.spread <= 1 or self.held_out_factor <= 1:
            raise PretrainError("factor, spread and held_out_factor must be greater than 1")
        for name in ("flops", "lr", "tokens_per_parameter", "batch_tokens", "sequence_length"):
            if not getattr(self, name) > 0:
                raise PretrainError(f"{name} = {getattr(self, name):g}: it must be above 0")


@dataclass(frozen=True)
class Result:
    """What a study found."""

    runs: list[Run]
    curves: list[Parabola]
    tokens_law: PowerLaw
    """The paper's N*(C)."""
    parameters_law: PowerLaw
    target: Run
    """The run that was predicted; its loss is the measured one, or NaN while it is not made."""
    prediction: Prediction
    error: float | None
    """(predicted - measured) / measured."""
    seconds: float
    """Of all runs, one after the other; side by side they took less."""

    def summary(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def run_study(
    study: Study,
    sources: Sequence[Source],
    out: Path,
    *,
    processes: int = 2,
    show: Callable[[Standing], None] = lambda standing: None,
    say: Callable[[str], None] = lambda text: None,
) -> Result:
    """Make the runs that `out` does not hold yet; write `scaling.json` and `scaling.svg` there."""
    vocabulary = read_manifest(Path(sources[0].path)).vocabulary_size
    shapes = Shapes(ladder(vocabulary, study.sequence_length), study, tuple(sources))
    chosen = {budget: shapes.around(budget) for budget in budgets(study)}
    finished: list[Finished] = []
    for _ in range(EXTRA_SIZES + 1):
        plan = [shapes.run(budget, config) for budget, configs in chosen.items() for config in configs]
        for budget, run in zip(_budget_of(chosen), plan, strict=True):
            shapes.check_budget(budget, run)
        finished = run_all(plan, out / "runs", processes=processes, show=show)
        runs = [_point(budget, result) for budget, result in zip(_budget_of(chosen), finished, strict=True)]
        curves = parabolas(runs)
        widened = {
            curve.budget: shapes.widen(chosen[curve.budget], [run.loss for run in runs if run.budget == curve.budget])
            for curve in curves
            if not curve.bracketed
        }
        widened = {budget: configs for budget, configs in widened.items() if len(configs) <= study.sizes + EXTRA_SIZES}
        if all(configs == chosen[budget] for budget, configs in widened.items()):
            break
        say(f"{len(widened)} budget(s) have their optimum outside their sizes: adding sizes")
        chosen |= widened
    samples = resampled(runs, RESAMPLES, study.seed)
    token_laws = optimum_resamples(samples, "tokens")
    tokens_law = with_intervals(optimum_law(curves, "tokens"), token_laws)
    parameters_law = with_intervals(optimum_law(curves, "parameters"), optimum_resamples(samples, "parameters"))
    budget = max(chosen) * study.held_out_factor
    config = shapes.nearest(parameters_law(budget))
    planned = shapes.run(budget, config, "predicted")
    tokens = planned.training.tokens
    prediction = predict(runs, (budget, parameter_count(config), tokens), samples)
    write_atomically(out / "prediction.json", json.dumps(asdict(prediction), indent=1) + "\n")
    say(
        f"predicted by the {prediction.law} law: a loss of {prediction.loss:.4f} "
        f"[{prediction.interval[0]:.4f}, {prediction.interval[1]:.4f}] for {parameter_count(config):,} parameters "
        f"and {tokens:,} tokens; training it now"
    )
    (made,) = run_all([planned], out / "runs", processes=min(1, processes), threads=max(1, processes), show=show)
    result = Result(
        runs,
        curves,
        tokens_law,
        parameters_law,
        _point(budget, made),
        prediction,
        prediction.loss / made.losses["held-out"] - 1,
        sum(one.seconds for one in [*finished, made]),
    )
    write_atomically(out / "scaling.json", json.dumps(result.summary(), indent=1) + "\n")
    drawn = chart(
        runs,
        curves,
        tokens_law,
        lambda flops: interval([law(flops) for law in token_laws]),
        budget,
        (prediction.loss, prediction.interval),
        result.target.loss,
    )
    write_atomically(out / "scaling.svg", drawn)
    return result


def budgets(study: Study) -> list[float]:
    """Floating-point operations, ascending."""
    return [study.flops * study.factor**i for i in range(study.budgets)]


def ladder(vocabulary_size: int, sequence_length: int) -> list[ModelConfig]:
    """Shapes of one family, ascending: the width is the dial, depth follows it (32 to a layer, at least 2).

    Heads are few while they are small: on a CPU a head's cost hardly depends on its size.
    """

    def heads(width: int) -> int:
        return 2 if width < 128 else 4 if width < 256 else width // 64

    widths = [*range(16, 48, 4), *range(48, 96, 8), *range(96, 256, 16), *range(256, 1024, 64), *range(1024, 4097, 256)]
    return [
        ModelConfig(
            vocab_size=vocabulary_size,
            hidden_size=width,
            intermediate_size=max(16, round(width * 8 / 3 / 16) * 16),
            num_hidden_layers=max(2, round(width / 32)),
            num_attention_heads=heads(width),
            num_key_value_heads=max(n for n in range(1, heads(width)) if heads(width) % n == 0),
            rope_theta=10_000.0,
            max_position_embeddings=max(2048, sequence_length),
            tie_word_embeddings=True,
        )
        for width in widths
    ]


class Shapes:
    """The ladder's shapes with what training each costs on these sources."""

    def __init__(self, configs: Sequence[ModelConfig], study: Study, sources: tuple[Source, ...]) -> None:
        self.study, self.sources = study, sources
        self.configs: list[ModelConfig] = []
        self.parameters: list[int] = []
        self.flops: list[float] = []
        lengths = document_lengths(sources, study.sequence_length)
        most = max(budgets(study)) * study.held_out_factor
        for config in configs:
            self.configs.append(config)
            self.parameters.append(parameter_count(config))
            self.flops.append(training_flops(config, lengths) / sum(lengths))
            if self.flops[-1] * self.parameters[-1] > most:  # less than a token per parameter: no size for this study
                break

    def around(self, budget: float) -> list[ModelConfig]:
        """The sizes of a budget: tokens per parameter spread about the middle, no shape twice, ascending."""
        middle = (self.study.sizes - 1) / 2
        wanted = [self.study.tokens_per_parameter * self.study.spread ** (middle - i) for i in range(self.study.sizes)]
        found: list[int] = []
        for ratio in wanted:
            from_here = range(found[-1] + 1 if found else 0, len(self.configs))
            if not from_here:
                break
            # Tokens per parameter fall along the ladder: the nearest in logarithm is the least quotient.
            found.append(min(from_here, key=lambda i: _quotient(budget / self.flops[i] / self.parameters[i], ratio)))
        if len(found) < self.study.sizes:
            raise PretrainError(f"budget {budget:.3g} is beyond the ladder's largest shapes; lower flops")
        return [self.configs[i] for i in found]

    def widen(self, chosen: list[ModelConfig], losses: list[float]) -> list[ModelConfig]:
        """One more shape on the side of the best one, as far from its neighbour as the others are."""
        best = losses.index(min(losses))
        places = [self.configs.index(config) for config in chosen]
        step = max(1, round((places[-1] - places[0]) / (len(places) - 1)))
        place = places[-1] + step if best >= len(chosen) / 2 else places[0] - step
        if not 0 <= place < len(self.configs):
            return chosen
        return sorted([*chosen, self.configs[place]], key=self.configs.index)

    def nearest(self, parameters: float) -> ModelConfig:
        """The shape with about so many parameters."""
        return min(zip(self.configs, self.parameters, strict=True), key=lambda pair: _quotient(pair[1], parameters))[0]

    def run(self, budget: float, config: ModelConfig, prefix: str = "budget") -> SmallRun:
        """This shape trained for this budget, in whole steps."""
        study = self.study
        growth = (budget / study.flops) ** BATCH_EXPONENT
        batch_tokens = max(1, round(study.batch_tokens * growth / study.sequence_length)) * study.sequence_length
        steps = max(LEAST_STEPS, round(budget / self.flops[self.configs.index(config)] / batch_tokens))
        tokens = steps * batch_tokens
        return SmallRun(
            name=f"{prefix}-{budget:.2e}-width-{config.hidden_size}".replace("+", ""),
            model=config,
            sources=self.sources,
            training=Training(
                tokens=tokens,
                lr=study.lr * REFERENCE_WIDTH / config.hidden_size,
                warmup_tokens=round(tokens * study.warmup),
                batch_tokens=batch_tokens,
                sequence_length=study.sequence_length,
            ),
            evaluations=(Evaluation("held-out", self.sources, tokens=study.evaluation_tokens),),
            seed=study.seed,
        )

    def check_budget(self, budget: float, run: SmallRun) -> None:
        """Refuse a run that would spend far more than its budget, for it has no room for the least number of steps."""
        assert isinstance(run.model, ModelConfig)
        if run.training.tokens * self.flops[self.configs.index(run.model)] > 1.1 * budget:
            raise PretrainError(
                f"budget {budget:.3g} is less than {LEAST_STEPS} steps of {run.training.batch_tokens:,} tokens at width "
                f"{run.model.hidden_size}, so the sizes would not spend the same; raise flops, or lower batch_tokens"
            )


def with_options(study: Study, **options: Any) -> Study:
    """The study with the options that are not None."""
    return replace(study, **{name: value for name, value in options.items() if value is not None})


def _budget_of(chosen: dict[float, list[ModelConfig]]) -> list[float]:
    return [budget for budget, configs in chosen.items() for _ in configs]


def _point(budget: float, finished: Finished) -> Run:
    return Run(budget, finished.flops, finished.parameters, finished.tokens, finished.losses["held-out"])


def _quotient(a: float, b: float) -> float:
    return max(a / b, b / a)
