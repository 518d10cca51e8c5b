"""Text in scripts without spaces between words: evaluation items are found in it, other texts are not, loops are seen."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from curation.decontaminate.contamination import Index, load
from curation.decontaminate.ngrams import words
from curation.dedup.exact import digest
from curation.dedup.minhash import shingles
from curation.filters import look
from rows.forms import Text

LABELLED = Path(__file__).parents[1] / "labelled" / "scripts"
ROWS = [json.loads(line) for line in (LABELLED / "rows.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def index() -> Index:
    return load([LABELLED / "evaluation.jsonl"])


@pytest.mark.parametrize("language", ["zh", "ja", "th"])
def test_items_are_found_and_other_texts_are_left_alone(language: str, index: Index) -> None:
    found: Counter[tuple[bool, bool]] = Counter()
    for row in ROWS:
        if row["language"] == language:
            hit = index.find(Text(row["text"], ""))
            assert hit is None or hit.item == row["item"], f"{row['text']}: {hit}"
            found[row["item"] is not None, hit is not None] += 1
    recall = found[True, True] / (found[True, True] + found[True, False])
    print(f"{language}: recall {recall:.0%}, precision 100%, {found.total()} rows")
    assert (recall, found[False, True]) == (1, 0)
    assert index.undecidable == 0


def test_pairs_of_characters_stand_for_words_over_punctuation_too() -> None:
    assert words("苹果，又买 3 apples") == ["苹果", "果又", "又买", "3", "apples"]
    assert words("書") == ["書"]
    assert words("สวัสดี") == ["สว", "วั", "ัส", "สด", "ดี"]
    assert words("Привет, мир! 한국어 문장") == ["привет", "мир", "한국어", "문장"]


def test_letters_with_their_marks_apart_are_the_same_letters(tmp_path: Path) -> None:
    item = "Viết một hàm trả về số lượng các phần tử khác nhau của hai danh sách đã cho, không kể thứ tự của chúng."
    korean = "두 목록이 주어졌을 때 서로 다른 원소의 개수를 반환하는 함수를 순서와 상관없이 작성하시오 지금."
    (tmp_path / "evaluation.jsonl").write_text(
        "".join(json.dumps({"question": text}) + "\n" for text in (item, korean))
    )
    index = load([tmp_path / "evaluation.jsonl"])
    for text in (item, korean):
        apart = unicodedata.normalize("NFD", text)
        assert apart != text and digest(apart) == digest(text) and shingles(apart) == shingles(text)
        assert index.find(Text(apart, ""))


@pytest.mark.parametrize("sentence", ["我很高兴认识你。", "今日はとても良い天気です。", "วันนี้อากาศดีมาก"])
def test_one_sentence_said_thirty_times_is_a_loop(sentence: str) -> None:
    drop = look(Text("", sentence * 30))
    assert drop
    assert drop.reason == "repetition"


@pytest.mark.parametrize("language", ["zh", "ja", "th"])
def test_many_sentences_are_no_loop(language: str) -> None:
    whole = "\n".join(row["text"] for row in ROWS if row["language"] == language and row["kind"] == "word for word")
    assert look(Text("", whole)) is None
