"""`lab train average`: the mean of several checkpoints' weights."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import door
from commands.options import Json, console, place, print_json
from commands.run import in_run, resolved
from commands.shape import Commands
from recipes.names import BENCHMARKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alignment.averages.soup import Soup
    from ledger import Ledger
    from recipes.schema import Recipe
    from report.live.screen import Screen


def add(app: Commands) -> None:
    """Add the command to `lab train`."""
    app.command(
        "average",
        examples=(
            "lab train average runs/a/checkpoints/sft runs/b/checkpoints/sft --out runs/mean",
            "lab train average runs/a/checkpoints/sft runs/b/checkpoints/sft --weights 3,1 --out runs/mean",
            "lab train average early later last --decay 0.5 --out runs/polyak",
            "lab train average a b c --greedy --problems mbpp.jsonl --ids 511-600 --out runs/soup",
        ),
        needs=dict.fromkeys(("--problems", "--benchmark", "--split", "--ids", "--set"), "--greedy"),
        beside={"--greedy": "--weights --decay"},
    )(train_average)


@door()
def train_average(
    checkpoints: Annotated[
        list[str], typer.Argument(help="Two or more of one model; the first lends all but the weights.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="Where the mean goes: new, or empty; a greedy one is resumed.",
        ),
    ],
    weights: Annotated[
        str | None, typer.Option(help="One for each checkpoint, separated by commas; without: all alike.")
    ] = None,
    decay: Annotated[
        float | None,
        typer.Option(help="Between 0 and 1: each counts that much of the one after it (Polyak), the last one most."),
    ] = None,
    greedy: Annotated[
        bool, typer.Option("--greedy", help="Take in only those with which the mean answers no fewer problems.")
    ] = False,
    problems: Annotated[
        Path | None, typer.Option(help="File of the problems that decide (MBPP, HumanEval, GSM8K, MATH or ours).")
    ] = None,
    benchmark: Annotated[str | None, typer.Option(help=f"Or one that has a name: {', '.join(BENCHMARKS)}.")] = None,
    split: Annotated[str | None, typer.Option(help="Only this split of the problems.")] = None,
    ids: Annotated[str | None, typer.Option(help="Only these task numbers, such as 511-600.")] = None,
    sets: Annotated[
        list[str],
        typer.Option(
            "--set", metavar="PATH=VALUE", help="A value of the evaluation, such as evaluate.max_tokens=1024."
        ),
    ] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Average the weights of checkpoints of one model.

    Uniformly, by weights, or by a decay (section 4.1.5); or greedily, by what the mean answers. A greedy one goes on after a
    stop when it is run again.
    """
    if greedy:
        if (problems is None) == (benchmark is None):
            raise typer.BadParameter("needs --problems FILE or --benchmark NAME, which decide", param_hint="--greedy")
        part = {"problems": problems and str(problems), "benchmark": benchmark, "split": split, "ids": ids}
        _greedy(checkpoints, part, sets, out, as_json)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from checkpoints.average import average, weights_of
    from checkpoints.directory import find, is_url

    if served := next(filter(is_url, checkpoints), None):
        raise typer.BadParameter(
            f"{served}: a server's weights cannot be averaged; give directories", param_hint="CHECKPOINTS"
        )
    paths = [find(checkpoint) for checkpoint in checkpoints]
    shares = weights_of(len(paths), weights=_numbers(weights), decay=decay)
    screen = console(stderr=True)
    columns = TextColumn("averaging"), BarColumn(), TextColumn("{task.percentage:.0f}%"), TimeRemainingColumn()
    with Progress(*columns, console=screen, transient=True, disable=as_json or not screen.is_terminal) as progress:
        task = progress.add_task("")
        average(paths, out, shares, lambda done, total: progress.update(task, completed=done, total=total))
    if as_json:
        print_json({"checkpoint": str(out), "of": [str(path) for path in paths], "weights": shares})
    else:
        console().print(f"{out}: the mean of {len(paths)} checkpoints, weights {', '.join(f'{w:.3g}' for w in shares)}")


def _greedy(checkpoints: list[str], problems: dict[str, Any], sets: list[str], out: Path, as_json: bool) -> None:
    from alignment.averages.soup import FOLDER, check_soup, greedy_soup
    from checkpoints.directory import find

    def wanted() -> "Recipe":
        check_soup([find(checkpoint) for checkpoint in checkpoints], out)
        part = {**problems, "samples": 0}
        return resolved({"name": FOLDER, "checkpoint": checkpoints[0], "evaluate": part}, sets)

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        _refuse_asked_otherwise(recipe, ledger)
        paths = [find(checkpoint) for checkpoint in checkpoints]
        made = await greedy_soup(recipe, paths, out, ledger, say=screen.say, watch=screen.generation)
        if as_json:
            print_json(made.to_dict())
        else:
            for line in _told(made):
                screen.say(line)
        return 0

    in_run(wanted, out / FOLDER, work, quiet=as_json)


def _refuse_asked_otherwise(recipe: "Recipe", ledger: "Ledger") -> None:
    """Raises LedgerError where others of the soup were asked otherwise: what they answered would be held against the rest."""
    from alignment.round import another_recipe, changes, essence
    from evaluation import how_asked
    from ledger import facts

    def asked(plain: "Mapping[str, Any]", below: Path) -> dict[str, Any]:
        return how_asked(essence(plain, below))

    held = ledger.read(facts.RECIPE)
    if held is None or ledger.is_empty():
        return
    if changed := changes(ledger, held, recipe, asked):
        raise another_recipe(ledger, changed)


def _told(made: "Soup") -> list[str]:
    """A line a checkpoint, in the order in which they were tried."""
    rows = [
        f"{each.alone:>7.1%} {each.mean:>9.1%}  {'kept' if each.kept else 'left out':<8}  {each.checkpoint}"
        for each in made.tried
    ]
    return [
        f"{'alone':>7} {'mean':>9}  {made.benchmark}, {made.n} problems",
        *rows,
        f"{made.checkpoint}: the mean of {len(made.kept)} of {len(made.tried)}, pass@1 {made.score:.1%} on the problems that chose them",
    ]


def _numbers(text: str | None) -> list[float]:
    try:
        return [float(part) for part in text.split(",")] if text is not None else []
    except ValueError:
        raise typer.BadParameter(f"{text}: not numbers separated by commas", param_hint="--weights") from None
