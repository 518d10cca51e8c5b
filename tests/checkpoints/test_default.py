"""The default checkpoint cuts texts as the published SmolLM2 does, whichever version of Lab made it."""

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import tiny_tokenizer
from tokenizers import Tokenizer

import checkpoints.default
from checkpoints.default import PRE_TOKENIZER, cut_as_published, make_default


@pytest.fixture
def cut(tmp_path: Path) -> Any:
    folder = tiny_tokenizer(tmp_path / "checkpoint")
    assert cut_as_published(folder)
    split = Tokenizer.from_file(str(folder / "tokenizer.json")).pre_tokenizer.pre_tokenize_str
    return lambda text: [word.replace("Ġ", " ").replace("Ċ", "\n") for word, _ in split(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n1", ["a", "\n", "1"]),
        ("x =  12", ["x", " =", "  ", "1", "2"]),
        ("f(3.14)", ["f", "(", "3", ".", "1", "4", ")"]),
        ("    return 0", ["   ", " return", " ", "0"]),
        ("the cat's\n\n  hat", ["the", " cat", "'s", "\n\n ", " hat"]),
    ],
)
def test_each_digit_stands_alone_and_takes_no_space_with_it(text: str, words: list[str], cut: Any) -> None:
    assert cut(text) == words


def test_one_that_an_earlier_version_made_is_mended_once_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_tokenizer(tmp_path / "checkpoint")
    before = json.loads((folder / "tokenizer.json").read_text())
    monkeypatch.setattr(checkpoints.default, "DEFAULT_DIR", folder)
    said: list[str] = []
    assert make_default(said.append) == make_default(said.append) == folder
    assert json.loads((folder / "tokenizer.json").read_text()) == {**before, "pre_tokenizer": PRE_TOKENIZER}
    assert len(said) == 1 and "identity" in said[0]
    assert not list(folder.glob("*.writing"))
