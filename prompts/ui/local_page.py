"""A page for whoever sits at this machine: loopback only, behind a token, one file with everything in it.

A request goes: host (a name that only resolves to us is DNS rebinding), origin, token, length, body, call. All refusals
before the call are 403, 408, 411 or 413 and say no more than that. `lab prompts ui` and `lab arena` are such pages.
"""

import asyncio
import hmac
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prompts.template import PromptError

HERE = Path(__file__).resolve().parent
LONGEST_BODY = 1 << 20
"""Bytes of a request."""
BODY_S = 30.0
"""How long a body may take to arrive."""


@dataclass(frozen=True)
class Address:
    """Where a page is, and what opens it."""

    port: int
    token: str

    @property
    def url(self) -> str:
        """The page's address with its token."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"


@dataclass(frozen=True)
class Listening:
    """A port that is ours, and not served yet."""

    socket: socket.socket
    address: Address


def listen(port: int) -> Listening:
    """Take the port, 0 for a free one. Raises PromptError where it is taken."""
    try:
        sock = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise PromptError(f"cannot listen on port {port}: {os.strerror(error.errno or 0)}; another --port?") from None
    return Listening(sock, Address(sock.getsockname()[1], secrets.token_urlsafe(24)))


def server_of(app: ASGIApp, address: Address) -> uvicorn.Server:
    """A server of the app behind the checks; `await server.serve(sockets=[listening.socket])` lasts until SIGINT, SIGTERM or
    `should_exit`.
    """
    config = uvicorn.Config(
        guarded(app, address),
        log_level="warning",
        access_log=False,  # it would print the token
        server_header=False,
        limit_concurrency=32,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)


def bare_app(folder: Path) -> FastAPI:
    """An app that answers `/` with the page of `folder` (page.html, page.css, page.js), and nothing else yet. Before its own
    style and script stand base.css and base.js, which all pages share.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    async def shown() -> HTMLResponse:
        nonce = secrets.token_urlsafe(16)
        return HTMLResponse(_page(folder, nonce), headers={"Content-Security-Policy": _policy(nonce)})

    return app


def _page(folder: Path, nonce: str) -> str:
    """One file with everything in it. None of it is made of what a model or a template says: that comes by JSON later."""
    css, js = (
        "".join(
            (place / name).read_text(encoding="utf-8")
            for place, name in ((HERE, f"base.{kind}"), (folder, f"page.{kind}"))
        )
        for kind in ("css", "js")
    )
    page = (folder / "page.html").read_text(encoding="utf-8")
    page = page.replace("<!-- style -->", f'<style nonce="{nonce}">\n{css}</style>')
    return page.replace("<!-- script -->", f'<script nonce="{nonce}">\n{js}</script>')


def _policy(nonce: str) -> str:
    """No source but this page's own two blocks, no markup out of strings, no frame around it."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def guarded(app: ASGIApp, address: Address) -> ASGIApp:
    """The app behind the checks of host, origin, token, length and body."""
    hosts = {f"127.0.0.1:{address.port}", f"localhost:{address.port}"}
    origins = {f"http://{host}" for host in hosts}

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        send = _with_headers(send)
        request = Request(scope, receive)
        if refusal := _refusal(request, address.token, hosts, origins):
            await refusal(scope, receive, send)
            return
        if request.method in ("GET", "HEAD"):
            await app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(BODY_S):
                body = await request.body()  # uvicorn lets no more of it through than the length it was told
        except TimeoutError:
            await Response(f"the body did not arrive within {BODY_S:g} s\n", 408)(scope, receive, send)
        except ClientDisconnect:
            pass
        else:
            await app(scope, _replayed(body, receive), send)

    return checked


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body that was read, and then whatever else comes."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return first.pop() if first else await receive()

    return receiving


def _refusal(request: Request, token: str, hosts: set[str], origins: set[str]) -> Response | None:
    headers: Headers = request.headers
    if headers.getlist("host") not in [[host] for host in hosts]:
        return Response("this address is not served here\n", 403)
    if headers.get("origin", next(iter(origins))) not in origins:
        return Response("another page may not ask here\n", 403)
    # The page itself comes by its address; its calls carry the token in a header, which no link or form can send.
    given = request.query_params.get("token", "") if request.url.path == "/" else headers.get("x-lab-token", "")
    if not hmac.compare_digest(given.encode(), token.encode()):
        return Response("the token is missing or wrong: use the address that the command has printed\n", 403)
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
