"""Data sets as `datasets` names them (`hf:`): what looks like a date is the text it was."""

import datetime
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from generators.seeds.kinds import MATHEMATICS
from generators.seeds.load import load
from pretrain.data.sources import Document, documents
from rows import BadRow, RowsError, open_rows, stream

DATES = ["2026-01-02", "2026-01-02T10:00:00", "1999-12-31 23:59:59", "2026-01", "12:30", "7"]


def lines(rows: list[Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def both_ways(folder: Path) -> list[Any]:
    """The rows streamed; by number they are the same."""
    streamed = [row for _, row in stream(f"hf:{folder}")]
    by_number = [row for _, row in open_rows(Path(f"hf:{folder}"))]
    assert [str(row) for row in streamed] == [str(row) for row in by_number]
    return streamed


@pytest.mark.parametrize("date", DATES)
def test_an_answer_that_looks_like_a_date_stays_the_text_it_was(date: str, tmp_path: Path) -> None:
    rows = [{"question": "When?", "answer": date}] * 3
    (tmp_path / "train.jsonl").write_text(lines(rows))
    assert both_ways(tmp_path) == rows


def test_a_date_after_megabytes_of_plain_text_stays_a_text(tmp_path: Path) -> None:
    rows = [{"question": "x" * 100_000, "answer": "soon"}] * 110 + [{"question": "y", "answer": "2026-01-02"}] * 110
    (tmp_path / "train.jsonl").write_text(lines(rows))
    assert [row["answer"] for row in both_ways(tmp_path)] == [row["answer"] for row in rows]


def test_seeds_of_a_data_set_keep_answers_that_look_like_dates(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(lines([{"question": "When did it open?", "answer": "2026-01-02"}]))
    (seed,) = load(MATHEMATICS, [Path(f"hf:{tmp_path}")]).items
    assert seed.answer == "2026-01-02"


def test_one_array_and_packed_lines_are_read_alike(tmp_path: Path) -> None:
    rows = [{"text": "2026-01-02"}, {"text": "b"}]
    for name, data in {
        "array": ("train.json", json.dumps(rows, indent=1).encode()),
        "packed": ("train.jsonl.gz", gzip.compress(lines(rows).encode())),
        "marked": ("train.jsonl", b"\xef\xbb\xbf" + lines(rows).encode()),
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / data[0]).write_bytes(data[1])
        assert both_ways(tmp_path / name) == rows


def test_several_files_and_the_split_that_is_asked_for(tmp_path: Path) -> None:
    for name in ("train-1", "train-2", "test"):
        (tmp_path / f"{name}.jsonl").write_text(lines([{"text": f"{name} 2026-01-02"}]))
    assert [row["text"][:7] for row in both_ways(tmp_path)] == ["train-1", "train-2"]
    assert [row["text"][:4] for _, row in stream(f"hf:{tmp_path}#test")] == ["test"]


@pytest.mark.parametrize("split", ["train[:2]", "train[50%:]", "train[-1:]+test", "train+test", "all"])
def test_a_part_of_a_split_has_the_rows_of_the_whole_as_they_are(split: str, tmp_path: Path) -> None:
    from datasets import load_dataset

    data = tmp_path / "data"
    data.mkdir()
    for name in ("train", "test"):
        rows = [
            {"id": f"{name} {number}", "at": "2026-01-02", "share": value} for number, value in enumerate([0.7, "x", 3])
        ]
        (data / f"{name}.jsonl").write_text(lines(rows))
    wanted = load_dataset(str(data), split=split, cache_dir=str(tmp_path / "cache"))["id"]
    read = [row for _, row in open_rows(Path(f"hf:{data}#{split}"))]
    assert [row["id"] for row in read] == wanted[:]
    known = {row["id"]: row for name in ("train", "test") for _, row in open_rows(Path(f"hf:{data}#{name}"))}
    assert read == [known[row["id"]] for row in read]
    if split == "all":
        assert [row for _, row in stream(f"hf:{data}#all")] == read


@pytest.mark.parametrize("split", ["train[:x]", "train[:200%]", "nowhere[:2]", "train[:0]"])
def test_a_part_that_cannot_be_is_refused_by_what_was_asked(split: str, tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(lines([{"text": "a"}]))
    with pytest.raises(RowsError, match=re.escape(f"#{split}: ")):
        open_rows(Path(f"hf:{tmp_path}#{split}"))


def test_a_line_that_is_no_row_stands_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text('{"text": "a"}\nnot json\n{"text": "2026-01-02"}\n')
    first, bad, last = both_ways(tmp_path)
    assert isinstance(bad, BadRow) and (first, last) == ({"text": "a"}, {"text": "2026-01-02"})


def test_dates_of_a_column_of_dates_are_texts_in_their_iso_form(tmp_path: Path) -> None:
    day = datetime.date(2026, 1, 2)
    moment = datetime.datetime(2026, 1, 2, 10, 30)
    table = pyarrow.table({"question": ["When?"], "answer": [day], "at": [moment], "all": [[day]]})
    pyarrow.parquet.write_table(table, tmp_path / "train.parquet")
    (row,) = both_ways(tmp_path)
    assert row == {"question": "When?", "answer": "2026-01-02", "at": "2026-01-02T10:30:00", "all": ["2026-01-02"]}
    (seed,) = load(MATHEMATICS, [tmp_path / "train.parquet"]).items
    assert seed.answer == "2026-01-02"


def test_pre_training_text_that_looks_like_a_date_is_packed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(lines([{"text": "2026-01-02"}, {"text": "b"}]))
    assert [item.text for item in documents(f"hf:{tmp_path}") if isinstance(item, Document)] == ["2026-01-02", "b"]


def test_an_image_stays_the_bytes_it_is(tmp_path: Path) -> None:
    from datasets import Dataset, Features, Image, List, Value

    image = {"bytes": b"no image at all", "path": None}
    kinds = Features({"text": Value("string"), "image": Image(), "more": List({"image": Image()})})
    row = {"text": "a", "image": image, "more": [{"image": image}]}
    Dataset.from_list([row], features=kinds).to_parquet(tmp_path / "train.parquet")
    assert both_ways(tmp_path) == [row]
