"""`lab pretrain`: what surrounds a pre-training, each topic's commands from its own file."""

from commands.pretrain import checkpoints, data, generate, studies
from commands.shape import Commands

pretrain_app = Commands(no_args_is_help=True, help="The pre-training core: tokenizer, data, studies, checkpoints.")
data.add(pretrain_app)
studies.add(pretrain_app)
checkpoints.add(pretrain_app)
generate.add(pretrain_app)
