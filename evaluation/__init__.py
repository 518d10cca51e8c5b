"""Benchmarks a checkpoint: pass@1 with its interval, and a paired test against another checkpoint on the same problems."""

from evaluation.benchmarks import EvalSettings, evaluate
from evaluation.statistics import Comparison, Score, compare, score

__all__ = ["Comparison", "EvalSettings", "Score", "compare", "evaluate", "score"]
