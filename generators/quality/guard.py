"""The hard-prompt guard: does a filter on top of the tests remove the hard prompts rather than the bad answers?

Section 4.3.1 tells of it: a model-based filter took away the hardest prompts with their answers, and the model got worse until
those answers were revised. Here each difficulty's share of passing answers that the filter removed is compared with the rest.
"""

from collections import defaultdict

from ledger import Ledger, Status
from ledger.facts import GuardFigures

SIGNIFICANT = 0.01
"""Two-sided level of Fisher's exact test, divided by the number of difficulties (Bonferroni)."""


def filtered_by_difficulty(ledger: Ledger, stage: str) -> dict[str, dict[str, float]]:
    """difficulty -> answers that passed their tests: `kept`, `removed`; and `lost`, problems of which none was kept."""
    kept: defaultdict[str, int] = defaultdict(int)
    removed: defaultdict[str, int] = defaultdict(int)
    survivors: defaultdict[str, set[str]] = defaultdict(set)
    passed: defaultdict[str, set[str]] = defaultdict(set)
    for row in ledger.rows(stage):
        if row.status is Status.left_out:
            continue
        accepted = row.status is not Status.rejected
        if not accepted and not row.sample.passed_tests:
            continue
        level = row.sample.difficulty or "unknown"
        passed[level].add(row.seed_id)
        if accepted:
            kept[level] += 1
            survivors[level].add(row.seed_id)
        else:
            removed[level] += 1
    return {
        level: {"kept": kept[level], "removed": removed[level], "lost": len(passed[level] - survivors[level])}
        for level in passed
    }


def guard(ledger: Ledger, stage: str) -> GuardFigures:
    """The figures with an `alarm` where a difficulty loses more than chance allows; empty where nothing was filtered."""
    found = filtered_by_difficulty(ledger, stage)
    if not any(level["removed"] for level in found.values()):
        return {}
    from scipy.stats import fisher_exact  # takes a second to import

    alarms = []
    for level, mine in found.items():
        others = [other for name, other in found.items() if name != level]
        kept, removed = sum(other["kept"] for other in others), sum(other["removed"] for other in others)
        total, rest = mine["kept"] + mine["removed"], kept + removed
        if not rest or mine["removed"] / total <= removed / rest:
            continue
        p = float(fisher_exact([[mine["removed"], mine["kept"]], [removed, kept]]).pvalue)
        mine["p"] = round(p, 5)
        if p * len(found) < SIGNIFICANT:
            alarms.append(
                f"the filter removes {mine['removed'] / total:.0%} of the passing answers to {level} problems and "
                f"{removed / rest:.0%} of the others ({mine['lost']} {level} problems are lost whole)"
            )
    if not alarms:
        return {"by_difficulty": found}
    alarm = f"{'; '.join(alarms)}; --option revisions=2 writes them again until they pass"
    return {"by_difficulty": found, "alarm": alarm}
