"""`lab pretrain scaling` and `lab pretrain judge`: what small runs tell about larger ones, and about a data set."""

import json
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import GOES_ON, door
from commands.options import Json, console, folder, place, print_json, say
from commands.shape import Commands

if TYPE_CHECKING:
    from pretrain.data.loader import Source
    from pretrain.studies.annealing_judge import Judgement
    from pretrain.studies.mix_search import Found
    from pretrain.studies.scaling import Result
    from pretrain.studies.small_runs import Evaluation, Standing
    from pretrain.studies.sources import Given

PLAIN_EVERY_S = 15.0
"""Seconds between two lines where there is no terminal."""

Sources = Annotated[
    list[str], typer.Option("--source", metavar="[NAME=]PATH[@WEIGHT]", help="Text or packed; may be repeated.")
]
Out = Annotated[
    Path,
    typer.Option(
        "--out", "-o", parser=place, metavar="PATH", help="Where everything goes; an unfinished study there goes on."
    ),
]
Tokenizer = Annotated[
    Path | None,
    typer.Option(parser=folder, metavar="PATH", help="Tokenizer directory; without it one is trained on the sources."),
]
HeldOut = Annotated[float, typer.Option(help="Share of each source's documents that is kept from training.")]
Processes = Annotated[int, typer.Option(min=1, help="Runs trained side by side, with a thread each.")]
Targets = Annotated[
    list[str],
    typer.Option("--evaluate", metavar="[NAME=]PATH", help="Text like what the model is to master; may be repeated."),
]


def add(app: Commands) -> None:
    """Mount the commands on `lab pretrain`."""
    app.command(
        beside={"--mixes": "--budgets --factor", "--tokenizer": "--vocabulary"},
        needs={"--evaluate": "--mixes"},
        examples=("lab pretrain scaling --source texts/english --out runs/scaling",),
    )(scaling)
    app.command(
        examples=(
            "lab pretrain judge texts/algebra --checkpoint runs/tiny --mix texts/english --evaluate texts/exams --out runs/judge-algebra",
        )
    )(judge)


@door()
def scaling(
    source: Sources,
    out: Out,
    flops: Annotated[
        float, typer.Option(help="The smallest budget, floating-point operations; default 2e11.", show_default=False)
    ] = 2e11,
    budgets: Annotated[int, typer.Option(help="How many budgets; at least 4.")] = 4,
    factor: Annotated[float, typer.Option(help="From one budget to the next.")] = 2.0,
    sizes: Annotated[int, typer.Option(help="Model sizes of each budget; at least 4.")] = 5,
    tokens_per_parameter: Annotated[float, typer.Option(help="Of each budget's middle size.")] = 40.0,
    lr: Annotated[float, typer.Option(help="Peak learning rate at width 64; it goes with 1 / width.")] = 0.012,
    batch_tokens: Annotated[int, typer.Option(help="Tokens of a step at the smallest budget.")] = 512,
    sequence_length: Annotated[int, typer.Option(help="Tokens of a row.")] = 128,
    vocabulary: Annotated[int, typer.Option(help="Of the tokenizer, where one is trained.")] = 512,
    tokenizer: Tokenizer = None,
    held_out: HeldOut = 0.02,
    mixes: Annotated[
        int, typer.Option(help="Search the sources' weights with so many small runs, instead of the study.")
    ] = 0,
    evaluate: Targets = [],  # noqa: B006
    processes: Processes = 2,
    seed: Annotated[int, typer.Option(min=0, help="Of the weights and of the order of the data.")] = 0,
    as_json: Json = False,
) -> None:
    """Predict a larger run from a grid of small ones.

    IsoFLOP parabolas, N*(C) = A C^alpha (section 3.2.1), a plot, and the larger run made to see how far off it was.
    With --mixes, search the weights of the sources instead.
    """
    from pretrain.studies.mix_search import Found, search_mixes
    from pretrain.studies.mix_search import check as check_mixes
    from pretrain.studies.scaling import Study, run_study
    from pretrain.studies.sources import parse, ready

    screen = _Screen()
    result: Found | Result
    with door(stopped=f"{out} keeps what is done, {GOES_ON}"), closing(screen):
        study = Study(
            flops=flops, budgets=budgets, factor=factor, sizes=sizes, tokens_per_parameter=tokens_per_parameter, lr=lr,
            batch_tokens=batch_tokens, sequence_length=sequence_length, seed=seed,
        )  # fmt: skip
        given = [parse(text) for text in source]
        _check(given, evaluate, held_out, tokenizer)
        if mixes:
            check_mixes(len(given), mixes)
        sources = ready(given, out, held_out=held_out, tokenizer=tokenizer, vocabulary_size=vocabulary, say=screen.say)
        if mixes:
            targets = _evaluations(evaluate, sources, out, tokenizer or out / "tokenizer", study.evaluation_tokens)
            result = search_mixes(study, sources, targets, out, candidates=mixes, processes=processes, show=screen.show)
        else:
            result = run_study(study, sources, out, processes=processes, show=screen.show, say=screen.say)
    if as_json:
        print_json(result.summary())
    elif isinstance(result, Found):
        _print_mixes(result)
    else:
        _print_study(result, out)


