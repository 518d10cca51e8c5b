"""A disk that is full or read-only, a run whose files are gone or something else: read as far as it goes, told in a line, never
begun anew.
"""

import asyncio
import errno
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_server import scripted_server
from tiny_checkpoints import tiny_checkpoint
from typer.testing import CliRunner, Result

from cli import app
from commands.door import of_the_machine
from ledger import Ledger, Row, Status
from rows.sample import Sample

ROWS = 3
MINE = """from generators import accept, Sample


async def think(lab, seed):
    return accept(Sample(problem=seed.id, completion=(await lab.ask("math/question", question=seed.id)).text))
"""


def lab(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def told_in_a_line(done: Result, *words: object) -> None:
    assert done.exception is None or isinstance(done.exception, SystemExit), (words, repr(done.exception))
    assert "Traceback" not in done.output and "a fault of Lab's own" not in done.output, done.output


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", "true")
    for place in ("alignment.ready.docker_problem", "generators.setup.docker_problem"):
        monkeypatch.setattr(place, lambda: None)
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "s.jsonl").write_text(json.dumps({"id": "1"}) + "\n")
    (tmp_path / "d.jsonl").write_text(
        "".join(json.dumps({"text": f"the cat sat on the mat {n}"}) + "\n" for n in range(40))
    )
    return tmp_path


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("checkpoint"))


def made(folder: Path) -> Path:
    """A run of some rows, as one that was killed leaves it: the newest commits in the log."""

    async def work() -> None:
        with Ledger(folder) as ledger:
            await asyncio.gather(
                *(ledger.record_row(Row("own/mine", n, Status.accepted, "", "s", Sample())) for n in range(ROWS))
            )
            for file in ("ledger.sqlite", "ledger.sqlite-wal"):
                shutil.copyfile(folder / file, folder / f"{file}.killed")

    asyncio.run(work())
    for file in ("ledger.sqlite", "ledger.sqlite-wal"):
        (folder / f"{file}.killed").replace(folder / file)
    return folder


def readers(run: Path) -> list[list[object]]:
    return [
        ["report", run],
        ["report", run, "--json"],
        ["watch", run, "--once"],
        ["why", run, "own/mine#1"],
        ["runs", run.parent],
        ["export", run],
    ]


def writers(run: Path, url: str) -> list[list[object]]:
    begun: list[object] = ["--seeds", "s.jsonl", "-c", url, "--out", run]
    return [["generate", "mine.py", *begun], ["eval", url, "--problems", "s.jsonl", "--out", run]]


def outs(place: Path, checkpoint: Path) -> list[list[object]]:
    """Commands that write there."""
    return [
        ["filter", "d.jsonl", "--out", place / "f", "--dedup", "exact"],
        ["pretrain", "pack", "d.jsonl", "--tokenizer", checkpoint, "--out", place / "p"],
        ["pretrain", "tokenizer", "train", "d.jsonl", "--vocab-size", "270", "--out", place / "t"],
        ["pretrain", "tokenizer", "extend", checkpoint, "-l", "de=d.jsonl", "--new-tokens", "1", "--out", place / "x"],
        ["pretrain", "import", checkpoint, "--out", place / "i"],
        ["prompts", "edit", "code/answer", "--prompts", place / "my"],
    ]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk of its own is mounted by root alone")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> None:
    with (disk / "fill").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC


def make_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)


@pytest.mark.parametrize("spoil", [fill, make_read_only])
def test_a_run_on_a_full_or_a_read_only_disk_is_read_whole_and_not_begun_anew(
    spoil: Callable[[Path], None], disk: Path
) -> None:
    run = made(disk / "run")
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    spoil(disk)
    for command in readers(run):
        done = lab(*command)
        told_in_a_line(done, command)
        if command[0] != "export":  # it has no data set yet
            assert done.exit_code == 0, done.output
    assert f'"accepted": {ROWS}' in lab("report", run, "--json").stdout
    with scripted_server(lambda _: "4") as (url, asked):
        for command in writers(run, url):
            done = lab(*command)
            told_in_a_line(done, command)
            assert done.exit_code == 1 and re.search(r"disk is full; free some space|Read-only|read-only", done.stderr)
        assert not asked
    assert all((run / name).read_bytes() == before[name] for name in ("ledger.sqlite", "ledger.sqlite-wal"))


