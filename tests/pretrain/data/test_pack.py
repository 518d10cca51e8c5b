"""Texts to shards: every kind of source, the same bytes after any accident, and what bad input is told."""

import gzip
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pretrain.data import builtin
from pretrain.data.pack import pack
from pretrain.data.shards import PackedDocuments, read_manifest
from pretrain.data.sources import Document, Dropped, documents
from pretrain.errors import PretrainError
from pretrain.tokenizer.train import train_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_tokenizer(["the quick brown fox jumps over the lazy dog " * 20], 300, tmp_path_factory.mktemp("tok"))


def write_jsonl(path: Path, texts: list[str]) -> Path:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def some_texts(n: int) -> list[str]:
    rng = np.random.default_rng(0)
    return [
        " ".join(["quick", "fox", "dog", "ünï", "日本"][i] for i in rng.integers(0, 5, rng.integers(1, 400)))
        for _ in range(n)
    ]


def test_half_of_a_surrogate_pair_in_a_row_is_packed_as_a_question_mark(tokenizer: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a broken \\ud83d emoji"}\n')
    pack(tmp_path / "a.jsonl", tokenizer, tmp_path / "packed")
    write_jsonl(tmp_path / "b.jsonl", ["a broken ? emoji"])
    pack(tmp_path / "b.jsonl", tokenizer, tmp_path / "plain")
    cut, plain = (PackedDocuments(tmp_path / name).tokens(0).tolist() for name in ("packed", "plain"))
    assert cut == plain


def test_documents_come_in_the_same_order_from_every_kind_of_file(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "mixed"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.md").write_text("a", encoding="utf-8")
    write_jsonl(folder / "b.jsonl", ["b1", "b2"])
    with gzip.open(folder / "c.jsonl.gz", "wt") as file:
        file.write('{"text": "c"}\n\n')
    pq.write_table(pa.table({"text": ["d1", None], "n": [1, 2]}), folder / "d.parquet")
    (folder / "e.bin").write_bytes(b"\xff\x00\x01")
    (folder / "sub" / "f.py").write_text("f", encoding="utf-8")
    (folder / ".hidden").write_text("h", encoding="utf-8")
    found = list(documents(folder))
    assert [item.text if isinstance(item, Document) else None for item in found] == [
        "a",
        "b1",
        "b2",
        "c",
        "d1",
        "",
        None,
        "f",
    ]
    assert found[6] == Dropped("not UTF-8 text", str(folder / "e.bin"))
    assert found[2].where == f"{folder / 'b.jsonl'}:2"


def test_a_data_set_of_the_datasets_library_streams(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "train.jsonl", ["x", "y"])
    assert [item.text for item in documents(f"hf:{tmp_path}") if isinstance(item, Document)] == ["x", "y"]


def test_packing_ends_each_document_and_counts_what_it_drops(tmp_path: Path, tokenizer: Path) -> None:
    from transformers import AutoTokenizer

    source = write_jsonl(tmp_path / "s.jsonl", ["the dog", "", "  \n", "a <|end_of_text|> in the text"])
    manifest = pack(source, tokenizer, tmp_path / "out")
    assert manifest.n_documents == 2 and manifest.dropped == {"empty": 2}
    auto = AutoTokenizer.from_pretrained(tokenizer)
    held = PackedDocuments(tmp_path / "out")
    first = held.tokens(0).tolist()
    assert first == auto("the dog")["input_ids"] + [auto.eos_token_id]
    assert first[0] == auto.bos_token_id
    second = held.tokens(1).tolist()
    assert second.count(auto.eos_token_id) == 1, "a special token's name in a document is text"
    assert auto.decode(second[1:-1]) == "a <|end_of_text|> in the text"
    held.verify()


def test_a_tokenizer_that_was_saved_while_it_cut_and_padded_packs_whole_documents(
    tmp_path: Path, tokenizer: Path
) -> None:
    from transformers import AutoTokenizer

    cutting = AutoTokenizer.from_pretrained(tokenizer)
    cutting("the dog", truncation=True, max_length=4, padding="max_length")
    cutting.save_pretrained(tmp_path / "cutting")
    saved = json.loads((tmp_path / "cutting" / "tokenizer.json").read_text())
    assert saved["truncation"]["max_length"] == 4 and saved["padding"]
    source = write_jsonl(tmp_path / "s.jsonl", ["the dog jumps over the lazy fox", "a"])
    for folder in (tokenizer, tmp_path / "cutting"):
        pack(source, folder, tmp_path / f"by {folder.name}")
    whole, same = (PackedDocuments(tmp_path / f"by {folder.name}") for folder in (tokenizer, tmp_path / "cutting"))
    assert [same.tokens(n).tolist() for n in range(2)] == [whole.tokens(n).tolist() for n in range(2)]


def test_shards_are_the_same_bytes_whatever_the_number_of_workers(tmp_path: Path, tokenizer: Path) -> None:
    source = write_jsonl(tmp_path / "s.jsonl", some_texts(1500))
    for workers in (1, 2):
        pack(source, tokenizer, tmp_path / str(workers), workers=workers, shard_tokens=500_000)
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert len(names) >= 5 and names == sorted(path.name for path in (tmp_path / "2").iterdir())
    assert all((tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes() for name in names)


def test_packing_goes_on_after_kill_9_with_the_same_bytes(tmp_path: Path, tokenizer: Path) -> None:
    source = write_jsonl(tmp_path / "s.jsonl", some_texts(3000))
    whole = pack(source, tokenizer, tmp_path / "whole", shard_tokens=300_000)
    assert len(whole.shards) >= 3
    program = f"""
import os, signal
from pathlib import Path
from pretrain.data import builtin
from pretrain.data.pack import pack
kill = lambda progress: len(progress.shards) == 2 and os.kill(os.getpid(), signal.SIGKILL)
pack({str(source)!r}, Path({str(tokenizer)!r}), Path({str(tmp_path / "killed")!r}), shard_tokens=300_000, report=kill)
"""
    killed = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(PretrainError, match=r"no manifest\.json.*finishes it"):
        read_manifest(tmp_path / "killed")
    (tmp_path / "killed" / "shard-00002.tokens").write_bytes(b"half a sh")
    seen: list[int] = []
    pack(source, tokenizer, tmp_path / "killed", shard_tokens=300_000, report=lambda p: seen.append(len(p.shards)))
    assert seen[0] == 3, "the two whole shards were not written again"
    for path in (tmp_path / "whole").iterdir():
        assert (tmp_path / "killed" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("source", ["python:*.py", "needles:python:*.py#300"])
def test_a_source_of_ours_whose_text_has_changed_is_another_source(
    source: str, tmp_path: Path, tokenizer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builtin, "PRACTICE_CHARACTERS", 2_000)
    for folder, text in (("one", "import json"), ("same", "import json"), ("other", "import os")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "module.py").write_text(text)

    def of(library: str) -> str:
        monkeypatch.setattr(builtin.sysconfig, "get_path", lambda name: str(tmp_path / library))
        return pack(source, tokenizer, tmp_path / "packed").fingerprint

    assert of("one") == of("same")
    with pytest.raises(PretrainError, match="the source has changed since"):
        of("other")


def test_a_finished_directory_is_not_packed_again_and_not_overwritten_by_another_source(
    tmp_path: Path, tokenizer: Path
) -> None:
    source = write_jsonl(tmp_path / "s.jsonl", ["one", "two"])
    first = pack(source, tokenizer, tmp_path / "out")
    before = (tmp_path / "out" / "shard-00000.tokens").stat().st_mtime_ns
    time.sleep(0.01)
    assert pack(source, tokenizer, tmp_path / "out") == first
    assert (tmp_path / "out" / "shard-00000.tokens").stat().st_mtime_ns == before
    other = write_jsonl(tmp_path / "other.jsonl", ["three"])
    with pytest.raises(PretrainError, match="already packed from another source"):
        pack(other, tokenizer, tmp_path / "out")


def test_a_source_that_changed_is_refused_even_where_its_size_did_not(tmp_path: Path, tokenizer: Path) -> None:
    source = tmp_path / "docs"
    source.mkdir()
    (source / "a.txt").write_text("alpha beta gamma\n")
    pack(source, tokenizer, tmp_path / "out")
    (source / "a.txt").write_text("omega beta gamma\n")
    with pytest.raises(PretrainError, match="the source has changed since"):
        pack(source, tokenizer, tmp_path / "out")


def test_a_byte_order_mark_is_no_text(tmp_path: Path, tokenizer: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_bytes(b"\xef\xbb\xbfThe lamp at the pier.\n")
    assert [item.text for item in documents(tmp_path / "docs") if isinstance(item, Document)] == [
        "The lamp at the pier.\n"
    ]


# Bad input


def test_an_empty_document_is_an_error_where_strict(tmp_path: Path, tokenizer: Path) -> None:
    source = write_jsonl(tmp_path / "s.jsonl", ["one", " "])
    with pytest.raises(PretrainError, match=r"s\.jsonl:2: empty; mend or delete it, or pack without --strict"):
        pack(source, tokenizer, tmp_path / "out", strict=True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "a"', r"s\.jsonl:2: malformed JSON at column \d+"),
        ("[1]", r"s\.jsonl:2: not an object"),
        ('{"texts": "a"}', r's\.jsonl:2: no column "text"; did you mean "texts"\? Here: texts'),
        ('{"text": 5}', r's\.jsonl:2: column "text" holds int, text expected'),
    ],
)
def test_a_bad_line_is_named_with_file_and_line(tmp_path: Path, tokenizer: Path, line: str, message: str) -> None:
    source = tmp_path / "s.jsonl"
    source.write_text('{"text": "fine"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(PretrainError, match=message):
        pack(source, tokenizer, tmp_path / "out")


def test_an_unknown_parquet_column_is_answered_with_those_there_are(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"content": ["a"], "id": [1]}), tmp_path / "s.parquet")
    with pytest.raises(
        PretrainError, match=r's\.parquet: no column "contents"; did you mean "content"\? Here: content, id'
    ):
        list(documents(tmp_path / "s.parquet", "contents"))
    (tmp_path / "t.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(PretrainError, match=r"t\.parquet: not a readable Parquet file"):
        list(documents(tmp_path / "t.parquet"))


def test_sources_without_text_say_so(tmp_path: Path, tokenizer: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(PretrainError, match="nothing: an empty folder"):
        pack(tmp_path / "nothing", tokenizer, tmp_path / "out")
    with pytest.raises(PretrainError, match="nowhere: no such file or folder"):
        pack(tmp_path / "nowhere", tokenizer, tmp_path / "out")
    with pytest.raises(PretrainError, match=r"no document to pack \(2 empty\)"):
        pack(write_jsonl(tmp_path / "s.jsonl", ["", " "]), tokenizer, tmp_path / "out")
