"""`lab filter`: quality control of any data set."""

import asyncio
import contextlib
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import door, tell
from commands.options import Checkpoint, Json, Model, Prompts, console, is_run, place, print_json, say, with_model
from commands.shape import Commands
from curation.dedup import SET_FILTERS, minhash, semantic
from curation.filters import FILTERS
from recipes.names import BENCHMARKS

if TYPE_CHECKING:
    from curation.writing import Result
    from generators.lab import Lab

app = Commands()
FILTER_NAMES = ", ".join(one.name for one in FILTERS)
ALL_FILTERS = ",".join(one.name for one in FILTERS)
FILTERED = ", ".join(one.about for one in FILTERS)
BENCHMARK_NAMES = " or ".join(name for name, place in BENCHMARKS.items() if place)
SET_NAMES = ", ".join(one.name for one in SET_FILTERS)


@app.command(
    "filter",
    needs={"--model": "--tag --judge", "--prompts": "--tag --judge"},
    examples=(
        "lab filter runs/x/data/sft --out runs/x-clean",
        "lab filter rows.jsonl --out clean --dedup exact,minhash --decontaminate mbpp.jsonl",
        "lab filter runs/x --out runs/x-judged --judge code",
    ),
)
@door()
def filter_dataset(
    dataset: Annotated[
        Path, typer.Argument(metavar="DATASET", help="Parquet, JSONL, a folder of either, hf:NAME, or a run.")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", parser=place, metavar="PATH", help="Folder for what is kept and what is dropped."),
    ],
    filters: Annotated[str, typer.Option(help=f"Any of {FILTER_NAMES}, with commas; all, or none.")] = "all",
    rules: Annotated[
        bool, typer.Option("--rules/--no-rules", help=f"Drop rows for: {FILTERED}. --no-rules is --filters none.")
    ] = True,
    dedup: Annotated[str, typer.Option(help=f"Any of {SET_NAMES}, with commas; or none.")] = SET_NAMES.replace(" ", ""),
    decontaminate: Annotated[
        list[Path],
        typer.Option(
            metavar="FILE",
            help=f"An evaluation set that must not be in the data: a file, or {BENCHMARK_NAMES}; may be repeated.",
        ),
    ] = [],  # noqa: B006
    tag: Annotated[bool, typer.Option("--tag", help="Ask the checkpoint for topic, intention and difficulty.")] = False,
    judge: Annotated[
        str | None,
        typer.Option(
            help="Keep full marks only: general (3 points) or code (correctness + style); pairs: both orders."
        ),
    ] = None,
    checkpoint: Checkpoint = "default",
    model: Model = None,
    minhash_threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Estimated Jaccard index of near duplicates.")
    ] = minhash.THRESHOLD,
    semantic_threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Cosine of semantic duplicates.")
    ] = semantic.THRESHOLD,
    prompts: Prompts = None,
    as_json: Json = False,
) -> None:
    """Drop rows that are unfit, repeated or of an evaluation.

    Each with its reason.
    """
    if judge not in (None, "general", "code"):
        raise typer.BadParameter(f"{judge}: known: general, code", param_hint="--judge")
    from checkpoints.directory import DEFAULT, find, is_url
    from curation import pipeline

    checkpoint = with_model(checkpoint, model)
    kinds = _named(dedup)
    chosen = _named(ALL_FILTERS if filters == "all" else filters)
    for option, names, known in (("--filters", chosen, FILTER_NAMES), ("--dedup", kinds, SET_NAMES)):
        if unknown := next((name for name in names if name not in known.split(", ")), None):
            raise typer.BadParameter(f"{unknown}: known are {known}", param_hint=option)
    if not rules and filters != "all":
        raise typer.BadParameter("changes nothing beside --no-rules; leave one out", param_hint="--filters")
    for name, threshold, own in (
        ("minhash", minhash_threshold, minhash.THRESHOLD),
        ("semantic", semantic_threshold, semantic.THRESHOLD),
    ):
        if threshold != own and name not in kinds:
            raise typer.BadParameter(f"changes nothing where --dedup has no {name}", param_hint=f"--{name}-threshold")
    asks = tag or judge
    if checkpoint != DEFAULT and not asks and (is_url(checkpoint) or "semantic" not in kinds):
        why = "a server is asked by --tag and --judge alone" if is_url(checkpoint) else "nothing asks it"
        raise typer.BadParameter(f"changes nothing here: {why}; leave it out", param_hint="--checkpoint")
    run = dataset if is_run(dataset) else None
    with door(stopped=f"{out} holds nothing new; answers of the checkpoint are kept for the next time"):
        settings = pipeline.Settings(
            dataset / "data" / "sft" if run else dataset,
            out,
            chosen if rules else (),
            kinds,
            tuple(_evaluation_set(path) for path in decontaminate),
            {"minhash": minhash_threshold, "semantic": semantic_threshold},
            find(DEFAULT if is_url(checkpoint) else checkpoint) if "semantic" in kinds else None,
            {"tag": tag, "judge": judge, "checkpoint": checkpoint} if asks else {},
        )
        if asks:  # before the rows are read
            from alignment.ready import check_checkpoint

            check_checkpoint(checkpoint)
        earlier = (out / "filter.json").exists()
        watch = _Watch(quiet=as_json)
        asking = _Asking(checkpoint, out, prompts, watch, tag, judge or "", run)
        result = pipeline.run(settings, watch, asking if tag or judge else None)
    if earlier:
        tell(f"{out}: what an earlier filter had left there is replaced")
    found = {"out": str(out), **result.to_dict(), **({"unrated": asking.unrated} if asks else {})}
    found |= {"agreement": asking.agreement} if asking.agreement else {}
    print_json(found) if as_json else _tell(result, out, asking)


