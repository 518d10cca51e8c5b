"""The ledger's one exception."""


class LedgerError(Exception):
    """A run directory cannot be opened, read or written; the message says which, and the mend."""
