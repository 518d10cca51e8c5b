"""`lab why RUN ROW`: everything that led to a row, from the template's words to the decision."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from ledger import KINDS, Effect, facts
from ledger.errors import LedgerError
from ledger.rows import EVALUATION, Row
from ledger.store import Ledger
from sandbox.visible import visible

ARENA = "arena#"
"""How the name of an arena's row begins."""


def judged_pair(ledger: Ledger, row_id: str) -> dict[str, Any] | None:
    """What an arena keeps of a row of its data; None where the run is no arena. Raises `LedgerError` where it has no such pair."""
    if ledger.read(facts.ARENA) is None:
        return None
    key = row_id.removeprefix(ARENA)
    pair = ledger.all(facts.PAIR).get(key)
    if pair is None:
        raise LedgerError(
            f'{ledger.run_dir}: an arena without a pair "{row_id}"; the `row` column of data/preference names them'
        )
    return {"row": f"{ARENA}{key}", **pair, "judgement": ledger.all(facts.JUDGEMENT).get(key)}


def print_pair(found: dict[str, Any], console: Console) -> None:
    """The pair as a person reads it: the first answer is the one that stood first."""

    def line(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style))

    line(f"{found['row']}{'  category ' + found['category'] if found['category'] else ''}", "bold")
    for turn in found["prompt"]:
        line(f"[{turn['role']}]", "dim")
        line(turn["content"])
    for place, answer in zip(("first", "second"), (found["first"], 1 - found["first"]), strict=True):
        line(f"\n{place} answer, by {found['by'][answer]}{', cut' if found['cut'][answer] else ''}", "bold")
        line(found["answers"][answer], "green")
    said = found["judgement"]
    if said is None:
        line("\ndecision: none yet", "bold")
    elif said["better"] is None:
        line(f"\ndecision: {said['grade']}", "bold")
    else:
        line(f"\ndecision: the {'first' if said['better'] == found['first'] else 'second'} is {said['grade']}", "bold")
        if said["edited"] is not None:
            line("[edited]", "dim")
            line(said["edited"], "green")


def chain(ledger: Ledger, row_id: str) -> dict[str, Any]:
    """The row with every effect behind it, in order. Raises `LedgerError` where a link is missing."""
    row = ledger.row(row_id)
    templates = ledger.templates()
    links = []
    for number, key in enumerate(row.effects):
        effect = ledger.effect(key)
        if effect is None:
            raise LedgerError(f"{ledger.run_dir}: row {row_id}: effect {number} ({key[:12]}) is not in the ledger")
        link = {
            "kind": effect.kind,
            "key": effect.key,
            "request": effect.request,
            "result": effect.result,
            "seconds": effect.seconds,
        }
        if effect.kind == "ask":
            if effect.template not in templates:
                raise LedgerError(
                    f"{ledger.run_dir}: row {row_id}: the text of template {effect.template} is not in the ledger"
                )
            tokens = {"prompt": effect.prompt_tokens, "cached": effect.cached_tokens, "output": effect.output_tokens}
            link |= {"template": effect.template, "template_source": templates[effect.template], "tokens": tokens}
        links.append(link)
    return {
        "row": row.id,
        "seed": row.seed_id,
        "decision": {"status": str(row.status), "reason": row.reason},
        "checkpoint": _asked_of(ledger, row, links),
        "chain": links,
        "sample": row.sample.to_json(),
    }


def _asked_of(ledger: Ledger, row: Row, links: list[dict[str, Any]]) -> Mapping[str, Any]:
    """The checkpoint that answered: the run's, or one that it evaluated, or that its recipe names for the stage."""
    recorded = ledger.read(facts.CHECKPOINT)
    start: Mapping[str, Any] = {**recorded} if recorded else {}
    asked = next((link["request"].get("checkpoint") for link in links if link["kind"] == "ask"), None)
    if not asked or asked == start.get("identity"):
        return start
    if row.stage.startswith(EVALUATION):
        return {"name": row.stage.removeprefix(EVALUATION).partition("/")[0], "identity": asked}
    parts = (ledger.read(facts.RECIPE) or {}).get("generate", [])
    named = next((part.get("checkpoint") for part in parts if part["generator"] == row.stage), None)
    return {"name": named or "?", "identity": asked}


def print_chain(found: dict[str, Any], console: Console) -> None:
    """The chain as a person reads it."""

    def line(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style))

    checkpoint = found["checkpoint"]
    line(f"{found['row']}  seed {found['seed']}", "bold")
    line(f"checkpoint {checkpoint.get('name', '?')} ({checkpoint.get('identity', '?')})")
    for number, link in enumerate(found["chain"], 1):
        effect = _effect(link)
        kind = KINDS[effect.kind]
        line(f"\n{number}. {kind.headline(effect)}", "bold")
        for label, text in kind.inputs(effect):
            line(f"[{label}]", "dim")
            line(text)
        label, text = kind.output(effect)
        if text:
            line(f"[{label}]", "dim")
            line(text, "green")
    decision = found["decision"]
    line(f"\ndecision: {decision['status']}{': ' + decision['reason'] if decision['reason'] else ''}", "bold")
    if decision["reason"] and (detail := found["sample"].get("detail")):
        line(detail)


def _effect(link: dict[str, Any]) -> Effect:
    tokens = link.get("tokens", {"prompt": 0, "output": 0, "cached": 0})
    return Effect(
        link["key"],
        link["kind"],
        link["request"],
        link["result"],
        link["seconds"],
        tokens["prompt"],
        tokens["output"],
        tokens["cached"],
        link.get("template", ""),
    )
