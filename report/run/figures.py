"""The figures of a run for a script: what `lab report --json` prints."""

from collections import Counter
from typing import Any

from report.run.summary import RunSummary, StageSummary


def to_json(summary: RunSummary) -> dict[str, Any]:
    """The figures for a script: of all generation stages together, then of each, evaluations apart."""
    rejected: Counter[str] = Counter()
    for stage in summary.stages:
        rejected.update(stage.reasons)
    return {
        "accepted": sum(stage.accepted for stage in summary.stages),
        "attempts": sum(stage.attempts for stage in summary.stages),
        "rejected": dict(rejected.most_common()),
        "output_tokens": sum(int(stage.figures.get("output_tokens", 0)) for stage in summary.stages),
        "seconds": round(sum(float(stage.figures.get("seconds", 0)) for stage in summary.stages), 3),
        "stages": {stage.name: _stage_json(stage) for stage in summary.stages},
        "evaluations": {stage.name: _stage_json(stage) for stage in summary.evaluations},
        "scores": {
            f"{s['checkpoint']}/{found.name}/{s['decoding']}": s for found in summary.benchmarks for s in found.scores
        },
        "claims": [claim.figures for found in summary.benchmarks for claim in found.claims],
        "training": summary.training,
        "data": summary.data,
        "stopped_early": dict(summary.stopped.most_common()),
        "verdicts": dict(summary.verdicts.most_common()),
        "tokens": {
            "prompt": summary.prompt_tokens,
            "cached": summary.cached_tokens,
            "output": summary.output_tokens,
            "journalled": summary.journalled_tokens,
            "emitted": summary.emitted_tokens,
        },
        "prefix_cache_hit_rate": round(summary.cache_hit_rate, 4),
        "generated_twice": summary.generated_twice,
        "templates": {version: count for version, count, _ in summary.templates},
        "summary": summary.sentence,
    }


def _stage_json(stage: StageSummary) -> dict[str, Any]:
    waterfall = dict(stage.waterfall)
    return {
        **stage.figures,
        "waterfall": waterfall,
        "by_difficulty": {k: dict(v) for k, v in stage.by_difficulty.items()},
        "by_topic": {k: dict(v) for k, v in stage.by_topic.items()},
        "by_programming_language": {k: dict(v) for k, v in stage.by_programming_language.items()},
        "by_proof": dict(stage.proofs),
        "per_accepted": stage.per_accepted,
        "corrected_share": stage.corrected_share,
        "diversity": stage.diversity,
        "guard": stage.guard,
    }
