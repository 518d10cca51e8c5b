"""`lab prompts try`, `diff`, `ui`: what the checkpoint makes of a template, and whether another wording does better."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import door
from commands.options import Json, Prompts, console, place, print_json, say
from commands.shape import Commands

if TYPE_CHECKING:
    from generators.trials.trial import Trial, TrialPlan
    from ledger import Ledger
    from prompts import Library
    from recipes.schema import Recipe
    from report.live.screen import Screen

app = Commands()

Named = Annotated[
    str | None,
    typer.Option("--generator", help="A name of `lab generate --list`, or a .py file; default: the first that fits."),
]
RecipeFile = Annotated[
    Path | None, typer.Option("--recipe", help="A recipe file whose stages, options and sampling are taken.")
]
From = Annotated[
    str | None,
    typer.Option("--checkpoint", "-c", help="Hugging Face directory, Hub id, server URL; default: the recipe's."),
]
SeedFile = Annotated[Path | None, typer.Option("--seeds", help="Other seeds than the generator's own.")]
First = Annotated[int, typer.Option("--first", min=0, help="Number of the first seed.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        parser=place,
        metavar="PATH",
        help="Keep the run there, for `lab why`; otherwise it is thrown away. New, or of other trials.",
    ),
]


@app.command(
    "try",
    examples=(
        "lab prompts try code/problem -n 8",
        "lab prompts try code/answer --prompts my-prompts --generator code/rejection-sampling --json",
    ),
)
@door()
def prompts_try(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A template; `lab prompts list` shows them.")],
    checkpoint: From = None,
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="How many seeds.")] = 8,
    generator: Named = None,
    recipe_file: RecipeFile = None,
    seeds: SeedFile = None,
    first: First = 0,
    prompts: Prompts = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Put a template to the checkpoint on real seeds.

    Through the generator that uses it: answers, yield, reasons.
    """

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> dict[str, Any]:
        from generators.setup import checked_library, open_bench
        from generators.trials.trial import library_for, plan, run_trial

        library = library_for(recipe, checked_library(recipe))
        chosen = plan(name, library, recipe, seeds=seeds, first=first, n=n)
        async with open_bench(recipe, ledger, screen.say) as bench:
            trial = await run_trial(bench.lab, chosen, library, watch=screen.generation)
            return {**_told(chosen, trial), "checkpoint": bench.engine.identity, "rows": _rows(trial)}

    from sandbox.visible import visible

    found = _run(work, recipe_file, generator, checkpoint, prompts, seeds, out, as_json)
    if as_json:
        print_json(found)
        return
    say(_first_line(found))
    for row in found["rows"]:
        say(f"\n-- seed {row['seed']}: {_verdict(found, row)}")
        for answer in row["answers"]:
            say(visible(answer["text"]) + ("\n[cut by the token limit]" if answer["cut"] else ""))
        if not row["answers"]:
            say("(it ended before this template was asked)")
    say(f"\n{_last_line(found)}")


