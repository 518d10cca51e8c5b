"""What can go wrong in an evaluation."""


class EvaluationError(Exception):
    """A score or a comparison cannot be had; the message says why and what mends it."""