@door()
def judge(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Text or packed directory that is in question.")],
    checkpoint: Annotated[
        Path,
        typer.Option(
            "--checkpoint",
            "-c",
            parser=folder,
            metavar="PATH",
            help="Half-trained: a `lab train pretrain` run, or a Hugging Face directory.",
        ),
    ],
    mix: Annotated[
        list[str], typer.Option("--mix", metavar="[NAME=]PATH[@WEIGHT]", help="The default mix; may be repeated.")
    ],
    evaluate: Targets,
    out: Out,
    tokens: Annotated[int, typer.Option(help="Of each annealing.")] = 1_000_000,
    lr: Annotated[
        float | None, typer.Option(help="Where the line to 0 begins; default: the run's last, or 3e-4.")
    ] = None,
    seeds: Annotated[int, typer.Option(help="Pairs of annealings; at least 3.")] = 3,
    share: Annotated[float, typer.Option(help="Of the tokens, from the data set.")] = 0.3,
    batch_tokens: Annotated[int, typer.Option(help="Tokens of a step.")] = 8192,
    sequence_length: Annotated[int, typer.Option(help="Tokens of a row.")] = 512,
    stage: Annotated[str, typer.Option(help="Of a run: the stage whose newest state is taken.")] = "",
    tokenizer: Annotated[
        Path | None,
        typer.Option(parser=folder, metavar="PATH", help="Tokenizer directory; default: the checkpoint's."),
    ] = None,
    held_out: HeldOut = 0.02,
    processes: Processes = 2,
    as_json: Json = False,
) -> None:
    """Is a small data set worth having?

    Anneal with 30% of it and without it, over several seeds, and compare (section 3.1.3).
    """
    from pretrain.studies.annealing_judge import Trial
    from pretrain.studies.annealing_judge import judge as run_judge
    from pretrain.studies.sources import parse, ready

    screen = _Screen()
    with door(stopped=f"{out} keeps what is done, {GOES_ON}"), closing(screen):
        given = [parse(text) for text in (*mix, dataset)]
        _check(given, evaluate, held_out, tokenizer or checkpoint)
        trial = Trial(
            tokens=tokens, lr=3e-4 if lr is None else lr, share=share, seeds=seeds, batch_tokens=batch_tokens,
            sequence_length=sequence_length,
        )  # fmt: skip
        half, last_lr = _half_trained(checkpoint, stage, out)
        trial = replace(trial, lr=lr or last_lr or trial.lr)
        tokenizer = tokenizer or half
        *sources, new = ready(given, out, held_out=held_out, tokenizer=tokenizer, say=screen.say)
        targets = _evaluations(evaluate, [*sources, new], out, tokenizer, trial.evaluation_tokens)
        judged = run_judge(half, new, sources, targets, trial, out, processes=processes, show=screen.show)
    if as_json:
        print_json(judged.summary())
    else:
        _print_judgement(judged, new.name)


def _check(given: "Sequence[Given]", evaluate: Sequence[str], held_out: float, tokenizer: Path | None) -> None:
    """Before anything is made."""
    from pretrain.studies.sources import check, parse

    check(given, held_out=held_out, tokenizer=tokenizer)
    check([parse(text) for text in evaluate], held_out=0.0, tokenizer=tokenizer or Path())


def _half_trained(checkpoint: Path, stage: str, out: Path) -> tuple[Path, float | None]:
    """(Hugging Face directory, the learning rate it was last trained with): a run's newest state is exported first."""
    from pretrain.data.shards import stored, write_atomically
    from pretrain.errors import PretrainError
    from pretrain.run.export import export_state
    from rows.readers import read

    if (checkpoint / "config.json").exists():
        if stage:
            raise PretrainError(f"--stage {stage}: {checkpoint} is no run of pre-training, which alone has stages")
        return checkpoint, None
    start, note = out / "checkpoint", out / "checkpoint-of.json"
    asked = {"run": str(checkpoint.resolve()), "stage": stage}
    if (start / "config.json").exists() and note.exists():
        begun = stored(note, dict[str, Any], "choose another --out")
        if {name: begun.get(name) for name in asked} != asked:
            raise PretrainError(
                f"{start} was taken from {begun.get('run')}, stage {begun.get('stage') or 'the last begun'}; choose another --out"
            )
        return start, begun.get("lr")
    last = None
    if (checkpoint / "metrics.jsonl").exists():
        for number, record in read(checkpoint / "metrics.jsonl"):
            if not isinstance(record, dict) or not isinstance(record.get("lr"), int | float):
                raise PretrainError(f"{checkpoint / 'metrics.jsonl'}:{number}: not the line of a step; take it out")
            if not stage or record.get("stage") == stage:
                last = float(record["lr"])
    if not (start / "config.json").exists():
        export_state(checkpoint, stage, start, "float32")
    # The run may train on; what was begun is judged from where it was.
    write_atomically(note, json.dumps(asked | {"lr": last}))
    return start, last