@pytest.mark.parametrize("spoil", [fill, make_read_only])
def test_what_cannot_be_written_is_told_in_a_line_with_its_mend(
    spoil: Callable[[Path], None], disk: Path, checkpoint: Path
) -> None:
    spoil(disk)
    for command in outs(disk, checkpoint):
        done = lab(*command)
        told_in_a_line(done, command)
        assert done.exit_code == 1, command
        assert re.search(
            r"no space left on device.*; make room|read-only file system; name a place", done.stderr.lower()
        )


def pipe(path: Path) -> None:
    os.mkfifo(path)


ODD: dict[str, Callable[[Path], Any]] = {
    "gone": lambda path: None,
    "empty": lambda path: path.write_text(""),
    "rubbish": lambda path: path.write_bytes(b"\xff\x00rubbish" * 50),
    "folder": lambda path: path.mkdir(),
    "pipe": pipe,
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_run_one_of_whose_files_is_something_else_is_told_and_nothing_waits_for_it(
    odd: Callable[[Path], Any], here: Path
) -> None:
    data = '{"messages": [], "stage": "own/mine"}\n'
    with scripted_server(lambda _: "4") as (url, _):
        assert lab("generate", "mine.py", "--seeds", "s.jsonl", "-c", url, "--out", "runs/whole").exit_code == 0
        Path("runs/whole/data/sft/more.jsonl").write_text(data)
        files = [path.relative_to("runs/whole") for path in Path("runs/whole").rglob("*") if path.is_file()]
        assert {"lock", "ledger.sqlite", "emitted_tokens"} < {str(file) for file in files}
        for file in files:
            shutil.copytree("runs/whole", "runs/odd")
            Path("runs/odd", file).unlink()
            odd(Path("runs/odd", file))
            for command in (*readers(Path("runs/odd")), *writers(Path("runs/odd"), url)):
                told_in_a_line(lab(*command), file, command)
            shutil.rmtree("runs/odd")


@pytest.mark.parametrize("place", ["nothing", "empty", "d.jsonl", "d.jsonl/below"])
def test_what_is_no_run_is_told_and_nothing_is_made_of_it(place: str, here: Path) -> None:
    (here / "empty").mkdir()
    for command in readers(Path(place)):
        done = lab(*command)
        told_in_a_line(done, command)
        assert command[0] == "runs" or done.exit_code == 1, (command, done.output)
    assert not (here / "nothing").exists() and not list((here / "empty").iterdir())


def test_only_errors_of_the_machine_are_told_as_such() -> None:
    assert of_the_machine(OSError(errno.ENOSPC, "No space left on device", "/d/x")).startswith("/d/x: no space left")
    assert of_the_machine(Exception("Error while serializing: I/O error: x (os error 28)")).startswith("no space left")
    assert "/d/y: file exists" in of_the_machine(FileExistsError(errno.EEXIST, "File exists", "/d/x", None, "/d/y"))
    assert "memory is used up" in of_the_machine(MemoryError())
    for fault in (ValueError("x"), OSError("x"), ConnectionResetError(errno.ECONNRESET, "reset"), KeyError("os error")):
        assert of_the_machine(fault) == ""


@pytest.mark.usefixtures("warm_children")
@pytest.mark.parametrize("free", [60_000, 200_000])
def test_a_training_whose_first_state_fills_the_disk_says_so_and_holds_nobody_back(
    free: int, disk: Path, checkpoint: Path, tmp_path: Path
) -> None:
    """By the weights, and by what the optimiser keeps: two libraries write them, each with words of its own."""
    talk = [{"role": "user", "content": "the cat"}, {"role": "assistant", "content": "sat on the mat"}]
    (rows := tmp_path / "talks.jsonl").write_text(f"{json.dumps({'messages': talk})}\n" * 4)
    fill(disk)
    os.truncate(disk / "fill", (disk / "fill").stat().st_size - free)
    command = ["train", "sft", checkpoint, "--data", rows, "--out", disk / "out", "--set", "max_steps=3"]
    done = lab(*command, "--set", "save_every_s=0")
    told_in_a_line(done, command)
    assert done.exit_code == 1
    assert f"{disk / 'out'}: no space left on device; no state was saved before it" in done.stderr, done.output
    (disk / "fill").unlink()
    done = lab(*command, "--set", "lr=1e-5")
    assert done.exit_code == 0, done.output
