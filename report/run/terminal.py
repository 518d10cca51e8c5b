"""The summary for a terminal of 80 columns."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ledger.facts import ClaimFigures, ScoreFigures
from report.run.summary import Benchmarked, RunSummary, StageSummary
from sandbox.visible import visible

NAMED = 8
"""Problems won, and problems lost, that are named."""


def print_summary(summary: RunSummary, console: Console) -> None:
    """What ran, what was kept, whether it helped, what it cost."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style))

    say(summary.name, "bold")
    for sentence in summary.sentences:
        say(sentence)
    for stage in summary.stages:
        console.print()
        stopped = f", stopped by {by}" if (by := stage.figures.get("stopped_by")) else ""
        say(f"{stage.name}: {stage.accepted:,} of {stage.attempts:,} accepted{stopped}", "bold")
        console.print(_waterfall(stage))
        if stage.reasons:
            say("rejected: " + ", ".join(f"{reason} {count:,}" for reason, count in stage.reasons.most_common()))
        if stage.proofs:
            say("accepted by proof: " + ", ".join(f"{proof} {count:,}" for proof, count in stage.proofs.most_common()))
        if stage.left_out:
            say("left out: " + ", ".join(f"{reason} {count:,}" for reason, count in stage.left_out.most_common()))
        if stage.passed_over:
            told = ", ".join(f"{reason} {count:,}" for reason, count in stage.passed_over.most_common())
            say(f"held, and no data set takes: {told}")
        if stage.per_accepted:
            say(
                f"an accepted row cost {stage.per_accepted['tokens']:,.0f} tokens and {stage.per_accepted['seconds']:,.2f} s"
            )
        if len(stage.by_programming_language) > 1:
            say(
                "yield by programming language: "
                + ", ".join(f"{n} {_yield(found)}" for n, found in stage.by_programming_language.items())
            )
        if stage.guard.get("alarm"):
            say(f"hard prompts: {stage.guard['alarm']}", "bold")
        if stage.diversity:
            say(_diversity(stage.diversity))
        if stage.changes:
            share = f" ({stage.corrected_share:.0%} of the accepted)" if stage.corrected_share is not None else ""
            say(
                f"accepted at first try {stage.changes['first try']}, after repair {stage.changes['repaired']}{share}; "
                f"repairs of code {stage.changes['code']}, of tests {stage.changes['tests']}"
            )
    for benchmark in summary.benchmarks:
        console.print()
        say(f"{benchmark.title}: {benchmark.n} problems", "bold")
        console.print(_scores(benchmark))
        for checkpoint, points in benchmark.best_of.items():
            told = ", ".join(f"{point['n']}: {point['chosen']:.1%} of {point['any']:.1%}" for point in points)
            say(f"{checkpoint}, right by the reward model's best of N, of what can be: {told}")
        for claim in (found.figures for found in benchmark.claims):
            if problems := _won_and_lost(claim):
                say(f"{claim['after']} against {claim['before']}, greedily: {problems}")
        for score in benchmark.scores:
            for line in table_lines(score):
                say(line)
    console.print()
    for line in _costs(summary):
        say(line)


def _yield(found: Counter[str]) -> str:
    return f"{found['accepted']}/{found['attempts']}"


def _diversity(found: Mapping[str, Any]) -> str:
    words = {"distinct_2": "distinct-2", "spread": "spread", "novelty_seeds": "novelty against the seeds"}
    words |= {"novelty_last": f"against {found.get('last', 'the last run')}"}
    return "diversity: " + ", ".join(f"{word} {found[name]:.2f}" for name, word in words.items() if name in found)


def _waterfall(stage: StageSummary) -> Table:
    table = _table("", "left", "share")
    for label, count in stage.waterfall:
        table.add_row(label, f"{count:,}", f"{count / max(1, stage.attempts):.1%}")
    return table


def _scores(benchmark: Benchmarked) -> Table:
    table = _table("checkpoint", "decoding", "pass@1", "95% interval", "passed", "tokens", "cut", "repeat")
    for found in benchmark.scores:
        low, high = found["interval"]
        total, ends = found["n"] * found["samples"], found.get("endings")
        table.add_row(
            Text(visible(found["checkpoint"])),
            found["decoding"],
            f"{found['pass@1']:.1%}",
            f"{low:.1%} to {high:.1%}",
            f"{found['passed']} of {total}",
            *((f"{ends['tokens']:.0f}", f"{ends['cut']:.0%}", f"{ends['repeating']:.0%}") if ends else ("", "", "")),
        )
        for k, (value, low, high) in found.get("pass@k", {}).items():
            table.add_row("", f"pass@{k}", f"{value:.1%}", f"{low:.1%} to {high:.1%}", "")
    return table


def table_lines(score: ScoreFigures) -> list[str]:
    """Where a benchmark's right answers are, in columns; nothing for one that keeps no table."""
    if "table" not in score:
        return []
    cells = score["table"]["cells"]
    columns = list(dict.fromkeys(column for found in cells.values() for column in found))
    names = [len(name) for name in cells]
    lines = [f"{score['table']['title']} ({score['checkpoint']}, {score['decoding']})"]
    lines.append(" " * max(names) + "".join(f"{column:>8}" for column in columns) + f"{'of':>8}")
    for name, found in cells.items():
        shares = [f"{found[column][0] / found[column][1]:.0%}" if column in found else "" for column in columns]
        each = " ".join(dict.fromkeys(str(cell[1]) for cell in found.values()))
        lines.append(f"{name:<{max(names)}}" + "".join(f"{share:>8}" for share in shares) + f"{each:>8}")
    return lines


def _won_and_lost(claim: ClaimFigures) -> str:
    told = []
    for word, problems in (("won", claim["won"]), ("lost", claim["lost"])):
        if problems:
            more = f" and {len(problems) - NAMED} more" if len(problems) > NAMED else ""
            told.append(f"{word} {', '.join(problems[:NAMED])}{more}")
    return "; ".join(told)


def _costs(summary: RunSummary) -> list[str]:
    lines = [
        f"tokens: {summary.output_tokens:,} written, {summary.prompt_tokens:,} read, "
        f"{summary.cache_hit_rate:.0%} of them from the prefix cache"
    ]
    if summary.stopped:
        told = ", ".join(f"{reason} {count:,}" for reason, count in summary.stopped.most_common())
        lines.append(f"answers stopped while they were written: {told}")
    if summary.generated_twice is not None:
        lines.append(f"tokens lost to kills, or generated twice: {summary.generated_twice:,}")
    if summary.run_seconds:
        p50, p99 = summary.run_percentile(0.5), summary.run_percentile(0.99)
        lines.append(
            f"sandbox: {len(summary.run_seconds):,} runs, p50 {p50 * 1000:,.0f} ms, p99 {p99 * 1000:,.0f} ms with waiting"
        )
    for name, data in summary.data.items():
        dropped = ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in data["dropped"].items())
        shares = ", ".join(f"{share:.1%} {source}" for source, share in data.get("shares", {}).items())
        lines.append(
            f"{name} set: {data['rows']:,} rows"
            + (f", {shares}" if shares else "")
            + (f" (left out: {dropped})" if dropped else "")
        )
    for name, trained in summary.training.items():
        lines.append(
            f"{name} training: {trained['steps']} steps on {trained['rows']:,} rows in {trained['seconds']:,.0f} s, "
            f"final loss {trained['final_loss']:.3f}" + (f"; {trained['stopped']}" if trained.get("stopped") else "")
        )
    return lines


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    return table
