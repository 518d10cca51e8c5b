"""The client of a sandbox elsewhere: what it makes of a service that is busy, away, or not one. The service is a script."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sandbox import Program, Report, SandboxError, Verdict
from sandbox.service.client import RemoteSandbox

ACCEPTED = (200, Report(Verdict.accepted, detail="The one test passed.").to_dict())
LANGUAGES = (200, [{"name": "python", "aliases": ["py"], "identity": "i"}])


class Scripted(ThreadingHTTPServer):
    """Answers each run with the next of `answers`, the last of them again and again."""

    answers: list[tuple[int, Any]]
    languages: tuple[int, Any]
    asked: list[dict[str, Any]]


class Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_GET(self) -> None:
        self._answer(*((200, {"slots": 1, "queue": 1}) if self.path == "/health" else self.server.languages))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({**body, "authorization": self.headers["Authorization"]})
        self._answer(*(self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]))

    def _answer(self, status: int, body: Any) -> None:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Nothing on stderr."""


@contextmanager
def scripted(*answers: tuple[int, Any], languages: tuple[int, Any] = LANGUAGES) -> Iterator[tuple[str, Scripted]]:
    server = Scripted(("127.0.0.1", 0), Handler)
    server.answers, server.languages, server.asked = list(answers), languages, []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server
    finally:
        server.shutdown()
        server.server_close()


def run(url: str, program: Program | None = None, patience_s: float = 60.0) -> Report:
    async def once() -> Report:
        async with RemoteSandbox(url, "secret", patience_s=patience_s) as box:
            return await box.run(program or Program("x"))

    return asyncio.run(once())


def test_a_full_queue_is_waited_for_and_the_program_sent_again_with_the_token() -> None:
    with scripted((429, {"detail": "full"}), (429, {"detail": "full"}), ACCEPTED) as (url, server):
        assert run(url, Program("x", files=(("a", "eA=="),))).accepted
    assert len(server.asked) == 3 and server.asked[0] == server.asked[2]
    assert server.asked[0]["authorization"] == "Bearer secret" and server.asked[0]["files"] == {"a": "eA=="}


def test_a_full_queue_is_waited_for_longer_than_a_fault() -> None:
    with scripted(*[(429, {"detail": "full"})] * 5, ACCEPTED) as (url, _):
        assert run(url, patience_s=0.0).accepted


def test_a_docker_that_comes_back_costs_the_program_nothing_and_one_that_stays_away_is_an_error() -> None:
    with scripted((503, {"detail": "Docker is away"}), ACCEPTED) as (url, _):
        assert run(url).accepted
    with scripted((503, {"detail": "Docker is away"})) as (url, _), pytest.raises(SandboxError, match="Docker is away"):
        run(url, patience_s=0.0)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((422, {"detail": "limits.cpu_s: too much"}), r"refused \(422\): limits.cpu_s: too much"),
        ((413, {"detail": "too large"}), "too large"),
        ((500, b"<html>"), r"refused \(500\): <html>"),
        ((200, b"<html>"), "not a sandbox report"),
        ((200, {"verdict": "fine"}), "not a sandbox report"),
    ],
)
def test_any_other_answer_is_an_error_at_once(answer: tuple[int, Any], said: str) -> None:
    with scripted(answer) as (url, server), pytest.raises(SandboxError, match=said):
        run(url)
    assert len(server.asked) == 1


def test_a_service_that_is_none_is_told_when_it_is_entered() -> None:
    unknown = (401, {"detail": "asks for its token"})
    with scripted(ACCEPTED, languages=unknown) as (url, _), pytest.raises(SandboxError, match="asks for its token"):
        run(url)
    with pytest.raises(SandboxError, match=r"no sandbox answers at .*lab sandbox serve"):
        run(url)
    with scripted(ACCEPTED, languages=(200, b"<html>")) as (url, _), pytest.raises(SandboxError, match="no sandbox of"):
        run(url)


def test_a_service_that_goes_away_in_mid_run_is_waited_for_within_patience() -> None:
    async def lost() -> None:
        with scripted(ACCEPTED) as (url, server):
            box = RemoteSandbox(url, patience_s=0.0)
            await box.__aenter__()
            assert box.identity("PY") == "i"
            server.shutdown()
            server.server_close()
            try:
                with pytest.raises(SandboxError, match="no sandbox answers"):
                    await box.run(Program("x"))
            finally:
                await box.__aexit__(None, None, None)

    asyncio.run(lost())
