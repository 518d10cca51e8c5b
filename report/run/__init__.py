"""The report of a run: read from its ledger, told as a page, for a terminal, and as figures for a script."""
