"""Tokenised documents on disk: memory-mapped shards and the manifest that vouches for them.

A packed directory holds, a shard,

    shard-00000.tokens    token ids, little-endian uint16 (vocabularies up to 65,536) or uint32
    shard-00000.offsets   int64: where each document starts, and at last where the last one ends

and `manifest.json`, written last: a directory without one is unfinished.
"""

import bisect
import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from pretrain.errors import PretrainError
from rows.limits import RowsError, object_in

Stored = TypeVar("Stored")

FORMAT = "lab-pretrain-shards"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Shard:
    """One pair of files, as the manifest knows them."""

    name: str
    n_tokens: int
    n_documents: int
    tokens_sha256: str
    offsets_sha256: str

    @property
    def tokens_file(self) -> str:
        """Name of the file of token ids."""
        return f"{self.name}.tokens"

    @property
    def offsets_file(self) -> str:
        """Name of the file of document starts."""
        return f"{self.name}.offsets"


@dataclass(frozen=True)
class Manifest:
    """What a packed directory holds and how it was made."""

    source: str
    tokenizer: str
    """Directory of the tokenizer, as it was given."""
    tokenizer_sha256: str
    """Of its tokenizer.json: two directories may be mixed only where these are equal."""
    vocabulary_size: int
    dtype: str
    bos_id: int | None
    """Put before each document where the tokenizer itself does so."""
    eos_id: int
    """Ends each document."""
    n_documents: int
    n_tokens: int
    n_characters: int
    fingerprint: str = ""
    """Of source, tokenizer and settings: whether a later `pack` asks for what is here already."""
    dropped: dict[str, int] = field(default_factory=dict)
    """How many documents were left out, by reason."""
    shards: tuple[Shard, ...] = ()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Atomically: after a kill there is either no manifest or a whole one."""
    tree = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(manifest)}
    write_atomically(folder / MANIFEST, json.dumps(tree, indent=1) + "\n")


def is_packed(folder: Path) -> bool:
    """Whether token shards lie there, also where what vouches for them is damaged: text may come with a manifest.json of its own."""
    path = folder / MANIFEST
    if not path.exists():
        return False
    with contextlib.suppress(RowsError):
        if object_in(path).get("format") == FORMAT:
            return True
    return any(folder.glob("*.tokens"))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a packed directory, checked."""
    path = folder / MANIFEST
    if not path.exists():
        raise PretrainError(
            f"{folder}: no {MANIFEST}: not a packed directory, or one whose packing was broken off; "
            "`lab pretrain pack` with the same arguments finishes it"
        )
    tree = stored(path, dict[str, Any], "pack the source again")
    if tree.get("format") != FORMAT or tree.get("format_version") != FORMAT_VERSION:
        raise PretrainError(
            f"{path}: format {tree.get('format')!r}, version {tree.get('format_version')!r}; this version of Lab reads "
            f"{FORMAT!r}, version {FORMAT_VERSION}; pack the source again"
        )
    manifest = stored(path, Manifest, "pack the source again")
    for shard in manifest.shards:
        if Path(shard.name).name != shard.name:
            raise PretrainError(f"{path}: {shard.name!r} is no name of a file beside it; pack the source again")
    return manifest


