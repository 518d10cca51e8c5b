"""`lab generate`, `run`, `eval`: what makes a run directory or goes on with one."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.look import write_report
from commands.options import INTERRUPTED, NOT_MET, Checkpoint, Json, Prompts, Set, console, fail, print_json

if TYPE_CHECKING:
    from ledger import Ledger
    from recipes import Recipe
    from report.screen import Screen

app = typer.Typer()


@app.command(
    epilog="Examples:  lab generate code/execution-feedback --count 50 --out runs/x   |   "
    "lab generate code/rejection-sampling --seeds mbpp.jsonl --samples 8 --out runs/y   |   "
    "lab generate code/execution-feedback --option languages=python,php --seeds src/ --mix 2 --out runs/z   |   "
    "lab generate ./my_recipe.py --seeds rows.jsonl --out runs/own   |   lab generate --list"
)
def generate(
    recipe_name: Annotated[
        str | None, typer.Argument(metavar="RECIPE", help="Which data: a name of --list, or a .py file of your own.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Run directory; an existing one is resumed.")] = None,
    checkpoint: Checkpoint = "default",
    count: Annotated[int | None, typer.Option(help="Stop at exactly this many accepted rows.")] = None,
    seeds: Annotated[
        list[Path],
        typer.Option("--seeds", "--problems", help="File, folder or hf:NAME; may be repeated. Default: our own."),
    ] = [],  # noqa: B006
    mix: Annotated[int | None, typer.Option(help="Snippets shown in one prompt, drawn for a long tail.")] = None,
    options: Annotated[
        list[str], typer.Option("--option", metavar="NAME=VALUE", help="An option of the recipe; see --list.")
    ] = [],  # noqa: B006
    split: Annotated[str | None, typer.Option(help="Only the seeds of this split.")] = None,
    samples: Annotated[int, typer.Option("--samples", "-k", help="Attempts at each seed.")] = 1,
    max_tokens: Annotated[int | None, typer.Option(help="Budget of output tokens.")] = None,
    max_seconds: Annotated[float | None, typer.Option(help="Budget of time.")] = None,
    max_attempts: Annotated[int | None, typer.Option(help="Budget of attempts.")] = None,
    strict: Annotated[bool, typer.Option(help="Refuse malformed seed rows instead of skipping them.")] = False,
    prompts: Prompts = None,
    sets: Set = [],  # noqa: B006
    show: Annotated[bool, typer.Option("--list", help="List the recipes, what each needs and makes.")] = False,
    as_json: Json = False,
) -> None:
    """Have a checkpoint write verified data.

    Exactly --count accepted rows, or --samples answers to every seed.
    """
    if show:
        _list_recipes(as_json)
        return
    if recipe_name is None:
        raise typer.BadParameter("needed: a name of `lab generate --list`, or a .py file", param_hint="RECIPE")
    if out is None:
        raise typer.BadParameter("needed: the run directory, such as runs/x", param_hint="--out")
    _known_recipe(recipe_name, options)
    budget = {"attempts": max_attempts, "tokens": max_tokens, "seconds": max_seconds}
    part = {
        "recipe": recipe_name,
        "seeds": [str(path) for path in seeds],
        "options": _options(options),
        "mix": mix,
        "split": split,
        "count": count,
        "samples": samples,
        "strict": strict,
        "budget": {name: value for name, value in budget.items() if value is not None},
    }
    tree: dict[str, Any] = {"name": out.name, "checkpoint": checkpoint, "generate": [part]}
    if prompts:
        tree["prompts"] = str(prompts)

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.round import make_data, refuse_another_recipe
        from generators.catalog import generate as generate_stage
        from generators.setup import open_bench

        refuse_another_recipe(recipe, ledger)
        async with open_bench(recipe, ledger, screen.say) as bench:
            in_flight = recipe.serving.max_in_flight
            progress = await generate_stage(
                bench.lab, recipe.generate[0], in_flight, say=screen.say, watch=screen.generation, seed=recipe.seed
            )
        data = await make_data(recipe, ledger)
        if as_json:
            print_json({"run": str(out), **progress.to_dict(), "data": [found.to_dict() for found in data]})
        else:
            _tell_generation(screen, progress, data, out)
        return NOT_MET if count and progress.accepted < count else 0

    in_run(lambda: _resolve(tree, sets), out, work, quiet=as_json)


@app.command(
    "run",
    epilog="Examples:  lab run recipes/quickstart.yaml   |   lab run my.yaml --out runs/x --set train.sft.lr=1e-5   |   "
    "lab run my.yaml --dry-run",
)
def run_recipe(
    recipe_file: Annotated[Path, typer.Argument(metavar="RECIPE", help="A recipe, such as recipes/quickstart.yaml.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Run directory; default runs/NAME. Resumed where it exists.")
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
    from recipes import RecipeError, load

    try:
        recipe = load(recipe_file, sets)
    except RecipeError as error:
        fail(error)
    target = out or Path("runs") / recipe.name
    if dry_run:
        _dry_run(recipe, target, as_json)
        return

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.round import run_recipe as run_all

        done = ledger.steps().get("run", {}).get("state") == "done"
        if done:
            screen.say(f"{target}: this run is done already; its report follows. Another --out starts a new one.")
        else:
            await run_all(recipe, ledger, screen)
        write_report(ledger, target, as_json)
        return 0

    in_run(lambda: recipe, target, work, quiet=as_json)


@app.command(
    "eval",
    epilog="Examples:  lab eval default --problems mbpp.jsonl --ids 11-510   |   "
    "lab eval runs/x/checkpoints/sft --against runs/eval-default",
)
def evaluate(
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint to judge.")],
    problems: Annotated[Path | None, typer.Option(help="Problems with tests; default: our held-out ones.")] = None,
    split: Annotated[str | None, typer.Option(help="Only this split.")] = None,
    ids: Annotated[str | None, typer.Option(help="Only these task numbers, such as 11-510.")] = None,
    samples: Annotated[int, typer.Option("--samples", "-n", help="Answers to each problem.")] = 1,
    temperature: Annotated[float, typer.Option(help="0 is greedy.")] = 0.0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Run directory; default runs/eval-NAME. Resumed where it exists.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="An earlier eval's run directory to compare with, problem by problem.")
    ] = None,
    prompts: Prompts = None,
    sets: Set = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Measure pass@1 on problems with tests, with its 95% interval."""
    from generators.catalog import SEEDS

    ours = problems is None
    path = problems or SEEDS / "python-problems.jsonl"
    part = {"problems": str(path), "split": split or ("heldout" if ours else None), "ids": ids, "samples": samples}
    label = checkpoint.rstrip("/").split("/")[-1] or "checkpoint"
    target = out or Path("runs") / f"eval-{label}-{path.stem}{'-' + ids if ids else ''}"
    tree: dict[str, Any] = {"name": label, "checkpoint": checkpoint, "evaluate": {**part, "temperature": temperature}}
    if prompts:
        tree["prompts"] = str(prompts)

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.round import run_recipe as run_all

        await run_all(recipe, ledger, screen)
        found = {**ledger.fact("score:start"), "checkpoint": ledger.fact("checkpoint")["identity"], "run": str(target)}
        if against:
            found["comparison"] = _compare(ledger, against)
        if as_json:
            print_json(found)
        else:
            low, high = found["interval"]
            screen.say(
                f"{label} on {found['benchmark']}: pass@1 {found['pass@1']:.1%} (95% {low:.1%} to {high:.1%}), {found['passed']} of {found['n'] * found['samples']}"
            )
            if against:
                screen.say(f"against {against}: {found['comparison']['verdict']}")
        return 0

    in_run(lambda: _resolve(tree, sets), target, work, quiet=as_json)


