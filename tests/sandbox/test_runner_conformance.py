"""What every runner of programs promises its users: the pool of this machine, and a service behind HTTP."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from served import serving

from sandbox import Case, Limits, Program, Report, Runner, Sandbox, SandboxError, Verdict, docker_problem
from sandbox.service.client import RemoteSandbox

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
ADD = "def add(a, b):\n    return a + b\n"
TIGHT = Limits(cpu_s=1.0, wall_s=6.0, memory_bytes=96 * 1024 * 1024, pids=24)
TOKEN = "of the conformance suite"
Work = Callable[[Runner], Coroutine[Any, Any, Any]]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving("--slots", "2", "--queue", "2", LAB_SANDBOX_TOKEN=TOKEN) as served:
        yield served.url


@pytest.fixture(params=["pool", "service"])
def with_runner(request: pytest.FixtureRequest) -> Callable[[Work], Any]:
    """Does something with a runner that was entered, and leaves it."""

    @asynccontextmanager
    async def entered() -> AsyncIterator[Runner]:
        if request.param == "pool":
            async with Sandbox(slots=2) as box:
                yield box
        else:
            async with RemoteSandbox(request.getfixturevalue("url"), TOKEN) as remote:
                yield remote

    async def inside(work: Work) -> Any:
        async with entered() as runner:
            return await work(runner)

    return lambda work: asyncio.run(inside(work))


VERDICTS = [
    (ADD, "assert add(1, 2) == 3", "accepted"),
    (ADD, "assert add(1, 2) == 4", "test_failure"),
    (ADD, "", "untested"),
    ("def add(:", "assert add(1, 2) == 3", "parse_error"),
    ("def add(a, b): return c", "assert add(1, 2) == 3", "lint_error"),
    ("1 / 0", "assert add(1, 2) == 3", "runtime_error"),
    ("while True: pass", "", "time_limit"),
    ("import time; time.sleep(60)", "", "wall_limit"),
    ("x = bytearray(500 << 20)", "", "memory_limit"),
    ("import socket; socket.socket()", "", "forbidden"),
]


def test_each_program_gets_its_verdict_with_stages_tests_and_a_reason(with_runner: Callable[[Work], Any]) -> None:
    async def every(runner: Runner) -> list[Report]:
        programs = [Program(code, tests) for code, tests, _ in VERDICTS]
        return list(await asyncio.gather(*(runner.run(program, limits=TIGHT) for program in programs)))

    for (code, tests, verdict), report in zip(VERDICTS, with_runner(every), strict=True):
        assert report.verdict == verdict, (code, report)
        assert report.detail and report.stages[0].name == "parse"
        assert report == Report.from_dict(report.to_dict())
        if verdict == "test_failure":
            assert [(test.source, test.message) for test in report.tests] == [(tests, "expected 4, got 3")]
        if verdict == "accepted":
            assert report.usage.wall_s > 0 and report.usage.memory_bytes > 0


def test_input_cases_files_entry_point_and_the_wish_for_no_linter_reach_the_program(
    with_runner: Callable[[Work], Any],
) -> None:
    words = (("data/words.txt", base64.b64encode("größer".encode()).decode()),)

    async def every(runner: Runner) -> list[Report]:
        programs = [
            Program("print(input())", stdin="héllo\n"),
            Program("print(2 * int(input()))", cases=(Case("3", "6"), Case("4", "9"))),
            Program("print(open('data/words.txt').read())", files=words),
            Program("def sum(a, b): return a + b", "def check(candidate):\n    assert candidate(1, 2) == 3", "sum"),
            Program("def f(): return g\n" + ADD, "assert add(1, 2) == 3", lint=False),
        ]
        return list(await asyncio.gather(*(runner.run(program) for program in programs)))

    echoed, judged, read, checked, unlinted = with_runner(every)
    assert echoed.stdout == "héllo\n" and "größer" in read.stdout
    assert [test.passed for test in judged.tests] == [True, False] and judged.verdict is Verdict.test_failure
    assert checked.accepted and unlinted.accepted


def test_limits_are_those_of_the_run_they_were_given_for(with_runner: Callable[[Work], Any]) -> None:
    async def both(runner: Runner) -> tuple[Report, Report]:
        big = Program("x = bytearray(120 << 20)")
        return await runner.run(big, limits=TIGHT), await runner.run(big)

    tight, usual = with_runner(both)
    assert (tight.verdict, usual.verdict) == (Verdict.memory_limit, Verdict.untested)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (Program("x", language="cobol"), "no language 'cobol'"),
        (Program("x" * 4_000_001), "4000000 characters"),
        (Program("x", files=(("../x", ""),)), "path"),
        (Program(ADD, "assert add(1, 2) == 3", files=(("a.txt", ""),)), "do not go together; use cases"),
    ],
    ids=["language", "length", "path", "files beside tests"],
)
def test_what_cannot_be_run_is_an_error_of_the_caller_and_no_verdict(
    program: Program, said: str, with_runner: Callable[[Work], Any]
) -> None:
    async def fails(runner: Runner) -> Report:
        with pytest.raises(SandboxError, match=said):
            await runner.run(program)
        return await runner.run(Program(ADD, "assert add(1, 2) == 3"))

    assert with_runner(fails).accepted


def test_more_programs_than_there_is_room_for_wait_and_get_each_its_own_answer(
    with_runner: Callable[[Work], Any],
) -> None:
    async def crowd(runner: Runner) -> list[Report]:
        return list(await asyncio.gather(*(runner.run(Program(f"print({number})")) for number in range(30))))

    assert [report.stdout for report in with_runner(crowd)] == [f"{number}\n" for number in range(30)]


def test_a_run_that_nobody_waits_for_any_more_gives_its_place_back(with_runner: Callable[[Work], Any]) -> None:
    async def cancelled(runner: Runner) -> list[Report]:
        sleepers = [asyncio.ensure_future(runner.run(Program("import time; time.sleep(1)"))) for _ in range(4)]
        await asyncio.sleep(0.5)
        for sleeper in sleepers:
            sleeper.cancel()
        return list(await asyncio.gather(*(runner.run(Program(ADD, "assert add(1, 2) == 3")) for _ in range(8))))

    assert all(report.accepted for report in with_runner(cancelled))


def test_identity_tells_languages_apart_knows_aliases_and_is_one_for_the_same_sandbox(
    with_runner: Callable[[Work], Any],
) -> None:
    async def identities(runner: Runner) -> list[str]:
        with pytest.raises(SandboxError, match="no language 'cobol'"):
            runner.identity("cobol")
        return [runner.identity(), runner.identity("py"), runner.identity("rust")]

    found = with_runner(identities)
    assert found == [Sandbox().identity(), found[0], Sandbox().identity("rust")] and found[0] != found[2]
