"""`lab why RUN ROW`: everything that led to a row, from the template's words to the decision."""

import json
from typing import Any

from rich.console import Console
from rich.text import Text

from ledger import facts
from ledger.errors import LedgerError
from ledger.store import Ledger
from sandbox.show.visible import visible


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
        "checkpoint": ledger.read(facts.CHECKPOINT) or {},
        "chain": links,
        "payload": row.payload,
    }


def print_chain(found: dict[str, Any], console: Console) -> None:
    """The chain as a person reads it."""

    def line(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style))

    checkpoint = found["checkpoint"]
    line(f"{found['row']}  seed {found['seed']}", "bold")
    line(f"checkpoint {checkpoint.get('name', '?')} ({checkpoint.get('identity', '?')})")
    for number, link in enumerate(found["chain"], 1):
        if link["kind"] == "ask":
            tokens = link["tokens"]
            line(f"\n{number}. asked {link['template']}  ({tokens['prompt']} + {tokens['output']} tokens)", "bold")
            for message in link["request"]["messages"]:
                line(f"[{message['role']}]", "dim")
                line(message["content"])
            line("[answer]", "dim")
            line(link["result"]["text"], "green")
        elif link["kind"] == "check":
            line(f"\n{number}. checked with {link['request']['function']}: {json.dumps(link['result'])}", "bold")
            for name, value in link["request"]["values"].items():
                line(f"[{name}]", "dim")
                line(value if isinstance(value, str) else json.dumps(value))
        else:
            line(f"\n{number}. ran the program: {link['result']['verdict']}  ({link['seconds']:.3f} s)", "bold")
            line(link["request"]["program"]["code"])
            line("[tests]", "dim")
            line(link["request"]["program"]["tests"])
            line(link["result"].get("detail", ""), "yellow")
    decision = found["decision"]
    line(f"\ndecision: {decision['status']}{': ' + decision['reason'] if decision['reason'] else ''}", "bold")
