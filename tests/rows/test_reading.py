"""Rows are the same from every kind of file and in every manner of reading; what is none keeps its place and says why."""

import codecs
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from rows import BadRow, RowsError, open_rows, stream
from rows.readers import EmptyLine, batches, files_of, hub_name, read
from rows.sources import numbered, open_sources

ROOT = Path(__file__).parents[2]
ROWS = [{"text": f"row {n}", "n": n, "deep": {"a": [n]}} for n in range(2500)]
"""More than a batch, and than the stride of remembered lines."""


def json_lines() -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)


def by_json_lines(folder: Path) -> Path:
    (folder / "rows.jsonl").write_bytes(json_lines().rstrip(b"\n"))  # the last line need not be closed
    return folder / "rows.jsonl"


def by_gzip(folder: Path) -> Path:
    with gzip.open(folder / "rows.jsonl.gz", "wb") as file:
        file.write(json_lines())
    return folder / "rows.jsonl.gz"


def by_parquet(folder: Path) -> Path:
    parquet.write_table(pa.Table.from_pylist(ROWS), folder / "rows.parquet", row_group_size=700)
    return folder / "rows.parquet"


def by_folder(folder: Path) -> Path:
    data = folder / "data"
    (data / "sub").mkdir(parents=True)
    lines = json_lines().splitlines(keepends=True)
    (data / "a.jsonl").write_bytes(b"".join(lines[:1000]))
    parquet.write_table(pa.Table.from_pylist(ROWS[1000:1100]), data / "b.parquet")
    (data / "dropped-00000.jsonl").write_bytes(lines[0])
    (data / "sub" / "c.jsonl").write_bytes(b"".join(lines[1100:]))
    return data


FORMS = [by_json_lines, by_gzip, by_parquet, by_folder]


@pytest.mark.parametrize("write", FORMS)
def test_a_stream_gives_the_same_rows_from_every_kind_of_file(write: Any, tmp_path: Path) -> None:
    assert [row for _, row in stream(write(tmp_path))] == ROWS


@pytest.mark.parametrize("write", [form for form in FORMS if form is not by_gzip])
def test_rows_by_number_and_in_batches_are_those_of_the_stream(write: Any, tmp_path: Path) -> None:
    source = write(tmp_path)
    rows = open_rows(source)
    assert list(rows) == list(enumerate(ROWS, 1))
    assert [rows[n][1] for n in (2499, 0, 64, 63, 1099)] == [ROWS[n] for n in (2499, 0, 64, 63, 1099)]
    assert rows[-1:] == [(2500, ROWS[-1])]
    sources = open_sources(source)
    assert sum(one.rows for one in sources) == 2500
    assert [pair for batch in numbered(sources) for pair in batch] == list(enumerate(ROWS))


def test_a_data_set_of_the_datasets_library_gives_them_too(tmp_path: Path) -> None:
    by_json_lines(tmp_path)
    assert [row for _, row in stream(f"hf:{tmp_path}")] == ROWS
    assert open_rows(Path(f"hf:{tmp_path}:train"))[7] == (8, ROWS[7])
    with pytest.raises(RowsError, match=r"hf:.*none: `datasets` cannot load it"):
        open_rows(Path(f"hf:{tmp_path}/none"))


def test_a_name_of_the_hub_may_say_configuration_and_split() -> None:
    named = [hub_name(name) for name in ("hf:a/b", "hf:a/b:test", "hf:a/b@main#test")]
    assert [(one.name, one.config, one.split) for one in named] == [
        ("a/b", None, "train"),
        ("a/b", None, "test"),
        ("a/b", "main", "test"),
    ]


def test_what_is_no_row_keeps_its_place_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"a": 1}\n \n{"a":\n"\xff"\n' + b"[" * 100_000 + b"\n{}\n")
    found = list(stream(path))
    assert [place for place, _ in found] == [f"{path}:{line}" for line in range(1, 7)]
    good, empty, broken, replaced, deep, last = (row for _, row in found)
    assert (good, replaced, last) == ({"a": 1}, "\ufffd", {})
    assert isinstance(empty, EmptyLine)
    assert isinstance(broken, BadRow) and str(broken).startswith("not JSON: Expecting value")
    assert isinstance(deep, BadRow)
    assert [str(row) for _, row in open_rows(path)] == [str(row) for _, row in found]
    strict = [row for _, row in read(path, strict=True)]
    assert "not UTF-8" in str(strict[3])
    assert "longer than" in str([row for _, row in read(path, longest=50_000)][4])


def test_a_place_in_a_parquet_file_is_a_row(tmp_path: Path) -> None:
    path = by_parquet(tmp_path)
    assert next(stream(path, ["n"])) == (f"{path}, row 1", {"n": 0})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.jsonl", None, "none.jsonl: no such file"),
        ("bad.parquet", b"PAR1 nonsense", "bad.parquet: not a readable Parquet file"),
        (
            "cut.jsonl.gz",
            gzip.compress(json_lines())[:2000],
            r"cut.jsonl.gz:\d+: cannot be read: .*; a truncated archive",
        ),
    ],
)
def test_a_source_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(RowsError, match=said):
        list(stream(tmp_path / name))


def test_a_folder_without_rows_and_a_packed_file_by_number_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RowsError, match=r"no \.parquet or \.jsonl file in this folder"):
        open_rows(tmp_path)
    with pytest.raises(RowsError, match="unpack it first"):
        open_rows(by_gzip(tmp_path))


