"""Every program under tests/hostile gets its verdict, and the slot it attacked runs a normal program afterwards.

At the end nothing is left: no process, container, descriptor or thread. That the host has its memory and disk back is seen
in test_host_is_as_it_was.py, which must have the machine to itself.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile_programs import TIGHT, Hostile, hostile_programs
from hostile_slot import IDLE_PROCESSES, NORMAL, Pool, host, own_containers, processes_of, within

from sandbox import Program, Report, Sandbox, SandboxError, Verdict
from sandbox import pool as pool_module

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()


@pytest.mark.parametrize("hostile", hostile_programs(), ids=lambda hostile: hostile.name)
def test_hostile_program_gets_its_verdict_and_the_slot_goes_on(hostile: Hostile, pool: Pool) -> None:
    if not hostile.language:
        pytest.skip("the sandbox does not have this language")
    try:
        report = pool.run(hostile.program, hostile.limits)
        after = pool.run(NORMAL[hostile.language])
    except SandboxError as error:
        if hostile.language == "python":
            raise
        pytest.skip(str(error))
    assert report.verdict in hostile.verdicts, f"{report.feedback()}\n{report.stdout[:500]}"
    assert not report.accepted or hostile.proof.suffices(report.proof), f"accepted, and the proof is {report.proof}"
    assert after.accepted, f"the program after it: {after.feedback()}"


def test_the_hostile_programs_are_enough_and_cover_every_class() -> None:
    programs = hostile_programs()
    forgeries = [hostile for hostile in programs if hostile.name.startswith("forgery/")]
    assert len(programs) >= 110
    assert len(forgeries) >= 20
    assert {Path(hostile.name).suffix for hostile in forgeries} >= {".py", ".js", ".php", ".sh", ".c"}
    assert not [hostile.name for hostile in programs if hostile.verdicts & {Verdict.sandbox_fault}]


def test_program_sees_nothing_of_the_run_before_it(pool: Pool) -> None:
    pool.run(
        Program(
            "open('/tmp/secret', 'w').write('x'); open('/dev/shm/secret', 'w').write('x')\nimport random; random.seed(1)"
        )
    )
    seen = pool.run(Program("import os\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'))"))
    assert seen.stdout == "[] []\n"


def test_300_kilobytes_of_output_are_drained_and_cut(pool: Pool) -> None:
    report = pool.run(Program("print('x' * 300_000)"))
    assert (report.verdict, len(report.stdout)) == (Verdict.untested, TIGHT.output_bytes)


def test_what_breaks_three_containers_while_others_run_well_is_the_programs_doing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = pool_module.exchange

    def breaks(container: Any, job: dict[str, Any], patience_s: float) -> dict[str, Any]:
        if "BREAKS" in job["code"] or (ill and container.runs == 0):
            raise pool_module.Fault("the container ended")
        return honest(container, job, patience_s)

    async def ran() -> Report:
        async with Sandbox(limits=TIGHT, slots=1) as box:
            return await box.run(Program("BREAKS"))

    monkeypatch.setattr(pool_module, "exchange", breaks)
    ill = False
    assert (found := asyncio.run(ran())).verdict is Verdict.runtime_error and "ran well" in found.detail
    ill = True
    assert asyncio.run(ran()).verdict is Verdict.sandbox_fault


def test_a_fresh_sandbox_uses_no_container_twice() -> None:
    async def containers() -> list[str]:
        async with Sandbox(limits=TIGHT, slots=1, fresh=True) as box:
            used = []
            for _ in range(2):
                assert (await box.run(Program("def add(a, b): return a + b", "assert add(1, 2) == 3"))).accepted
                used.append(box._all[0].containers["python"].id)
            return used

    assert len(set(asyncio.run(containers()))) == 2


def test_afterwards_no_process_container_descriptor_or_thread_is_left(
    pool: Pool,
) -> None:
    pool.run(NORMAL["python"])
    containers = [container.id for slot in pool.box._all for container in slot.containers.values()]
    for container in containers:
        assert within(5, lambda container=container: len(processes_of(container)) == IDLE_PROCESSES), processes_of(
            container
        )
    processes = [pid for container in containers for pid in processes_of(container)]
    pool.close()
    assert within(5, lambda: not [pid for pid in processes if Path(f"/proc/{pid}").exists()])
    assert within(10, lambda: own_containers() == pool.before.containers)  # Docker takes one away in its own time
    assert within(5, lambda: host().threads <= pool.before.threads)
    gc.collect()  # the client's attached socket is part of a cycle
    assert not host().descriptors - pool.before.descriptors
