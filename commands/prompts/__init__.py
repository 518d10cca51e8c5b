"""`lab prompts`: see, override, check, try and compare the prompt templates."""

import typer

from commands.prompts import templates, trials

prompts_app = typer.Typer(no_args_is_help=True, help="See, override, check, try and compare the prompt templates.")
prompts_app.add_typer(templates.app)
prompts_app.add_typer(trials.app)
