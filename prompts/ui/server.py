"""The local page behind a token: loopback only, one page with everything in it, a handful of JSON calls.

A request goes: host (a name that only resolves to us is DNS rebinding), origin, token, length, call. All refusals before the
call are 403, 411 or 413 and say no more than that.
"""

import asyncio
import hmac
import json
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from prompts.library import Library
from prompts.template import PromptError
from prompts.ui import drafts

HERE = Path(__file__).resolve().parent
LONGEST_BODY = 1 << 20
"""Bytes of a request."""
LONGEST_TEXT = 200_000
"""Characters of a template."""


@dataclass(frozen=True)
class Callbacks:
    """What the page needs of the packages that prompts knows nothing of."""

    library: Callable[[], Library]
    """The templates as they are on disk now."""
    preview: Callable[[str, str, int], Awaitable[dict[str, Any]]]
    """(name, text, seed) -> what `rendered` returns, with where the values come from."""
    sample: Callable[[str, str, int, int], AsyncIterator[dict[str, Any]]]
    """(name, text, first seed, how many) -> events."""
    opened: Callable[[], str] = str
    """The template that is shown first; empty: the first of all."""


@dataclass(frozen=True)
class Page:
    """What the page is about."""

    folder: Path
    """Where overrides are saved; made by the first one."""
    checkpoint: str
    port: int
    token: str

    @property
    def url(self) -> str:
        """The page's address with its token."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=drafts.LONGEST_NAME)
    text: str = Field(max_length=LONGEST_TEXT)


class _Preview(_Body):
    seed: int = Field(ge=0)


class _Sample(_Body):
    first: int = Field(ge=0)
    n: int = Field(ge=1, le=64)


class _Save(_Body):
    opened: str
    """The fingerprint of the text that was opened."""


async def serve(folder: Path, checkpoint: str, port: int, calls: Callbacks, say: Callable[[Page], None]) -> None:
    """Serve until SIGINT or SIGTERM; `say` is told the page's address. Raises PromptError where the port is taken."""
    try:
        sock = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise PromptError(f"cannot listen on port {port}: {os.strerror(error.errno or 0)}; another --port?") from None
    page = Page(folder, checkpoint, sock.getsockname()[1], secrets.token_urlsafe(24))
    config = uvicorn.Config(
        make_app(page, calls),
        log_level="warning",
        access_log=False,  # it would print the token
        server_header=False,
        limit_concurrency=32,
        timeout_graceful_shutdown=5,
    )
    say(page)
    await uvicorn.Server(config).serve(sockets=[sock])


def make_app(page: Page, calls: Callbacks) -> ASGIApp:
    """The page and its calls, behind the checks of host, origin, token and length."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.exception_handler(PromptError)
    async def told(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, 422)

    @app.get("/")
    async def shown() -> HTMLResponse:
        nonce = secrets.token_urlsafe(16)
        return HTMLResponse(_page(nonce), headers={"Content-Security-Policy": _policy(nonce)})

    @app.get("/api/templates")
    async def templates() -> dict[str, Any]:
        library = calls.library()
        listed = [_entry(library, page.folder, name) for name in library.names()]
        return {
            "folder": str(page.folder),
            "checkpoint": page.checkpoint,
            "templates": listed,
            "opened": calls.opened(),
        }

    @app.get("/api/template")
    async def template(name: Annotated[str, Query(max_length=drafts.LONGEST_NAME)]) -> dict[str, Any]:
        drafts.refuse_name(name)
        folders = calls.library().folders
        text = drafts.source_of(folders, name)
        original = _original(folders, page.folder, name)
        if text is None:
            raise HTTPException(404, f"{name}: no such template")
        return {"name": name, "text": text, "original": original, "opened": drafts.fingerprint(text)}

    @app.post("/api/preview")
    async def preview(body: _Preview) -> dict[str, Any]:
        drafts.refuse_name(body.name)
        return await calls.preview(body.name, body.text, body.seed)

    @app.post("/api/sample")
    async def sample(body: _Sample) -> StreamingResponse:
        drafts.refuse_name(body.name)
        lines = (json.dumps(event) + "\n" async for event in calls.sample(body.name, body.text, body.first, body.n))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @app.post("/api/save")
    async def save(body: _Save) -> dict[str, Any]:
        drafts.refuse_name(body.name)
        found = await calls.preview(body.name, body.text, 0)  # in a worker with limits, before it is checked here
        if found["complaints"]:
            raise PromptError("\n".join(["not saved:", *found["complaints"]]))
        original = _original(calls.library().folders, page.folder, body.name)
        path = await asyncio.to_thread(drafts.save, page.folder, body.name, body.text, body.opened, original)
        entry = _entry(calls.library(), page.folder, body.name)
        return {**entry, "path": str(path) if path else None, "opened": drafts.fingerprint(body.text)}

    return _guarded(app, page)


def _original(folders: Sequence[Path], own: Path, name: str) -> str | None:
    """What the template says where the user's folder does not override it."""
    return drafts.source_of((folder for folder in folders if folder != own), name)


def _entry(library: Library, folder: Path, name: str) -> dict[str, Any]:
    own = (folder / f"{name}.j2").is_file()
    try:
        prompt = library.get(name)
    except PromptError as error:
        return {"name": name, "version": "", "yours": own, "description": str(error), "sound": False}
    return {"name": name, "version": prompt.version, "yours": own, "description": prompt.description, "sound": True}


def _page(nonce: str) -> str:
    """One file with everything in it. None of it is made of what a model or a template says: that comes by JSON later."""
    read = {name: (HERE / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js")}
    style = f'<style nonce="{nonce}">\n{read["page.css"]}</style>'
    script = f'<script nonce="{nonce}">\n{read["page.js"]}</script>'
    return read["page.html"].replace("<!-- style -->", style).replace("<!-- script -->", script)


def _policy(nonce: str) -> str:
    """No source but this page's own two blocks, no markup out of strings, no frame around it."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _guarded(app: ASGIApp, page: Page) -> ASGIApp:
    hosts = {f"127.0.0.1:{page.port}", f"localhost:{page.port}"}
    origins = {f"http://{host}" for host in hosts}

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request = Request(scope)
        if refusal := _refusal(request, page.token, hosts, origins):
            await refusal(scope, receive, _with_headers(send))
            return
        await app(scope, receive, _with_headers(send))

    return guarded


def _refusal(request: Request, token: str, hosts: set[str], origins: set[str]) -> Response | None:
    headers: Headers = request.headers
    if headers.getlist("host") not in [[host] for host in hosts]:
        return Response("this address is not served here\n", 403)
    if headers.get("origin", next(iter(origins))) not in origins:
        return Response("another page may not ask here\n", 403)
    # The page itself comes by its address; its calls carry the token in a header, which no link or form can send.
    given = request.query_params.get("token", "") if request.url.path == "/" else headers.get("x-lab-token", "")
    if not hmac.compare_digest(given.encode(), token.encode()):
        return Response("the token is missing or wrong: use the address that `lab prompts ui` has printed\n", 403)
    if request.method not in ("GET", "HEAD"):
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return Response("a length is needed\n", 411)
        if int(length) > LONGEST_BODY:
            return Response("too long\n", 413)
    return None


def _with_headers(send: Send) -> Send:
    wanted = {
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            extra = [(name.encode(), value.encode()) for name, value in wanted.items()]
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return sending
