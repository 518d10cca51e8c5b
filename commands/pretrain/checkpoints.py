"""`lab pretrain import | export | bench`: checkpoints in and out, and how fast a size trains here."""

from pathlib import Path
from typing import Annotated

import typer

from commands.door import door, fail
from commands.options import Json, console, place, print_json, say
from commands.shape import Commands

Out = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        parser=place,
        metavar="PATH",
        help="Where the Hugging Face directory goes: a new or an empty one.",
    ),
]


def add(app: Commands) -> None:
    """Mount the commands on `lab pretrain`."""
    app.command("import", examples=("lab pretrain import default --out runs/start",))(import_)
    app.command(examples=("lab pretrain export runs/tiny --stage initial --out runs/tiny-initial",))(export)
    app.command(
        examples=(
            "lab pretrain bench smollm2-135m --mean-document 256",
            "lab pretrain bench 1b --dtype bfloat16 --compile",
        )
    )(bench)


@door()
def import_(
    checkpoint: Annotated[str, typer.Argument(help="Hugging Face Llama directory, Hub id, or `default`.")],
    out: Out,
    as_json: Json = False,
) -> None:
    """Read a Hugging Face Llama and check its logits.

    They must be transformers'; what is written is for `model: {from: DIR}` of a recipe.
    """
    from checkpoints.directory import find
    from pretrain.huggingface import load_huggingface, save_huggingface, stored_dtype

    _refuse_used(out)
    source = find(checkpoint)
    model = load_huggingface(source)
    save_huggingface(model, out, source, stored_dtype(source))
    _checked(model, source, out, as_json)


@door()
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The directory of a `lab train pretrain` run.")],
    out: Out,
    stage: Annotated[str, typer.Option(help="The stage whose newest state is exported; default: the last begun.")] = "",
    dtype: Annotated[str, typer.Option(help="float32, bfloat16 or float16: how the weights are stored.")] = "bfloat16",
    as_json: Json = False,
) -> None:
    """Write a run's newest state as a Hugging Face directory.

    The run may be unfinished. The logits of what was written are checked against transformers.
    """
    from pretrain.run.export import export_state

    if dtype not in ("float32", "bfloat16", "float16"):
        raise typer.BadParameter(f"{dtype!r}; known: float32, bfloat16, float16", param_hint="--dtype")
    _refuse_used(out)
    model = export_state(run, stage, out, dtype)
    _checked(model, out, out, as_json)


@door()
def bench(
    size_name: Annotated[str, typer.Argument(metavar="SIZE", help="A named size, such as smollm2-135m.")],
    sequence_length: Annotated[int, typer.Option(min=2, help="Tokens of a row.")] = 2048,
    rows: Annotated[int, typer.Option(min=1, help="Rows of a step.")] = 2,
    mean_document: Annotated[int, typer.Option(min=0, help="Mean tokens of a document; 0: one document a row.")] = 256,
    dtype: Annotated[str, typer.Option(help="float32 or bfloat16.")] = "bfloat16",
    steps: Annotated[int, typer.Option(min=1, help="Steps timed, after two that warm up.")] = 5,
    compile_it: Annotated[bool, typer.Option("--compile", help="torch.compile each layer.")] = False,
    as_json: Json = False,
) -> None:
    """Time whole training steps of a size on this machine.

    Tokens a second, utilisation of the measured matmul peak, memory.
    """
    from dataclasses import asdict

    from pretrain.sizes import size
    from pretrain.training.speed import bench as run_bench

    if dtype not in ("float32", "bfloat16"):
        raise typer.BadParameter(f"{dtype!r}; known: float32, bfloat16", param_hint="--dtype")
    speed = run_bench(
        size(size_name),
        sequence_length=sequence_length,
        rows=rows,
        mean_document=mean_document or None,
        dtype=dtype,
        steps=steps,
        compile=compile_it,
    )
    if as_json:
        print_json(asdict(speed))
        return
    from rich.table import Table

    table = Table("", "", box=None, pad_edge=False, show_header=False)
    for name, value in (
        ("device", f"{speed.device}, {speed.dtype}"),
        ("parameters", f"{speed.parameters:,}"),
        (
            "a step",
            f"{speed.tokens_per_step:,} tokens in {speed.step_s:.3f} s, mean document {speed.mean_document:,.0f}",
        ),
        ("tokens/s", f"{speed.tokens_per_s:,.0f}"),
        (
            "utilisation",
            f"{speed.utilisation:.0%} of {speed.matmul_peak / 1e12:,.2f} TFLOP/s, the measured matmul peak",
        ),
        ("peak memory", f"{speed.peak_memory_bytes / 2**30:,.2f} GiB"),
    ):
        table.add_row(name, value)
    console().print(table)


def _refuse_used(out: Path) -> None:
    """What lies in a directory is not ours to replace."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        fail(f"{out}: holds something already, which is not overwritten; give another --out, or remove it first")


def _checked(model: object, theirs: Path | str, out: Path, as_json: bool) -> None:
    """Say how far our logits are from transformers' on the same weights; fail where that is more than rounding."""
    from typing import cast

    from pretrain.huggingface import logits_difference
    from pretrain.model import Transformer, parameter_count

    ours = cast(Transformer, model)
    difference = logits_difference(ours, theirs)
    if difference > 1e-4:
        fail(f"{out}: logits differ from transformers' by {difference:.1e} of the largest; do not use it")
    if as_json:
        print_json({"path": str(out), "parameters": parameter_count(ours.config), "logits_difference": difference})
    else:
        say(f"{out}: {parameter_count(ours.config):,} parameters; logits are transformers' within {difference:.0e}")
