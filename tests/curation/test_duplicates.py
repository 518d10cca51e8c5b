"""Exact, near and semantic duplicates: what counts as the same, and which of the same rows stays."""

import os
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkpoints import CheckpointError
from curation.dedup.embedding import encode, static_model
from curation.dedup.exact import DIGEST_BYTES, digest, digests, exact
from curation.dedup.minhash import PERMUTATIONS, near, shingles, signatures
from curation.dedup.semantic import semantic
from curation.dedup.tokens import Tokens
from curation.drops import Duplicates, in_order

CHECKPOINT = Path(os.environ.get("LAB_CHECKPOINT", Path(__file__).parents[2] / "checkpoints" / "SmolLM2-135M-Instruct"))
needs_checkpoint = pytest.mark.skipif(
    not CHECKPOINT.is_dir(), reason=f"no checkpoint at {CHECKPOINT}; `lab checkpoint`"
)
STORY = (
    "The lamp at the end of the pier had been dark since autumn, and nobody in the village could say who used to light it. "
    "Some spoke of an old man with a cart, others of a boy who came down from the school when the fog was thick. In spring the "
    "council sent a letter to the harbour office and asked for a new lamp, two hundred metres of cable and a painter."
)


def pairs(found: Duplicates) -> list[tuple[int, int]]:
    return sorted(zip(found.rows.tolist(), found.of.tolist(), strict=True))


def changed(text: str, words: int, seed: int = 0) -> str:
    """`text` with some words replaced by others."""
    parts, chance = text.split(), random.Random(seed)
    for at in chance.sample(range(len(parts)), words):
        parts[at] = f"other{chance.randrange(1000)}"
    return " ".join(parts)


def test_case_and_white_space_make_no_other_text_and_words_do() -> None:
    found = exact(digests(["One  two\n", "one TWO", "one two three", "ONE TWO"]), np.arange(4))
    assert pairs(found) == [(1, 0), (3, 0)]


def test_of_equal_rows_the_best_rated_stays_and_then_the_first() -> None:
    priority = np.array([1, 3, 3, 2], np.float32)
    order = in_order(np.arange(4), priority)
    assert order.tolist() == [1, 2, 3, 0]
    assert pairs(exact(digests(["a", "a", "a", "a"]), order)) == [(0, 1), (2, 1), (3, 1)]
    assert pairs(near(signatures([STORY] * 4), order, 0.8)) == [(0, 1), (2, 1), (3, 1)]


def test_a_text_with_two_words_changed_is_near_and_one_with_half_of_them_is_not() -> None:
    texts = [STORY, changed(STORY, 2), changed(STORY, 36), "Something else entirely, about bread and its crust."]
    found = near(signatures(texts), np.arange(4), 0.8)
    assert pairs(found) == [(1, 0)]
    assert 0.8 <= found.similarity[0] < 1


def test_estimated_similarity_is_close_to_the_true_jaccard_index() -> None:
    for words in (1, 3, 6):
        other = changed(STORY, words)
        first, second = set(shingles(STORY)), set(shingles(other))
        matrix = signatures([STORY, other])
        assert abs((matrix[0] == matrix[1]).mean() - len(first & second) / len(first | second)) < 0.15


def test_near_duplicates_are_what_comparing_every_pair_finds() -> None:
    base = [" ".join(random.Random(n).choices("abcdefghijklmnopqrstuvwxyz", k=60)) for n in range(40)]
    texts = [changed(text, n % 5, n) for n in range(5) for text in base]
    matrix = signatures(texts)
    expected, kept = [], []
    for row in range(len(texts)):
        best = max(kept, key=lambda other: (matrix[other] == matrix[row]).mean(), default=None)
        if best is not None and (matrix[best] == matrix[row]).mean() >= 0.8:
            expected.append((row, best))
        else:
            kept.append(row)
    assert pairs(near(matrix, np.arange(len(texts)), 0.8)) == expected
    assert len(expected) > 50


def test_texts_without_spaces_are_compared_by_characters() -> None:
    text = "吾輩は猫である名前はまだ無いどこで生れたかとんと見当がつかぬ何でも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している"
    found = near(signatures([text, text[:-1], text[::-1]]), np.arange(3), 0.8)
    assert pairs(found) == [(1, 0)]


@settings(max_examples=100)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), min_size=1, max_size=8))
def test_no_text_breaks_the_hashes(texts: list[str]) -> None:
    assert signatures(texts).shape == (len(texts), PERMUTATIONS)
    assert all(len(digest(text)) == DIGEST_BYTES for text in texts)


def unit(*rows: list[float]) -> np.ndarray:
    vectors = np.array(rows, np.float32)
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float16)


