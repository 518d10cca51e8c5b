"""The ledger keeps what it says it kept, through concurrency, bad writes and death."""

import asyncio
import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import Effect, Ledger, LedgerError, Row, Status, content_key, facts
from ledger.meter import TokenMeter
from rows.sample import Sample

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def row(attempt: int, status: Status = Status.accepted, **fields: Any) -> Row:
    return Row(
        "code/x", attempt, status, "" if status is Status.accepted else "test_failure", "seed", Sample(**fields), ()
    )


def test_a_recorded_effect_comes_back_as_it_was(tmp_path: Path) -> None:
    effect = Effect("k", "ask", {"m": ["\ud800", "\x00", "é"]}, {"text": "x"}, 1.5, 10, 20, 5, "t@1")
    with Ledger(tmp_path) as ledger:
        asyncio.run(ledger.record_effect(effect))
        assert ledger.effect("k") == effect
        assert ledger.effect("other") is None


@given(st.dictionaries(st.text(max_size=8), json_values, max_size=4))
@settings(max_examples=100)
def test_the_key_of_a_request_does_not_depend_on_the_order_of_its_fields(request: dict[str, object]) -> None:
    assert content_key("ask", request) == content_key("ask", dict(reversed(list(request.items()))))
    assert content_key("ask", request) != content_key("run", request)


def test_any_change_of_the_request_changes_the_key() -> None:
    request = {"checkpoint": "a", "messages": [{"role": "system", "content": "s"}], "sampling": {}, "sample": 0}
    changed = [
        {**request, "checkpoint": "b"},
        {**request, "messages": [{"role": "system", "content": "t"}]},
        {**request, "sampling": {"temperature": 0.7}},
        {**request, "sample": 1},
    ]
    assert len({content_key("ask", each) for each in [request, *changed]}) == 5


def test_hundreds_of_concurrent_writers_lose_nothing(tmp_path: Path) -> None:
    async def write(ledger: Ledger) -> None:
        await asyncio.gather(*(ledger.record_row(row(n)) for n in range(500)))

    with Ledger(tmp_path) as ledger:
        asyncio.run(write(ledger))
        assert ledger.attempts("code/x") == set(range(500))
        assert ledger.counts("code/x") == {(Status.accepted, ""): 500}


def test_an_attempt_that_ended_cannot_end_again_and_its_neighbours_are_kept(tmp_path: Path) -> None:
    async def write(ledger: Ledger) -> list[object]:
        await ledger.record_row(row(1, Status.rejected))
        return await asyncio.gather(*(ledger.record_row(row(n)) for n in (0, 1, 2)), return_exceptions=True)

    with Ledger(tmp_path) as ledger:
        ended = asyncio.run(write(ledger))
        assert [isinstance(result, LedgerError) for result in ended] == [False, True, False]
        assert [found.status for found in ledger.rows()] == [Status.accepted, Status.rejected, Status.accepted]


def test_a_write_that_sqlite_cannot_take_is_an_error_and_not_a_hang(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        with pytest.raises(LedgerError):
            asyncio.run(ledger._write(("INSERT INTO meta VALUES (?, ?)", ("x", object()))))
        asyncio.run(ledger.record_row(Row("s", 0, Status.accepted, "", "seed \ud800")))
        assert [found.seed_id for found in ledger.rows()] == ["seed ?"]


def test_a_completion_cut_short_comes_back_up_to_its_last_journalled_token(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.journal_tokens("k", 0, [5, 6])
        ledger.journal_tokens("k", 2, [7])
        asyncio.run(ledger.record(facts.COMMANDS, ["flush"]))
        assert ledger.partial("k") == [5, 6, 7]
        asyncio.run(ledger.record_effect(Effect("k", "ask", {}, {})))
        assert ledger.partial("k") == []


def test_a_second_process_is_refused_and_told_who_holds_the_run(tmp_path: Path) -> None:
    with Ledger(tmp_path), pytest.raises(LedgerError, match=rf"process {os.getpid()} on .*another --out"):
        Ledger(tmp_path)
    Ledger(tmp_path).close()


def test_a_disk_without_locks_is_told_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", unlocked)
    with pytest.raises(LedgerError, match=r"lock: cannot be locked: Function not implemented; give an --out on a disk"):
        Ledger(tmp_path)


def test_what_was_awaited_survives_kill_9_and_the_lock_does_not(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import asyncio, sys
        from pathlib import Path
        from ledger import Ledger, Row, Status
        async def main():
            ledger = Ledger(Path(sys.argv[1]))
            for n in range(10_000):
                await ledger.record_row(Row("s", n, Status.accepted, "", "seed"))
                print(n, flush=True)
        asyncio.run(main())
        """
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [int(child.stdout.readline()) for _ in range(50)]
    child.send_signal(signal.SIGKILL)
    said += [int(line) for line in child.stdout.read().split()]
    child.wait()
    with Ledger(tmp_path) as ledger:
        assert set(said) <= ledger.attempts("s")


def test_a_full_disk_is_said_and_what_was_committed_stays(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        asyncio.run(ledger.record_row(row(0)))
        pages = next(ledger._query("PRAGMA page_count"))[0]
        asyncio.run(ledger._write((f"PRAGMA max_page_count = {pages + 2}", ())))
        with pytest.raises(LedgerError, match=r"disk is full.*free some space"):
            asyncio.run(ledger.record_row(row(1, completion="x" * 1_000_000)))
        assert ledger.attempts("code/x") == {0}


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="not a run directory"):
        Ledger(tmp_path, readonly=True)


def test_a_row_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        asyncio.run(ledger.record_row(row(0)))
        with pytest.raises(LedgerError, match=r'no row "code/y#3"; .*code/x \(0-0\)'):
            ledger.row("code/y#3")


def test_the_token_meter_counts_through_kill_9(tmp_path: Path) -> None:
    program = "import os,sys; from pathlib import Path; from ledger.meter import TokenMeter\nm = TokenMeter(Path(sys.argv[1]))\nm(41); m(1); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    meter = TokenMeter(tmp_path)
    assert meter.total == 42
    meter.close()


def test_a_fact_comes_back_under_its_subject_and_a_later_value_replaces_it(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        for value in (1.0, 2.0):
            asyncio.run(ledger.record(facts.SECONDS, value, "eval:start"))
        asyncio.run(ledger.record(facts.SECONDS, 3.0, "code/x"))
        assert (ledger.read(facts.SECONDS, "eval:start"), ledger.read(facts.SECONDS, "code/y")) == (2.0, None)
        assert ledger.all(facts.SECONDS) == {"code/x": 3.0, "eval:start": 2.0}


def test_a_fact_without_its_subject_or_with_one_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="one of a stage"):
        facts.STAGE.key()
    with pytest.raises(ValueError, match="one of the run"):
        facts.MACHINE.key("code/x")


def test_facts_that_an_older_version_recorded_are_read(tmp_path: Path) -> None:
    """The stored form is an agreement with every ledger there is: a changed name would lose what a run knew."""
    with Ledger(tmp_path) as ledger:
        for name, value in (("stage:code/x", '{"accepted": 4}'), ("own:own/mine", '"abc"'), ("emitted_tokens", "7")):
            asyncio.run(ledger._write(("INSERT INTO meta VALUES (?,?)", (name, value))))
        assert ledger.all(facts.STAGE) == {"code/x": {"accepted": 4}}
        assert ledger.read(facts.OWN_GENERATOR, "own/mine") == "abc"
        assert ledger.read(facts.EMITTED_TOKENS) == 7