def _evaluations(
    texts: Sequence[str], sources: "Sequence[Source]", out: Path, tokenizer: Path, tokens: int
) -> "list[Evaluation]":
    """Each as it is named; of what is trained on as well, only the held-out part."""
    from pretrain.studies.small_runs import Evaluation
    from pretrain.studies.sources import parse, ready

    given = [parse(text) for text in texts]
    packed = ready(given, out / "evaluation", held_out=0.0, tokenizer=tokenizer) if given else ()
    origins = {_origin(source.path): source for source in sources}
    return [
        Evaluation(one.name, (origins[_origin(one.path)],), tokens=tokens)
        if _origin(one.path) in origins
        else Evaluation(one.name, (one,), "train", tokens)
        for one in packed
    ]


def _origin(packed: Path) -> str:
    """What a packed directory was made of."""
    from pretrain.data.builtin import is_builtin
    from pretrain.data.shards import read_manifest
    from rows.readers import is_hub

    source = read_manifest(packed).source
    return source if is_hub(source) or is_builtin(source) else str(Path(source).resolve())


class _Screen:
    """Progress on stderr: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        from pretrain.studies.small_runs import seconds_text

        self._text = seconds_text
        self._console = console(stderr=True)
        self._status: Any = None
        self._last = 0.0

    def say(self, text: str) -> None:
        """A line that stays."""
        self._console.print(text, highlight=False, soft_wrap=True)

    def show(self, standing: "Standing") -> None:
        """How far the runs are, and the one just finished."""
        if standing.latest:
            one = standing.latest
            losses = ", ".join(f"{name} {loss:.4f}" for name, loss in one.losses.items())
            self.say(f"{one.name}: {one.parameters:,} parameters, {one.tokens:,} tokens: {losses}")
        text = (
            f"{standing.finished} of {standing.total} runs, {standing.share:.0%} of the compute, "
            f"{self._text(standing.seconds_left)} left"
        )
        if self._console.is_terminal:
            if self._status is None:
                self._status = self._console.status(text)
                self._status.start()
            self._status.update(text)
        elif time.monotonic() - self._last > PLAIN_EVERY_S:
            self._last = time.monotonic()
            self.say(text)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._status is not None:
            self._status.stop()


def _print_study(result: "Result", out: Path) -> None:
    tokens, parameters = result.tokens_law, result.parameters_law
    for curve in result.curves:
        note = "" if curve.bracketed else "   (not between its sizes: left out of the law)"
        say(
            f"{curve.budget:9.2e} FLOPs: best {curve.tokens:14,.0f} tokens, {curve.parameters:12,.0f} parameters, loss {curve.loss:.4f}{note}"
        )
    say(
        f"tokens     N*(C) = {tokens.factor:.3g} C^{tokens.exponent:.3f}   95% {_interval(tokens.exponent_interval)}   (paper: 0.29 C^0.53)"
    )
    say(
        f"parameters       = {parameters.factor:.3g} C^{parameters.exponent:.3f}   95% {_interval(parameters.exponent_interval)}"
    )
    predicted, target = result.prediction, result.target
    say(f"predicted by the {predicted.law} law: {predicted.loss:.4f}   95% {_interval(predicted.interval)}")
    say(
        f"measured at {target.flops:.2e} FLOPs ({target.parameters:,} parameters, {target.tokens:,} tokens): {target.loss:.4f}   error {result.error:+.2%}"
    )
    say(f"{out / 'scaling.svg'}   {out / 'scaling.json'}")


def _print_mixes(found: "Found") -> None:
    for name, mix in (("given", found.given), ("proposed", found.proposed), ("best", found.best)):
        weights = ", ".join(f"{source} {weight:.2f}" for source, weight in mix.weights.items())
        say(f"{name:8} {weights}: loss {mix.loss:.4f}")
    say(f"predicted for the proposed: {found.predicted:.4f}")


def _print_judgement(judged: "Judgement", name: str) -> None:
    from pretrain.studies.annealing_judge import DATASET, MIX

    for one in judged.differences:
        note = "for information" if one.evaluation in (MIX, DATASET) else one.verdict
        say(f"{one.evaluation:20} {one.mean:+.4f} nats per token   95% {_interval(one.interval, sign=True)}   {note}")
    say(
        f"all targets          {judged.overall.mean:+.4f} nats per token   95% {_interval(judged.overall.interval, sign=True)}"
    )
    if judged.epochs > 4:
        say(f"an annealing read its smallest source {judged.epochs:.1f} times over: fewer --tokens judge it fairer")
    say(f"{name}: {judged.verdict}")


def _interval(bounds: tuple[float, float] | None, sign: bool = False) -> str:
    if bounds is None:
        return "-"
    low, high = (f"{bound:+.4f}" if sign else f"{bound:.4f}" for bound in bounds)
    return f"[{low}, {high}]"
