"""`lab generate`: a checkpoint writes verified data into a run directory."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import NOT_MET, door
from commands.options import Checkpoint, Json, Model, Prompts, Set, above_zero, place, print_json, say, with_model
from commands.run import in_run, print_plan, resolved
from commands.shape import Commands
from recipes.names import as_folder

if TYPE_CHECKING:
    from ledger import Ledger
    from recipes.schema import Recipe
    from report.live.screen import Screen

OPTION_WIDTH = 26
"""Columns of an option with its default in `--list`; what it decides stands beside it."""

app = Commands()


@app.command(
    beside={
        "--list": "--out --checkpoint --model --count --seeds --mix --option --split --samples --adaptive --max-tokens "
        "--max-seconds --max-attempts --strict --reward-model --stepwise-model --prompts --set --dry-run"
    },
    examples=(
        "lab generate code/execution-feedback --count 50 --out runs/x",
        "lab generate code/rejection-sampling --seeds mbpp.jsonl --samples 8 --out runs/y",
        "lab generate code/execution-feedback --option languages=python,php --seeds src/ --mix 2 --out runs/z",
        "lab generate ./my_generator.py --seeds rows.jsonl --out runs/own",
        "lab generate --list",
    ),
)
@door()
def generate(
    name: Annotated[
        str | None, typer.Argument(metavar="GENERATOR", help="Which data: a name of --list, or a .py file of your own.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", parser=place, metavar="PATH", help="Run directory; an existing one is resumed."),
    ] = None,
    checkpoint: Checkpoint = "default",
    model: Model = None,
    count: Annotated[
        int | None, typer.Option(min=1, help="Stop at exactly this many accepted rows that a data set takes.")
    ] = None,
    seeds: Annotated[
        list[Path],
        typer.Option("--seeds", "--problems", help="File, folder or hf:NAME; may be repeated. Default: our own."),
    ] = [],  # noqa: B006
    mix: Annotated[int | None, typer.Option(min=1, help="Snippets shown in one prompt, drawn for a long tail.")] = None,
    options: Annotated[
        list[str], typer.Option("--option", metavar="NAME=VALUE", help="An option of the generator; see --list.")
    ] = [],  # noqa: B006
    split: Annotated[str | None, typer.Option(help="Only the seeds of this split.")] = None,
    samples: Annotated[int, typer.Option("--samples", "-k", min=1, help="Attempts at each seed.")] = 1,
    adaptive: Annotated[
        bool, typer.Option("--adaptive", help="No more attempts at what has its rows, more at what passes.")
    ] = False,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Budget of output tokens.")] = None,
    max_seconds: Annotated[
        float | None, typer.Option(callback=above_zero, help="Budget of time, in seconds; above 0.")
    ] = None,
    max_attempts: Annotated[int | None, typer.Option(min=1, help="Budget of attempts.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse malformed seed rows instead of skipping them.")
    ] = False,
    reward_model: Annotated[
        str | None, typer.Option(help="A reward model's directory or Hub id, by which answers are chosen.")
    ] = None,
    stepwise_model: Annotated[
        str | None, typer.Option(help="A stepwise one's, by which steps are told apart (math/tree, math/solutions).")
    ] = None,
    prompts: Prompts = None,
    sets: Set = [],  # noqa: B006
    show: Annotated[bool, typer.Option("--list", help="List the generators, what each needs and makes.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the resolved plan with its estimated tokens and time.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Have a checkpoint write verified data.

    Exactly --count accepted rows, or --samples answers to every seed. Exit code 3
    where the count was not met within the budget.
    """
    if show and name:
        raise typer.BadParameter("lists all of them; leave the name out, or --list", param_hint="--list")
    if show:
        _list_generators(as_json)
        return
    if name is None:
        raise typer.BadParameter("needed: a name of `lab generate --list`, or a .py file", param_hint="GENERATOR")
    _known_generator(name, options)
    if out is None and not dry_run:
        raise typer.BadParameter("needed: the run directory, such as runs/x", param_hint="--out")
    budget = {"attempts": max_attempts, "tokens": max_tokens, "seconds": max_seconds}
    part = {
        "generator": name,
        "seeds": [str(path) for path in seeds],
        "options": _options(options),
        "mix": mix,
        "split": split,
        "count": count,
        "samples": samples,
        "strict": strict,
        **({"allocation": "adaptive"} if adaptive else {}),
        "budget": {name: value for name, value in budget.items() if value is not None},
    }
    tree: dict[str, Any] = {
        "name": as_folder((out or Path("plan")).resolve().name),
        "checkpoint": with_model(checkpoint, model),
        "generate": [part],
    }
    if prompts:
        tree["prompts"] = str(prompts)
    if reward_model:
        tree["reward_model"] = reward_model
    if stepwise_model:
        tree["stepwise_model"] = stepwise_model

    if dry_run or out is None:
        print_plan(resolved(tree, sets), out, as_json)
        return

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.data.make import make_data, taken_by
        from alignment.estimate import too_few_seeds
        from alignment.round import begin_or_go_on
        from generators.setup import open_bench
        from generators.stage import generate as generate_stage
        from generators.stage import seeds_of

        await begin_or_go_on(recipe, ledger)
        part = recipe.generate[0]
        if part.count:
            few = too_few_seeds(part, len(seeds_of(part, recipe.seed).items), recipe.data.max_per_problem)
            if few:
                screen.say(f"--count {part.count}: {few}")
        async with open_bench(recipe, ledger, screen.say) as bench:
            in_flight = recipe.serving.max_in_flight
            taken = taken_by(recipe) if part.count or part.allocation == "adaptive" else None
            progress = await generate_stage(
                bench.lab, part, in_flight, say=screen.say, watch=screen.generation, seed=recipe.seed, taken=taken
            )
        data = await make_data(recipe, ledger)
        if as_json:
            print_json({"run": str(out), **progress.to_dict(), "data": [found.to_dict() for found in data]})
        else:
            _tell_generation(screen, progress, data, out)
        return NOT_MET if part.count and progress.accepted < part.count else 0

    in_run(lambda: resolved(tree, sets), out, work, quiet=as_json)


