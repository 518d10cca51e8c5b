"""`lab eval`: a checkpoint's scores on a benchmark, with their intervals."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import door
from commands.options import Json, Model, Prompts, Set, console, place, print_json, say, with_model
from commands.report import written
from commands.run import in_run, resolved
from commands.shape import Commands
from recipes.names import BENCHMARKS, SEEDS, as_folder

if TYPE_CHECKING:
    from ledger import Ledger
    from ledger.facts import ScoreFigures
    from recipes.schema import Recipe
    from report.live.screen import Screen

app = Commands()


@app.command(
    "eval",
    examples=(
        "lab eval default --benchmark humaneval",
        "lab eval default --problems mbpp.jsonl --ids 11-510",
        "lab eval default --problems gsm8k.jsonl",
        "lab eval runs/x/checkpoints/sft -n 3 --against runs/eval-default-python-problems-n3",
        "lab eval default -n 8 --reward-model runs/rm",
        "lab eval --compare runs/x#start runs/x#sft",
    ),
    beside={
        "--compare": "--problems --benchmark --split --ids --samples -n --temperature --out -o --model --against --reward-model --prompts --set"
    },
)
@door()
def evaluate(
    checkpoint: Annotated[
        str | None, typer.Argument(help="Hugging Face directory, Hub id, server URL, or `default`.")
    ] = None,
    problems: Annotated[
        Path | None,
        typer.Option(help="File of problems (MBPP, HumanEval, GSM8K, MATH or ours); default: our held-out ones."),
    ] = None,
    benchmark: Annotated[str | None, typer.Option(help=f"One that has a name: {', '.join(BENCHMARKS)}.")] = None,
    split: Annotated[str | None, typer.Option(help="Only this split.")] = None,
    ids: Annotated[str | None, typer.Option(help="Only these task numbers, such as 11-510.")] = None,
    samples: Annotated[
        int, typer.Option("--samples", "-n", min=0, help="Sampled answers to each problem, beside the greedy one.")
    ] = 0,
    temperature: Annotated[float | None, typer.Option(help="Of the sampled answers; 0.8 where not given.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="Run directory; default runs/eval-CHECKPOINT-FILE-... by what is asked. Resumed where it exists.",
        ),
    ] = None,
    model: Model = None,
    against: Annotated[
        Path | None, typer.Option(help="An earlier eval's run directory to compare with, problem by problem.")
    ] = None,
    reward_model: Annotated[
        str | None,
        typer.Option(help="A reward model that scores the sampled answers: how right is the best of N by it?"),
    ] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="A B",
            help="Hold two evaluations that have ended against each other: run directories, RUN#CHECKPOINT where one has several.",
        ),
    ] = None,
    prompts: Prompts = None,
    sets: Set = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Measure pass@1 on a benchmark, greedily and sampled.

    Each with its 95% interval. Problems with tests are judged in the sandbox, questions of mathematics by the meaning of
    their answers; the file's rows say which they are. Run it again to go on after a stop.
    """
    if compare and checkpoint:
        raise typer.BadParameter(
            f"{checkpoint}: is not evaluated beside --compare; leave it out", param_hint="CHECKPOINT"
        )
    if compare:
        compare_evaluations(*compare, as_json=as_json)
        return
    if checkpoint is None:
        raise typer.BadParameter("name one, or two evaluations with --compare", param_hint="CHECKPOINT")

    if temperature is not None and not samples:
        raise typer.BadParameter("is of sampled answers; give --samples too", param_hint="--temperature")
    if reward_model and samples < 2:
        raise typer.BadParameter("chooses among sampled answers; give --samples 2 or more", param_hint="--reward-model")
    if problems and benchmark:
        raise typer.BadParameter("a benchmark is one or the other; leave one out", param_hint="--problems, --benchmark")
    ours = problems is None and benchmark is None
    path = SEEDS / "python-problems.jsonl" if ours else problems
    part: dict[str, Any] = {
        "problems": str(path) if path else None,
        "benchmark": benchmark,
        "split": split or ("heldout" if ours else None),
        "ids": ids,
        "samples": samples,
        **({} if temperature is None else {"temperature": temperature}),
        **({"best_of": True} if reward_model else {}),
    }
    checkpoint = with_model(checkpoint, model)
    label = label_of(checkpoint)
    drawn = f"n{samples}" if samples else ""
    drawn_at = "" if temperature is None else f"t{temperature:g}"
    said = [benchmark or (path.stem if path else ""), split, ids, drawn, drawn_at]
    said += [f"by-{label_of(reward_model)}"] if reward_model else []
    said += [_mark(prompts, sets)] if prompts or sets else []
    target = out or Path("runs") / "-".join(str(word).replace("/", "-") for word in ("eval", label, *said) if word)
    if against and against.resolve() == target.resolve():
        raise typer.BadParameter(f"{against}: that is this evaluation itself; name another", param_hint="--against")
    tree: dict[str, Any] = {"name": as_folder(label), "checkpoint": checkpoint, "evaluate": part}
    if reward_model:
        tree["reward_model"] = reward_model
    if prompts:
        tree["prompts"] = str(prompts)

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> int:
        from alignment.round import run_round

        await run_round(recipe, ledger, screen)
        found = _found(ledger, recipe.evaluate[0].name, target)
        refused = _claim(ledger, against, recipe.evaluate[0].name, found) if against else None
        if as_json:
            print_json(found)
        else:
            screen.say(f"{label} on {found['benchmark']}, {found['n']} problems")
            for decoding in ("greedy", "sampled"):
                if score := found[decoding]:
                    screen.say(_told(score, found["wrong"][decoding]))
            for point in found.get("best_of", ()):
                screen.say(
                    f"best of {point['n']} by the reward model: {point['chosen']:.1%} right "
                    f"(by lot {point['blind']:.1%}, by whoever knows {point['any']:.1%})"
                )
            if found.get("claim"):
                screen.say(f"against {against}: {found['claim']['verdict']}")
                if found["differs"]:
                    screen.say(f"they were not evaluated alike: {'; '.join(found['differs'])}")
                for word in ("won", "lost"):
                    if named := found["claim"][word]:
                        screen.say(f"{word} greedily: {', '.join(named)}")
        if refused:
            raise refused
        return 0

    def wanted() -> "Recipe":
        from evaluation import refuse_other_problems
        from ledger import Ledger

        recipe = resolved(tree, sets)
        if against:  # before a token is spent
            with Ledger(against, readonly=True) as other:
                refuse_other_problems(other, recipe.evaluate[0])
        return recipe

    in_run(wanted, target, work, quiet=as_json)


