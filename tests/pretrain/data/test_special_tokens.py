"""Extending a vocabulary whose special tokens stand behind it, as Llama 3's and Qwen's do: no token's id moves."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_checkpoints import SPECIALS, tiny_checkpoint, tiny_tokenizer
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer

from pretrain.tokenizer import extend as extension
from pretrain.tokenizer.extend import extend_checkpoint, extend_tokenizer

GERMAN = {"de": ["Die Straßenbahn fährt über die Brücke, Mädchen hören Vögel früh. " * 200]}
TEXT = "<|begin|>the cat<|end|>\n<|turn|>sat on the mat"


def llama(tree: dict[str, Any]) -> None:
    """Any word that is a token is taken as it is, and a text begins with a special token."""
    tree["model"]["ignore_merges"] = True
    begin = tree["added_tokens"][0]
    tree["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": begin["content"], "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
        ],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {
            begin["content"]: {"id": begin["content"], "ids": [begin["id"]], "tokens": [begin["content"]]}
        },
    }


def qwen(tree: dict[str, Any]) -> None:
    """Behind the special tokens stand added ones that are none."""
    behind = max(token["id"] for token in tree["added_tokens"]) + 1
    for number, content in enumerate(("<tool_call>", "</tool_call>", " Brücke")):
        tree["added_tokens"].append(
            {**tree["added_tokens"][0], "id": behind + number, "content": content, "special": False}
        )


def inside(tree: dict[str, Any]) -> None:
    """As in SmolLM2: the special tokens are in the vocabulary too."""
    tree["model"]["vocab"] |= {token["content"]: token["id"] for token in tree["added_tokens"]}


def behind(tree: dict[str, Any]) -> None:
    """As the file is made."""


@pytest.mark.parametrize("layout", [behind, llama, qwen, inside])
def test_every_old_token_keeps_its_id_and_no_id_is_held_twice(
    layout: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    old = tiny_tokenizer(tmp_path / "old")
    tree = json.loads((old / "tokenizer.json").read_text())
    layout(tree)
    (old / "tokenizer.json").write_text(json.dumps(tree))
    made = extend_tokenizer(old, GERMAN, 8, tmp_path / "new")
    for load in (_library, AutoTokenizer.from_pretrained):
        before, after = load(old), load(tmp_path / "new")
        ids, new = before.get_vocab(), after.get_vocab()
        assert {token: new[token] for token in ids} == ids
        assert [number for number, count in Counter(new.values()).items() if count > 1] == []
        assert len(new) == len(ids) + len(made.new_tokens) and len(made.new_tokens) == 8
        assert _ids(before, TEXT) == _ids(after, TEXT)
    assert not set(_ids(after, " Straßenbahn über Mädchen Vögel")) & {ids[token] for token in SPECIALS} - {
        ids["<|begin|>"]
    }


def test_an_extended_checkpoint_answers_as_before_and_ends_its_turn_with_the_same_token(tmp_path: Path) -> None:
    old = tiny_checkpoint(tmp_path / "old")
    extend_tokenizer(old, GERMAN, 8, tmp_path / "new")
    extend_checkpoint(old, tmp_path / "new", tmp_path / "new")
    before, after = (AutoModelForCausalLM.from_pretrained(tmp_path / name) for name in ("old", "new"))
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "new")
    asked = tokenizer.apply_chat_template([{"role": "user", "content": "the cat"}], return_tensors="pt")["input_ids"]
    torch.testing.assert_close(after(asked).logits[..., :276], before(asked).logits[..., :276])
    assert tokenizer.eos_token_id == after.config.eos_token_id == before.config.eos_token_id


def test_a_tokenizer_extended_twice_moves_nothing(tmp_path: Path) -> None:
    old = tiny_tokenizer(tmp_path / "old")
    extend_tokenizer(old, GERMAN, 4, tmp_path / "once")
    extend_tokenizer(
        tmp_path / "once", {"nl": ["Een privé-coördinator officiële patiënt geïnd. " * 100]}, 4, tmp_path / "twice"
    )
    once, twice = _library(tmp_path / "once").get_vocab(), _library(tmp_path / "twice").get_vocab()
    assert {token: twice[token] for token in once} == once and len(twice) == len(once) + 4


def test_what_would_move_a_token_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tiny_tokenizer(tmp_path / "old")
    known = [tuple(pair) for pair in json.loads((old / "tokenizer.json").read_text())["model"]["merges"][:1]]
    monkeypatch.setattr(extension, "learn_merges", lambda *_, **__: known)  # makes a token that there is
    with pytest.raises(AssertionError, match="would have the id"):
        extend_tokenizer(old, GERMAN, 8, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def _library(folder: Path) -> Any:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def _ids(tokenizer: Any, text: str) -> list[int]:
    encoded = tokenizer.encode(text)
    return list(getattr(encoded, "ids", encoded))
