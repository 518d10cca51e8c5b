"""`lab run`: a whole round from one recipe; and how any command works in a run directory."""

import asyncio
import textwrap
from collections.abc import Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import GOES_ON, door, fail
from commands.options import Json, Set, console, place, print_json, say
from commands.report import write_report
from commands.shape import Commands

if TYPE_CHECKING:
    from ledger import Ledger
    from recipes.schema import Recipe
    from report.live.screen import Screen

app = Commands()


@app.command(
    "run",
    examples=(
        "lab run recipes/quickstart.yaml",
        "lab run my.yaml --out runs/x --set train.sft.lr=1e-5",
        "lab run my.yaml --dry-run",
    ),
)
@door()
def run_recipe(
    recipe_file: Annotated[Path, typer.Argument(metavar="RECIPE", help="A recipe, such as recipes/quickstart.yaml.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="Run directory; default runs/NAME. Resumed where it exists.",
        ),
    ] = None,
    sets: Set = [],  # noqa: B006
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the resolved plan with its estimated tokens and time.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run a whole round: generate, train, evaluate, report.

    Run it again to go on after a stop.
    """
    from recipes.load import load
    from report.rounds import is_rounds

    recipe = load(recipe_file, sets)
    if recipe.rounds:
        fail(
            f"{recipe_file}: this recipe asks for {recipe.rounds.count} rounds; run it with `lab rounds {recipe_file}`"
        )
    target = out or Path("runs") / recipe.name
    if dry_run:
        print_plan(recipe, target, as_json)
        return
    if is_rounds(target):
        fail(f"{target}: holds rounds, with which `lab rounds` goes on; give another --out")

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.round import refuse_another_recipe, run_round

        done = ledger.steps().get("run", {}).get("state") == "done"
        if done:
            refuse_another_recipe(recipe, ledger)
            screen.say(f"{target}: this run is done already; its report follows. Another --out starts a new one.")
        else:
            await run_round(recipe, ledger, screen)
        write_report(ledger, target, as_json)
        return 0

    in_run(lambda: recipe, target, work, quiet=as_json)


def in_run(
    recipe: Callable[[], "Recipe"],
    out: Path,
    work: Callable[["Recipe", "Ledger", "Screen"], Coroutine[Any, Any, int]],
    *,
    quiet: bool,
) -> None:
    """Open the run directory, do the work there, and end with its exit code; whatever stops it, what is done is kept."""
    import logging

    from rich.logging import RichHandler

    from ledger import Ledger
    from ledger.store import FILE
    from report.live.screen import Screen

    logging.basicConfig(
        level=logging.WARNING, format="%(message)s", handlers=[RichHandler(console=console(stderr=True))]
    )
    screen = Screen(console(stderr=quiet), quiet)
    with door(stopped=f"{out} keeps what is done, {GOES_ON}", kept=out):
        from alignment.ready import check_ready
        from alignment.round import runs_programs

        wanted = recipe()
        if not (out / FILE).exists():  # nothing is made before everything is checked
            check_ready(wanted, out, programs=runs_programs(wanted))
        with Ledger(out) as ledger, closing(screen):
            code = asyncio.run(work(wanted, ledger, screen))
    raise typer.Exit(code)


def resolved(tree: dict[str, Any], sets: list[str]) -> "Recipe":
    from recipes.load import resolve

    return resolve(tree, sets, where="command line")


def say_step(step: dict[str, Any]) -> None:
    """A step of a plan in lines of a terminal, what is to be known of it below its figures."""
    say(f"{step['step']:<36} {step['tokens']:>10,} tokens {step['seconds']:>7,.0f} s")
    say(textwrap.fill(step["note"], 78, initial_indent="  ", subsequent_indent="  ", break_long_words=False))


def print_plan(recipe: "Recipe", out: Path | None, as_json: bool) -> None:
    """What would be done, with its estimated tokens and time; in no directory, if none was named. Makes nothing."""
    from alignment.estimate import estimate
    from alignment.ready import check_recipe

    unchecked = check_recipe(recipe, out or Path())
    plan = estimate(recipe)
    if as_json:
        print_json(
            {"out": str(out) if out else None, "recipe": recipe.to_plain(), "plan": plan, "unchecked": unchecked}
        )
        return
    import yaml

    say(yaml.safe_dump(recipe.to_plain(), sort_keys=False), end="")
    say(f"\nout: {out or 'to be named with --out'}")
    for step in plan:
        say_step(step)
    say(f"{'together':<36} {sum(s['tokens'] for s in plan):>10,} tokens {sum(s['seconds'] for s in plan):>7,.0f} s")
    for note in unchecked:
        say(note)
