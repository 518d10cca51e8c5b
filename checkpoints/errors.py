"""The one exception this package raises on purpose."""


class CheckpointError(Exception):
    """A checkpoint cannot be found, read or made; the message says which, why, and the mend."""
