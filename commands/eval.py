"""`lab eval`: a checkpoint's score on a benchmark, with its interval."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import door
from commands.options import Json, Prompts, Set, place, print_json
from commands.run import in_run, resolved

if TYPE_CHECKING:
    from ledger import Ledger
    from ledger.facts import ComparisonFigures
    from recipes.schema import Recipe
    from report.live.screen import Screen

app = typer.Typer()


@app.command(
    "eval",
    epilog="Examples:  lab eval default --problems mbpp.jsonl --ids 11-510   |   lab eval default --problems gsm8k.jsonl   |   "
    "lab eval runs/x/checkpoints/sft --against runs/eval-default-python-problems",
)
@door()
def evaluate(
    checkpoint: Annotated[str, typer.Argument(help="The checkpoint to judge.")],
    problems: Annotated[
        Path | None,
        typer.Option(help="File of problems (MBPP, HumanEval, GSM8K, MATH or ours); default: our held-out ones."),
    ] = None,
    split: Annotated[str | None, typer.Option(help="Only this split.")] = None,
    ids: Annotated[str | None, typer.Option(help="Only these task numbers, such as 11-510.")] = None,
    samples: Annotated[int, typer.Option("--samples", "-n", help="Answers to each problem.")] = 1,
    temperature: Annotated[float, typer.Option(help="0 is greedy.")] = 0.0,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="Run directory; default runs/eval-CHECKPOINT-FILE. Resumed where it exists.",
        ),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="An earlier eval's run directory to compare with, problem by problem.")
    ] = None,
    prompts: Prompts = None,
    sets: Set = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Measure pass@1 on a benchmark, with its 95% interval.

    Problems with tests are judged in the sandbox, questions of mathematics by the meaning of their answers; the file's
    rows say which they are. Run it again to go on after a stop.
    """
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
        from evaluation.evaluate import stage_name
        from ledger import facts

        await run_round(recipe, ledger, screen)
        scored, hosted = ledger.read(facts.SCORE, "start"), ledger.read(facts.CHECKPOINT)
        stage = ledger.read(facts.STAGE, stage_name("start"))
        assert scored and hosted and stage, "the run records them before it ends"
        found: dict[str, Any] = {
            **scored,
            "wrong": stage["rejected"],
            "checkpoint": hosted["identity"],
            "run": str(target),
        }
        if against:
            found["comparison"] = _compare(ledger, against)
        if as_json:
            print_json(found)
        else:
            low, high = found["interval"]
            right = f"{found['passed']} of {found['n'] * found['samples']}"
            why = ", ".join(f"{count} {reason}" for reason, count in found["wrong"].items())
            screen.say(
                f"{label} on {found['benchmark']}: pass@1 {found['pass@1']:.1%} (95% {low:.1%} to {high:.1%}), {right}"
                f"{f'; {why}' if why else ''}"
            )
            if against:
                screen.say(f"against {against}: {found['comparison']['verdict']}")
        return 0

    in_run(lambda: resolved(tree, sets), target, work, quiet=as_json)


def _compare(ledger: "Ledger", against: Path) -> "ComparisonFigures":
    from evaluation import compare_runs
    from ledger import Ledger

    with Ledger(against, readonly=True) as other:
        return compare_runs(other, ledger).to_dict()
