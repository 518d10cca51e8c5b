"""`lab prompts`: see, override, check, try and compare the prompt templates."""

from commands.prompts import templates, trials
from commands.shape import Commands

prompts_app = Commands(no_args_is_help=True, help="See, override, check, try and compare the prompt templates.")
prompts_app.add_typer(templates.app)
prompts_app.add_typer(trials.app)
