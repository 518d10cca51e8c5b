"""`lab why` of what a filter left: what it dropped, and all of a row."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
from typer.testing import CliRunner

import cli
from curation import pipeline

TEXTS = ("The lamp was dark.", "I am sorry, but I cannot help with that.\x1b[2J", "THE LAMP WAS DARK.")


@contextmanager
def unwatched(step: str, total: int) -> Iterator[Callable[[int], None]]:
    yield lambda done: None


def why(folder: Path, *more: str) -> str:
    return CliRunner().invoke(cli.app, ["why", str(folder), *more], catch_exceptions=False).output


def test_why_lists_what_a_filter_dropped_and_prints_all_of_a_row(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"text": TEXTS, "image": [b"\xff"] * 3}), tmp_path / "rows.parquet")
    out = tmp_path / "out"
    pipeline.run(pipeline.Settings(tmp_path / "rows.parquet", out, dedup=("exact",)), unwatched)
    told = [line.split()[:3] for line in why(out).splitlines()]
    assert told[1:3] == [["1", "rules", "refusal"], ["2", "exact", "exact_duplicate"]]
    assert "dropped by rules: refusal" in why(out, "1") and "cannot help" in why(out, "1")
    assert "\x1b" not in why(out, "1") + why(out)
    assert "decision: kept" in why(out, "0") and 'no row "7"' in why(out, "7")
    assert [row["row"] for row in json.loads(why(out, "--json"))["dropped"]] == [1, 2]
    assert json.loads(why(out, "0", "--json")) == {
        "kept": True,
        "row": {"text": TEXTS[0], "image": "b'\\xff'", "source_row": 0},
    }


def test_a_folder_with_a_space_is_named_as_a_shell_takes_it_and_a_run_s_own_rows_are_looked_for_in_the_run(
    tmp_path: Path,
) -> None:
    parquet.write_table(pa.table({"text": TEXTS}), tmp_path / "rows.parquet")
    out = tmp_path / "cl ean"
    pipeline.run(pipeline.Settings(tmp_path / "rows.parquet", out, dedup=()), unwatched)
    assert f"`lab why '{out}' 1`" in why(out)
    assert "not a run directory" in why(out, "own/x#1")
    assert "not a run directory" in why(tmp_path / "nothing")
