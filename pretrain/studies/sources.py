"""What the studies read: text or packed directories, as `NAME=PATH@WEIGHT`, made into packed sources with held-out parts."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pretrain.data.builtin import is_builtin
from pretrain.data.loader import Source
from pretrain.data.shards import is_packed, stored, write_atomically
from pretrain.errors import PretrainError
from rows.readers import is_hub

ASKED = "asked.json"
"""Beside a tokenizer that a study trained: the vocabulary it was asked for, which short text may not fill."""
TOKENIZER_CHARACTERS = 8_000_000
"""Of each source, for a tokenizer that a study trains for itself."""


@dataclass(frozen=True)
class Given:
    """A source as it is named on a command line."""

    name: str
    path: str
    """A packed directory, or what `lab pretrain pack` takes."""
    weight: float = 1.0

    @property
    def packed(self) -> bool:
        """It is a packed directory already."""
        return is_packed(Path(self.path))


def parse(text: str) -> Given:
    """`PATH`, `NAME=PATH`, `PATH@WEIGHT` or `NAME=PATH@WEIGHT`. The name defaults to the path's last part."""
    name, equals, rest = text.partition("=")
    if not equals:
        name, rest = "", text
    path, at, weight = rest.rpartition("@")
    if not at:
        path, weight = rest, "1"
    if is_hub(path) and not _is_number(weight):  # hf:NAME@CONFIG
        path, weight = rest, "1"
    try:
        given = Given(name or Path(path).name.split(".")[0], path, float(weight))
    except ValueError:
        raise PretrainError(f"{text!r}: the weight after @ must be a number, not {weight!r}") from None
    if given.name in ("", ".", "..") or "/" in given.name:  # it becomes a folder's
        raise PretrainError(f"{text!r}: {given.name!r} cannot name a source; write NAME=PATH, the name without /")
    if not path or given.weight < 0:
        raise PretrainError(f"{text!r}: write NAME=PATH@WEIGHT, such as code=texts/code@0.3; weights are not negative")
    if not is_hub(path) and not is_builtin(path) and not Path(path).exists():
        raise PretrainError(f"{path}: no such file or folder")
    return given


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def check(given: Sequence[Given], *, held_out: float, tokenizer: Path | None) -> None:
    """Raises PretrainError where sources cannot go together; nothing is made for it."""
    names = [source.name for source in given]
    if len(set(names)) < len(names):
        raise PretrainError(f"two sources have the same name among {', '.join(names)}; write NAME=PATH")
    if given and not any(source.weight for source in given):
        raise PretrainError("every source has weight 0: give at least one a positive weight")
    if not 0 <= held_out < 1:
        raise PretrainError(f"held_out {held_out:g}: give a share of at least 0, below 1")
    if tokenizer is None and 0 < sum(source.packed for source in given) < len(given):
        raise PretrainError("some sources are packed and some are text; give the packed ones' --tokenizer")


def ready(
    given: Sequence[Given],
    out: Path,
    *,
    held_out: float,
    tokenizer: Path | None = None,
    vocabulary_size: int = 512,
    say: Callable[[str], None] = lambda text: None,
) -> tuple[Source, ...]:
    """Packed sources: those that are text are packed under `<out>/data`. Returns at once where that is done already.

    `held_out` is the share of each source's documents that training never sees. The tokenizer is the given one, else
    one of `vocabulary_size` tokens that is trained on the sources and kept in `<out>/tokenizer`. Raises PretrainError
    as `check` does, before anything is made.
    """
    from pretrain.data.pack import pack

    check(given, held_out=held_out, tokenizer=tokenizer)
    texts = [source for source in given if not source.packed]
    if texts and tokenizer is None:
        tokenizer = out / "tokenizer"
        asked = tokenizer / ASKED
        if (tokenizer / "tokenizer_config.json").exists():
            begun = stored(asked, dict[str, int], "delete it") if asked.exists() else {}
            if begun.get("vocabulary_size", vocabulary_size) != vocabulary_size:
                raise PretrainError(
                    f"{tokenizer} was trained for a vocabulary of {begun['vocabulary_size']:,}, not {vocabulary_size:,}; "
                    "choose another --out"
                )
        else:
            from pretrain.tokenizer.train import train_tokenizer

            say(f"training a tokenizer of {vocabulary_size:,} tokens")
            tokenizer.mkdir(parents=True, exist_ok=True)
            write_atomically(asked, json.dumps({"vocabulary_size": vocabulary_size}))
            train_tokenizer(_sample(texts), vocabulary_size, tokenizer)
    sources = []
    for source in given:
        path = Path(source.path)
        if not source.packed and tokenizer is not None:
            path = out / "data" / source.name
            say(f"packing {source.name}")
            pack(source.path, tokenizer, path)
        sources.append(Source(path, source.weight, source.name, held_out))
    return tuple(sources)


def _sample(texts: Sequence[Given]) -> Iterator[str]:
    """Documents from all over each source, since a folder's first files are seldom like the rest."""
    from pretrain.data.sources import Dropped, documents

    for source in texts:
        left = TOKENIZER_CHARACTERS
        every = max(1, _characters(source.path) // TOKENIZER_CHARACTERS)
        for document in itertools.islice(documents(source.path), 0, None, every):
            if isinstance(document, Dropped):
                continue
            yield document.text[:left]
            left -= len(document.text)
            if left <= 0:
                break


def _characters(path: str) -> int:
    """About how many characters a source on disk has; 0 where that cannot be seen cheaply."""
    if is_hub(path) or is_builtin(path):
        return 0
    file = Path(path)
    return file.stat().st_size if file.is_file() else sum(f.stat().st_size for f in file.rglob("*") if f.is_file())
