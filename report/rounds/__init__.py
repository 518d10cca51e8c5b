"""The report of rounds (`lab rounds`): every checkpoint by every benchmark, what each round's data were, what a point cost."""

from report.rounds.gather import gather_rounds, is_rounds, last_round
from report.rounds.summary import RoundsSummary
from report.rounds.told import print_rounds, rounds_json, write_rounds_html

__all__ = [
    "RoundsSummary",
    "gather_rounds",
    "is_rounds",
    "last_round",
    "print_rounds",
    "rounds_json",
    "write_rounds_html",
]