def test_a_row_is_dropped_only_for_one_that_stayed() -> None:
    # Neighbours are similar, the ends are not: the middle one goes, and the last one, whose only likeness is to it, stays.
    vectors = unit([1, 0], [1, 0.3], [1, 0.62])
    found = semantic(vectors, np.array([10, 11, 12]), np.arange(3), 0.95)
    assert pairs(found) == [(11, 10)]
    assert found.similarity[0] == pytest.approx(0.958, abs=0.002)


def test_in_order_of_quality_the_middle_one_may_stay_instead() -> None:
    found = semantic(unit([1, 0], [1, 0.3], [1, 0.62]), np.array([10, 11, 12]), np.array([1, 0, 2]), 0.95)
    assert pairs(found) == [(10, 11), (12, 11)]


def test_an_empty_vector_is_similar_to_nothing() -> None:
    assert pairs(semantic(unit([0, 0], [0, 0], [1, 0]), np.arange(3), np.arange(3), 0.5)) == []


@pytest.mark.parametrize(("count", "missed_share"), [(4000, 0.0), (12_000, 0.01)], ids=["each with all", "clustered"])
def test_across_blocks_the_index_finds_what_comparing_every_pair_finds(count: int, missed_share: float) -> None:
    chance = np.random.default_rng(0)
    centres = chance.normal(size=(700, 64))
    vectors = unit(*(centres[chance.integers(700, size=count)] + 0.12 * chance.normal(size=(count, 64))))
    order = chance.permutation(count)
    exact = vectors.astype(np.float32)
    kept: list[int] = []
    dropped: set[int] = set()
    for row in order:
        if kept and (exact[kept] @ exact[row]).max() >= 0.95:
            dropped.add(int(row))
        else:
            kept.append(int(row))
    found = semantic(vectors, np.arange(count), order, 0.95)
    missed = dropped ^ set(found.rows.tolist())
    assert len(dropped) > 1000
    assert len(missed) <= missed_share * len(dropped)
    again = semantic(vectors, np.arange(count), order, 0.95)
    assert pairs(again) == pairs(found)


@needs_checkpoint
def test_vectors_of_the_token_table_tell_the_same_from_the_different() -> None:
    model = static_model(CHECKPOINT)
    vectors = encode(
        model,
        [
            "Write a function to find the longest word in a sentence.",
            "Write a function that finds the longest word of a sentence.",
            "A recipe for bread: flour, water, salt and patience.",
            "",
        ],
    ).astype(np.float32)
    same, other = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert same > 0.95
    assert other < 0.6
    assert not vectors[3].any()


@needs_checkpoint
def test_tokens_looked_up_by_words_are_those_of_the_whole_text() -> None:
    model = static_model(CHECKPOINT)
    texts = [
        "",
        " ",
        "  two  three   and 12  12\n 12\n\n  ",
        "def f(x):\n    if x:\n        return [1, 22 ,\t3]\n\n\n\treturn {'a': x}  # why \n",
        "She said:\n\"don't\" ...\r\n\r\nThey've 1,000.50 $ / 3 = <<3=3>>3\n#### 3\n",
        "\u00e9t\u00e9 \u4f60\u597d \u4e16\u754c\u3000x\u00a0y \u00a0 z \U0001f642 \u200b o\u0301",
        "<|im_start|>user <|endoftext|> a<|im_end|>\n b",
        "a " * 700,
        "longer" * 20000,
    ]
    tokens, longest = Tokens(model), model.max_length
    for _ in range(2):  # met, and known
        assert tokens(texts) == model.tokenize([text[: longest * model.median_token_length] for text in texts])
    assert np.abs(encode(model, texts).astype(np.float32) - model.encode(texts, max_length=longest)).max() < 1e-3


@needs_checkpoint
def test_texts_that_share_a_long_beginning_alone_are_no_duplicates() -> None:
    begun = "The river rises in the hills and feeds two mills before it comes to the old harbour. " * 60
    ends = (
        "def area(width, height):\n    return width * height\n" * 60,
        "Bake the bread slowly, with salt and honey. " * 60,
    )
    one, other = encode(static_model(CHECKPOINT), [begun + end for end in ends]).astype(np.float32)
    assert one @ other < 0.95


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"tokenizer\.json"):
        static_model(tmp_path)


def test_how_many_cores_look_decides_nothing() -> None:
    faiss = pytest.importorskip("faiss")
    chance = np.random.default_rng(1)
    centres = chance.normal(size=(700, 64))
    vectors = unit(*(centres[chance.integers(700, size=11_000)] + 0.12 * chance.normal(size=(11_000, 64))))
    found, cores = [], faiss.omp_get_max_threads()
    try:
        for threads in (1, 2, 5):
            faiss.omp_set_num_threads(threads)
            found.append(semantic(vectors, np.arange(11_000), np.arange(11_000), 0.95))
    finally:
        faiss.omp_set_num_threads(cores)
    assert len(found[0].rows) > 1000
    for other in found[1:]:
        assert pairs(other) == pairs(found[0]) and (other.similarity == found[0].similarity).all()
