"""The one exception this package raises on purpose."""


class AlignmentError(Exception):
    """Training cannot start or go on; the message says what is wrong, where, and what mends it."""
