"""`lab pretrain`: what surrounds a pre-training, each topic's commands from its own file."""

import typer

from cli import pretrain_checkpoints, pretrain_data, pretrain_generate, pretrain_studies

pretrain_app = typer.Typer(no_args_is_help=True, help="The pre-training core: tokenizer, data, studies, checkpoints.")
pretrain_data.add(pretrain_app)
pretrain_studies.add(pretrain_app)
pretrain_checkpoints.add(pretrain_app)
pretrain_generate.add(pretrain_app)