@app.command(
    "diff",
    examples=(
        "lab prompts diff code/problem my-prompts --n 32",
        "lab prompts diff code/answer my-prompts/code/answer.j2 --generator code/rejection-sampling --json",
    ),
)
@door()
def prompts_diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A template's name, its file, or a folder that overrides it.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other wording, likewise.")],
    checkpoint: From = None,
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="How many seeds, the same for both.")] = 32,
    samples: Annotated[int, typer.Option("--samples", "-k", min=1, help="Attempts at each seed.")] = 1,
    generator: Named = None,
    recipe_file: RecipeFile = None,
    seeds: SeedFile = None,
    first: First = 0,
    prompts: Prompts = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Compare two wordings of a template by their yield.

    By what the verifier makes of them on the same seeds, with a paired test.
    """

    async def work(recipe: "Recipe", ledger: "Ledger", screen: "Screen") -> dict[str, Any]:
        from evaluation import compare
        from generators.setup import checked_library, open_bench
        from generators.trials.trial import library_for, plan, run_trial
        from prompts import PromptError

        library = library_for(recipe, checked_library(recipe))
        name, texts = _wordings(a, b, library)
        if texts[0][1] == texts[1][1]:
            raise PromptError(f"{a} and {b} are one wording of {name}; change one of them, or see `lab prompts try`")
        chosen = plan(name, library, recipe, seeds=seeds, first=first, n=n, samples=samples)
        if not chosen.generator:
            raise PromptError(f"{name}: no generator asks it, so nothing can tell which wording is better; see `try`")
        async with open_bench(recipe, ledger, screen.say) as bench:
            trials: list[Trial] = []
            for label, (given, text) in zip("ab", texts, strict=True):
                with _worded(library, name, given, text) as worded:
                    # One after the other in one ledger: what both ask alike before the template is asked once.
                    trials.append(await run_trial(bench.lab, chosen, worded, label=label, watch=screen.generation))
            sides = [{"given": given, **_told(chosen, trial)} for (given, _), trial in zip(texts, trials, strict=True)]
            test = compare(trials[0].passes, trials[1].passes).to_dict()
            differ = [
                {"seed": x["seed"], "a": x, "b": y}
                for x, y in zip(*map(_rows, trials), strict=True)
                if x["accepted"] != y["accepted"]
            ]
            common = {"template": name, "generator": chosen.generator, "seeds_from": chosen.seeds_from, "n": n}
            named = {**common, "samples": samples, "checkpoint": bench.engine.identity}
            return {**named, "a": sides[0], "b": sides[1], "comparison": test, "differ": differ}

    found = _run(work, recipe_file, generator, checkpoint, prompts, seeds, out, as_json)
    if as_json:
        print_json(found)
        return
    say(f"{found['template']} through {found['generator']}, {found['seeds_from']}")
    for side in "ab":
        say(f"{side.upper()}  {found[side]['given']}  {found[side]['version']}\n   {_last_line(found[side])}")
    say(f"B against A: {found['comparison']['verdict']}")
    for row in found["differ"]:
        say(f"   seed {row['seed']}: A {_verdict(found, row['a'])}, B {_verdict(found, row['b'])}")


@app.command("ui", examples=("lab prompts ui --prompts my-prompts --checkpoint default",))
@door()
def prompts_ui(
    prompts: Annotated[
        Path | None, typer.Option(help="Where your versions are saved; default: the recipe file's, or my-prompts.")
    ] = None,
    checkpoint: From = None,
    generator: Named = None,
    recipe_file: RecipeFile = None,
    seeds: SeedFile = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: Json = False,
) -> None:
    """Edit templates on a local page.

    Complaints, the render on real seeds and live samples stand beside the text.
    """
    from prompts.ui.server import Callbacks, Page, serve

    def announce(page: Page) -> None:
        if as_json:
            say(json.dumps({"url": page.address.url, "folder": str(page.folder)}), flush=True)
        else:
            say(f"lab: {page.address.url}\nlab: saves to {page.folder}; Ctrl-C ends it", flush=True)
        if open_it:
            import webbrowser

            webbrowser.open(page.address.url)

    async def work() -> None:
        from generators.trials.trial import recipe_of
        from generators.trials.workbench import Workbench

        recipe = recipe_of(recipe_file, generator, checkpoint, prompts, seeds)
        folder = recipe.prompts or Path("my-prompts")
        if folder.exists():
            library_of(folder)  # says what is wrong with it before a page is opened
        async with Workbench(recipe, folder, seeds) as bench:
            await serve(
                folder,
                recipe.checkpoint,
                port,
                Callbacks(bench.library, bench.preview, bench.sample, bench.opened),
                announce,
            )

    asyncio.run(work())


def library_of(prompts: Path | None) -> "Library":
    """The templates with the user's folder before ours; fails where the folder is missing."""
    from prompts import Library

    return Library([prompts] if prompts else [])


def _run(
    work: Callable[["Recipe", "Ledger", "Screen"], Coroutine[Any, Any, dict[str, Any]]],
    recipe_file: Path | None,
    generator: str | None,
    checkpoint: str | None,
    prompts: Path | None,
    seeds: Path | None,
    out: Path | None,
    quiet: bool,
) -> dict[str, Any]:
    """Do the work in the run directory `out`, or in one that is thrown away."""
    from generators.trials.trial import recipe_of, refuse_what_is_no_trial
    from ledger import Ledger
    from report.live.screen import Screen

    screen = Screen(console(stderr=True), quiet)
    new = out is not None and not out.exists()
    with ExitStack() as open_for_it:
        recipe = recipe_of(recipe_file, generator, checkpoint, prompts, seeds)
        folder = out or Path(open_for_it.enter_context(tempfile.TemporaryDirectory(prefix="lab-prompts-")))
        held_by_us = Ledger(folder)  # refused where another process holds it, whose directory it is then
        if out and new:
            open_for_it.callback(_take_away_if_empty, out)
        ledger = open_for_it.enter_context(held_by_us)
        if not new:
            refuse_what_is_no_trial(ledger)
        open_for_it.callback(screen.close)
        return asyncio.run(work(recipe, ledger, screen))


