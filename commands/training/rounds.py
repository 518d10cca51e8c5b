"""`lab rounds`: several rounds from one recipe, and what they gained."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.door import door
from commands.options import Json, Set, place, print_json, say
from commands.run import in_run, say_step
from commands.shape import Commands

if TYPE_CHECKING:
    from ledger import Ledger
    from recipes.schema import Recipe
    from report.live.screen import Screen

app = Commands()


@app.command(
    "rounds",
    examples=(
        "lab rounds recipes/rounds-two-core.yaml",
        "lab rounds my.yaml --out runs/x --set rounds.count=6 --until plateau",
        "lab rounds my.yaml --dry-run",
    ),
)
@door()
def rounds(
    recipe_file: Annotated[
        Path, typer.Argument(metavar="RECIPE", help="A recipe with `rounds:`, such as recipes/rounds-two-core.yaml.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="Directory of the rounds; default runs/NAME. Resumed where it exists.",
        ),
    ] = None,
    sets: Set = [],  # noqa: B006
    until: Annotated[
        str | None,
        typer.Option(help="`plateau`: no round after one that promoted nothing."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print each round's plan with its estimated tokens and time.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run several rounds, each from the best before it.

    On the data of all; run it again to go on after a stop.
    """
    from alignment.rounds import check_rounds
    from recipes.load import load

    recipe = load(recipe_file, [*sets, *([f"rounds.until={until}"] if until else [])])
    check_rounds(recipe)
    target = out or Path("runs") / recipe.name
    if dry_run:
        _print_plan(recipe, target, as_json)
        return

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.rounds import is_finished, run_rounds
        from commands.report import write_rounds_report

        if is_finished(recipe, ledger):
            screen.say(f"{target}: these rounds are done already; their report follows. Another --out starts new ones.")
        else:
            await run_rounds(recipe, ledger, screen)
        write_rounds_report(ledger, target, as_json)
        return 0

    in_run(lambda: recipe, target, work, quiet=as_json)


def _print_plan(recipe: "Recipe", out: Path, as_json: bool) -> None:
    """What each round would do, with its estimated tokens and time. Makes nothing."""
    from alignment.estimate import estimate_rounds
    from alignment.ready import check_recipe

    unchecked = check_recipe(recipe, out)
    plan = estimate_rounds(recipe)
    if as_json:
        print_json({"out": str(out), "recipe": recipe.to_plain(), "plan": plan, "unchecked": unchecked})
        return
    import yaml

    say(yaml.safe_dump(recipe.to_plain(), sort_keys=False), end="")
    say(f"\nout: {out}")
    for number in dict.fromkeys(step["round"] for step in plan):
        say(f"\nround {number}")
        for step in (step for step in plan if step["round"] == number):
            say_step(step)
    say(f"\n{'together':<36} {sum(s['tokens'] for s in plan):>10,} tokens {sum(s['seconds'] for s in plan):>7,.0f} s")
    for note in unchecked:
        say(note)