def _evaluation_set(path: Path) -> Path:
    """The file, or that of a benchmark which Lab has, or fetches, by itself."""
    from evaluation import fetched

    return fetched(str(path)) if BENCHMARKS.get(str(path)) and not path.exists() else path


def _named(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.replace(" ", "").split(",") if name not in ("", "none"))


class _Watch:
    """A bar with the time left for each pass, on stderr; nothing where it is no terminal."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet

    @contextlib.contextmanager
    def __call__(self, step: str, total: int) -> Iterator[Callable[[int], None]]:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        terminal = console(stderr=True)
        with Progress(*columns, console=terminal, disable=self._quiet or not terminal.is_terminal) as progress:
            task = progress.add_task(step, total=total)
            yield lambda done: progress.advance(task, done)

    def say(self, text: str) -> None:
        if not self._quiet:
            say(text, stderr=True)


class _Asking:
    """Hosts the checkpoint when the filter comes to it, and puts the rows to it."""

    def __init__(
        self, checkpoint: str, out: Path, prompts: Path | None, watch: _Watch, tag: bool, judge: str, run: Path | None
    ) -> None:
        from prompts import Library, PromptError, check_template

        self._checkpoint, self._out, self._watch, self._tag, self._judge, self._run = (
            checkpoint,
            out,
            watch,
            tag,
            judge,
            run,
        )
        self._library = Library([prompts] if prompts else [])
        names = [name for name in self._library.names() if name.startswith("quality/")]
        if complaints := [text for name in names for text in check_template(self._library.get(name))]:
            raise PromptError("\n".join(complaints))
        self.agreement: dict[str, Any] | None = None
        self.unrated = 0

    def __call__(self, texts: Any, rows: int, priority: Any) -> Any:
        return asyncio.run(self._rate(texts, rows, priority))

    async def _rate(self, texts: Any, rows: int, priority: Any) -> Any:
        from generators.lab import Lab
        from generators.quality.asking import rate
        from ledger import Ledger
        from ledger.meter import TokenMeter
        from serving import host

        with Ledger(self._out) as ledger:
            meter = TokenMeter(self._out)
            try:
                async with host(self._checkpoint, say=self._watch.say, meter=meter) as engine:
                    lab = Lab(engine, ledger, self._library)
                    with self._watch("ask", rows) as step:
                        rated = await rate(lab, texts, priority, tag_rows=self._tag, judge_as=self._judge, watch=step)
                    if self._run and self._judge:
                        self.agreement = await self._agreement(lab, self._run)
            finally:
                meter.close()
        self.unrated = rated.unrated
        return rated

    async def _agreement(self, lab: "Lab", run: Path) -> dict[str, Any]:
        from generators.quality.agreement import agreement, decided
        from ledger import Ledger

        with Ledger(run, readonly=True) as source, self._watch("agree", len(decided(source))) as step:
            return (await agreement(lab, source, self._judge, step)).to_dict()


def _tell(result: "Result", out: Path, asking: _Asking) -> None:
    say(f"{result.kept} of {result.rows} rows kept in {out}")
    for name, reasons in result.dropped.items():
        say(f"  {name:<14} {sum(reasons.values()):>8}  " + ", ".join(f"{reason} {n}" for reason, n in reasons.items()))
    if result.unanswered:
        ends = "1 of them ends" if result.unanswered == 1 else f"{result.unanswered:,} of them end"
        say(f"{ends} in a question or a tool's result that nobody answers:")
        say("  trainings learn the answers before it, `lab export` leaves the row out")
    if result.undecidable_items:
        items = "item is" if result.undecidable_items == 1 else "items are"
        say(f"{result.undecidable_items} evaluation {items} too short or too common to be recognised in a row")
    if asking.unrated:
        say(f"the checkpoint's answer on {asking.unrated} rows was no verdict; they stay, with null in its column")
    if asking.agreement and not asking.agreement["rows"]:
        say("the judge could not be measured: tests have decided no answer of this run")
    elif asking.agreement:
        figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asking.agreement.items())
        say(f"the judge against the verifier of the run: {figures}")
    if result.kept < result.rows:
        dropped = next(name for name in result.shards if name.startswith("dropped"))
        say(f"what was dropped, and why: {out / dropped}")
        say(f"`lab why {shlex.quote(str(out))}` shows it")
