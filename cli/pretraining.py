"""`lab pretrain`: what surrounds a pre-training, each command from its own file."""

import typer

pretrain_app = typer.Typer(no_args_is_help=True, help="The pre-training core: tokenizer, data, studies, checkpoints.")
