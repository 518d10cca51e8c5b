"""`lab pretrain generate`: continue a text with our own decoder, no server."""

from pathlib import Path
from typing import Annotated

import typer

from commands.door import door
from commands.options import Json, folder, print_json, say
from commands.shape import Commands


def add(app: Commands) -> None:
    """Mount the command on `lab pretrain`."""
    app.command(
        needs={"--top-p": "--temperature", "--seed": "--temperature"},
        examples=("lab pretrain generate runs/pretrain-tiny/model 'def main(' --max-tokens 60",),
    )(generate)


@door()
def generate(
    checkpoint: Annotated[
        Path, typer.Argument(parser=folder, help="Hugging Face Llama directory, with its tokenizer; or `default`.")
    ],
    prompt: Annotated[str, typer.Argument(help="What is continued, as it is: no chat template.")],
    max_tokens: Annotated[int, typer.Option(min=1, help="Tokens written at most.")] = 100,
    temperature: Annotated[float, typer.Option(min=0, help="0: the likeliest token each time.")] = 0.0,
    top_p: Annotated[float, typer.Option(help="Only the likeliest tokens that together have this probability.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Of the draws, where the temperature is not 0.")] = 0,
    as_json: Json = False,
) -> None:
    """Continue a text with a checkpoint, for a quick look.

    With a key-value cache, in this process; `lab serve` is for more than a look.
    """
    from checkpoints.files import read_tokenizer
    from pretrain.errors import PretrainError
    from pretrain.generate import Sampling
    from pretrain.generate import generate as decode
    from pretrain.huggingface import load_huggingface

    model = load_huggingface(checkpoint)
    if not (checkpoint / "tokenizer.json").exists():
        raise PretrainError(f"{checkpoint / 'tokenizer.json'} is missing; the checkpoint brings no tokenizer")
    tokenizer = read_tokenizer(checkpoint)
    tokens = tokenizer(prompt)["input_ids"]
    new = decode(model, tokens, max_tokens, tokenizer.eos_token_id, Sampling(temperature, top_p, seed))
    text = tokenizer.decode(new, skip_special_tokens=True)
    if as_json:
        print_json({"prompt": prompt, "completion": text, "tokens": new})
    else:
        say(f"{prompt}{text}")
