"""`lab prompts list`, `show`, `edit`, `preview`, `check`: see, override and check the prompt templates."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from commands.door import door, tell
from commands.options import Json, Prompts, console, print_json, say
from commands.prompts.trials import library_of
from commands.shape import Commands

Name = Annotated[str, typer.Argument(metavar="NAME", help="A template; `lab prompts list` shows them.")]

app = Commands()


@app.command("list", examples=("lab prompts list --prompts my-prompts",))
@door()
def prompts_list(prompts: Prompts = None, as_json: Json = False) -> None:
    """List the templates, what each is for, and which are overridden."""
    library = library_of(prompts)
    entries = [(library.get(name), library.is_override(name)) for name in library.names()]
    if as_json:
        print_json(
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
    console().print(table)


@app.command("show", examples=("lab prompts show code/problem",))
@door()
def prompts_show(name: Name, prompts: Prompts = None) -> None:
    """Print a template's file."""

    say(library_of(prompts).get(name).source, end="")


@app.command("edit", examples=("EDITOR=vim lab prompts edit code/problem --prompts my-prompts",))
@door()
def prompts_edit(
    name: Name, prompts: Annotated[Path, typer.Option(help="Your folder; made where missing.")] = Path("my-prompts")
) -> None:
    """Open your own copy of a template in $EDITOR, then check it."""
    from prompts.edit import edit

    complaints = edit(name, prompts, os.environ.get("VISUAL") or os.environ.get("EDITOR") or "nano")
    for complaint in complaints:
        say(complaint, stderr=True)
    say(f"use it with --prompts {prompts}")
    raise typer.Exit(1 if complaints else 0)


@app.command("preview", examples=("lab prompts preview code/problem --recipe recipes/quickstart.yaml --seed 3",))
@door()
def prompts_preview(
    name: Name,
    recipe_file: Annotated[
        Path | None,
        typer.Option(
            "--recipe", help="Whose seeds, prompts and checkpoint to use; default: of whoever asks the template."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which seed, from 0.")] = 0,
    prompts: Prompts = None,
    as_json: Json = False,
) -> None:
    """Render a template on a real seed of a recipe.

    With its token count; nothing is asked of the checkpoint.
    """
    from generators.trials.preview import preview
    from generators.trials.trial import recipe_of

    recipe = recipe_of(recipe_file, None, None, prompts, None)
    found = asyncio.run(preview(name, recipe, seed, library_of(recipe.prompts)))
    if as_json:
        print_json(found)
        return
    say(f"{found['version']}  {found['tokens']} tokens  values from {found['values_from']}")
    for message in found["messages"]:
        say(f"\n== {message['role']} ==\n{message['content']}")


@app.command("check", examples=("lab prompts check --prompts my-prompts",))
@door()
def prompts_check(prompts: Prompts = None, as_json: Json = False) -> None:
    """Find unknown variables, missing inputs and bad syntax.

    With file, line and a suggestion. Exit code 1 where there are any.
    """
    from prompts import check_all

    library = library_of(prompts)
    complaints = check_all(library)
    notices = [
        f"{name}: overrides nothing; did you mean {meant}?"
        for name in library.names()
        if (meant := library.overrides_nothing(name))
    ]
    if as_json:
        print_json({"ok": not complaints, "complaints": complaints, "notices": notices})
    else:
        for notice in notices:
            tell(notice)
        say("\n".join(complaints) or "all templates are sound")
    raise typer.Exit(1 if complaints else 0)