def _known_generator(name: str, options: list[str]) -> None:
    """Before a run directory is made: is there such a generator, with such options?"""
    from generators.catalog import entry_of
    from generators.options import OptionError, checked
    from recipes import RecipeError

    try:
        checked(name, entry_of(name).generator, _options(options))
    except RecipeError as error:
        raise typer.BadParameter(str(error), param_hint="GENERATOR") from None
    except OptionError as error:
        raise typer.BadParameter(str(error), param_hint="--option") from None


def _list_generators(as_json: bool) -> None:
    from generators.catalog import CATALOG
    from generators.options import options_of, said_of

    listing: dict[str, dict[str, Any]] = {
        name: {
            "needs": entry.needs or entry.kind.needs,
            "makes": entry.makes,
            "options": options_of(entry.generator),
            "decide": said_of(entry.generator),
        }
        for name, entry in CATALOG.items()
    }
    if as_json:
        print_json(listing)
        return
    for name, found in listing.items():
        say(f"{name}\n  needs   {found['needs']}\n  makes   {found['makes']}")
        for option, default in found["options"].items():
            shown = f"--option {option}={','.join(default) if isinstance(default, tuple) else default}"
            say(f"  {shown:<{OPTION_WIDTH}}  {found['decide'][option]}".rstrip())


def _options(given: list[str]) -> dict[str, str]:
    found = {}
    for option in given:
        name, equals, value = option.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{option}: write it as name=value", param_hint="--option")
        if name.strip() in found:
            raise typer.BadParameter(
                f"{name.strip()} stands there twice, and one counts; leave one out", param_hint="--option"
            )
        found[name.strip()] = value.strip()
    return found


def _tell_generation(screen: "Screen", progress: Any, data: Any, out: Path) -> None:
    from generators.taken import OVER

    by = f", stopped by {progress.stopped_by}" if progress.stopped_by else ""
    screen.say(f"{progress.accepted} accepted of {progress.done} attempts{by}")
    if late := progress.surplus - progress.passed_over.total():
        screen.say(f"{late} more were under way when the count was met, and held")
    if progress.passed_over:
        reasons = ", ".join(f"{count} {reason}" for reason, count in progress.passed_over.most_common())
        screen.say(
            f"{progress.passed_over.total()} more held and counted for nothing, as no data set takes them: {reasons}"
        )
    if progress.passed_over[OVER]:
        screen.say("of one problem no more count: give more seeds, or a larger --set data.max_per_problem=N")
    if progress.unfinished:
        screen.say(
            f"{progress.unfinished} attempts were under way; what they had is kept, and a larger --count goes on with them"
        )
    for found in data:
        left_out = ", ".join(f"{count} {reason}" for reason, count in found.dropped.items() if count)
        told = f"; left out: {left_out}" if left_out else ""
        if found.name == "preference" and not found.rows and found.dropped:
            told += "; a pair is a right and a wrong answer to one problem: give more --samples"
        screen.say(f"{found.name}: {found.rows} rows in {found.path}{told}")
    screen.say(f"next: lab report {out}")
