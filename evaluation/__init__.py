"""Holds checkpoints to benchmarks: pass@1 with its interval, and a paired test against another one on the same problems."""

from evaluation.errors import EvaluationError
from evaluation.evaluate import compare_runs, compare_within, evaluate, passes
from evaluation.problems import ProblemSet, read_problems
from evaluation.statistics import Comparison, Score, compare, score

__all__ = [
    "Comparison",
    "EvaluationError",
    "ProblemSet",
    "Score",
    "compare",
    "compare_runs",
    "compare_within",
    "evaluate",
    "passes",
    "read_problems",
    "score",
]