def _take_away_if_empty(run: Path) -> None:
    """A run directory of ours in which nothing came to be: a template or seeds that are not there leave none."""
    from ledger import Ledger, LedgerError

    with suppress(LedgerError):
        with Ledger(run, readonly=True) as ledger:
            empty = ledger.is_empty()
        if empty:
            shutil.rmtree(run)


def _wordings(a: str, b: str, library: "Library") -> tuple[str, list[tuple[str, str]]]:
    """The template that A and B are wordings of, and for each (as given, text). Raises PromptError."""
    from prompts import PromptError

    names = library.names()
    fitting = [
        {name for name in names if given == name or f"/{Path(given).as_posix()}".endswith(f"/{name}.j2")}
        for given in (a, b)
    ]
    known = max(fitting[0] | fitting[1], key=len, default=None)
    if known is None:
        raise PromptError(
            f"{a} and {b}: which template are they? Give its name, or a file at its path, such as my-prompts/code/problem.j2"
        )
    return known, [(given, _text_of(given, known, library)) for given in (a, b)]


def _text_of(given: str, name: str, library: "Library") -> str:
    from prompts import PromptError

    if given == name:
        return library.get(name).source
    path = Path(given) / f"{name}.j2" if Path(given).is_dir() else Path(given)
    if not path.is_file():
        raise PromptError(f"{path}: no such file; needed: {name}, a folder that overrides it, or a file")
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path}:1: cannot be read: {error}") from None


@contextmanager
def _worded(library: "Library", name: str, given: str, text: str) -> Iterator["Library"]:
    """The library with `text` in the place of template `name` and nothing else changed."""
    from prompts import Library, PromptError
    from prompts.ui.drafts import complaints_of, drafted

    if complaints := complaints_of(name, text):
        raise PromptError("\n".join([f"{given}:", *complaints]))
    with drafted(name, text) as folder:
        yield Library([folder, *library.folders[:-1]])


def _told(chosen: "TrialPlan", trial: "Trial") -> dict[str, Any]:
    """The figures of a trial; yield and interval are None where nothing judged the answers."""
    from evaluation import score

    attempts = len(trial.attempts)
    found = score(trial.generator, trial.passes) if chosen.generator else None
    return {
        "template": chosen.template,
        "version": trial.version,
        "generator": chosen.generator or None,
        "seeds_from": chosen.seeds_from,
        "attempts": attempts,
        "accepted": trial.accepted if found else None,
        "yield": found.pass_at_1 if found else None,
        "interval": list(found.interval) if found else None,
        "reasons": trial.reasons if found else {},
        "output_tokens": trial.progress.output_tokens,
        "seconds": round(trial.progress.session_seconds, 3),
    }


def _rows(trial: "Trial") -> list[dict[str, Any]]:
    return [attempt.to_dict() for attempt in trial.attempts]


def _verdict(found: dict[str, Any], row: dict[str, Any]) -> str:
    from sandbox.visible import visible

    if not found["generator"]:
        return "not judged"
    detail = visible(row["detail"]).strip()
    return "accepted" if row["accepted"] else f"{row['reason']}{f' ({detail.splitlines()[0][:120]})' if detail else ''}"


def _first_line(found: dict[str, Any]) -> str:
    through = f"through {found['generator']}" if found["generator"] else "by itself: no generator uses it"
    return f"{found['version']} {through}, {found['seeds_from']}"


def _last_line(found: dict[str, Any]) -> str:
    spent = f"{found['output_tokens']:,} tokens, {found['seconds']:.1f} s"
    if found["yield"] is None:
        return f"{found['attempts']} answers, not judged; {spent}"
    low, high = found["interval"]
    why = ", ".join(f"{count} {reason}" for reason, count in found["reasons"].items())
    return (
        f"{found['accepted']} of {found['attempts']} accepted, yield {found['yield']:.1%} (95% {low:.1%} to {high:.1%})"
        f"{f'; {why}' if why else ''}; {spent}"
    )