def in_run(
    recipe: Callable[[], "Recipe"],
    out: Path,
    work: Callable[["Recipe", "Ledger", "Screen"], Coroutine[Any, Any, int]],
    *,
    quiet: bool,
) -> None:
    """Open the run directory, do the work, and turn what can go wrong into one clear line and an exit code."""
    import logging

    from rich.logging import RichHandler

    from alignment.errors import AlignmentError
    from checkpoints import CheckpointError
    from generators.seeds.load import SeedError
    from ledger import Ledger, LedgerError
    from prompts import PromptError
    from recipes import RecipeError
    from report.screen import Screen
    from sandbox import SandboxError
    from serving import ServingError

    logging.basicConfig(
        level=logging.WARNING, format="%(message)s", handlers=[RichHandler(console=console(stderr=True))]
    )
    screen = Screen(console(stderr=quiet), quiet)
    code = 1
    try:
        with Ledger(out) as ledger:
            try:
                code = asyncio.run(work(recipe(), ledger, screen))
            finally:
                screen.close()
    except (
        CheckpointError,
        AlignmentError,
        LedgerError,
        PromptError,
        RecipeError,
        SandboxError,
        SeedError,
        ServingError,
    ) as error:
        kept = f"\nWhat is done is kept in {out}; the same command goes on from there." if out.exists() else ""
        fail(f"{error}{kept}")
    except (KeyboardInterrupt, asyncio.CancelledError):
        print(f"\nstopped; {out} keeps what is done, and the same command goes on from there", file=sys.stderr)
        code = INTERRUPTED
    raise typer.Exit(code)


