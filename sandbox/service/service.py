"""The sandbox over HTTP: `lab sandbox serve`. One endpoint of our own, `/v1/run`, which answers the full report; beside
it `/run_code` in SandboxFusion's shape (`fusion.py`), languages, health, metrics, and the API described.

A request goes: token, or else Host (401, 421), body (408, 413, 415, 422), place in the queue (429, 503), its turn, the
run. `connections.py` bounds what comes before.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import importlib.metadata
import ipaddress
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.containers.image import NotBuilt
from sandbox.languages.table import LANGUAGES, find
from sandbox.pool import MAX_CHARACTERS, Sandbox
from sandbox.report import Case, Limits, Program, Report, SandboxError, Verdict
from sandbox.service import api_page, connections, fusion
from sandbox.service.admission import DOCKER_RETRY_S, Admission, ClientGone, Refused, memory_share
from sandbox.service.bodies import Files, Problem, client_left, discard_body, json_response, read_body, refuse, told

_ABOUT = """Runs programs that nobody vouches for, and says what became of them.

Where too many wait the answer is 429, where Docker is away 503, both with Retry-After. A fault of the sandbox is never
an answer about the program: 503 from /v1/run, the status SandboxError from /run_code."""


@dataclass(frozen=True)
class Settings:
    """How the service is started."""

    host: str = "127.0.0.1"
    port: int = 8090
    token: str | None = None
    """Asked of every request but `/health`, as a bearer token or as the password in the URL; None: nobody is asked."""
    slots: int | None = None
    """Programs at once; None: one a core."""
    queue: int = 128
    """Requests that may wait for a slot."""
    runtime: str | None = None
    fresh: bool = False
    """A new container for each run."""
    limits: Limits = field(default_factory=Limits)


def serve(settings: Settings, say: Callable[[str], None] = print) -> None:
    """Serve until SIGINT or SIGTERM; then finish what was accepted. A second signal ends at once. Raises SandboxError
    where it cannot start.
    """
    sock = _listen(settings.host, settings.port)
    asyncio.run(_serve(settings, sock, say))


def token_for(host: str, token: str | None) -> str | None:
    """The token to ask for: the given one; off loopback a new one where none is given."""
    return token or (None if _is_loopback(host) else secrets.token_urlsafe(24))


def make_app(box: Sandbox, settings: Settings) -> FastAPI:
    """The service as an ASGI application around an entered sandbox."""
    admission = Admission(box, settings.queue)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watch = asyncio.create_task(admission.watch())
        yield
        await admission.drained()
        watch.cancel()

    app = FastAPI(title="Lab sandbox", version=_version(), docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.admission = admission
    app.add_middleware(_guarded, token=settings.token, host=settings.host)
    app.exception_handler(Refused)(_answer_refused)
    app.exception_handler(ClientGone)(_answer_nobody)
    app.exception_handler(ClientDisconnect)(_answer_nobody)
    _add_routes(app, admission)
    fusion.add_routes(app, admission)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


class LimitsIn(BaseModel):
    """What the run may use. What is left out is the service's default."""

    model_config = ConfigDict(extra="forbid")
    cpu_s: Annotated[float, Field(ge=0.1, le=300, allow_inf_nan=False)] | None = None
    wall_s: Annotated[float, Field(ge=0.1, le=300, allow_inf_nan=False)] | None = None
    memory_bytes: Annotated[int, Field(ge=1 << 20, le=1 << 40)] | None = None
    pids: Annotated[int, Field(ge=1, le=256)] | None = None
    output_bytes: Annotated[int, Field(ge=1, le=4 << 20)] | None = None
    disk_bytes: Annotated[int, Field(ge=1 << 16, le=256 << 20)] | None = None


class CaseIn(BaseModel):
    """One run on one input, judged by what it prints."""

    model_config = ConfigDict(extra="forbid")
    stdin: str = ""
    stdout: str
    compare: Literal["tokens", "exact", "floats"] = "tokens"


class RunIn(BaseModel):
    """A program, the tests that judge it, and its limits."""

    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, Field(max_length=MAX_CHARACTERS)]
    language: Annotated[str, Field(max_length=50)] = "python"
    tests: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""
    entry_point: Annotated[str, Field(max_length=1000)] | None = None
    stdin: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""
    lint: bool = True
    cases: Annotated[list[CaseIn], Field(max_length=200)] = []
    files: Files = {}
    """Further files in the working directory and beside the source: relative path to content in base64."""
    limits: LimitsIn = LimitsIn()


