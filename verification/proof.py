"""Whether a verdict is proved well enough for what leans on it."""

from sandbox.report import Proof, Report


def proof_suffices(report: Report, least: Proof = Proof.isolated) -> bool:
    """Whether a report says `accepted` and proves it by `least` or better.

    The default is what a reward needs: a policy that is paid for verdicts looks for every way to one, and only
    `isolated` leaves it none but being right.
    """
    return report.accepted and report.proof.suffices(least)