def _known_recipe(name: str, options: list[str]) -> None:
    """Before a run directory is made: is there such a recipe, with such options?"""
    from generators.catalog import entry_of
    from generators.options import OptionError, checked
    from recipes import RecipeError

    try:
        checked(name, entry_of(name).generator, _options(options))
    except RecipeError as error:
        raise typer.BadParameter(str(error), param_hint="RECIPE") from None
    except OptionError as error:
        raise typer.BadParameter(str(error), param_hint="--option") from None


def _list_recipes(as_json: bool) -> None:
    from generators.catalog import CATALOG
    from generators.options import options_of

    listing: dict[str, dict[str, Any]] = {
        name: {"needs": entry.needs, "makes": entry.makes, "options": options_of(entry.generator)}
        for name, entry in CATALOG.items()
    }
    if as_json:
        print_json(listing)
        return
    for name, found in listing.items():
        print(f"{name}\n  needs   {found['needs']}\n  makes   {found['makes']}")
        if found["options"]:
            shown = (f"{k}={','.join(v) if isinstance(v, tuple) else v}" for k, v in found["options"].items())
            print(f"  options {'  '.join(shown)}")


def _options(given: list[str]) -> dict[str, str]:
    found = {}
    for option in given:
        name, equals, value = option.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{option}: write it as name=value", param_hint="--option")
        found[name.strip()] = value.strip()
    return found


def _resolve(tree: dict[str, Any], sets: list[str]) -> "Recipe":
    from recipes import resolve

    return resolve(tree, sets, where="command line")


def _compare(ledger: "Ledger", against: Path) -> dict[str, Any]:
    from evaluation import compare
    from evaluation.benchmarks import passes
    from ledger import Ledger

    with Ledger(against, readonly=True) as other:
        return compare(passes(other, "eval:start"), passes(ledger, "eval:start")).to_dict()


def _tell_generation(screen: "Screen", progress: Any, data: Any, out: Path) -> None:
    by = f", stopped by {progress.stopped_by}" if progress.stopped_by else ""
    screen.say(f"{progress.accepted} accepted of {progress.done} attempts{by}")
    if progress.unfinished:
        screen.say(
            f"{progress.unfinished} attempts were under way; what they had is kept, and a larger --count goes on with them"
        )
    for found in data:
        screen.say(f"{found.name}: {found.rows} rows in {found.path}")
    screen.say(f"next: lab report {out}")


def _dry_run(recipe: "Recipe", out: Path, as_json: bool) -> None:
    from alignment.estimate import estimate
    from generators.seeds.load import SeedError
    from recipes import RecipeError

    try:
        plan = estimate(recipe)
    except (SeedError, RecipeError) as error:
        fail(error)
    if as_json:
        print_json({"out": str(out), "recipe": recipe.to_plain(), "plan": plan})
        return
    import yaml

    print(yaml.safe_dump(recipe.to_plain(), sort_keys=False), end="")
    print(f"\nout: {out}")
    for step in plan:
        print(f"{step['step']:<36} {step['tokens']:>10,} tokens {step['seconds']:>7,.0f} s  {step['note']}")
    print(f"{'together':<36} {sum(s['tokens'] for s in plan):>10,} tokens {sum(s['seconds'] for s in plan):>7,.0f} s")