def _add_routes(app: FastAPI, admission: Admission) -> None:
    @app.post(
        "/v1/run",
        summary="Run a program; the full report",
        tags=["lab"],
        openapi_extra=told(RunIn),
        responses={
            200: {"model": Report, "description": "The report, with `accepted` beside its verdict."},
            **{status: {"model": Problem} for status in (400, 401, 408, 413, 415, 421, 422, 429, 503)},
        },
    )
    async def run(request: Request) -> Response:
        wanted, size = await read_body(request, RunIn, admission)
        with admission.place(size) as place:
            program, limits = _program(wanted), _limits(wanted.limits, admission.box)
            try:
                report = await admission.run(place, program, limits, client_left(request))
            except NotBuilt as error:  # to come again does not help: it is a language this service does not have
                return refuse(422, str(error))
            except SandboxError as error:
                return refuse(503, str(error), DOCKER_RETRY_S)
            if report.verdict is Verdict.sandbox_fault:
                return refuse(503, report.detail, DOCKER_RETRY_S)
            return json_response(report.to_dict())

    @app.get("/v1/languages", summary="The languages, with the names both endpoints know", tags=["lab"])
    async def languages() -> list[dict[str, Any]]:
        return [
            {
                "name": language.name,
                "aliases": list(language.aliases),
                "suffixes": list(language.suffixes),
                "run_code": fusion.names_of(language.name),
                "identity": admission.box.identity(language.name),
            }
            for language in LANGUAGES.values()
        ]

    @app.get("/health", summary="Whether programs can be run now", tags=["service"], responses={503: {}})
    async def health() -> Response:
        found = {
            "status": "ok" if admission.problem is None else "docker",
            "docker": admission.problem,
            "slots": admission.box.slots,
            "running": admission.running,
            "waiting": admission.waiting,
            "queue": admission.queue,
        }
        return json_response(
            found, 200 if admission.problem is None else 503, DOCKER_RETRY_S if admission.problem else None
        )

    @app.get("/metrics", summary="Figures for Prometheus", tags=["service"])
    async def metrics() -> Response:
        return Response(generate_latest(admission.registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(api_page.render(app.openapi()))


def _program(wanted: RunIn) -> Program:
    try:
        language = find(wanted.language).name
    except SandboxError as error:
        raise HTTPException(422, str(error)) from None
    size = sum(len(case.stdin) + len(case.stdout) for case in wanted.cases) + sum(map(len, wanted.files.values()))
    if size + len(wanted.code) + len(wanted.tests) + len(wanted.stdin) > MAX_CHARACTERS:
        raise HTTPException(
            422, f"a program with its tests, input and files may have {MAX_CHARACTERS} characters at most"
        )
    if language == "python" and wanted.files and wanted.tests.strip() and not wanted.cases:
        raise HTTPException(422, "files: a test script in python and further files do not go together; use cases")
    return Program(
        code=wanted.code,
        tests=wanted.tests,
        entry_point=wanted.entry_point,
        language=language,
        stdin=wanted.stdin,
        lint=wanted.lint,
        cases=tuple(Case(case.stdin, case.stdout, case.compare) for case in wanted.cases),
        files=tuple(wanted.files.items()),
    )


def _limits(wanted: LimitsIn, box: Sandbox) -> Limits:
    limits = Limits(**{**vars(box.limits), **wanted.model_dump(exclude_none=True)})
    if limits.memory_bytes > (most := memory_share(box.slots)):
        raise HTTPException(422, f"limits.memory_bytes: this machine has {most} bytes for each of {box.slots} slots")
    return limits


async def _serve(settings: Settings, sock: socket.socket, say: Callable[[str], None]) -> None:
    # uvicorn raises a caught signal once more when it is done; nothing is left to do then.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    async with Sandbox(
        limits=settings.limits, slots=settings.slots, runtime=settings.runtime, fresh=settings.fresh
    ) as box:
        await box.start()
        most = connections.room()
        config = uvicorn.Config(
            make_app(box, settings),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=15,
            limit_concurrency=most + 1,  # reached where every one has a whole request in hand: 503
            backlog=connections.BACKLOG,
            http=connections.protocol_for(most),
        )
        host, port = sock.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        say(f"lab: serving on http://{shown}:{port} ({box.slots} slots, {settings.queue} may wait); /docs explains it")
        await uvicorn.Server(config).serve(sockets=[sock])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise SandboxError(
            f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}. Another --port?"
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _guarded(app: ASGIApp, token: str | None, host: str) -> ASGIApp:
    """The application behind the token, and behind the Host header for whoever does not show it."""

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and token and scope["path"] != "/health" and not _knows(token, scope):
            answer = refuse(401, "this service asks for its token: `Authorization: Bearer TOKEN`, or as password")
            answer.headers["WWW-Authenticate"] = 'Basic realm="lab sandbox"'
            return await answer(scope, receive, send)
        if scope["type"] == "http" and not (token and _knows(token, scope)) and not _is_ours(scope, host):
            # A page elsewhere can point a name of its own at this machine; what its browser then says as Host is that name.
            return await refuse(421, "Host: not a name of this service; ask for it by its address, or show its token")(
                scope, receive, send
            )
        if scope["type"] == "http" and scope["method"] == "HEAD":  # a GET whose body the server leaves out
            scope = {**scope, "method": "GET"}
        return await app(scope, receive, send)

    return asgi


def _is_ours(scope: Scope, host: str) -> bool:
    """Whether the request is for an address, for localhost, or for the name this service was given."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    if len(given) != 1:
        return False
    name = given[0].decode("latin-1").strip().lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    if name in ("localhost", host.lower(), socket.gethostname().lower()):
        return True
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _knows(token: str, scope: Scope) -> bool:
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    kind, _, secret = given.partition(b" ")
    if kind.lower() == b"basic":  # what a client makes of http://any:TOKEN@host/, for those that can set no header
        try:
            secret = base64.b64decode(secret, validate=True).partition(b":")[2]
        except ValueError:
            return False
    elif kind.lower() != b"bearer":
        return False
    return hmac.compare_digest(secret.strip(), token.encode())


async def _answer_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    await discard_body(request)
    return refuse(503 if error.reason == "docker" else 429, error.detail, error.retry_s)


async def _answer_nobody(_: Request, error: Exception) -> Response:
    return Response(status_code=499)  # read by nobody


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the bodies that are read by hand."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
        _, bodies = models_json_schema(
            [(RunIn, "validation"), (fusion.RunCodeIn, "validation")], ref_template="#/components/schemas/{model}"
        )
        schema["components"]["schemas"] |= bodies["$defs"]
        app.openapi_schema = schema
    return app.openapi_schema


def _version() -> str:
    try:
        return importlib.metadata.version("lab")
    except importlib.metadata.PackageNotFoundError:
        return "0"
