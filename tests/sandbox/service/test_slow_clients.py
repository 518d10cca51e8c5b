"""Clients that send slowly, or never finish, are in nobody's way; and what a page elsewhere can make a browser ask is not
answered. In this process, without a container.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import uvicorn

from sandbox import Limits, Program, Proof, Report, Verdict
from sandbox.containers.image import NotBuilt
from sandbox.service import admission, connections
from sandbox.service.service import Settings, make_app

HALF_A_HEAD = b"POST /v1/run HTTP/1.1\r\nHost: localhost\r\nContent-"
HALF_A_BODY = (
    b"POST /v1/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
)
MOST = 8


class Accepting:
    """Stands in for the pool; has no Ruby."""

    slots, limits = 2, Limits()

    def identity(self, language: str) -> str:
        return language

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        if program.language == "ruby":
            raise NotBuilt("there is no image for ruby; build it: lab sandbox build --languages ruby")
        return Report(Verdict.accepted, proof=Proof.isolated)


@contextlib.asynccontextmanager
async def served(head_s: float = 30.0, **settings: Any) -> AsyncIterator[int]:
    """The port of the service with room for MOST connections."""
    app = make_app(Accepting(), Settings(queue=2, **settings))  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as sock:
        config = uvicorn.Config(
            app,
            log_level="error",
            lifespan="off",
            http=connections.protocol_for(MOST, head_s),
            limit_concurrency=MOST + 1,
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve([sock]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield sock.getsockname()[1]
        server.should_exit = server.force_exit = True
        await task


def ask(work: Callable[[int], Awaitable[None]], **options: Any) -> None:
    async def one() -> None:
        async with served(**options) as port:
            await work(port)

    asyncio.run(one())


async def run(port: int, **more: Any) -> httpx.Response:
    async with httpx.AsyncClient(timeout=20) as client:
        return await client.post(f"http://127.0.0.1:{port}/v1/run", json={"code": "x", **more.pop("body", {})}, **more)


@pytest.mark.parametrize("half", [b"", HALF_A_HEAD, HALF_A_BODY])
def test_many_half_sent_requests_refuse_nobody_else(half: bytes) -> None:
    async def work(port: int) -> None:
        held = []
        for _ in range(4 * MOST):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(half)
            held.append(writer)
        answers = [await run(port) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 5
        assert answers[0].json()["proof"] == "isolated"
        for writer in held:
            writer.close()

    ask(work)


def test_a_head_that_does_not_arrive_in_time_ends_its_connection_however_it_trickles() -> None:
    async def work(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        ended = asyncio.create_task(reader.read())
        for byte in HALF_A_HEAD * 1000:
            if ended.done():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
        assert ended.done() and ended.result() == b""

    ask(work, head_s=0.3)


def test_a_connection_kept_alive_outlives_the_deadline_of_its_first_head() -> None:
    async def work(port: int) -> None:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", limits=httpx.Limits(max_connections=1)
        ) as client:
            for _ in range(3):
                assert (await client.post("/v1/run", json={"code": "x"})).status_code == 200
                await asyncio.sleep(0.4)

    ask(work, head_s=0.3)


def test_half_sent_bodies_take_no_place_in_the_queue() -> None:
    async def work(port: int) -> None:
        writers = [(await asyncio.open_connection("127.0.0.1", port))[1] for _ in range(6)]
        for writer in writers:
            writer.write(HALF_A_BODY)
        assert (await run(port)).status_code == 200
        async with httpx.AsyncClient() as client:
            health = (await client.get(f"http://127.0.0.1:{port}/health")).json()
        assert (health["waiting"], health["running"]) == (0, 0)
        for writer in writers:
            writer.close()

    ask(work)


def test_bodies_that_arrive_slowly_make_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "ARRIVING_BYTES", 100_000)
    head = (
        b"POST /v1/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n"
    )

    async def work(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head + b" " * 60_000)
        await asyncio.sleep(0.2)
        assert (await run(port, body={"stdin": "y" * 60_000})).status_code == 200
        assert (await reader.readline()).split()[1] == b"429"
        writer.close()

    ask(work)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:8090", 200),
        ("10.0.0.7:80", 200),
        ("attacker.example", 421),
        ("localhost.attacker.example", 421),
        ("", 421),
    ],
)
def test_only_an_address_or_a_name_of_ours_is_answered_without_a_token(host: str, status: int) -> None:
    async def work(port: int) -> None:
        assert (await run(port, headers={"Host": host})).status_code == status

    ask(work)


def test_whoever_shows_the_token_may_use_any_name() -> None:
    async def work(port: int) -> None:
        named = {"Host": "box.example"}
        assert (await run(port, headers={**named, "Authorization": "Bearer secret"})).status_code == 200
        assert (await run(port, headers=named)).status_code == 401
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{port}/health", headers=named)).status_code == 421

    ask(work, token="secret")


def test_a_language_without_an_image_is_no_reason_to_come_again() -> None:
    async def work(port: int) -> None:
        answer = await run(port, body={"language": "ruby"})
        assert answer.status_code == 422 and "Retry-After" not in answer.headers
        assert "lab sandbox build --languages ruby" in answer.json()["detail"]

    ask(work)


def test_further_files_beside_a_python_test_script_are_refused_as_the_request_they_are() -> None:
    async def work(port: int) -> None:
        answer = await run(port, body={"tests": "assert 1", "files": {"a.txt": "eA=="}, "language": "py"})
        assert answer.status_code == 422 and "use cases" in answer.json()["detail"]

    ask(work)


def test_head_is_answered_as_get_is_without_a_body() -> None:
    async def work(port: int) -> None:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            got, asked = await client.get("/health"), await client.head("/health")
            assert (asked.status_code, asked.content) == (200, b"")
            assert asked.headers["content-length"] == str(len(got.content))
            assert (await client.head("/v1/run")).status_code == 405

    ask(work)
