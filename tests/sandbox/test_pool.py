"""The pool: many programs at once, containers that die, processes that are killed. Real containers."""

import asyncio
import fcntl
import importlib.util
import os
import resource
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import docker
import pytest
from sandboxed import TIGHT

from sandbox import Limits, Program, Report, Sandbox, SandboxError, clean, pool
from sandbox.containers import container as containers
from sandbox.containers.image import image_id
from sandbox.inside import wire
from sandbox.pool import run_once

pytestmark = pytest.mark.docker
ADD = "def add(a, b):\n    return a + b\n"


def test_many_programs_at_once_share_the_slots_and_a_cancelled_one_gives_its_slot_back() -> None:
    async def crowd() -> list[Report]:
        async with Sandbox(limits=TIGHT, slots=1) as box:
            assert len(box.identity()) == 64
            sleeper = asyncio.ensure_future(box.run(Program("import time; time.sleep(1)")))
            await asyncio.sleep(0.3)
            sleeper.cancel()
            return await asyncio.gather(*(box.run(Program(ADD, f"assert add({n}, 1) == {n + 1}")) for n in range(20)))

    others = set(_containers_of(os.getpid()))  # of the sandbox that this process's tests share
    assert all(report.accepted for report in asyncio.run(crowd()))
    assert set(_containers_of(os.getpid())) <= others


def test_container_that_dies_in_mid_run_costs_the_program_nothing() -> None:
    async def disturbed() -> Report:
        async with Sandbox(limits=Limits(wall_s=20), slots=1) as box:
            await box.start()
            running = asyncio.ensure_future(
                box.run(Program("import time; time.sleep(2)\n" + ADD, "assert add(1, 2) == 3"))
            )
            await asyncio.sleep(0.7)
            container = box._all[0].containers.get("python")
            assert container is not None
            subprocess.run(["docker", "kill", container.id], check=True, capture_output=True)
            return await running

    assert asyncio.run(disturbed()).accepted


def test_closing_waits_for_no_program_whose_caller_has_gone_and_leaves_no_container() -> None:
    """Two slots, one of them at rest: its thread must not take away the other's container under the one that reads it."""
    before = set(_containers_of(os.getpid()))

    async def closed() -> set[str]:
        box = Sandbox(limits=Limits(wall_s=200), slots=2)
        await box.__aenter__()
        await box.run(Program(ADD, "assert add(1, 2) == 3"))
        sleeping = asyncio.ensure_future(box.run(Program("import time; time.sleep(150)")))
        await asyncio.sleep(1)
        sleeping.cancel()
        async with asyncio.timeout(60):
            await box.__aexit__(None, None, None)
        return set(_containers_of(os.getpid())) - before

    assert asyncio.run(closed()) == set()


def test_no_run_waits_for_a_container_to_be_taken_away_and_closing_does(monkeypatch: pytest.MonkeyPatch) -> None:
    before, ran = set(_containers_of(os.getpid())), threading.Event()

    def slowly(container: containers.Container) -> None:
        ran.wait()
        containers.stop(container)

    async def runs() -> None:
        async with Sandbox(limits=TIGHT, slots=1, fresh=True) as box:
            for _ in range(3):
                assert (await box.run(Program(ADD, "assert add(1, 2) == 3"))).accepted
            assert len(set(_containers_of(os.getpid())) - before) == 3
            ran.set()

    monkeypatch.setattr(pool, "stop", slowly)
    asyncio.run(runs())
    assert set(_containers_of(os.getpid())) <= before


def test_killed_process_leaves_no_container() -> None:
    script = textwrap.dedent("""
        import asyncio
        from sandbox import Program, Sandbox
        async def main():
            async with Sandbox(slots=1) as box:
                await box.start()
                print("up", flush=True)
                await box.run(Program("import time; time.sleep(60)"))
        asyncio.run(main())
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    assert len(_containers_of(process.pid)) == 1
    process.kill()
    process.wait()
    time.sleep(0.2)
    clean()
    until = time.monotonic() + 20  # its supervisor ends by itself as well, and Docker may be removing it already
    while (left := _containers_of(process.pid)) and time.monotonic() < until:
        time.sleep(0.2)
    assert not left


@pytest.mark.parametrize("kind", ["this Python's", "another's"])
def test_a_container_takes_bytecode_of_its_own_kind_and_compiles_the_sources_otherwise(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = kind == "this Python's"
    if own and sys.version_info[:2] != (3, 11):
        pytest.skip("the image's Python is 3.11")
    modules = [(name, "1 / 0" if own else source, code if own else "") for name, source, code in containers._modules()]
    monkeypatch.setattr(containers, "_modules", lambda: modules)
    monkeypatch.setattr(importlib.util, "MAGIC_NUMBER", importlib.util.MAGIC_NUMBER if own else b"none")
    assert run_once(Program(ADD, "assert add(1, 2) == 3")).accepted


def _containers_of(pid: int) -> list[str]:
    listed = subprocess.run(
        ["docker", "ps", "--all", "--format", '{{.ID}} {{.Label "lab.sandbox"}}'],
        check=True,
        capture_output=True,
        text=True,
    )
    return [line for line in listed.stdout.splitlines() if f"/{pid}/" in line]


def test_a_container_is_heard_over_a_descriptor_above_a_thousand() -> None:
    """A service holds thousands of connections, and what starts then gets a number that `select` refuses."""
    ours, other = socket.socketpair()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 3000)), hard))
    high = fcntl.fcntl(ours, fcntl.F_DUPFD, 2000)
    with other, ours, socket.socket(fileno=high) as stream:
        body = wire.pack({"facts": {}})
        other.sendall(struct.pack(">BxxxI", 1, len(body)) + body)
        container = containers.Container("", Limits(), None, stream, bytearray())
        assert containers._receive(container, time.monotonic() + 5) == {"facts": {}}
        with pytest.raises(containers.Fault, match="did not answer in time"):
            containers._receive(container, time.monotonic() + 0.1)


def test_a_container_is_cleaned_away_by_who_can_know_that_its_owner_is_gone() -> None:
    here, pid, started = containers.owner().split("/")
    assert not containers._owner_is_gone(f"{here}/{pid}/{started}")
    assert containers._owner_is_gone(f"{here}/{pid}/1{started}")
    assert not containers._owner_is_gone(f"{here}1/{pid}/1{started}")  # a Lab in a container beside this one


def test_docker_that_is_away_when_a_language_is_first_asked_for_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def away_once(language: str) -> str:
        asked.append(language)
        if len(asked) == 1:
            raise SandboxError("no Docker Engine answers")
        return image_id(language)

    monkeypatch.setattr(pool, "image_id", away_once)
    assert run_once(Program("print(1)")).stdout == "1\n"
    assert asked == ["python", "python"]


def test_a_docker_that_drops_a_limit_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    dropped = (
        "Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded."
    )
    create = docker.api.container.ContainerApiMixin.create_container_from_config

    def warning(client: object, *given: object, **more: object) -> dict[str, object]:
        return {**create(client, *given, **more), "Warnings": [dropped, "Memory limited without swap."]}

    monkeypatch.setattr(docker.api.container.ContainerApiMixin, "create_container_from_config", warning)
    containers._without.cache_clear()
    assert [run_once(Program("print(1)")).stdout for _ in range(2)] == ["1\n"] * 2
    said = [record.message for record in caplog.records if "discarded" in record.message]
    assert len(said) == 1 and "lab sandbox doctor" in said[0]
