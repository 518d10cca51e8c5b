"""`lab eval`: a checkpoint's score on a benchmark, with its interval."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import door
from commands.options import Json, Prompts, Set, print_json
from commands.run import in_run, resolved

if TYPE_CHECKING:
    from ledger import Ledger
    from ledger.facts import ComparisonFigures
    from recipes.schema import Recipe
    from report.live.screen import Screen

app = typer.Typer()


@app.command(
    "eval",
    epilog="Examples:  lab eval default --problems mbpp.jsonl --ids 11-510   |   "
    "lab eval runs/x/checkpoints/sft --against runs/eval-default",
)
@door()
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
    from generators.seeds.kinds import SEEDS

    ours = problems is None
    path = problems or SEEDS / "python-problems.jsonl"
    part = {"problems": str(path), "split": split or ("heldout" if ours else None), "ids": ids, "samples": samples}
    label = checkpoint.rstrip("/").split("/")[-1] or "checkpoint"
    target = out or Path("runs") / f"eval-{label}-{path.stem}{'-' + ids if ids else ''}"
    tree: dict[str, Any] = {"name": label, "checkpoint": checkpoint, "evaluate": {**part, "temperature": temperature}}
    if prompts:
        tree["prompts"] = str(prompts)

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.round import run_round
        from ledger import facts

        await run_round(recipe, ledger, screen)
        scored, hosted = ledger.read(facts.SCORE, "start"), ledger.read(facts.CHECKPOINT)
        assert scored and hosted, "the run records both before it ends"
        found: dict[str, Any] = {**scored, "checkpoint": hosted["identity"], "run": str(target)}
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

    in_run(lambda: resolved(tree, sets), target, work, quiet=as_json)


def _compare(ledger: "Ledger", against: Path) -> "ComparisonFigures":
    from evaluation import compare
    from evaluation.benchmarks import passes
    from ledger import Ledger

    with Ledger(against, readonly=True) as other:
        return compare(passes(other, "eval:start"), passes(ledger, "eval:start")).to_dict()
