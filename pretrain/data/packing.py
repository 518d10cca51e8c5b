"""What a batch is, and how pieces of documents are laid into rows.

A batch is one flat token axis: rows of `sequence_length` tokens one after the other, each row whole documents or pieces
of documents. Attention sees only `document_offsets`, so a row's end matters to nobody but the packer.
"""

import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from pretrain.errors import PretrainError

IGNORE = -100


@dataclass(frozen=True)
class PackedBatch:
    """Documents concatenated along one axis of T = rows * sequence_length tokens."""

    tokens: Tensor
    """(T,) int64."""
    targets: Tensor
    """(T,) int64: the next token of the same document; -100 at a document's last position and on padding."""
    document_offsets: Tensor
    """(n_documents + 1,) int32, first 0, last T. Padding is a document of its own."""
    n_targets: int
    """How many targets are not -100: what a sum of losses is divided by."""
    rows: int = 1
    """How many rows of equal length T is made of."""

    @property
    def longest_document(self) -> int:
        """Tokens of the longest document."""
        return int(self.document_offsets.diff().max())

    def to(self, device: torch.device | str) -> "PackedBatch":
        """The same batch on another device."""
        return PackedBatch(
            self.tokens.to(device, non_blocking=True),
            self.targets.to(device, non_blocking=True),
            self.document_offsets.to(device, non_blocking=True),
            self.n_targets,
            self.rows,
        )

    def split(self, parts: int) -> "list[PackedBatch]":
        """Micro-batches of equal numbers of whole rows, in order."""
        if parts < 1 or self.rows % parts:
            raise PretrainError(f"a batch of {self.rows} rows does not split into {parts} equal parts of whole rows")
        length = len(self.tokens) // parts
        offsets = self.document_offsets
        pieces = []
        for start in range(0, len(self.tokens), length):
            inside = offsets[(offsets >= start) & (offsets <= start + length)] - start
            targets = self.targets[start : start + length]
            n_targets = int((targets != IGNORE).sum())
            pieces.append(
                PackedBatch(self.tokens[start : start + length], targets, inside, n_targets, self.rows // parts)
            )
        return pieces


class Piece(NamedTuple):
    """Tokens `start` to `end` of one document of one source."""

    source: int
    document: int
    start: int
    end: int


Row = list[Piece]


def sequential_row(draw: Callable[[int], Piece], sequence_length: int) -> Row:
    """One row filled to the brim; the document that does not fit is cut, and `draw` keeps its rest for later."""
    row, space = [], sequence_length
    while space:
        piece = draw(space)
        row.append(piece)
        space -= piece.end - piece.start
    return row


def best_fit_rows(pieces: list[Piece], sequence_length: int) -> list[Row]:
    """Best-fit decreasing: each piece, longest first, into the fullest row that still holds it.

    No piece is cut here and none may be longer than a row. Ties keep the order in which the pieces came, so that the
    result depends on nothing but the arguments.
    """
    rows: list[Row] = []
    spaces: list[tuple[int, int]] = []  # (space left, row), sorted
    for piece in sorted(pieces, key=lambda piece: piece.start - piece.end):
        length = piece.end - piece.start
        at = bisect.bisect_left(spaces, (length, -1))
        if at < len(spaces):
            space, row = spaces.pop(at)
        else:
            space, row = sequence_length, len(rows)
            rows.append([])
        rows[row].append(piece)
        if space > length:
            bisect.insort(spaces, (space - length, row))
    return rows


def assemble(rows: list[Row], sequence_length: int, read: Callable[[Piece], np.ndarray]) -> PackedBatch:
    """The batch of these rows; what a row lacks is padded with token 0 as a document of its own."""
    total = len(rows) * sequence_length
    tokens = np.zeros(total, dtype=np.int64)
    starts = []
    padding: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        at = number * sequence_length
        for piece in row:
            starts.append(at)
            end = at + piece.end - piece.start
            tokens[at:end] = read(piece)
            at = end
        row_end = (number + 1) * sequence_length
        if at < row_end:
            starts.append(at)
            padding.append((at, row_end))
    offsets = np.empty(len(starts) + 1, dtype=np.int32)
    offsets[:-1], offsets[-1] = starts, total
    targets = np.empty(total, dtype=np.int64)
    targets[:-1] = tokens[1:]
    targets[offsets[1:] - 1] = IGNORE
    n_targets = total - len(starts)
    for start, end in padding:
        targets[start:end] = IGNORE
        n_targets -= end - start - 1
    return PackedBatch(
        torch.from_numpy(tokens), torch.from_numpy(targets), torch.from_numpy(offsets), n_targets, len(rows)
    )


def documents_of(batch: PackedBatch) -> Iterator[Tensor]:
    """The token ids of each document of a batch, padding included."""
    for start, end in zip(batch.document_offsets[:-1].tolist(), batch.document_offsets[1:].tolist(), strict=True):
        yield batch.tokens[start:end]
