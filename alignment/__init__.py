"""Post-training: from accepted data to a trained checkpoint, on TRL."""

from alignment.errors import AlignmentError

__all__ = ["AlignmentError"]
