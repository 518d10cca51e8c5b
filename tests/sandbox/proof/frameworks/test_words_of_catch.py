"""Catch2's matchers and generators tell here what they tell there."""

from __future__ import annotations

import asyncio

import pytest

from sandbox import Program, Report, Sandbox, Verdict, docker_problem

RIGHT = """#include <stdexcept>
#include <string>
#include <vector>
template <class T> T times(T a, T b) { if (a < 0) throw std::invalid_argument("below zero"); return a * b; }
std::string name(int n) { return n > 1 ? "Many Words" : "One"; }
std::vector<int> upto(int n) { std::vector<int> all; for (int i = 1; i <= n; ++i) all.push_back(i); return all; }
"""
TESTS = """#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <tuple>
using namespace Catch::Matchers;
TEST_CASE("generators") {
    const auto n = GENERATE(range(1, 4));
    const auto by = GENERATE(values({2, 5}));
    SECTION("times") { CHECK(times(n, by) == n * by); }
    SECTION("the other way round") { CHECK(times(by, n) == n * by); }
}
TEST_CASE("tables") {
    auto [a, want] = GENERATE(table<int, int>({std::make_tuple(2, 6), std::make_tuple(3, 9)}));
    REQUIRE(times(a, 3) == want);
}
TEMPLATE_TEST_CASE("types", "[types]", int, long) {
    CHECK(times(TestType(2), TestType(2)) == 4);
}
TEST_CASE("matchers") {
    REQUIRE_THAT(name(2), Equals("many words", Catch::CaseSensitive::No));
    CHECK_THAT(name(2), StartsWith("Many") && !Contains("many"));
    CHECK_THAT(upto(3), UnorderedEquals(std::vector<int>{3, 1, 2}));
    CHECK_THAT(times(0.5, 3.0), WithinAbs(1.5, 0.01));
}
TEST_CASE("refusals") {
    REQUIRE_THROWS_WITH(times(-1, 2), Contains("zero"));
    REQUIRE_THROWS_MATCHES(times(-2, 2), std::invalid_argument, Message("below zero"));
}
"""
WRONG = (
    ("return a * b", "return b == 5 && a == 3 ? T(14) : a * b"),  # one pair of what two generators give
    ("return a * b", "return a == 5 && b == 1 ? T(0) : a * b"),  # and in the second section alone
    ("return a * b", "return a == 3 && b == 3 ? T(8) : a * b"),
    ("return a * b", "return sizeof(T) == 8 && a == 2 ? T(3) : a * b"),
    ("Many Words", "many words"),
    ("i <= n", "i < n"),
    ("below zero", "under zero"),
)


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_generators_types_and_matchers_of_catch_tell_a_wrong_program_from_a_right_one() -> None:
    async def judged() -> list[Report]:
        async with Sandbox(slots=2) as box:
            codes = (RIGHT, *(RIGHT.replace(*change) for change in WRONG))
            return await asyncio.gather(*(box.run(Program(code, TESTS, language="cpp")) for code in codes))

    right, *wrong = asyncio.run(judged())
    assert right.verdict is Verdict.accepted, right.feedback()
    assert [report.verdict for report in wrong] == [Verdict.test_failure] * len(WRONG)
