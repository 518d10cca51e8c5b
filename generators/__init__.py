"""Generators: how a hosted checkpoint writes data, and how what it writes is proved."""

from generators.lab import Lab, Reply
from generators.reasons import Hurdle, Reason
from generators.sample import Outcome, accept, reject
from rows.sample import Sample

__all__ = ["Hurdle", "Lab", "Outcome", "Reason", "Reply", "Sample", "accept", "reject"]
