"""A record that is empty, cut, damaged or on a read-only disk: read as far as it goes, told clearly, never begun anew."""

import asyncio
import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from ledger import Ledger, LedgerError, Row, Status, facts, reading
from ledger.store import FILE
from rows.sample import Sample

ROWS = 400


def made(folder: Path) -> Path:
    async def work() -> None:
        with Ledger(folder) as ledger:
            rows = [Row("code/x", n, Status.accepted, "", f"s{n}", Sample(problem="p" * 400)) for n in range(ROWS)]
            await asyncio.gather(*map(ledger.record_row, rows))
            await ledger.record(facts.SPENT, 7, "code/x")

    asyncio.run(work())
    return folder / FILE


def told(*command: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*command])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr


def cut(file: Path, share: float) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])


def test_an_empty_ledger_is_told_and_not_begun_anew(tmp_path: Path) -> None:
    file = made(tmp_path / "run")
    file.write_bytes(b"")
    for readonly in (True, False):
        with pytest.raises(LedgerError, match=r"is empty \(0 bytes\)"):
            Ledger(tmp_path / "run", readonly=readonly)
    assert file.stat().st_size == 0
    for command in ("report", "watch"):
        code, said = told(command, str(tmp_path / "run"))
        assert code == 1 and "is empty (0 bytes)" in said


@pytest.mark.parametrize("left", ["data", "checkpoints", "emitted_tokens", "ledger.sqlite-wal"])
def test_a_ledger_that_is_gone_is_told_by_what_lies_beside_it_and_not_begun_anew(tmp_path: Path, left: str) -> None:
    made(tmp_path).unlink()
    Ledger(tmp_path).close()  # a lock alone is left by a start that came to nothing
    (tmp_path / FILE).unlink()
    (tmp_path / left).mkdir(exist_ok=True) if left in ("data", "checkpoints") else (tmp_path / left).write_bytes(b"x")
    with pytest.raises(LedgerError, match=rf"is gone, and {left} in its directory"):
        Ledger(tmp_path)
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_cut_ledger_is_read_as_far_as_it_goes_and_not_written_to(tmp_path: Path, share: float) -> None:
    file = made(tmp_path)
    cut(file, share)
    with Ledger(tmp_path, readonly=True) as ledger:
        found = list(ledger.rows())
        assert 0 < len(found) < ROWS and "cannot be read" in ledger.damage
    before = file.read_bytes()
    with pytest.raises(LedgerError, match="give another --out"), Ledger(tmp_path) as ledger:
        ledger.attempts("code/x")
    assert file.read_bytes() == before
    code, said = told("report", str(tmp_path))
    assert code == 0 and "cannot be read" in said
    for command in (["watch", str(tmp_path), "--once"], ["why", str(tmp_path), "code/x#0"]):
        assert told(*command)[0] in (0, 1)


def test_a_page_of_rubbish_and_a_row_of_rubbish_cost_only_themselves(tmp_path: Path) -> None:
    file = made(tmp_path)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE rows SET payload = '{\"problem\": ' WHERE attempt = 3")
    connection.close()
    with Ledger(tmp_path, readonly=True) as ledger:
        assert len(list(ledger.rows())) == ROWS - 1 and ledger.damage
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = os.urandom(4096)
    file.write_bytes(data)
    with Ledger(tmp_path, readonly=True) as ledger:
        assert list(ledger.rows()) and ledger.damage
    file.write_bytes(b"no database, but text" * 100)
    for command in ("report", "watch"):
        code, said = told(command, str(tmp_path))
        assert code == 1 and "cannot be read" in said


def test_one_bad_ledger_does_not_end_the_list_of_runs(tmp_path: Path) -> None:
    made(tmp_path / "good")
    made(tmp_path / "bad").write_bytes(b"x" * 5000)
    made(tmp_path / "empty").write_bytes(b"")
    result = CliRunner().invoke(app, ["runs", str(tmp_path), "--json"])
    states = {Path(run["path"]).name: run["state"] for run in json.loads(result.stdout)["runs"]}
    assert states == {"good": "stopped", "bad": "unreadable", "empty": "unreadable"}


@pytest.mark.parametrize("log", [False, True])
def test_a_run_on_a_read_only_disk_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bool) -> None:
    file = made(tmp_path / "run")
    if log:  # the newest commits stand in the log only
        writer = sqlite3.connect(file)
        writer.execute("UPDATE meta SET value = 8")
        writer.commit()
        kept = {path.name: path.read_bytes() for path in file.parent.glob(f"{FILE}*") if not path.name.endswith("-shm")}
        writer.close()
        for name, data in kept.items():
            (file.parent / name).write_bytes(data)
    connected = reading._connected

    def read_only(path: Path, how: str) -> Any:
        if how == "mode=ro":
            raise sqlite3.OperationalError("unable to open database file")
        return connected(path, how)

    monkeypatch.setattr(reading, "_connected", read_only)
    monkeypatch.setattr(reading.os, "access", lambda *_: False)
    with Ledger(tmp_path / "run", readonly=True) as ledger:
        assert len(list(ledger.rows())) == ROWS
        assert ledger.read(facts.SPENT, "code/x") == (8 if log else 7)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("rows", "payload", "[" * 100_000),
        ("rows", "payload", "[]"),
        ("rows", "payload", 5),
        ("rows", "effects", '{"a":' * 50_000),
        ("rows", "stage", b"\xff"),
        ("rows", "reason", b"\xff"),
        ("meta", "value", "[" * 100_000),
        ("meta", "value", "9" * 5000),
        ("steps", "detail", "[]"),
    ],
)
def test_a_cell_of_another_kind_costs_only_its_row(tmp_path: Path, table: str, column: str, value: Any) -> None:
    file = made(tmp_path / "run")
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO steps VALUES ('run', 'done', '{}', 1, 2)")
        where = "attempt = 2" if table == "rows" else "TRUE"
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))
    connection.close()
    with Ledger(tmp_path / "run", readonly=True) as ledger:
        assert len(list(ledger.rows())) >= ROWS - 1
    for command in (["report"], ["report", "--json"], ["watch", "--once"]):
        code, _ = told(command[0], str(tmp_path / "run"), *command[1:])
        assert code == 0
    assert told("runs", str(tmp_path))[0] == 0
    assert told("why", str(tmp_path / "run"), "code/x#2")[0] in (0, 1)