def stored(path: Path, kind: type[Stored], mend: str) -> Stored:
    """What `write_atomically` wrote as JSON: an object of that kind, its fields of theirs. Raises PretrainError with `mend`."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(object_in(path))
    except RowsError as error:
        raise PretrainError(f"{error}; {mend}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise PretrainError(f"{path}: {place}: {first['msg'].lower()}; {mend}") from None


def write_atomically(path: Path, text: str) -> None:
    """Write, flush to the disk, and only then take the name."""
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def token_dtype(vocabulary_size: int) -> str:
    """The narrowest of the two element types that holds every id."""
    return "uint16" if vocabulary_size <= 1 << 16 else "uint32"


def write_shard(folder: Path, name: str, tokens: np.ndarray, lengths: np.ndarray, vocabulary_size: int) -> Shard:
    """Write documents of these lengths, whose ids stand one after the other in `tokens`."""
    if len(tokens) and int(tokens.max()) >= vocabulary_size:
        raise PretrainError(
            f"token id {int(tokens.max())} is past the vocabulary of {vocabulary_size}: the tokenizer's files disagree "
            "with each other; write the tokenizer again"
        )
    offsets = np.zeros(len(lengths) + 1, dtype="<i8")
    np.cumsum(lengths, out=offsets[1:])
    digests = []
    ids = np.ascontiguousarray(tokens, dtype=np.dtype(token_dtype(vocabulary_size)).newbyteorder("<"))
    for suffix, data in (("tokens", ids), ("offsets", offsets)):
        path = folder / f"{name}.{suffix}"
        with path.open("wb") as file:
            file.write(data.data)
            file.flush()
            os.fsync(file.fileno())
        digests.append(hashlib.sha256(data.data).hexdigest())
    return Shard(name, len(tokens), len(lengths), *digests)


class PackedDocuments:
    """A packed directory, memory-mapped: document `i` is `tokens(i)`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        if not self.manifest.n_documents:
            raise PretrainError(f"{folder}: holds no document; {self._why_empty()}")
        itemsize = np.dtype(self.manifest.dtype).itemsize
        self._tokens: list[np.ndarray] = []
        self._offsets: list[np.ndarray] = []
        for shard in self.manifest.shards:
            tokens = self._map(shard.tokens_file, self.manifest.dtype, shard.n_tokens * itemsize)
            offsets = self._map(shard.offsets_file, "int64", (shard.n_documents + 1) * 8)
            if offsets[0] != 0 or offsets[-1] != shard.n_tokens:
                raise PretrainError(
                    f"{folder / shard.offsets_file}: its documents end at token {int(offsets[-1])}, the manifest says "
                    f"{shard.n_tokens}; delete {folder} and pack the source again"
                )
            self._tokens.append(tokens)
            self._offsets.append(offsets)
        counts = [shard.n_documents for shard in self.manifest.shards]
        self._first = np.concatenate([[0], np.cumsum(counts)])
        self._starts: list[int] = self._first.tolist()

    def __len__(self) -> int:
        return self.manifest.n_documents

    def lengths(self, documents: np.ndarray) -> np.ndarray:
        """Tokens of each of these documents."""
        result = np.empty(len(documents), dtype=np.int64)
        shards = np.searchsorted(self._first, documents, side="right") - 1
        for shard in np.unique(shards):
            chosen = shards == shard
            local = documents[chosen] - self._first[shard]
            result[chosen] = self._offsets[shard][local + 1] - self._offsets[shard][local]
        return result

    def tokens(self, document: int, start: int = 0, end: int | None = None) -> np.ndarray:
        """Token ids `start` to `end` of one document: a view of the file."""
        shard = 0
        if len(self._tokens) > 1:
            shard = bisect.bisect_right(self._starts, document) - 1
            document -= self._starts[shard]
        offsets = self._offsets[shard]
        first = int(offsets[document])
        last = int(offsets[document + 1]) if end is None else first + end
        return self._tokens[shard][first + start : last]

    def file_of(self, document: int) -> Path:
        """The file that a document's tokens stand in."""
        shard = bisect.bisect_right(self._starts, document) - 1
        return self.folder / self.manifest.shards[shard].tokens_file

    def verify(self) -> None:
        """Read every byte and compare it with the manifest's checksums."""
        for shard in self.manifest.shards:
            for name, expected in (
                (shard.tokens_file, shard.tokens_sha256),
                (shard.offsets_file, shard.offsets_sha256),
            ):
                with (self.folder / name).open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
                if found != expected:
                    raise PretrainError(
                        f"{self.folder / name}: its bytes are not those that were packed (sha256 {found[:12]}..., "
                        f"the manifest has {expected[:12]}...); delete {self.folder} and pack the source again"
                    )

    def _map(self, name: str, dtype: str, expected: int) -> np.ndarray:
        path = self.folder / name
        found = path.stat().st_size if path.exists() else None
        if found != expected:
            raise PretrainError(
                f"{path}: {'is missing' if found is None else f'{found} bytes'}, {expected} bytes expected: "
                f"a truncated or foreign shard; delete {self.folder} and pack the source again"
            )
        if not expected:
            return np.empty(0, dtype=dtype)
        # A plain view: indexing a np.memmap costs several times as much as indexing an array.
        return np.asarray(np.memmap(path, dtype=np.dtype(dtype).newbyteorder("<"), mode="r"))

    def _why_empty(self) -> str:
        dropped = self.manifest.dropped
        reasons = ", ".join(f"{count} {reason}" for reason, count in dropped.items())
        return f"its source had {reasons or 'none'}; give a source with text"


def describe(manifest: Manifest) -> dict[str, Any]:
    """The manifest's figures, for a table or for JSON."""
    return {
        "documents": manifest.n_documents,
        "tokens": manifest.n_tokens,
        "characters": manifest.n_characters,
        "characters_per_token": round(manifest.n_characters / max(1, manifest.n_tokens), 3),
        "dropped": manifest.dropped,
        "shards": len(manifest.shards),
        "vocabulary_size": manifest.vocabulary_size,
    }
