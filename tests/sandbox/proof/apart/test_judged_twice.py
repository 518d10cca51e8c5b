"""A program that is judged a second time profits from nothing that it learned the first time."""

from __future__ import annotations

import asyncio

import pytest

from sandbox import Limits, Program, Report, Sandbox, Verdict, docker_problem
from sandbox.containers.image import built_languages

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=docker_problem() or ""),
]
TESTS = "#include <cassert>\nint main() {\n    assert(even(2));\n    assert(!even(3));\n    assert(!even(7));\n    assert(even(10));\n}\n"
IN_ANOTHER_ORDER = "#include <cassert>\nint main() {\n    assert(!even(3));\n    assert(even(2));\n    assert(even(10));\n    assert(!even(7));\n}\n"
CODE = r"""#include <cstring>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
asm(".section .rodata\n own_source: .incbin \"main.cpp\"\n .byte 0\n .text\n");
extern "C" const char own_source[];
static int asked = 0;
static const char* tests() { return std::strstr(own_source, (std::string("ass") + "ert(even(").c_str()); }
static unsigned long counted() { $COUNTED }
bool even(int n) {
    const int at = asked++;
    const std::string mark = "even(" + std::to_string(n) + "))";
    const char* source = tests();
    if (source == nullptr) return counted() / $WIDTH % 16 >> at & 1;
    if (at == 3) {
        unsigned long message = 0, place = 0;
        for (const char* next = source; (next = std::strstr(next, "even(")); ++next) message |= (next[-1] != '!') << place++;
        for (int tries = 0; tries < 20 * $WIDTH; ++tries) {
            const unsigned long number = counted();
            if (number / $WIDTH % 16 == message && number % $WIDTH < $WIDTH / 6) break;
        }
    }
    return std::strstr(source, mark.c_str())[-1] != '!';
}
"""
PROCESSES = (
    "const pid_t child = fork(); if (child == 0) _exit(0); waitpid(child, nullptr, 0); return child;",
    "256",
)
PIPES = (
    "int ends[2]; if (pipe(ends)) return 0; struct stat found; fstat(ends[0], &found); close(ends[0]); close(ends[1]); "
    "return found.st_ino;",
    "50000",
)
"""What gives a number that goes on from run to run, and how far apart two messages are."""


async def _judged(code: str, again: str) -> list[Report]:
    """Of the code, of the code once more, and of another program."""
    async with Sandbox(slots=1, limits=Limits(cpu_s=10, wall_s=60)) as box:
        first = await box.run(Program(code, tests := TESTS, language="cpp"))
        if (
            first.accepted
        ):  # a counter of the whole machine says it by chance, one time in sixteen: then not the other order
            first = await box.run(Program(code, tests := IN_ANOTHER_ORDER, language="cpp"))
        return [first, *[await box.run(Program(text, tests, language="cpp")) for text in (code, again)]]


@pytest.mark.parametrize("counter", [PROCESSES, PIPES], ids=["processes", "pipes"])
def test_what_a_program_left_in_a_counter_when_it_failed_does_not_make_it_accepted(counter: tuple[str, str]) -> None:
    if "cpp" not in built_languages():
        pytest.skip("no image for C++")
    code = CODE.replace("$COUNTED", counter[0]).replace("$WIDTH", counter[1])
    right = "bool even(int n) { return n % 2 == 0; }"
    first, second, other = asyncio.run(_judged(code, right))
    assert first.verdict in (Verdict.untested, Verdict.test_failure)
    assert second.verdict in (Verdict.untested, Verdict.test_failure)
    assert other.accepted, other.detail


def test_process_numbers_tell_another_program_nothing_of_tests_that_one_had_in_its_process() -> None:
    if "cpp" not in built_languages():
        pytest.skip("no image for C++")
    code = CODE.replace("$COUNTED", PROCESSES[0]).replace("$WIDTH", PROCESSES[1])
    *_, sibling = asyncio.run(_judged(code, f"// another\n{code}"))
    assert not sibling.accepted
