"""Tokenises a source into shards: in bounded memory, resumable, the same bytes for any number of worker processes."""

import hashlib
import json
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from checkpoints.files import read_object, read_plain_tokenizer
from pretrain.data import sources
from pretrain.data.builtin import (
    NEEDLES_PREFIX,
    PYTHON_PREFIX,
    is_builtin,
    is_needles,
    needles_of,
    python_library,
)
from pretrain.data.shards import (
    FORMAT_VERSION,
    MANIFEST,
    Manifest,
    Shard,
    read_manifest,
    stored,
    token_dtype,
    write_atomically,
    write_manifest,
    write_shard,
)
from pretrain.errors import PretrainError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SHARD_TOKENS = 1 << 25
BATCH_CHARACTERS = 1 << 20
PROGRESS = "progress.json"


@dataclass
class Progress:
    """What is on disk so far. Documents are read in a fixed order, so that their number is the whole position."""

    fingerprint: str
    documents_read: int = 0
    n_characters: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    shards: list[Shard] = field(default_factory=list)

    @property
    def n_tokens(self) -> int:
        """Tokens in the finished shards."""
        return sum(shard.n_tokens for shard in self.shards)


@dataclass(frozen=True)
class Codec:
    """A tokenizer directory, as packing uses it."""

    folder: Path
    sha256: str
    vocabulary_size: int
    bos_id: int | None
    eos_id: int


@dataclass(frozen=True)
class _Batch:
    texts: list[str]
    documents: int
    dropped: dict[str, int]


def pack(
    source: str | Path,
    tokenizer: Path,
    out: Path,
    *,
    column: str = "text",
    workers: int = 1,
    strict: bool = False,
    shard_tokens: int = SHARD_TOKENS,
    report: Callable[[Progress], None] | None = None,
) -> Manifest:
    """Tokenise every document of `source` into `out`, each ended by the tokenizer's EOS and begun by its BOS if it adds one.

    An unfinished `out` is gone on with from its last whole shard; a finished one returns at once. A document without
    a word is left out and counted, or with `strict` is an error. `report` is called after each shard.
    """
    codec = read_codec(tokenizer)
    fingerprint = _fingerprint(source, codec, column, shard_tokens)
    if (out / MANIFEST).exists():
        manifest = read_manifest(out)
        if manifest.fingerprint != fingerprint:
            raise PretrainError(
                f"{out}: already packed from another source, tokenizer or column ({manifest.source}, "
                f"{manifest.tokenizer}), or the source has changed since; choose another folder or delete this one"
            )
        return manifest
    progress = _read_progress(out, fingerprint)
    batches = _batches(source, column, strict, skip=progress.documents_read)
    waiting: list[tuple[np.ndarray, np.ndarray]] = []
    for batch, ids, lengths in _tokenised(batches, codec, workers):
        waiting.append((ids, lengths))
        progress.documents_read += batch.documents
        progress.n_characters += sum(map(len, batch.texts))
        for reason, count in batch.dropped.items():
            progress.dropped[reason] = progress.dropped.get(reason, 0) + count
        if sum(len(ids) for ids, _ in waiting) >= shard_tokens:
            _finish_shard(out, waiting, progress, codec, report)
    if any(len(lengths) for _, lengths in waiting):
        _finish_shard(out, waiting, progress, codec, report)
    if not progress.shards:
        reasons = ", ".join(f"{count} {reason}" for reason, count in progress.dropped.items()) or "it is empty"
        raise PretrainError(f"{source}: no document to pack ({reasons}); give a source with text")
    manifest = Manifest(
        source=str(source),
        tokenizer=str(tokenizer),
        tokenizer_sha256=codec.sha256,
        vocabulary_size=codec.vocabulary_size,
        dtype=token_dtype(codec.vocabulary_size),
        bos_id=codec.bos_id,
        eos_id=codec.eos_id,
        n_documents=sum(shard.n_documents for shard in progress.shards),
        n_tokens=progress.n_tokens,
        n_characters=progress.n_characters,
        fingerprint=fingerprint,
        dropped=progress.dropped,
        shards=tuple(progress.shards),
    )
    write_manifest(out, manifest)
    (out / PROGRESS).unlink(missing_ok=True)
    return manifest


