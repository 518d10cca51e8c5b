"""The API described for a reader with a browser: one page made of the OpenAPI description, with nothing fetched from
elsewhere.
"""

from __future__ import annotations

import html
import json
from typing import Any

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
h2 { margin-top: 2.5rem; } code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { background: #f5f6f8; padding: .8rem; overflow-x: auto; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
border-bottom: 1px solid #e3e6ea; } .method { color: #57606a; }
@media (prefers-color-scheme: dark) { body { background: #0f1216; color: #e6e9ed; } pre { background: #1a1f26; }
th, td { border-color: #2b323b; } .method { color: #9aa4af; } a { color: #7ab7ff; } }
"""


def render(schema: dict[str, Any]) -> str:
    """The page of an OpenAPI description."""
    about = schema["info"]
    parts = [
        f"<h1>{_e(about['title'])} {_e(about['version'])}</h1>",
        "".join(f"<p>{_e(text)}</p>" for text in about.get("description", "").split("\n\n")),
        '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>',
    ]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            parts.append(_operation(schema, path, method, operation))
    title, body = _e(about["title"]), "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><body>{body}</body></html>"
    )


def _operation(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    parts = [f'<h2><span class="method">{method.upper()}</span> <code>{_e(path)}</code></h2>']
    parts.append(f"<p>{_e(operation.get('summary', ''))}.</p>")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        parts.append("<h3>Request</h3>" + _fields(schema, body) + _example(path))
    answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema")
    if answer and "$ref" in answer:
        parts.append("<h3>Answer</h3>" + _fields(schema, answer))
    others = [status for status in operation["responses"] if status != "200"]
    if others:
        parts.append(f"<p>Other answers: {', '.join(others)}.</p>")
    return "\n".join(parts)


def _fields(schema: dict[str, Any], reference: dict[str, Any]) -> str:
    model = _resolved(schema, reference)
    needed = model.get("required", [])
    rows = "".join(
        f"<tr><td><code>{_e(name)}</code>{'' if name in needed else ' (optional)'}</td>"
        f"<td>{_e(_type(schema, field))}</td></tr>"
        for name, field in model.get("properties", {}).items()
    )
    return f"<p>{_e(model.get('description', ''))}</p><table><tr><th>field</th><th>type</th></tr>{rows}</table>"


def _type(schema: dict[str, Any], field: dict[str, Any], depth: int = 0) -> str:
    if "anyOf" in field:
        return " or ".join(_type(schema, option, depth) for option in field["anyOf"])
    model = _resolved(schema, field)
    if "enum" in model:
        words = " | ".join(map(str, model["enum"]))
    elif model.get("properties") and depth < 2:
        inner = ", ".join(f"{name}: {_type(schema, part, depth + 1)}" for name, part in model["properties"].items())
        words = f"{{{inner}}}"
    elif model.get("type") == "array":
        words = f"list of {_type(schema, model.get('items', {}), depth + 1)}"
    else:
        words = str(model.get("type", "any"))
    bounds = [f"{sign} {model[key]}" for key, sign in _BOUNDS.items() if key in model]
    default = f" = {json.dumps(field['default'])}" if field.get("default") not in (None, {}, []) else ""
    return words + (f" ({', '.join(bounds)})" if bounds else "") + default


_BOUNDS = {
    **{"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"},
    **{"maxLength": "characters, at most", "maxItems": "items, at most"},
}


def _resolved(schema: dict[str, Any], field: dict[str, Any]) -> dict[str, Any]:
    name = str(field.get("$ref", "")).rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else field
    return found


def _example(path: str) -> str:
    body = {"code": "print(input())", "language": "python", "stdin": "hello"}
    if path == "/v1/run":
        body = {"code": "def add(a, b): return a + b", "tests": "assert add(1, 2) == 3"}
    command = f"curl -H 'Content-Type: application/json' -d '{json.dumps(body)}' http://127.0.0.1:8090{path}"
    return f"<pre>{_e(command)}</pre>"


def _e(text: str) -> str:
    return html.escape(str(text))