def compare_evaluations(before: str, after: str, *, as_json: bool) -> None:
    """Both must have ended. The page lies in the second one's directory."""
    from contextlib import ExitStack

    from evaluation import compared, side_of
    from ledger import Ledger
    from report.comparison import gather_comparison, print_comparison, write_comparison

    with ExitStack() as opened:
        sides = []
        for called in (before, after):
            run, _, checkpoint = (called, "", "") if Path(called).is_dir() else called.partition("#")
            ledger = opened.enter_context(Ledger(Path(run), readonly=True))
            sides.append(side_of(ledger, checkpoint, called))
        found = [
            gather_comparison(
                claim.to_dict(),
                *((side.ledger, side.checkpoint, name) for side, name in zip(sides, names, strict=True)),
            )
            for claim, names in compared(*sides)
        ]
        page = sides[1].ledger.run_dir / f"{label_of(after)}-against-{label_of(before)}.html".replace("#", "-")
    lies = written(page, lambda: write_comparison(before, after, found, page))
    if as_json:
        told = {"before": before, "after": after, "page": str(page) if lies else None}
        print_json({**told, "benchmarks": [benchmark.to_json() for benchmark in found]})
        return
    print_comparison(before, after, found, console())
    say(f"\npage: {page}" if lies else "")


def label_of(checkpoint: str) -> str:
    """What a checkpoint is called where a name is needed: `quickstart-sft` of a run's, `127.0.0.1-8000-MODEL` of a server's."""
    if checkpoint.startswith(("http://", "https://")):
        address, _, model = checkpoint.partition("#")
        host = address.split("://")[1].split("/")[0].replace(":", "-")
        return "-".join(part.replace("/", "-") for part in (host, model) if part)
    parts = [part for part in Path(checkpoint).parts if part not in ("/", "checkpoints", "runs", "..", ".")]
    return "-".join(parts[-2:]) or "checkpoint"


def _mark(prompts: Path | None, sets: list[str]) -> str:
    """Tells apart what has no short word: templates of one's own, and what --set changes."""
    return hashlib.sha256(repr((str(prompts), sorted(sets))).encode()).hexdigest()[:6]


def _found(ledger: "Ledger", benchmark: str, target: Path) -> dict[str, Any]:
    """What `--json` prints: the greedy score, with the sampled one and why answers were wrong beside it."""
    from evaluation import Decoding, stage_name
    from ledger import facts

    found: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for decoding in Decoding:
        stage = ledger.read(facts.STAGE, stage_name("start", benchmark, decoding))
        found[decoding] = ledger.read(facts.SCORE, f"start/{benchmark}/{decoding}")
        wrong[decoding] = {**stage["rejected"], **stage.get("left_out", {})} if stage else {}
    hosted, greedy = ledger.read(facts.CHECKPOINT), found["greedy"]
    assert hosted and greedy, "the run records them before it ends"
    whole = {"benchmark": greedy["benchmark"], "n": greedy["n"], "pass@1": greedy["pass@1"], **found, "wrong": wrong}
    if points := ledger.read(facts.BEST_OF, f"start/{benchmark}"):
        whole["best_of"] = points
    return {**whole, "checkpoint": hosted["identity"], "run": str(target)}


def _told(score: "ScoreFigures", wrong: dict[str, int]) -> str:
    from report import table_lines

    low, high = score["interval"]
    how = f"at temperature {score['temperature']:g}" if score["decoding"] == "sampled" else "greedily"
    why = ", ".join(f"{count} {reason}" for reason, count in wrong.items())
    right = f"{score['passed']} of {score['n'] * score['samples']}"
    several = [
        f"  pass@{k} {one:.1%} (95% {low:.1%} to {high:.1%})" for k, (one, low, high) in score.get("pass@k", {}).items()
    ]
    told = f"{how}: pass@1 {score['pass@1']:.1%} (95% {low:.1%} to {high:.1%}), {right}{f'; {why}' if why else ''}"
    if ends := score.get("endings"):
        told += f"; answers of {ends['tokens']:.0f} tokens, {ends['cut']:.1%} cut off, {ends['repeating']:.1%} repeat themselves"
    return "\n".join([told, *several, *table_lines(score)])


def _claim(ledger: "Ledger", against: Path, benchmark: str, found: dict[str, Any]) -> "Exception | None":
    """Puts the comparison into what was found, with what the two differ in beside the checkpoint; gives back why there is none."""
    from evaluation import EvaluationError, claim_between, unlike
    from ledger import Ledger

    with Ledger(against, readonly=True) as other:
        try:
            found["claim"] = claim_between(other, ledger, benchmark).to_dict()
        except EvaluationError as error:
            found["claim"] = None
            return error
        found["differs"] = unlike(other, ledger, benchmark)
    return None
