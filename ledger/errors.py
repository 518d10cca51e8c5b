"""The ledger's exceptions."""


class LedgerError(Exception):
    """A run directory cannot be opened, read or written; the message says which, and the mend."""


class TakenError(LedgerError):
    """A run directory holds something else than what is asked for, or another process holds it: the same command goes on from
    nothing there.
    """
