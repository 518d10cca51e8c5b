"""Who runs a stage and who watches it see the same figures, and nothing in them can drive the terminal."""

import asyncio
import re
import sys
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from alignment.job import TrainingProgress
from generators.drive import Progress
from generators.lab import Tally
from ledger import Ledger, Row, Status, facts
from report.live.screen import Screen
from report.live.stage import stage_line, stage_table
from report.live.watch import follow, look, picture
from rows.sample import Sample

HOSTILE = "\x1b[2J\x00\u202egnp.exe\u200b [red]\r"


def under_way(stage: str = "code/rejection-sampling") -> Progress:
    rejected = Counter({"test_failure": 1500, "no_code": 20, HOSTILE: 3})
    tally = Tally(output_tokens=90_000, runs=600)
    return Progress(
        stage,
        target=2_000,
        total=12_000,
        accepted=1_234,
        rejected=rejected,
        in_flight=128,
        seconds=1300.0,
        earlier_tokens=10_000,
        tally=tally,
        session_seconds=1200.0,
    )


def shown(picture: RenderableType) -> str:
    out = StringIO()
    Console(file=out, width=80).print(picture)
    return out.getvalue()


def test_the_screen_and_a_watcher_see_the_same_figures(tmp_path: Path) -> None:
    async def fill(ledger: Ledger) -> None:
        await ledger.record(facts.LIVE, under_way().live(), under_way().stage)

    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(fill(ledger))
        watched = shown(picture(look(ledger)))
    assert shown(stage_table(under_way().live())) in watched
    for text in (
        "1,234 of 2,000",
        "2,757",
        "128 under way, at most 12,000",
        "test_failure",
        "75/s",
        "0.5/s",
        "81 tokens",
    ):
        assert text in watched
    assert "time left:" in watched
    with Ledger(tmp_path / "run", readonly=True) as ledger:
        stopped = shown(picture(look(ledger)))
    assert "128 were under way" in stopped and "time left" not in stopped


def test_whoever_watches_rounds_sees_each_as_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("report.live.watch.EVERY_S", 0)
    looks = follow(tmp_path)
    with Ledger(tmp_path) as rounds:
        asyncio.run(rounds.record(facts.RECIPE, {"rounds": {"count": 2}}))
        assert next(looks)[0]["run"] == str(tmp_path)
        for number in (1, 2):
            with Ledger(tmp_path / f"round-{number}"):
                pass  # done at once; between two rounds they are under way all the same
            seen, _ = next(looks)
            assert (seen["run"], seen["running"]) == (str(tmp_path / f"round-{number}"), True)
    assert [seen["running"] for seen, _ in looks] == [False]


def test_what_the_figures_name_is_shown_by_number_and_fits_eighty_columns() -> None:
    live = under_way(HOSTILE).live()
    for text in (shown(stage_table(live)), stage_line(live)):
        assert not re.search("[\x00\x1b\r\u202e\u200b]", text)
        assert "⟨1B⟩[2J⟨00⟩⟨202E⟩gnp.exe⟨200B⟩ [red]⟨0D⟩" in text
    assert max(map(len, shown(stage_table(live)).splitlines())) <= 80


def test_where_there_is_no_terminal_a_stage_that_ended_leaves_one_line() -> None:
    out, progress = StringIO(), under_way()
    progress.in_flight, progress.stopped_by = 0, "target"
    screen = Screen(Console(file=out, width=80))
    screen.generation(progress)
    screen.close()
    (line,) = out.getvalue().splitlines()
    assert line.startswith("code/rejection-sampling: 1,234 of 2,000 accepted in 2,757 attempts (test_failure 1500")
    assert line.endswith("75 tokens/s  0.5 runs/s  stopped by target")


def test_the_last_rows_are_told_apart_by_difficulty(tmp_path: Path) -> None:
    async def fill(ledger: Ledger) -> None:
        for n in range(6):
            status = Status.accepted if n % 3 == 0 else Status.rejected
            made = Sample(difficulty=("easy", "hard\x1b")[n % 2])
            await ledger.record_row(Row("code/rejection-sampling", n, status, "", f"s{n}", made, ()))
        await ledger.record(facts.LIVE, under_way().live(), under_way().stage)

    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(fill(ledger))
        text = shown(picture(look(ledger)))
    assert "by difficulty: hard⟨1B⟩ 1/3, easy 1/3" in text


def test_a_watcher_sees_the_stages_that_have_ended_in_the_order_in_which_they_began(tmp_path: Path) -> None:
    names = ["zeta", "eval:start/a/greedy", "beta"]

    async def fill(ledger: Ledger) -> None:
        for at, name in enumerate(names):
            ended = replace(under_way(), stage=name, in_flight=0, stopped_by="target")
            await ledger.record(facts.STAGE, ended.to_dict(), name)
            await ledger.record(facts.LIVE, {**ended.live(), "at": 1e9 + at, "session_seconds": 1.0}, name)

    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(fill(ledger))
        seen = look(ledger)
    assert [*seen["stages"], seen["live"]["stage"]] == names


def test_of_two_stages_at_once_the_first_is_shown_and_of_the_other_its_end(tmp_path: Path) -> None:
    first, second = under_way(), replace(under_way(), stage="eval:start/humaneval/greedy", session_seconds=300.0)

    async def fill(ledger: Ledger) -> None:
        for progress in (second, first):
            await ledger.record(facts.LIVE, progress.live(), progress.stage)

    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(fill(ledger))
        text = shown(picture(look(ledger)))
    assert text.index("code/rejection-sampling  1,300 s") < text.index("eval:start/humaneval/greedy: 1,234 of 2,000")
    out = StringIO()
    screen = Screen(Console(file=out, width=80))
    for _ in range(2):
        screen.generation(first)
        screen.generation(second)
    second.in_flight = 0
    screen.generation(second)
    screen.close()
    (line,) = out.getvalue().splitlines()
    assert line.startswith("eval:start/humaneval/greedy: 1,234 of 2,000 accepted")


def test_a_training_that_has_ended_says_how_long_it_took_and_not_what_is_left() -> None:
    out = StringIO()
    screen = Screen(Console(file=out, width=80))
    screen.training("sft", TrainingProgress(2, 2, 0.4, 1200, 61.0, 0.0))
    assert out.getvalue() == "train sft: step 2/2  loss 0.400  20 tokens/s  61 s\n"


def test_the_first_step_of_a_training_is_told_at_once() -> None:
    out = StringIO()
    screen = Screen(Console(file=out, width=80))
    for step in (1, 2):
        screen.training("sft", TrainingProgress(step, 3, 0.4, 600, 30.0, 60.0))
    assert out.getvalue() == "train sft: step 1/3  loss 0.400  20 tokens/s  time left: about 1:00\n"


def test_what_libraries_write_to_stderr_meanwhile_is_not_made_a_part_of_the_screen() -> None:
    out = StringIO()
    screen = Screen(Console(file=out, width=80, force_terminal=True))
    screen.training("sft", TrainingProgress(1, 3, 0.4, 600, 30.0, 60.0))
    print("Loading weights: 100%", file=sys.stderr)
    screen.close()
    assert "step 1/3" in out.getvalue() and "Loading" not in out.getvalue()
