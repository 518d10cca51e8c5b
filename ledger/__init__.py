"""The run directory: every effect and row of a run, durable before it is used, and what is made of them."""

from ledger.effects import Effect, content_key
from ledger.lock import RunLock
from ledger.rows import Row, Status
from ledger.store import Ledger, LedgerError

__all__ = ["Effect", "Ledger", "LedgerError", "Row", "RunLock", "Status", "content_key"]
