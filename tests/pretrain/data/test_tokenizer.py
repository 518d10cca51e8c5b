"""Vocabularies: any text comes back, an extension leaves English alone, new embeddings are the mean of their parts."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer
from typer.testing import CliRunner

from commands.shape import Commands
from pretrain.errors import PretrainError
from pretrain.tokenizer.extend import (
    changed_words,
    extend_checkpoint,
    extend_tokenizer,
    initialise_embeddings,
    read_bpe,
)
from pretrain.tokenizer.merges import balanced, learn_merges
from pretrain.tokenizer.train import BOS, EOS, PAD, compare_tokenizers, split_pattern, train_tokenizer

SYLLABLES = {
    "English": ["the", "ing", "er", "and", "tion", "ly", "re", "un", "st", "ment", "ous", "ght"],
    "German": ["ung", "sch", "ä", "ö", "ü", "ei", "ver", "ge", "kraft", "zeug", "tz", "pf"],
    "Thai": ["กา", "รณ์", "ไม่", "ที่", "เป็", "นค", "วา", "มส", "ุข", "ใน"],
}


def text_of(language: str, seed: int, words: int = 4000) -> str:
    """Made-up text with a vocabulary of its own, whose frequent words are frequent as in a real one."""
    rng = np.random.default_rng((zlib_of(language), 7))
    syllables = SYLLABLES[language]
    lexicon = ["".join(rng.choice(syllables, rng.integers(1, 4))) for _ in range(400)]
    ranks = np.minimum(np.random.default_rng((zlib_of(language), seed)).zipf(1.3, words) - 1, 399)
    return " ".join(lexicon[rank] for rank in ranks)


def zlib_of(name: str) -> int:
    """A number for a name that is the same in every process."""
    import zlib

    return zlib.crc32(name.encode())


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_tokenizer([text_of("English", 0)], 700, tmp_path_factory.mktemp("tokenizer"))


@pytest.fixture(scope="module")
def extended(tokenizer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    languages = {name: [text_of(name, 0)] for name in ("German", "Thai")}
    out = tmp_path_factory.mktemp("extended")
    extend_tokenizer(tokenizer, languages, 300, out, english=[text_of("English", 0)])
    return out


# Training


@given(st.text(max_size=300))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_from_its_ids(tokenizer: Path, extended: Path, text: str) -> None:
    for folder in (tokenizer, extended):
        bpe, _ = read_bpe(folder)
        assert bpe.decode(bpe.encode(text, add_special_tokens=False).ids, skip_special_tokens=False) == text


def test_autotokenizer_loads_it_with_beginning_end_and_padding(tokenizer: Path) -> None:
    auto = AutoTokenizer.from_pretrained(tokenizer)
    assert (auto.bos_token, auto.eos_token, auto.pad_token) == (BOS, EOS, PAD)
    ids = auto("the understanding")["input_ids"]
    assert ids[0] == auto.bos_token_id and auto.decode(ids[1:]) == "the understanding"
    assert len(auto) <= 700


def test_words_are_cut_by_tiktokens_pattern() -> None:
    import regex

    cut = regex.findall(split_pattern(), "I'll pay $1234567 (été)\n\n  now!!")
    assert cut == ["I", "'ll", " pay", " $", "123", "456", "7", " (", "été", ")\n\n", " ", " now", "!!"]
    assert regex.findall(split_pattern(1), "x 123") == ["x", " ", "1", "2", "3"]


def test_training_gives_the_same_vocabulary_twice(tmp_path: Path) -> None:
    one, two = (train_tokenizer([text_of("German", 0)], 500, tmp_path / name) for name in "ab")
    assert (one / "tokenizer.json").read_bytes() == (two / "tokenizer.json").read_bytes()


def test_a_vocabulary_without_room_for_the_bytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PretrainError, match="vocab_size 200: at least 259"):
        train_tokenizer(["a"], 200, tmp_path)
    with pytest.raises(PretrainError, match="at least three different ones"):
        train_tokenizer(["a"], 300, tmp_path, special_tokens=("<a>", "<b>"))


# Extension


def test_english_keeps_its_ids_and_the_added_languages_are_packed_tighter(tokenizer: Path, extended: Path) -> None:
    fresh = {name: [text_of(name, 1)] for name in SYLLABLES}
    rows = {row.language: row for row in compare_tokenizers(tokenizer, extended, fresh)}
    assert rows["English"].unchanged and rows["English"].gain == 0
    assert rows["German"].gain >= 0.2 and rows["Thai"].gain >= 0.2
    assert not changed_words(tokenizer, extended, fresh["English"])
    assert changed_words(tokenizer, extended, fresh["German"])


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=200), st.text("“”‘’–—…©°\xa0€🙂", max_size=9))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_without_a_reference_ascii_and_typographic_signs_keep_their_ids(
    tokenizer: Path, tmp_path_factory: pytest.TempPathFactory, text: str, signs: str
) -> None:
    out = tmp_path_factory.getbasetemp() / "beyond-ascii"
    if not out.exists():
        # Text that would teach all of them, were they not left alone.
        greedy = [text_of("German", 0) + " “ä” – «ö» … ü’s über’s — €ä ©ü 🙂ö " * 200]
        assert extend_tokenizer(tokenizer, {"German": greedy}, 300, out).ascii_tokens == 0
    (old, _), (new, _) = read_bpe(tokenizer), read_bpe(out)
    for one in (text, text + signs, signs + text):
        assert old.encode(one).ids == new.encode(one).ids


def test_every_word_of_the_reference_keeps_its_ids_even_a_foreign_one(tokenizer: Path, tmp_path: Path) -> None:
    german = text_of("German", 0)
    quoted = Counter(german.split()).most_common(1)[0][0]
    reference = [text_of("English", 0), f"as the Germans say, {quoted}"]
    extend_tokenizer(tokenizer, {"German": [german]}, 200, tmp_path, english=reference)
    assert not changed_words(tokenizer, tmp_path, reference)
    assert changed_words(tokenizer, tmp_path, [german])


def test_old_tokens_keep_their_ids_and_new_ones_follow(tokenizer: Path, extended: Path) -> None:
    old, new = (read_bpe(folder)[0].get_vocab(with_added_tokens=True) for folder in (tokenizer, extended))
    assert all(new[token] == id_ for token, id_ in old.items())
    assert sorted(set(new.values()) - set(old.values())) == list(range(len(old), len(new)))
    auto = AutoTokenizer.from_pretrained(extended)
    assert len(auto) == len(new) and auto.bos_token == BOS


def test_what_was_learned_is_how_words_are_then_cut() -> None:
    words = [(list("abcabc"), 5), (list("abd"), 3), (list("bc"), 2)]
    merges = learn_merges(words, 3, {"a", "b", "c", "d"}, lambda token: True, lambda pair: True)
    assert merges == [("a", "b"), ("ab", "c"), ("abc", "abc")]
    refusing = learn_merges(words, 3, set(), lambda token: True, lambda pair: pair != ("a", "b"))
    assert ("a", "b") not in refusing and refusing[0] == ("b", "c")
    assert learn_merges(words, 3, {"ab"}, lambda token: token in ("ab", "bc"), lambda pair: True) == [("b", "c")]


def test_a_long_text_does_not_outvote_a_short_one() -> None:
    weights = balanced({"long": Counter({"aa": 1_000_000}), "short": Counter({"bb": 10})})
    assert weights["aa"] == pytest.approx(weights["bb"], rel=1e-6)


def test_what_cannot_be_extended_is_refused(tokenizer: Path, tmp_path: Path) -> None:
    with pytest.raises(PretrainError, match="language nl: no text to learn from"):
        extend_tokenizer(tokenizer, {"nl": []}, 10, tmp_path)
    with pytest.raises(PretrainError, match=r"tokenizer\.json: no such file"):
        extend_tokenizer(tmp_path / "none", {"nl": ["a"]}, 10, tmp_path)
    tree = json.loads((tokenizer / "tokenizer.json").read_text())
    tree["normalizer"] = {"type": "NFC"}
    (tmp_path / "tokenizer.json").write_text(json.dumps(tree))
    with pytest.raises(PretrainError, match="not byte-level BPE without a normalizer"):
        extend_tokenizer(tmp_path, {"nl": ["a"]}, 10, tmp_path / "out")


# Embeddings


def test_a_new_row_is_the_mean_of_the_rows_of_its_parts_and_old_rows_stay(tokenizer: Path, extended: Path) -> None:
    (old, _), (new, _) = read_bpe(tokenizer), read_bpe(extended)
    size, new_size = len(old.get_vocab()), len(new.get_vocab())
    padded = torch.randn(size + 7, 5)  # seven rows of padding, the first to be used
    weight = initialise_embeddings(padded, tokenizer, extended)
    assert weight.shape == (new_size, 5) and torch.equal(weight[:size], padded[:size])
    word = next(w for w in text_of("Thai", 0).split() if new.encode(w, add_special_tokens=False).ids[0] >= size)
    (first, *_) = new.encode(word, add_special_tokens=False).ids
    parts = [old.token_to_id(part.value) for part in old.model.tokenize(new.id_to_token(first))]
    assert len(parts) > 1 and torch.allclose(weight[first], padded[parts].mean(dim=0))
    assert initialise_embeddings(torch.randn(new_size + 99, 5), tokenizer, extended).shape[0] == new_size + 99


def test_rows_and_tokens_that_do_not_belong_together_are_refused(
    tokenizer: Path, extended: Path, tmp_path: Path
) -> None:
    with pytest.raises(PretrainError, match="the embedding has 3 rows, its tokenizer"):
        initialise_embeddings(torch.randn(3, 4), tokenizer, extended)
    other = train_tokenizer([text_of("German", 0)], 700, tmp_path)
    with pytest.raises(PretrainError, match="is no extension of"):
        initialise_embeddings(torch.randn(700, 4), tokenizer, other)


@pytest.mark.parametrize("tied", [True, False])
def test_an_extended_checkpoint_gives_old_text_its_old_logits(
    tokenizer: Path, extended: Path, tmp_path: Path, tied: bool
) -> None:
    from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    auto = AutoTokenizer.from_pretrained(tokenizer)
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    model = LlamaForCausalLM(LlamaConfig(vocab_size=len(auto), tie_word_embeddings=tied, **shape))
    model.save_pretrained(tmp_path / "old")
    auto.save_pretrained(tmp_path / "old")
    out = extend_checkpoint(tmp_path / "old", extended, tmp_path / "new")
    grown, words = AutoModelForCausalLM.from_pretrained(out), AutoTokenizer.from_pretrained(out)
    assert grown.config.vocab_size == len(words) > len(auto)
    ids = words(text_of("English", 2, 20), return_tensors="pt")["input_ids"]
    assert torch.equal(ids, auto(text_of("English", 2, 20), return_tensors="pt")["input_ids"])
    torch.testing.assert_close(grown(ids).logits[..., : len(auto)], model(ids).logits)


def test_a_checkpoint_in_several_files_keeps_its_index(tokenizer: Path, extended: Path, tmp_path: Path) -> None:
    size = len(read_bpe(tokenizer)[0].get_vocab())
    old = tmp_path / "old"
    old.mkdir()
    (old / "tokenizer.json").write_bytes((tokenizer / "tokenizer.json").read_bytes())
    (old / "config.json").write_text(json.dumps({"model_type": "llama", "vocab_size": size}))
    names = {
        "model.embed_tokens.weight": "model-00001-of-00002.safetensors",
        "lm_head.weight": "model-00002-of-00002.safetensors",
    }
    for name, file in names.items():
        save_file({name: torch.randn(size, 4)}, old / file, metadata={"format": "pt"})
    (old / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {"total_size": 2 * size * 16}, "weight_map": names})
    )
    out = extend_checkpoint(old, extended, tmp_path / "new")
    rows = len(read_bpe(extended)[0].get_vocab())
    assert json.loads((out / "config.json").read_text())["vocab_size"] == rows
    assert json.loads((out / "model.safetensors.index.json").read_text())["metadata"]["total_size"] == 2 * rows * 16
    assert all(load_file(out / file)[name].shape == (rows, 4) for name, file in names.items())
    (old / names["model.embed_tokens.weight"]).unlink()
    (old / names["lm_head.weight"]).unlink()
    with pytest.raises(PretrainError, match=r"no config\.json with \.safetensors files"):
        extend_checkpoint(old, extended, tmp_path / "none")


# The command line


def test_the_commands_train_extend_compare_and_pack(tmp_path: Path) -> None:
    from commands.pretrain.data import add

    pretrain_app = Commands()
    add(pretrain_app)
    for language in SYLLABLES:
        (tmp_path / language).mkdir()
        (tmp_path / language / "a.txt").write_text(text_of(language, 0), encoding="utf-8")
    english, german = f"{tmp_path / 'English'}", f"German={tmp_path / 'German'}"

    def lab(*arguments: object) -> dict[str, object]:
        result = CliRunner().invoke(pretrain_app, [*map(str, arguments), "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    trained = lab("tokenizer", "train", english, "--vocab-size", 400, "--out", tmp_path / "t")
    assert trained["vocabulary_size"] == 400
    extended = lab(
        "tokenizer",
        "extend",
        tmp_path / "t",
        "-l",
        german,
        "--new-tokens",
        50,
        "--english",
        english,
        "-o",
        tmp_path / "e",
    )
    assert extended["old_size"] == 400 and extended["new_tokens"] == 50
    compared = lab("tokenizer", "compare", tmp_path / "t", tmp_path / "e", "-l", german, "-l", f"English={english}")
    rows = {row["language"]: row for row in compared["languages"]}
    assert rows["German"]["gain"] > 0.1 and rows["English"]["same_ids"]
    packed = lab("pack", english, "--tokenizer", tmp_path / "e", "--out", tmp_path / "p", "--verify")
    assert packed["documents"] == 1 and packed["vocabulary_size"] == 450

    for arguments, message in (
        (["pack", tmp_path / "none", "--tokenizer", tmp_path / "t", "--out", tmp_path / "q"], "no such file or folder"),
        (
            ["tokenizer", "train", tmp_path / "none", "--vocab-size", 500, "--out", tmp_path / "q"],
            "no such file or folder",
        ),
        (["tokenizer", "compare", tmp_path / "t", tmp_path / "e", "-l", "German"], "write it as NAME=SOURCE"),
        (
            [
                "tokenizer",
                "extend",
                tmp_path / "t",
                "-l",
                german,
                "--new-tokens",
                5,
                "--checkpoint",
                tmp_path / "t",
                "-o",
                tmp_path / "t",
            ],
            "is the checkpoint itself, which stays as it is; give another --out",
        ),
    ):
        result = CliRunner().invoke(pretrain_app, [*map(str, arguments)])
        assert result.exit_code == 1 and message in result.stderr, result.output
