"""Words of Jest and of those like it mean here what they mean there, in JavaScript and with TypeScript's types."""

from __future__ import annotations

import asyncio

import pytest

from sandbox import Program, Report, Sandbox, Verdict, docker_problem
from sandbox.containers.image import built_languages

STOPPED = """describe("poll", () => {
  beforeEach(() => { jest.useFakeTimers({ now: 1000 }); });
  afterEach(() => { jest.useRealTimers(); });
  it("asks until it is told", async () => {
    const ask = jest.fn().mockResolvedValueOnce(false).mockResolvedValue(true);
    const waits = poll(ask, 60000);
    expect(jest.getTimerCount()).toBe(0);
    await jest.advanceTimersByTimeAsync(60000);
    await expect(waits).resolves.toBe(61000);
    expect(ask).toHaveBeenCalledTimes(2);
  });
  it("ticks", () => {
    const call = jest.fn();
    const stop = tick(call, 100);
    jest.advanceTimersByTime(250);
    expect(call.mock.calls).toEqual([[100], [200]]);
    stop();
    jest.runAllTimers();
    expect(call).toHaveBeenCalledTimes(2);
  });
});
"""


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_where_jests_time_stands_still_timers_and_dates_follow_the_tests() -> None:
    right = """async function poll(ask, ms) { while (!(await ask())) await new Promise((go) => setTimeout(go, ms)); return Date.now(); }
function tick(call, ms) { const from = new Date(); const timer = setInterval(() => call(new Date() - from), ms); return () => clearInterval(timer); }
"""
    wrong = [("(go, ms)", "(go, ms / 2)"), ("clearInterval(timer)", "undefined"), ("Date() - from", "Date(0) - from")]

    async def judged() -> list[Verdict]:
        async with Sandbox(slots=2) as box:
            codes = [right, *(right.replace(*change) for change in wrong)]
            reports = await asyncio.gather(*(box.run(Program(code, STOPPED, language="javascript")) for code in codes))
            return [report.verdict for report in reports]

    accepted, *refused = asyncio.run(judged())
    assert accepted is Verdict.accepted
    assert not {Verdict.accepted, Verdict.untested} & set(refused)


OF_NODE_20 = """const { test, mock } = require("node:test");
const assert = require("node:assert");
for (const ms of [100, 200])
  test("later " + ms, async (t) => {
    await t.test("inside", (t) => {
      const call = t.mock.fn();
      t.mock.timers.enable({ apis: ["setTimeout"] });
      later(call, ms);
      t.mock.timers.tick(ms - 1);
      assert.strictEqual(call.mock.calls.length, 0);
      t.mock.timers.tick(1);
      assert.strictEqual(call.mock.calls.length, 1);
    });
    t.mock.timers.enable({ apis: ["setTimeout"] });
  });
"""


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_timers_that_a_node_test_stops_go_on_when_it_ends_and_are_called_as_in_node_20() -> None:
    async def judged() -> list[Report]:
        async with Sandbox(slots=1) as box:
            codes = [f"const later = (call, ms) => setTimeout(call, {ms});" for ms in ("ms", "ms / 2", "ms * 2")]
            return [await box.run(Program(code, OF_NODE_20, language="javascript")) for code in codes]

    right, *wrong = asyncio.run(judged())
    assert right.verdict is Verdict.accepted, right.feedback()
    assert [report.verdict for report in wrong] == [Verdict.test_failure] * 2


TYPED = {
    "jest": """type Case = { n: number; want: number };
const cases: Case[] = [{ n: 9, want: 4 }, { n: 6, want: 3 }];
let said: jest.SpyInstance<void, [string]>;
beforeAll(() => { said = jest.spyOn(console, "log").mockImplementation(); });
test.each<Case>(cases)("half of $n", ({ n, want }: Case) => {
  const halved = jest.fn<number, [number]>((n) => half(n)) as jest.MockedFunction<typeof half>;
  expect<number>(halved(n)).toBe(want);
  expect(said).not.toHaveBeenCalled();
});
""",
    "vitest": """import {
  describe,
  expect,
  it,
  vi,
  type Mock,
} from "vitest";
import type { MockInstance } from "vitest";

describe("half", () => {
  it("is told", () => {
    const call: Mock<(n: number) => void> = vi.fn<(n: number) => void>();
    const spy: MockInstance = vi.spyOn(console, "log").mockImplementation(() => {});
    call(half(9));
    expect(call).toHaveBeenCalledWith(4);
    expect(spy).not.toHaveBeenCalled();
  });
});
""",
    "mocha": """import assert from "assert";
describe("half", function () {
  let n: number;
  before(() => { n = 9; });
  context("of an odd number", () => {
    specify("is rounded down", () => { assert.strictEqual(half(n), 4); });
  });
  xit("of text", () => { assert.fail(); });
});
""",
    "node:test": """import {
  before,
  test,
} from "node:test";
import assert from "node:assert/strict";
let n = 0;
before(() => { n = 9; });
test("half", () => { assert.equal(half(n), 4); });
""",
}


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
@pytest.mark.parametrize("framework", TYPED)
def test_types_of_a_frameworks_words_are_no_compile_error_of_the_program(framework: str) -> None:
    if "typescript" not in built_languages():
        pytest.skip("no image of this language is built")
    right = "function half(n: number): number { return Math.floor(n / 2); }"

    async def judged() -> list[Report]:
        async with Sandbox(slots=2) as box:
            codes = (right, right.replace("/ 2", "/ 3"))
            asked = (Program(code, TYPED[framework], language="typescript") for code in codes)
            return await asyncio.gather(*map(box.run, asked))

    accepted, refused = asyncio.run(judged())
    assert (accepted.verdict, refused.verdict) == (Verdict.accepted, Verdict.test_failure), accepted.feedback()
