"""Many runs for a person at a terminal: plain text of 80 columns."""

from __future__ import annotations

from sandbox.show.overview import Overview
from sandbox.show.records import Run
from sandbox.visible import visible

WIDTH = 80
ROWS = 5


def render_many(found: Overview) -> str:
    """Verdicts by language, time and memory, the extremes, what is flaky, the linters' rules."""
    again = f", {found.runs:,} runs" if found.runs != found.programs else ""
    lines = [f"{found.title}: {found.programs:,} programs{again}", ""]
    lines.append(f"{'verdict':<18}{'all':>8}" + "".join(f"{name[:10]:>11}" for name in list(found.by_language)[:4]))
    for verdict, count in found.verdicts:
        columns = (counts.get(verdict, 0) for counts in list(found.by_language.values())[:4])
        lines.append(f"{verdict:<18}{count:>8,}" + "".join(f"{count:>11,}" for count in columns))
    if len(found.by_language) > 4:
        lines.append(f"and {len(found.by_language) - 4} languages more; the page has all of them")
    if found.proofs:
        lines.append("accepted by proof: " + ", ".join(f"{count:,} {proof}" for proof, count in found.proofs))
    lines += ["", f"{'':<18}{'median':>11}{'p90':>11}{'p99':>11}{'most':>11}"]
    for measure in found.measures:
        values = "".join(f"{value:>11,.1f}" for value in measure.quantiles.values())
        lines.append(f"{measure.name:<18}{values} {measure.unit}")
    for title, runs in (("slowest", found.slowest), ("largest", found.largest)):
        lines += ["", title, *(_one(run) for run in runs[:ROWS])]
    lines += ["", f"flaky: {len(found.flaky)} of {found.repeated} programs that were run more than once"]
    lines += [
        f"  {run.id}: " + "; ".join(f"{n} x {how}" for how, n in run.outcomes.items()) for run in found.flaky[:ROWS]
    ]
    if found.rules:
        lines += ["", f"{'rule':<17}{'':<8}{'findings':>9}{'programs':>9}  first message"]
        for rule in found.rules[: 2 * ROWS]:
            lines.append(
                f"{rule.name[:16]:<17}{rule.severity[:7]:<8}{rule.findings:>9,}{len(rule.programs):>9,}  {rule.message}"
            )
    if found.audited:
        lines += ["", "tests that accept a faulty program (share of mutants killed)"]
        lines += [
            f"  {run.audit.get('audit_mutants_killed') or 0:>5.0%}  {run.id}" for run in found.audited[: 2 * ROWS]
        ]
    # One line a row whatever an id or a message holds: a newline in it would pass for a row of ours.
    return "\n".join(_cut(visible(line).replace("\n", "\\n")) for line in lines)


def _one(run: Run) -> str:
    used = run.report.usage
    return f"  {1000 * used.cpu_s:>9,.1f} ms{used.memory_bytes / 2**20:>9,.1f} MiB  {run.report.verdict:<16} {run.id}"


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 4] + " ..."
