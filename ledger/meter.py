"""Counts every token the engine decodes, through any death of the process: eight bytes mapped into memory.

What it holds beyond the recorded effects and journalled parts is what a kill cost; the report prints that.
"""

import mmap
from pathlib import Path

from ledger.errors import LedgerError

SIZE = 8


class TokenMeter:
    """`meter(n)` adds n. The page belongs to the kernel, so kill -9 loses nothing."""

    def __init__(self, run_dir: Path) -> None:
        path = run_dir / "emitted_tokens"
        try:
            if path.exists() and not path.is_file():
                raise LedgerError(f"{path}: no file, but a pipe, a device or a folder; remove it")
            if not path.exists() or path.stat().st_size != SIZE:
                path.write_bytes(bytes(SIZE))
            self._file = path.open("r+b")
        except OSError as error:
            raise LedgerError(
                f"{path}: cannot be written: {error.strerror}; free some space, or give another --out"
            ) from None
        self._map = mmap.mmap(self._file.fileno(), SIZE)

    def __call__(self, tokens: int) -> None:
        self._map[:] = (self.total + tokens).to_bytes(SIZE, "little")

    @property
    def total(self) -> int:
        """Tokens decoded for this run so far."""
        return int.from_bytes(self._map[:], "little")

    def close(self) -> None:
        """Unmap the counter."""
        self._map.close()
        self._file.close()
