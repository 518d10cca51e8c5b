"""`lab prompts`: see, override and check the prompt templates."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import prompts_try as prompting
from commands.options import Json, Prompts, console, fail, print_json
from commands.prompts_try import library_of

prompts_app = typer.Typer(no_args_is_help=True, help="See, override, check, try and compare the prompt templates.")
prompts_app.add_typer(prompting.app)


@prompts_app.command("list", epilog="Example: lab prompts list --prompts my-prompts")
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


@prompts_app.command("show", epilog="Example: lab prompts show code/problem")
def prompts_show(name: str, prompts: Prompts = None) -> None:
    """Print a template's file."""
    from prompts import PromptError

    try:
        print(library_of(prompts).get(name).source, end="")
    except PromptError as error:
        fail(error)


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
        fail(error)
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
    """Render a template on a real seed of a recipe.

    With its token count; nothing is asked of the checkpoint.
    """
    from checkpoints import CheckpointError
    from generators.seeds.load import SeedError
    from generators.trials.preview import preview
    from prompts import PromptError
    from recipes import RecipeError, load
    from serving import ServingError

    try:
        recipe = load(recipe_file)
        found = asyncio.run(preview(name, recipe, seed, library_of(prompts or recipe.prompts)))
    except (CheckpointError, PromptError, RecipeError, SeedError, ServingError) as error:
        fail(error)
    if as_json:
        print_json(found)
        return
    print(f"{found['version']}  {found['tokens']} tokens  values from {found['values_from']}")
    for message in found["messages"]:
        print(f"\n== {message['role']} ==\n{message['content']}")


@prompts_app.command("check", epilog="Example: lab prompts check --prompts my-prompts")
def prompts_check(prompts: Prompts = None, as_json: Json = False) -> None:
    """Find unknown variables, missing inputs and bad syntax.

    With file, line and a suggestion.
    """
    from prompts import check_all

    complaints = check_all(library_of(prompts))
    if as_json:
        print_json({"ok": not complaints, "complaints": complaints})
    else:
        print("\n".join(complaints) or "all templates are sound")
    raise typer.Exit(1 if complaints else 0)
