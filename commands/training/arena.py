"""`lab arena`: a person compares answers, blind, and preference data come of it."""

import asyncio
import json
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated

import typer

from commands.door import GOES_ON, door
from commands.options import place, say
from commands.shape import Commands

app = Commands()


@app.command(
    needs={"--temperature": "--prompts", "--max-tokens": "--prompts"},
    beside={"--answers": "--prompts"},
    examples=(
        "lab arena runs/x/checkpoints/sft runs/x/checkpoints/dpo --prompts prompts.jsonl",
        "lab arena default --prompts prompts.jsonl --out runs/my-arena",
        "lab arena --answers pairs.jsonl --out runs/my-arena",
    ),
)
@door()
def arena(
    checkpoints: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="A B",
            show_default=False,
            help="Whose answers: Hugging Face directories, Hub ids, server URLs. Of A alone: two samples of it.",
        ),
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option(help="JSONL or Parquet with `prompt` (a text or messages) or `messages`.")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            help='Or answers that are there: JSONL with `prompt` and `answers`, {"NAME": "...", "OTHER": "..."}.'
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            parser=place,
            metavar="PATH",
            help="Run directory; default runs/arena-A-B-FILE. Gone on with where it exists.",
        ),
    ] = None,
    temperature: Annotated[float, typer.Option(min=0, help="Of the answers.")] = 0.8,
    max_tokens: Annotated[int, typer.Option(min=1, help="Of one answer.")] = 512,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print where the page is and, at its end, what came of it: a JSON object a line."),
    ] = False,
) -> None:
    """Compare two answers to each prompt on a local page, blind.

    Which is better, by how much, and if you like how it should read: OUT/data/preference is what `lab train reward` and
    `lab train dpo` learn from. Every word is kept at once; the same command goes on.
    """
    from alignment.arena.questions import questions_in
    from alignment.arena.record import read_arena
    from alignment.arena.session import hold
    from checkpoints.directory import is_url
    from commands.eval import label_of
    from ledger import Ledger
    from recipes.schema import Serving
    from serving import Sampling

    given = checkpoints or []
    file = prompts or answers
    if file is None:
        raise typer.BadParameter("one of them says what is compared; give it", param_hint="--prompts, --answers")
    if answers and given:
        raise typer.BadParameter("the file has the answers; leave the checkpoints out", param_hint="A, B")
    if prompts and len(given) not in (1, 2):
        raise typer.BadParameter(f"one or two checkpoints answer, not {len(given)}", param_hint="A, B")
    sides = (given[0], given[-1]) if given else None
    if sides and sides[0] == sides[1] and not temperature:
        raise typer.BadParameter(
            "two answers of one checkpoint differ by chance alone; give more than 0", param_hint="--temperature"
        )
    room = Serving().max_model_len
    if max_tokens >= room and not all(map(is_url, given)):
        raise typer.BadParameter(
            f"leaves no room for a prompt in a context of {room:,} tokens; give less", param_hint="--max-tokens"
        )
    target = out or Path("runs") / "-".join(["arena", *map(label_of, given), file.name.partition(".")[0]])
    questions = questions_in(file, ready=answers is not None)

    def announce(url: str) -> None:
        if as_json:
            say(json.dumps({"url": url, "out": str(target)}), flush=True)
        else:
            say(
                f"lab: {url}\nlab: keeps what you say in {target}; Ctrl-C ends it, and the same command goes on",
                flush=True,
            )
        if open_it:
            import webbrowser

            webbrowser.open(url)

    def tell(text: str) -> None:
        say(f"lab: {text}", stderr=True)

    sampling = Sampling(temperature=temperature, max_tokens=max_tokens)
    left = "nothing is judged yet"
    new = not target.exists()
    with ExitStack() as open_for_it:
        open_for_it.enter_context(door(stopped=lambda: left))
        held_by_us = Ledger(target)  # refused where another arena holds it, whose directory it is then
        if new:
            open_for_it.callback(_take_away_unopened, target)
        ledger = open_for_it.enter_context(held_by_us)
        page = hold(ledger, questions, sides, sampling, Serving(), port=port, say=tell, announce=announce)
        try:
            asyncio.run(page)
        finally:
            held = read_arena(ledger)
            if held.pairs:
                kept = "what you said" if held.judgements else "the answers, of which none is judged yet"
                left = f"{target} keeps {kept}, {GOES_ON}"
            if held.judgements or (as_json and held.pairs):
                say(json.dumps(held.summary()) if as_json else "\n".join([*held.told(), str(held.folder)]), flush=True)
        if not held.judgements and not as_json:
            say(f"lab: {left}")


def _take_away_unopened(run: Path) -> None:
    """A directory of ours in which no arena came to be: a server that does not answer leaves none."""
    from ledger import Ledger, LedgerError, facts

    with suppress(LedgerError):
        with Ledger(run, readonly=True) as ledger:
            unopened = ledger.read(facts.ARENA) is None
        if unopened:
            shutil.rmtree(run)
