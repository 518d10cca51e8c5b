"""`lab pretrain tokenizer` and `lab pretrain pack`: from text to tokens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.door import GOES_ON, door, fail
from commands.options import Json, console, folder, place, print_json, say
from commands.shape import Commands

tokenizer_app = Commands(no_args_is_help=True, help="Train a tokenizer, extend one by languages, compare two.")

Column = Annotated[str, typer.Option(help="The column that holds the text, in JSONL, Parquet and data sets.")]
Texts = Annotated[
    list[str],
    typer.Option("--language", "-l", metavar="NAME=SOURCE", help="A language and its text; may be repeated."),
]
SOURCE_HELP = "A folder of text, a .jsonl or .parquet file, or hf:NAME."


def add(app: Commands) -> None:
    """Put these commands into `lab pretrain`."""
    app.add_typer(tokenizer_app, name="tokenizer")
    app.command(
        "pack", examples=("lab pretrain pack docs --tokenizer runs/tokenizer --out runs/packed/docs --workers 2",)
    )(pack)


@door()
def pack(
    source: Annotated[str, typer.Argument(help=SOURCE_HELP)],
    tokenizer: Annotated[
        Path,
        typer.Option(
            "--tokenizer",
            "-t",
            parser=folder,
            metavar="PATH",
            help="A Hugging Face tokenizer or checkpoint folder, or `default`.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", parser=place, metavar="PATH", help="Where the shards go; gone on with where unfinished."
        ),
    ],
    column: Column = "text",
    workers: Annotated[int, typer.Option(min=1, help="Processes that tokenise; the result is the same.")] = 1,
    strict: Annotated[bool, typer.Option("--strict", help="End with an error at an empty document.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Read the finished shards back against their sums.")] = False,
    as_json: Json = False,
) -> None:
    """Tokenise a source into memory-mapped shards."""
    from pretrain.data.pack import Progress
    from pretrain.data.pack import pack as pack_source
    from pretrain.data.shards import PackedDocuments, describe

    _refuse_idle_column(source, column)
    screen = console(stderr=True)

    def report(progress: Progress) -> None:
        if not as_json:
            screen.print(
                f"{len(progress.shards)} shards, {progress.documents_read:,} documents read, {progress.n_tokens:,} tokens"
            )

    with door(stopped=f"{out} keeps the whole shards, {GOES_ON}"):
        manifest = pack_source(source, tokenizer, out, column=column, workers=workers, strict=strict, report=report)
        if verify:
            PackedDocuments(out).verify()
    figures = {"path": str(out), **describe(manifest)}
    if as_json:
        print_json(figures)
    else:
        dropped = ", ".join(f"{count} {reason}" for reason, count in manifest.dropped.items())
        say(
            f"{out}: {manifest.n_documents:,} documents, {manifest.n_tokens:,} tokens, "
            f"{figures['characters_per_token']} characters a token" + (f"; left out: {dropped}" if dropped else "")
        )


@tokenizer_app.command("train", examples=("lab pretrain tokenizer train docs --vocab-size 4096 --out runs/tokenizer",))
@door()
def train(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help=f"{SOURCE_HELP[:-1]}; several are read as one.")
    ],
    vocab_size: Annotated[int, typer.Option(help="Tokens, special ones included; at least 259.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", parser=place, metavar="PATH", help="Where the tokenizer's folder goes.")
    ],
    digits: Annotated[int, typer.Option(min=1, max=9, help="How many digits one token may hold.")] = 3,
    column: Column = "text",
    as_json: Json = False,
) -> None:
    """Learn a byte-level BPE vocabulary with Llama 3's pattern.

    AutoTokenizer and vLLM load the folder.
    """
    from pretrain.data.pack import read_codec
    from pretrain.tokenizer.train import train_tokenizer

    train_tokenizer((text for source in sources for text in _texts(source, column)), vocab_size, out, digits=digits)
    size = read_codec(out).vocabulary_size
    print_json({"path": str(out), "vocabulary_size": size}) if as_json else say(f"{out}: {size:,} tokens")


@tokenizer_app.command(
    "extend",
    examples=(
        "lab pretrain tokenizer extend checkpoints/SmolLM2-135M-Instruct -l de=text/de -l hi=text/hi --english text/en --new-tokens 8192 --out runs/tokenizer",
    ),
)
@door()
def extend(
    tokenizer: Annotated[
        Path,
        typer.Argument(parser=folder, help="The tokenizer's folder; a checkpoint's will do, or `default`."),
    ],
    language: Texts,
    new_tokens: Annotated[int, typer.Option(min=1, help="How many tokens to add at most.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", parser=place, metavar="PATH", help="Where the extended tokenizer goes.")
    ],
    english: Annotated[
        str | None,
        typer.Option(help="English text that must keep its ids; without it only tokens beyond ASCII are added."),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(parser=folder, metavar="PATH", help="Write this checkpoint with the new rows to --out as well."),
    ] = None,
    column: Column = "text",
    as_json: Json = False,
) -> None:
    """Add tokens of other languages; English keeps its ids.

    Section 3.2's 100K + 28K.
    """
    from checkpoints.directory import find
    from checkpoints.weights import refuse_other_weights
    from pretrain.tokenizer.extend import extend_checkpoint, extend_tokenizer

    if checkpoint:
        if checkpoint.resolve() == out.resolve():
            fail(f"{out}: is the checkpoint itself, which stays as it is; give another --out")
        checkpoint = find(str(checkpoint))
        refuse_other_weights(checkpoint)
    extension = extend_tokenizer(
        tokenizer,
        {name: _texts(source, column) for name, source in _pairs(language)},
        new_tokens,
        out,
        english=_texts(english, column) if english else None,
    )
    if checkpoint:
        extend_checkpoint(checkpoint, out, out)
    added = len(extension.new_tokens)
    if as_json:
        print_json(
            {
                "path": str(out),
                "old_size": extension.old_size,
                "new_tokens": added,
                "ascii_tokens": extension.ascii_tokens,
                "checkpoint": checkpoint is not None,
            }
        )
    else:
        say(
            f"{out}: {extension.old_size:,} tokens and {added:,} new ones, {extension.ascii_tokens:,} of them of ASCII "
            f"letters alone; such as {' '.join(token.strip() for token in extension.new_tokens[-8:])}"
        )


@tokenizer_app.command(
    "compare",
    examples=(
        "lab pretrain tokenizer compare checkpoints/SmolLM2-135M-Instruct runs/tokenizer -l English=text/en -l de=text/de",
    ),
)
@door()
def compare(
    before: Annotated[Path, typer.Argument(parser=folder, help="A tokenizer's folder, or `default`.")],
    after: Annotated[Path, typer.Argument(parser=folder, help="Another's.")],
    language: Texts,
    column: Column = "text",
    as_json: Json = False,
) -> None:
    """Characters per token by language, of two tokenizers."""
    from pretrain.tokenizer.train import compare_tokenizers

    rows = compare_tokenizers(before, after, {name: _texts(source, column) for name, source in _pairs(language)})
    if as_json:
        print_json({"languages": [_figures(row) for row in rows]})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("language", "characters", "before", "after", "gain", "same ids"):
        table.add_column(heading, justify="left" if heading == "language" else "right")
    for row in rows:
        table.add_row(
            row.language,
            f"{row.characters:,}",
            f"{row.before:.2f}",
            f"{row.after:.2f}",
            f"{row.gain:+.1%}",
            "yes" if row.unchanged else "no",
        )
    console().print(table)


def _figures(row: Any) -> dict[str, Any]:
    return {
        "language": row.language,
        "characters": row.characters,
        "characters_per_token_before": round(row.before, 4),
        "characters_per_token_after": round(row.after, 4),
        "gain": round(row.gain, 4),
        "same_ids": row.unchanged,
    }


def _pairs(language: list[str]) -> list[tuple[str, str]]:
    pairs = [(name, source) for name, _, source in (entry.partition("=") for entry in language)]
    for entry, (name, source) in zip(language, pairs, strict=True):
        if not name or not source:
            fail(f"--language {entry}: write it as NAME=SOURCE, such as de=text/de")
    twice = {name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1}
    if twice:
        fail(f"--language {', '.join(sorted(twice))}: named twice; put its texts into one folder")
    return pairs


def _refuse_idle_column(source: str, column: str) -> None:
    """A file of plain text has no columns, so naming one is a slip."""
    from pretrain.data.sources import has_columns

    if column != "text" and not has_columns(source):
        raise typer.BadParameter(f"{source} is plain text, without columns; leave it out", param_hint="--column")


def _texts(source: str, column: str) -> Iterator[str]:
    from pretrain.data.sources import Document, documents

    _refuse_idle_column(source, column)
    return (item.text for item in documents(source, column) if isinstance(item, Document))
