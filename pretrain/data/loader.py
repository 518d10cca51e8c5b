"""Batches from a weighted mixture of packed sources: the same ones after a kill, and for any number of ranks.

Every rank plans the whole global batch, which costs little, and reads the tokens of its own rows only. So nothing that
decides the order depends on the rank, and the state is the same small JSON on each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pretrain.data.packing import PackedBatch, Piece, Row, assemble, best_fit_rows, sequential_row
from pretrain.data.shards import PackedDocuments
from pretrain.data.stream import DocumentStream
from pretrain.errors import PretrainError

WINDOW_ROWS = 256
"""Best-fit lays out the pieces of about this many rows at once; how many rows a batch has does not matter to it."""

PACKINGS = ("sequential", "best-fit")
PARTS = ("train", "held-out")


@dataclass(frozen=True)
class Source:
    """One packed directory in a mixture."""

    path: Path
    weight: float = 1.0
    """Share of the tokens, relative to the other weights. 0: keeps its position, gives nothing."""
    name: str = ""
    """By default the directory's."""
    held_out: float = 0.0
    """Share of the documents that training never sees; `part="held-out"` gives these and no others."""


class Loader:
    """Packed batches, for ever. `batch()` number n is a function of the arguments and of n alone.

    `packing`: "sequential" fills each row to the brim and cuts the document that does not fit, whose rest follows later
    as a document of its own; "best-fit" cuts only documents longer than a row and pads what stays free.
    The global batch has `rows` rows; rank r of W takes the r-th of W equal runs of rows.
    Raises PretrainError for sources that cannot be mixed and for sizes that do not divide.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        sequence_length: int,
        rows: int,
        seed: int,
        packing: str = "sequential",
        rank: int = 0,
        world_size: int = 1,
        part: str = "train",
    ) -> None:
        if packing not in PACKINGS:
            raise PretrainError(f'packing "{packing}": choose one of {", ".join(PACKINGS)}')
        if part not in PARTS:
            raise PretrainError(f'part "{part}": choose one of {", ".join(PARTS)}')
        if not 0 <= rank < world_size:
            raise PretrainError(f"rank {rank} of {world_size}: ranks count from 0 to world_size - 1")
        self.names = [source.name or Path(source.path).name for source in sources]
        self._check(sources)
        self._mix([float(source.weight) for source in sources])
        self._packing, self._rank, self._world_size = packing, rank, world_size
        self._seed = seed
        documents = [PackedDocuments(Path(source.path)) for source in sources]
        self._agree([held.manifest.tokenizer_sha256 for held in documents], documents)
        first = documents[0].manifest
        self.vocabulary_size, self.eos_id = first.vocabulary_size, first.eos_id
        self.tokenizer_sha256 = first.tokenizer_sha256
        self._streams = [
            DocumentStream(held, key=f"{seed}/{name}", held_out=source.held_out, part=part)
            for held, name, source in zip(documents, self.names, sources, strict=True)
        ]
        self._owed = [0.0] * len(sources)
        self._window: list[Row] = []
        self._window_start: dict[str, Any] | None = None
        self._windows = 0
        self._taken = 0
        self._batches = 0
        self._tokens_given = self._padding_given = 0
        self.sequence_length, self.rows = sequence_length, rows
        self._check_sizes(sequence_length, rows)

    def batch(self) -> PackedBatch:
        """This rank's rows of the next global batch."""
        self._check_sizes(self.sequence_length, self.rows)
        share = self.rows // self._world_size
        planned = [self._next_row() for _ in range(self.rows)]
        self._batches += 1
        used = sum(piece.end - piece.start for row in planned for piece in row)
        self._tokens_given += self.rows * self.sequence_length
        self._padding_given += self.rows * self.sequence_length - used
        own = planned[self._rank * share : (self._rank + 1) * share]
        batch = assemble(own, self.sequence_length, self._read)
        if int(batch.tokens.max()) >= self.vocabulary_size:
            raise self._past_vocabulary(own)
        return batch

    def resize(self, *, sequence_length: int | None = None, rows: int | None = None) -> None:
        """Change the batch's sizes from the next batch on; no document is skipped or repeated. Free where nothing changes."""
        sequence_length, rows = sequence_length or self.sequence_length, rows or self.rows
        self._check_sizes(sequence_length, rows)
        if sequence_length != self.sequence_length:
            self._return_window()
        self.sequence_length, self.rows = sequence_length, rows

    def state(self) -> dict[str, Any]:
        """All that `restore` needs: JSON-able, the same on every rank, counting only batches that were given out."""
        return {
            "batches": self._batches,
            "sequence_length": self.sequence_length,
            "rows": self.rows,
            "seed": self._seed,
            "packing": self._packing,
            "tokens": self._tokens_given,
            "padding": self._padding_given,
            "windows": self._windows,
            "taken": self._taken,
            # A window is planned again from where it began rather than stored.
            "position": self._window_start if self._window else self._position(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on after the batch that `state` was taken behind.

        The state's sizes hold until the next `resize`. Sources are matched by name; where the weights are others than
        the state's, positions stay and the accounts of the mixture start afresh. A source that the state does not know
        starts at its beginning.
        """
        for name, mine in (("seed", self._seed), ("packing", self._packing)):
            if state[name] != mine:
                raise PretrainError(
                    f"the state was taken with {name} {state[name]!r}, this loader has {mine!r}; give it the same {name}"
                )
        self._batches = int(state["batches"])
        self._tokens_given, self._padding_given = int(state["tokens"]), int(state["padding"])
        # How rows divide among ranks is looked at where a batch is made: these may be other ranks, and other rows come.
        self.sequence_length, self.rows = state["sequence_length"], state["rows"]
        position = state["position"]
        mixture = {name: stream["weight"] for name, stream in position.items()}
        wished = dict(zip(self.names, self.weights, strict=True))
        same = mixture == wished
        if not same:
            # The window was planned with the state's weights, so it takes them, and all of its sources, to plan it again.
            missing = [name for name, weight in mixture.items() if weight and name not in wished]
            if missing and state["taken"]:
                raise PretrainError(
                    f"the state has documents of source {', '.join(missing)} in hand, and this loader does not know it; "
                    "list it with weight 0"
                )
        self._window, self._window_start = [], None
        self._windows, self._taken = int(state["windows"]), 0
        for number, name in enumerate(self.names):
            if name in position:
                self._restore_stream(number, position[name])
        if state["taken"]:
            self._mix([mixture.get(name, 0.0) for name in self.names])
            self._windows -= 1
            self._plan_window()
            self._taken = int(state["taken"])
        if not same:
            self._return_window()
            self._mix([wished[name] for name in self.names])
            self._owed = [0.0] * len(self.names)

    def epochs(self) -> dict[str, float]:
        """How often each source has been gone through, by tokens."""
        return {name: stream.drawn / stream.n_tokens for name, stream in zip(self.names, self._streams, strict=True)}

    @property
    def padding(self) -> float:
        """Share of the positions given out so far that hold no token of a document."""
        return self._padding_given / max(1, self._tokens_given)

    def _next_row(self) -> Row:
        if self._packing == "sequential":
            return sequential_row(self._draw, self.sequence_length)
        if self._taken == len(self._window):
            self._plan_window()
        self._taken += 1
        return self._window[self._taken - 1]

    def _draw(self, limit: int) -> Piece:
        """A piece from the source that is furthest behind its share of the tokens."""
        if len(self._drawable) == 1:
            return Piece(self._drawable[0], *self._streams[self._drawable[0]].draw(limit))
        owed = self._owed
        chosen = max(self._drawable, key=owed.__getitem__)
        piece = Piece(chosen, *self._streams[chosen].draw(limit))
        self._account(chosen, piece.end - piece.start)
        return piece

    def _account(self, chosen: int, length: int) -> None:
        """Each source is owed its share of these tokens; one source gave them all."""
        for number, share in enumerate(self._shares):
            self._owed[number] += length * share
        self._owed[chosen] -= length

    def _plan_window(self) -> None:
        self._window_start = self._position()
        pieces, tokens = [], 0
        while tokens < WINDOW_ROWS * self.sequence_length:
            piece = self._draw(self.sequence_length)
            pieces.append(piece)
            tokens += piece.end - piece.start
        rows = best_fit_rows(pieces, self.sequence_length)
        # Best-fit decreasing puts the longest documents into the first rows; training must not see them in that order.
        order = np.random.default_rng((self._seed, self._windows)).permutation(len(rows))
        self._window = [rows[number] for number in order]
        self._windows += 1
        self._taken = 0

    def _return_window(self) -> None:
        """Give the pieces of the rows not yet taken back to their streams."""
        for number, stream in enumerate(self._streams):
            mine = [piece for row in self._window[self._taken :] for piece in row if piece.source == number]
            stream.give_back([(piece.document, piece.start, piece.end) for piece in mine])
            self._account(number, -sum(piece.end - piece.start for piece in mine))
        self._window, self._window_start, self._taken = [], None, 0

    def _position(self) -> dict[str, Any]:
        return {
            name: {"weight": weight, "owed": owed, "documents": stream.n_documents, **stream.state()}
            for name, weight, owed, stream in zip(self.names, self.weights, self._owed, self._streams, strict=True)
        }

    def _restore_stream(self, number: int, state: dict[str, Any]) -> None:
        stream = self._streams[number]
        if state["documents"] != stream.n_documents:
            raise PretrainError(
                f"source {self.names[number]} had {state['documents']} documents when the state was taken and has "
                f"{stream.n_documents} now; bring back {stream.documents.folder} as it was, or start a new run"
            )
        stream.restore(state)
        self._owed[number] = float(state["owed"])

    def _mix(self, weights: list[float]) -> None:
        self.weights = weights
        self._shares = [weight / sum(weights) for weight in weights]
        # By name, so that ties fall the same way in whatever order the sources are listed.
        self._drawable = sorted((n for n, weight in enumerate(weights) if weight), key=self.names.__getitem__)

    def _check(self, sources: Sequence[Source]) -> None:
        if not sources:
            raise PretrainError("no source to draw from: give at least one packed directory")
        twice = {name for name in self.names if self.names.count(name) > 1}
        if twice:
            raise PretrainError(f"two sources are named {', '.join(sorted(twice))}: give each a name of its own")
        for name, source in zip(self.names, sources, strict=True):
            if source.weight < 0 or not math.isfinite(source.weight):
                raise PretrainError(f"source {name}: weight {source.weight}: give 0 or more")
            if not 0 <= source.held_out < 1:
                raise PretrainError(f"source {name}: held_out {source.held_out}: give a share of at least 0, below 1")
        if not sum(source.weight for source in sources):
            raise PretrainError("every source has weight 0: give at least one a positive weight")

    def _agree(self, hashes: list[str], documents: list[PackedDocuments]) -> None:
        for name, digest, held in zip(self.names, hashes, documents, strict=True):
            if digest != hashes[0]:
                raise PretrainError(
                    f"{held.folder} (source {name}) was packed with another tokenizer ({held.manifest.tokenizer}) than "
                    f"{documents[0].folder} ({documents[0].manifest.tokenizer}); pack both with the same one"
                )

    def _check_sizes(self, sequence_length: int, rows: int) -> None:
        if sequence_length < 2:
            raise PretrainError(f"sequence_length {sequence_length}: a row needs at least 2 tokens to predict one")
        if rows < 1 or rows % self._world_size:
            raise PretrainError(
                f"{rows} rows do not divide among {self._world_size} ranks; make rows a multiple of {self._world_size}"
            )

    def _read(self, piece: Piece) -> np.ndarray:
        return self._streams[piece.source].documents.tokens(piece.document, piece.start, piece.end)

    def _past_vocabulary(self, rows: list[Row]) -> PretrainError:
        for row in rows:
            for piece in row:
                worst = int(self._read(piece).max())
                if worst >= self.vocabulary_size:
                    documents = self._streams[piece.source].documents
                    return PretrainError(
                        f"{documents.file_of(piece.document)}: token id {worst} in document {piece.document}, past the "
                        f"vocabulary of {self.vocabulary_size}; delete {documents.folder} and pack the source again"
                    )
        raise AssertionError("no such token")
