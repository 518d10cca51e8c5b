"""The run directory: every effect and row of a run, durable before it is used. It only records; `report` tells."""

from ledger.effects import KINDS, Effect, content_key
from ledger.lock import RunLock
from ledger.rows import Row, Status
from ledger.store import Ledger, LedgerError

__all__ = ["KINDS", "Effect", "Ledger", "LedgerError", "Row", "RunLock", "Status", "content_key"]