def test_of_a_folder_no_file_is_passed_over_and_no_test_split_is_taken_for_data(tmp_path: Path) -> None:
    by_json_lines(tmp_path)
    packed = by_gzip(tmp_path)
    with pytest.raises(RowsError, match=f"{packed.name}: packed, and its rows would be left out"):
        open_rows(tmp_path)
    packed.unlink()
    for name in ("train-00000-of-00001.jsonl", "test/0.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}\n")
    with pytest.raises(
        RowsError, match=r"holds train-00000-of-00001.jsonl and test/0.jsonl, which would be one data set"
    ):
        list(stream(tmp_path))
    assert len(open_rows(tmp_path / "test")) == 1


@pytest.mark.parametrize(
    "other",
    [
        "test",
        "test-00000-of-00001-0123456789abcdef",
        "val_set",
        "dev2",
        "VALIDATION.part-1",
        "heldout/rows",
        "x/test/rows",
        "validation_matched",
        "test_hard-00000-of-00001",
    ],
)
def test_files_of_another_split_are_not_read_with_those_of_train(other: str, tmp_path: Path) -> None:
    for name in ("train-00000-of-00002", "train-00001-of-00002", other):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.jsonl").write_text("{}\n")
    with pytest.raises(RowsError, match="which would be one data set"):
        open_rows(tmp_path)


def test_test_sft_is_not_read_with_train_sft(tmp_path: Path) -> None:
    for name in ("train_sft-00000-of-00001", "test_sft-00000-of-00001"):
        (tmp_path / f"{name}.jsonl").write_text("{}\n")
    with pytest.raises(RowsError, match="which would be one data set"):
        open_rows(tmp_path)


@pytest.mark.parametrize(
    "other", ["dev_tools", "test-driven-development", "dev_tools/train", "validated", "eval_harness_docs"]
)
def test_a_file_that_only_begins_like_a_split_is_read_with_those_of_train(other: str, tmp_path: Path) -> None:
    for name in ("train", other):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.jsonl").write_text("{}\n")
    assert len(open_rows(tmp_path)) == 2


def test_batches_are_no_larger_than_they_say(tmp_path: Path) -> None:
    for write in (by_json_lines, by_parquet):
        assert max(map(len, batches(write(tmp_path)))) <= 1024


def test_json_lines_are_read_without_pyarrow(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['pyarrow'] = sys.modules['datasets'] = None\n"
        "from pathlib import Path; from rows import stream\n"
        "from pretrain.data.sources import documents\n"
        f"path = Path({str(by_json_lines(tmp_path))!r})\n"
        "print(sum(1 for _ in stream(path)), sum(1 for _ in documents(path)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["2500", "2500"], done.stderr


BOM = codecs.BOM_UTF8


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_a_byte_order_mark_is_no_part_of_the_first_row(name: str, tmp_path: Path) -> None:
    content = BOM + b'{"text": "one"}\n{"text": "\xef\xbb\xbftwo"}\n' + b'{"text": "three"}\n' * 200
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    rows = [row for _, row in stream(path)]
    assert (len(rows), rows[0], rows[1]) == (202, {"text": "one"}, {"text": "\ufefftwo"})
    if path.suffix == ".jsonl":
        by_number = open_rows(path)
        assert [by_number[n][1] for n in (0, 1, 63, 64, 201, 0)] == [rows[n] for n in (0, 1, 63, 64, 201, 0)]
        assert len(by_number) == 202


def test_a_file_of_another_encoding_is_refused_and_not_read_as_damaged_lines(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "one"}\n', encoding="utf-16")
    with pytest.raises(
        RowsError, match="UTF-16, as some editors and shells of Windows write it, is not read; needed: JSONL"
    ):
        open_rows(path)


def test_a_file_of_nothing_but_a_mark_has_no_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(BOM)
    assert not [row for _, row in stream(path) if not isinstance(row, EmptyLine)]
    assert len(open_rows(path)) == 0


CONFIGURATIONS = """---
license: mit
configs:
- config_name: main
  data_files:
  - split: train
    path: main/train-*.jsonl
- config_name: socratic
  data_files: socratic/*.jsonl
---
# GSM8K
"""


def test_configurations_of_one_data_set_are_not_read_together(tmp_path: Path) -> None:
    for name in ("main", "socratic"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "train-00000.jsonl").write_text('{"text": "a"}\n')
    assert len(files_of(tmp_path)) == 2  # nobody says that they are others
    (tmp_path / "README.md").write_text(CONFIGURATIONS)
    with pytest.raises(RowsError, match=r"\(main, socratic\).*@main"):
        files_of(tmp_path)
    assert len(files_of(tmp_path / "main")) == 1
    (tmp_path / "README.md").write_text(CONFIGURATIONS.replace("main/train-*", "*/train-*"))
    assert len(files_of(tmp_path)) == 2  # one of them is all of it
    folders = CONFIGURATIONS.replace("data_files: socratic/*.jsonl", "data_dir: ./socratic/")
    (tmp_path / "README.md").write_text(folders)
    with pytest.raises(RowsError, match=r"\(main, socratic\)"):
        files_of(tmp_path)
    for broken in ("---\nconfigs: [\n---\n", "---\nconfigs: 3\n---\n", "---\nconfigs:\n- 4\n---\n", "no card", "---\n"):
        (tmp_path / "README.md").write_text(broken)
        assert len(files_of(tmp_path)) == 2
