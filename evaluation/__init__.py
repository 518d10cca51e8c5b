"""Holds checkpoints to benchmarks: pass@1 with its interval, and what may be claimed against another one on the same problems."""

from evaluation.claims import Claim
from evaluation.compare import Side, compared, how_asked, side_of, unlike
from evaluation.errors import EvaluationError
from evaluation.evaluate import (
    Decoding,
    claim_across,
    claim_between,
    claim_within,
    evaluate,
    rates_of,
    refuse_other_problems,
    same_problems,
    same_templates,
    stage_name,
)
from evaluation.named import fetched, problems_file
from evaluation.problems import ProblemSet, problem_set, read_problems
from evaluation.statistics import Comparison, Score, compare, compare_rates, score

__all__ = [
    "Claim",
    "Comparison",
    "Decoding",
    "EvaluationError",
    "ProblemSet",
    "Score",
    "Side",
    "claim_across",
    "claim_between",
    "claim_within",
    "compare",
    "compare_rates",
    "compared",
    "evaluate",
    "fetched",
    "how_asked",
    "problem_set",
    "problems_file",
    "rates_of",
    "read_problems",
    "refuse_other_problems",
    "same_problems",
    "same_templates",
    "score",
    "side_of",
    "stage_name",
    "unlike",
]
