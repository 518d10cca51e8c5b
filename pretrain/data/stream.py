"""One source's endless stream of document pieces, shuffled anew each epoch, resumable from a few numbers."""

from collections import deque
from typing import Any

import numpy as np

from pretrain.data.shards import PackedDocuments
from pretrain.data.shuffle import Shuffle
from pretrain.errors import PretrainError

OPEN_DOCUMENTS = 32
LOOK_AHEAD = 1024

Opened = tuple[int, int, int]
"""A document and the tokens of it that are still to come: (document, start, end)."""


class DocumentStream:
    """Pieces of the documents of a packed directory, for ever.

    Up to 32 documents are open at a time and give a piece in turn. Documents shorter than a row are simply read in
    shuffled order; a book, which fills hundreds of rows, shares each batch with 31 others instead of filling it alone.
    """

    def __init__(self, documents: PackedDocuments, *, key: str, held_out: float, part: str) -> None:
        self.documents = documents
        self._key = key
        total = len(documents)
        n_held_out = min(max(1, round(total * held_out)), total - 1) if held_out else 0
        if held_out and total < 2:
            raise PretrainError(
                f"{documents.folder}: one document only, so none can be held out; set held_out to 0 or split the source"
            )
        if part == "held-out" and not n_held_out:
            raise PretrainError(
                f"{documents.folder}: no document is held out, so there is none to evaluate on; give held_out a share above 0"
            )
        # Which documents are held out does not depend on the seed: runs with different seeds are judged on the same.
        self._split = Shuffle(total, "held-out") if held_out else None
        held = total - n_held_out
        self._base, self.n_documents = (0, held) if part == "train" else (held, n_held_out)
        held_ids = self._split(np.arange(held, total)) if self._split else np.empty(0, dtype=np.int64)
        n_held_tokens = int(documents.lengths(held_ids).sum())
        self.n_tokens = documents.manifest.n_tokens - n_held_tokens if part == "train" else n_held_tokens
        self._limit = min(OPEN_DOCUMENTS, self.n_documents)
        self._epoch: tuple[int, Shuffle] | None = None
        self._ahead: deque[Opened] = deque()
        self._open: deque[Opened] = deque()
        self._counter = 0  # documents taken from the shuffled order so far
        self.drawn = 0  # tokens given out so far

    def draw(self, limit: int) -> Opened:
        """The next piece, of at most `limit` tokens."""
        waiting = self._open
        while len(waiting) < self._limit:
            if not self._ahead:
                self._look_ahead()
            waiting.append(self._ahead.popleft())
            self._counter += 1
        document, start, end = waiting.popleft()
        if end - start > limit:
            waiting.append((document, start + limit, end))
            end = start + limit
        self.drawn += end - start
        return document, start, end

    def give_back(self, pieces: list[Opened]) -> None:
        """Put pieces that were drawn and not used in front of all others."""
        self._open.extendleft(reversed(pieces))
        self.drawn -= sum(end - start for _, start, end in pieces)

    def state(self) -> dict[str, Any]:
        """What `restore` needs."""
        return {"opened": self._counter, "open": [list(piece) for piece in self._open], "drawn": self.drawn}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on as the stream that gave this state would have."""
        self._counter = int(state["opened"])
        self._open = deque((int(document), int(start), int(end)) for document, start, end in state["open"])
        self.drawn = int(state["drawn"])
        self._ahead.clear()

    def _look_ahead(self) -> None:
        """Read the shuffled order some documents on, up to the end of the epoch."""
        epoch, position = divmod(self._counter, self.n_documents)
        if self._epoch is None or self._epoch[0] != epoch:
            self._epoch = epoch, Shuffle(self.n_documents, f"{self._key}/{epoch}")
        positions = np.arange(position, min(position + LOOK_AHEAD, self.n_documents))
        ids = self._epoch[1](positions) + self._base
        if self._split:
            ids = self._split(ids)
        lengths = self.documents.lengths(ids)
        self._ahead.extend((document, 0, n) for document, n in zip(ids.tolist(), lengths.tolist(), strict=True))
