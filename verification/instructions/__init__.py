"""Instructions that a program can verify: how long an answer is, what it holds, how it is laid out (in the manner of IFEval,
arXiv:2311.07911; checkers and data are our own).
"""

from verification.instructions.constraint import constraint_of
from verification.instructions.kinds import KINDS, Constraint, follows, follows_loosely

__all__ = ["KINDS", "Constraint", "constraint_of", "follows", "follows_loosely"]
