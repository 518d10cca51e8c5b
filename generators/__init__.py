"""Generators: how a hosted checkpoint writes data, and how what it writes is proved."""

from generators.lab import Lab, Reply
from generators.sample import Outcome, accept, reject

__all__ = ["Lab", "Outcome", "Reply", "accept", "reject"]