def read_codec(folder: Path) -> Codec:
    """The tokenizer of a Hugging Face directory, with the ids that begin and end a document."""
    path = folder / "tokenizer.json"
    if path.exists():
        read_object(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PretrainError(
            f"{path}: cannot be read ({error.strerror}); give a Hugging Face tokenizer directory, such as "
            "`lab pretrain tokenizer train` writes"
        ) from None
    tokenizer = load_tokenizer(folder)
    config_path = folder / "tokenizer_config.json"
    config = read_object(config_path) if config_path.exists() else {}
    eos = _token_name(config.get("eos_token"))
    eos_id = tokenizer.token_to_id(eos) if eos else None
    if eos_id is None:
        raise PretrainError(
            f"{config_path}: no eos_token that the tokenizer knows (it says {eos!r}); documents need an end: name one"
        )
    bos = _token_name(config.get("bos_token"))
    bos_id = tokenizer.token_to_id(bos) if bos else None
    adds_bos = bos_id is not None and tokenizer.encode("a").ids[:1] == [bos_id]
    vocabulary_size = max(tokenizer.get_vocab(with_added_tokens=True).values()) + 1
    return Codec(folder, hashlib.sha256(content).hexdigest(), vocabulary_size, bos_id if adds_bos else None, eos_id)


def load_tokenizer(folder: Path) -> "Tokenizer":
    """The tokenizer alone, reading "<|end_of_text|>" in a document as the text it is, not as the end of the document, and the whole
    document, however it was saved (`findings/truncation_kept_in_tokenizer_json_by_transformers_5.19.sh`).
    """
    tokenizer: Tokenizer = read_plain_tokenizer(folder)
    tokenizer.encode_special_tokens = True
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _token_name(entry: Any) -> str | None:
    return entry.get("content") if isinstance(entry, dict) else entry


def _fingerprint(source: str | Path, codec: Codec, column: str, shard_tokens: int) -> str:
    listed: list[Any] = [FORMAT_VERSION, codec.sha256, codec.bos_id, codec.eos_id, column, shard_tokens]
    return hashlib.sha256(json.dumps([*listed, *_named(source)]).encode()).hexdigest()


def _named(source: str | Path) -> list[Any]:
    """What tells a source from another: the content of its files, wherever they lie; of a data set of the Hub its name."""
    if sources.is_hub(source):
        return [str(source)]
    if is_needles(source):
        text, longest = needles_of(str(source))
        return [NEEDLES_PREFIX, longest, *_named(text)]
    if is_builtin(source):
        return [PYTHON_PREFIX, *((file.name, _content(file)) for file in python_library(str(source)))]
    root = Path(source)
    return [(str(file.relative_to(root)), _content(file)) for file in sources.files(root)]


def _content(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "blake2b").hexdigest()
    except OSError as error:
        raise PretrainError(f"{file}: cannot be read: {error.strerror}") from None


def _read_progress(out: Path, fingerprint: str) -> Progress:
    path = out / PROGRESS
    if not path.exists():
        return Progress(fingerprint)
    progress = stored(path, Progress, "delete it, and the source is packed anew")
    if progress.fingerprint != fingerprint:
        raise PretrainError(
            f"{out}: was begun with another source, tokenizer or column, or the source has changed since; "
            "choose another folder or delete this one"
        )
    return progress


def _finish_shard(
    out: Path,
    waiting: list[tuple[np.ndarray, np.ndarray]],
    progress: Progress,
    codec: Codec,
    report: Callable[[Progress], None] | None,
) -> None:
    ids = np.concatenate([ids for ids, _ in waiting])
    lengths = np.concatenate([lengths for _, lengths in waiting])
    waiting.clear()
    name = f"shard-{len(progress.shards):05d}"
    out.mkdir(parents=True, exist_ok=True)  # not before: a source that cannot be read leaves nothing
    progress.shards.append(write_shard(out, name, ids, lengths, codec.vocabulary_size))
    # The shard's files are on the disk before the line that counts them: a kill in between repeats the shard.
    write_atomically(out / PROGRESS, json.dumps(asdict(replace(progress))))
    if report:
        report(progress)


def _batches(source: str | Path, column: str, strict: bool, skip: int) -> Iterator[_Batch]:
    """Documents in groups of about a million characters: what one worker tokenises at a time.

    `skip` documents are passed over. Groups end where they would have ended without it, because a shard, and so
    `skip`, always ends with a group.
    """
    texts: list[str] = []
    characters = count = 0
    dropped: dict[str, int] = {}
    for number, item in enumerate(sources.documents(source, column)):
        if number < skip:
            continue
        count += 1
        reason = item.reason if isinstance(item, sources.Dropped) else "empty" if not item.text.strip() else None
        if reason is None:
            assert isinstance(item, sources.Document)
            texts.append(item.text)
            characters += len(item.text)
        elif strict:
            raise PretrainError(f"{item.where}: {reason}; mend or delete it, or pack without --strict to leave it out")
        else:
            dropped[reason] = dropped.get(reason, 0) + 1
        if characters >= BATCH_CHARACTERS:
            yield _Batch(texts, count, dropped)
            texts, characters, count, dropped = [], 0, 0, {}
    if count:
        yield _Batch(texts, count, dropped)


def _tokenised(
    batches: Iterator[_Batch], codec: Codec, workers: int
) -> Iterator[tuple[_Batch, np.ndarray, np.ndarray]]:
    """Each batch with its token ids and its documents' lengths, in the order of the batches."""
    if workers <= 1:
        tokenizer = load_tokenizer(codec.folder)
        for batch in batches:
            yield batch, *encode(tokenizer, codec, batch.texts)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start_worker, initargs=(codec,)) as pool:
        running: deque[tuple[_Batch, Future[tuple[np.ndarray, np.ndarray]]]] = deque()
        try:
            for batch in batches:
                running.append((batch, pool.submit(_encode_in_worker, batch.texts)))
                if len(running) > 2 * workers:  # not the whole source at once
                    batch, result = running.popleft()
                    yield batch, *result.result()
            while running:
                batch, result = running.popleft()
                yield batch, *result.result()
        finally:
            pool.shutdown(cancel_futures=True)


_worker: tuple["Tokenizer", Codec] | None = None


def _start_worker(codec: Codec) -> None:
    global _worker
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _worker = load_tokenizer(codec.folder), codec


def _encode_in_worker(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    assert _worker
    return encode(*_worker, texts)


def encode(tokenizer: "Tokenizer", codec: Codec, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Token ids (uint32) of all texts with their BOS and EOS, one after the other, and the length of each."""
    before = [] if codec.bos_id is None else [codec.bos_id]
    encoded = [
        before + item.ids + [codec.eos_id] for item in tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    ]
    lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    ids = np.fromiter((id_ for item in encoded for id_ in item), dtype=np.uint32, count=int(lengths.sum()))
    return ids, lengths
