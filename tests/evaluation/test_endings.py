"""How answers end: their length, those that the limit cut, and those that repeat themselves."""

import asyncio
from pathlib import Path

import pytest

from evaluation.endings import Endings, endings
from ledger import Ledger, Row, Status
from ledger.effects import Effect
from verification.unfinished.repetition import repeats

LINE = "This line is said again and again.\n"


@pytest.mark.parametrize("text", [LINE * 4, "First.\n" + LINE * 9 + LINE[:11], "ab " * 40, f"{LINE * 3}{LINE}\n\n"])
def test_an_answer_that_ends_in_copies_of_one_piece_repeats_itself(text: str) -> None:
    assert repeats(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "return 1",
        LINE * 3,  # said, and underlined
        LINE * 9 + "And then it ends.",
        "x = [0, 0, 0, 0, 0, 0, 0, 0]",
        "| a | b |\n|---|---|\n" + "".join(f"| {n} | {n * n} |\n" for n in range(30)),
        "\n".join(f"print({n})" for n in range(100)),
    ],
)
def test_one_that_goes_on_or_ends_in_something_small_does_not(text: str) -> None:
    assert not repeats(text)


def test_a_stage_tells_of_the_answers_its_rows_rest_on(tmp_path: Path) -> None:
    async def work() -> None:
        with Ledger(tmp_path / "run") as ledger:
            for n, (text, reason) in enumerate(
                [("done", "stop"), (LINE * 8, "length"), ("cut", "length"), ("ok", "stop")]
            ):
                result = {"text": text, "finish_reason": reason}
                await ledger.record_effect(Effect(f"k{n}", "ask", {}, result, 1.0, 10, 10 * (n + 1), 0, "t@1"))
                await ledger.record_row(Row("eval:start/b/greedy", n, Status.accepted, "", str(n), effects=(f"k{n}",)))
            assert endings(ledger, "eval:start/b/greedy") == Endings(tokens=25, cut=0.5, repeating=0.25)
            assert endings(ledger, "eval:start/b/sampled") is None

    asyncio.run(work())
