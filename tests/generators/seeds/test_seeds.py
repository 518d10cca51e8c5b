"""Seed files of other people go in as they are; malformed rows are skipped, counted and named."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from generators.seeds.kinds import MATHEMATICS, PROBLEMS, SNIPPETS, TEXTS, Kind
from generators.seeds.load import BadSeedError, SeedError, load, load_problems
from verification.extraction import answer_and_code, assert_lines, code_block, defined_functions

OURS = Path(__file__).parents[3] / "recipes" / "seeds"
MBPP = {
    "task_id": 2,
    "text": "Write a function to add.",
    "code": "def add(a, b): return a + b",
    "test_list": ["assert add(1, 2) == 3"],
    "test_setup_code": "",
}
SANITIZED = {
    "task_id": 3,
    "prompt": "Write a function to add.",
    "code": "",
    "test_list": ["assert set(add(1, 2)) == {3}"],
    "test_imports": ["import math"],
}
HUMANEVAL = {
    "task_id": "HumanEval/4",
    "prompt": 'def add(a, b):\n    """Add."""\n',
    "canonical_solution": "    return a + b\n",
    "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n",
    "entry_point": "add",
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def test_mbpp_and_humaneval_fields_go_in_unchanged(tmp_path: Path) -> None:
    problems = load_problems(write(tmp_path / "p.jsonl", MBPP, SANITIZED, HUMANEVAL)).items
    assert [problem.entry_point for problem in problems] == ["add", "add", "add"]
    assert "assert add(1, 2) == 3" in problems[0].prompt  # the name would be unknown otherwise
    assert problems[1].tests == "import math\nassert set(add(1, 2)) == {3}\n"
    assert "def check" in problems[2].tests


def test_a_solution_that_is_a_body_alone_is_completed_and_what_stands_before_the_function_is_known(
    tmp_path: Path,
) -> None:
    helped = "import math\n\n\ndef poly(xs):\n    return xs\n\n\n" + HUMANEVAL["prompt"]
    script = {
        **HUMANEVAL,
        "task_id": "JS/1",
        "language": "javascript",
        "prompt": "// Adds.\nfunction add(a, b){",
        "canonical_solution": "\n  return a + b;\n}\n",
    }
    rows = [
        HUMANEVAL,
        {**HUMANEVAL, "task_id": 1, "prompt": helped},
        {**HUMANEVAL, "task_id": 2, "code": "add = sum"},
        script,
    ]
    found = load_problems(write(tmp_path / "p.jsonl", *rows)).items
    assert found[0].reference == HUMANEVAL["prompt"] + HUMANEVAL["canonical_solution"]
    assert [one.preamble for one in found[:2]] == ["", "import math\n\n\ndef poly(xs):\n    return xs"]
    assert found[2].reference == "add = sum"
    assert found[3].reference == "// Adds.\nfunction add(a, b){\n  return a + b;\n}\n"


def test_parquet_goes_in_like_jsonl(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([MBPP]), tmp_path / "p.parquet")
    from_parquet = load_problems(tmp_path / "p.parquet").items
    assert from_parquet == load_problems(write(tmp_path / "p.jsonl", MBPP)).items


def test_malformed_rows_are_skipped_with_their_lines_or_refused_when_strict(tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", MBPP, "{broken", [1], {"task_id": 9, "text": "no tests"}, MBPP, "[" * 100_000)
    seeds = load_problems(path)
    assert len(seeds.items) == 1
    assert [line for line, _ in seeds.skipped] == [2, 3, 4, 5, 6]
    assert "line 2: not JSON" in seeds.complaint()
    with pytest.raises(SeedError, match=r"p\.jsonl:2: not JSON"):
        load_problems(path, strict=True)


def test_every_kind_reads_the_id_of_a_row(tmp_path: Path) -> None:
    row = {**{name: value for name, value in MBPP.items() if name != "task_id"}, "id": "p7", "question": "2 + 2?"}
    for kind in (PROBLEMS, SNIPPETS, MATHEMATICS, TEXTS):
        assert [seed.id for seed in load(kind, [write(tmp_path / "p.jsonl", row)]).items] == ["p7"]


def test_ids_and_splits_choose_problems(tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", *({**MBPP, "task_id": f"MBPP/{n}"} for n in range(1, 20)))
    assert [problem.id for problem in load_problems(path, ids="3-5,19").items] == [
        "MBPP/3",
        "MBPP/4",
        "MBPP/5",
        "MBPP/19",
    ]
    with pytest.raises(SeedError, match="neither a number nor a range"):
        load_problems(path, ids="3-x")
    with pytest.raises(SeedError, match=r"no problems with tests in it with ids 500; its numbers are 1 to 19$"):
        load_problems(path, ids="500")


def test_our_own_seeds_load_whole() -> None:
    problems = load_problems(OURS / "python-problems.jsonl", strict=True)
    assert len(problems.items) >= 200
    assert len(load_problems(OURS / "python-problems.jsonl", split="heldout").items) >= 70
    assert len(load(SNIPPETS, [OURS / "python-snippets.jsonl"], strict=True).items) >= 150


def test_a_folder_of_source_files_gives_snippets_in_their_languages(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.py").write_bytes(b"print('\xff')\n")
    (tmp_path / "a" / "y.php").write_text("<?php\necho 1;\n")
    (tmp_path / "a" / "z.txt").write_text("no program")
    functions = "".join(f"def f{n}(x):\n    # {n}\n    y = x + {n}\n    return y\n\n" for n in range(3))
    (tmp_path / "many.py").write_text(functions)
    found = load(SNIPPETS, [tmp_path]).items
    assert [(snippet.id, snippet.programming_language) for snippet in found] == [
        ("a/x.py:1", "python"),
        ("a/y.php:1", "php"),
        ("many.py:1", "python"),
        ("many.py:6", "python"),
        ("many.py:11", "python"),
    ]
    assert found[3].code.startswith("def f1(x):")


def test_of_a_repository_its_own_source_is_read_and_what_is_left_out_is_told(tmp_path: Path) -> None:
    for name in ("own.py", ".venv/theirs.py", "node_modules/theirs.js", "node_modules/rows.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    (tmp_path / "made.py").write_text("x = 1\n" * 20_000)
    (tmp_path / "film.ts").write_bytes(b"G\0\1")
    found = load(SNIPPETS, [tmp_path])
    assert [snippet.id for snippet in found.items] == ["own.py:1"]
    assert "made.py: longer than 100,000 bytes" in found.complaint() and "film.ts: no text" in found.complaint()


def test_a_folder_of_rows_and_source_files_is_refused_with_one_of_each(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("x = 1\n")
    write(tmp_path / "fixture.jsonl", {"text": "no code at all"})
    with pytest.raises(SeedError, match=r"holds rows \(fixture.jsonl\) and source files \(own.py:1\)"):
        load(SNIPPETS, [tmp_path])
    assert load(SNIPPETS, [tmp_path / "fixture.jsonl"]).items


def test_the_loading_script_of_a_data_set_is_no_source_file_beside_its_rows(tmp_path: Path) -> None:
    script = "import datasets\n\n\nclass Code(datasets.GeneratorBasedBuilder):\n    def _split_generators(self, manager):\n        return []\n"
    (tmp_path / "code.py").write_text(script)
    write(tmp_path / "train.jsonl", {"id": "a", "code": "x = 1"})
    assert [snippet.id for snippet in load(SNIPPETS, [tmp_path]).items] == ["a"]


def test_a_mixed_prompt_holds_snippets_of_different_topics_and_rare_topics_come_up(tmp_path: Path) -> None:
    rows = [{"id": f"c{n}", "code": f"common = {n}", "topic": "common"} for n in range(90)]
    rows += [{"id": f"r{n}", "code": f"rare = {n}", "topic": f"rare {n}"} for n in range(10)]
    path = write(tmp_path / "s.jsonl", *rows)
    mixed = load(SNIPPETS, [path], mix=2, seed=1).items
    assert len(mixed) == 100
    assert [snippet.id for snippet in mixed] == [snippet.id for snippet in load(SNIPPETS, [path], mix=2, seed=1).items]
    assert all("\n\n" in snippet.code for snippet in mixed)
    drawn = [part[0] for snippet in mixed for part in snippet.id.split("+")]
    assert drawn.count("r") > 80, "a tenth of the snippets, more than two in five of the draws"
    with pytest.raises(SeedError, match="only snippets can be mixed"):
        load(PROBLEMS, [write(tmp_path / "p.jsonl", MBPP)], mix=2)


def test_what_a_filter_left_out_is_neither_a_seed_nor_training_data(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    from alignment.tokens.reading import parquet_files

    for name in ("train-00000.parquet", "dropped-00000.parquet"):
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{"id": name, "code": "x = 1"}]), tmp_path / name)
    assert [snippet.id for snippet in load(SNIPPETS, [tmp_path]).items] == ["train-00000.parquet"]
    assert [path.name for path in parquet_files(tmp_path)] == ["train-00000.parquet"]


def test_several_sources_are_one_after_the_other(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", {"id": 1, "code": "x = 1"}, {"id": 2, "code": "x = 2"})
    second = write(tmp_path / "b.jsonl", {"id": 3, "code": "x = 3"})
    items = load(SNIPPETS, [first, second]).items
    assert [items[n].id for n in range(len(items))] == ["1", "2", "3"]


def test_seeds_of_several_files_that_share_an_id_are_told_apart_and_each_file_s_faults_are_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write(tmp_path / "a.jsonl", {"code": "x = 1"}, {"code": "x = 2"})
    second = write(tmp_path / "b.jsonl", {"code": "y = 1"}, "{broken", {"code": "x = 2", "id": 2})
    found = load(SNIPPETS, [first, second])
    assert [seed.id for seed in (found.items[n] for n in range(4))] == ["1", "2", "2:1", "2"], "one of them is the same"
    assert found.complaint().startswith(f"skipped 1 malformed rows ({second}:2: not JSON")
    monkeypatch.setattr("generators.seeds.load.EAGER_BYTES", 0)
    items = load(SNIPPETS, [first, second]).items
    assert [items[n].id for n in (0, 2)] == ["1", "2:1"]
    in_turn = load(SNIPPETS, [tmp_path]).items
    assert not isinstance(in_turn, list) and [in_turn[n].id for n in (0, 2)] == ["1", "3"], "a large folder"


def test_a_large_file_is_read_row_by_row_and_a_bad_row_shows_when_its_turn_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generators.seeds.load.EAGER_BYTES", 100)
    rows = [{"id": n, "code": f"x = {n}"} for n in range(200)]
    path = write(tmp_path / "s.jsonl", *rows[:150], "{broken", *rows[150:])
    seeds = load(SNIPPETS, [path])
    assert len(seeds.items) == 201
    assert [seeds.items[n].id for n in (0, 149, 63, 64, 200)] == ["0", "149", "63", "64", "199"]
    with pytest.raises(BadSeedError, match="line 151: not JSON"):
        seeds.items[150]
    with pytest.raises(SeedError, match=r"s\.jsonl:151: not JSON"):
        load(SNIPPETS, [path], strict=True)


def test_gsm8k_and_math_fields_go_in_unchanged(tmp_path: Path) -> None:
    path = write(
        tmp_path / "m.jsonl",
        {"question": "2 + 2?", "answer": "It is 2 + 2 = <<2+2=4>>4.\n#### 4"},
        {"problem": "Half?", "solution": "So \\boxed{\\frac{1}{2}}.", "level": "Level 1", "type": "Algebra"},
    )
    first, second = load(MATHEMATICS, [path]).items
    assert (first.answer, first.solution) == ("4", "It is 2 + 2 = <<2+2=4>>4.")
    assert (second.answer, second.topic, second.difficulty) == ("\\frac{1}{2}", "Algebra", "Level 1")


def test_the_language_of_a_program_is_read_under_our_name_and_that_of_public_data_sets(tmp_path: Path) -> None:
    path = write(
        tmp_path / "s.jsonl",
        {"id": 1, "code": "<?php", "language": "PHP"},
        {"id": 2, "code": "x = 1", "programming_language": "ruby", "language": "en"},
        {"id": 3, "code": "x = 1"},
    )
    found = load(SNIPPETS, [path]).items
    assert [snippet.programming_language for snippet in found] == ["php", "ruby", "python"]


def test_licences_are_counted_by_row_or_taken_from_the_card_beside(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: cc-by-4.0\n---\n")
    path = write(tmp_path / "s.jsonl", {"id": 1, "code": "x", "license": "mit"}, {"id": 2, "code": "y"})
    assert load(SNIPPETS, [path]).licences == {"mit": 1, "cc-by-4.0": 1}


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlanguage:\n- en\nlicense:\n- mit\nmultilinguality:\n- monolingual\n---\n", "mit"),
        ("---\nlicense:\n  - cc-by-4.0\n  - mit\ntags: []\n---\n", "cc-by-4.0, mit"),
        ("---\r\nlicense: mit\r\ntags: []\r\n---\r\n", "mit"),
        ("---\nlicense:\ntags:\n- x\n---\n", "not stated"),
    ],
)
def test_a_card_may_list_its_licences(card: str, licence: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(card.encode())
    assert load(SNIPPETS, [write(tmp_path / "s.jsonl", {"id": 1, "code": "x"})]).licences == {licence: 1}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sure!\n```python\ndef f():\n    pass\n```\nDone ```x```", "def f():\n    pass\n"),
        ("```python\ndef f():\n    pass", "def f():\n    pass\n"),
        ("def f(): return 1", "def f(): return 1\n"),
        ("I cannot do that.", None),
        ("```python\n```", None),
        ("```", None),
        ("", None),
        ("```python\n" + "x" * 30_000 + "\n```", None),
    ],
)
def test_a_code_block_is_found_closed_or_cut(text: str, code: str | None) -> None:
    assert code_block(text) == code


def test_an_answer_the_token_limit_cut_becomes_its_finished_program() -> None:
    cut = "Sure.\n```python\ndef f():\n    return 1\n\nprint(f("
    assert answer_and_code(cut, True) == ("```python\ndef f():\n    return 1\n```", "def f():\n    return 1\n")
    whole = "Sure.\n```python\nx = 1\n```\nThat is all."
    assert answer_and_code(whole, False) == (whole, "x = 1\n")


def test_functions_and_assertions_are_found() -> None:
    assert defined_functions("import x\nasync def f(a):\n    def inner(): pass\ndef g (): pass") == ["f", "g"]
    assert (
        assert_lines("```\nassert f(1) == 1\nx = 2\nassert f(1) == 1\nassert f(2) == 2\nassert f(3)", 2)
        == "assert f(1) == 1\nassert f(2) == 2\n"
    )


def test_seeds_are_known_again_by_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def content(words: list[str]) -> str:
        source = tmp_path / "texts.jsonl"
        source.write_text("".join(json.dumps({"text": word}) + "\n" for word in words))
        return load(TEXTS, [source]).content

    for eager in (True, False):
        if not eager:
            monkeypatch.setattr("generators.seeds.load.EAGER_BYTES", 0)
        first = content(["a", "b", "c"])
        assert first == content(["a", "b", "c"])
        assert len({first, content(["a", "b"]), content(["a", "B", "c"]), content(["b", "a", "c"])}) == 4


def test_a_damaged_part_of_a_parquet_file_costs_its_own_rows(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet as parquet

    source = tmp_path / "texts.parquet"
    table = pyarrow.table({"text": [f"text {n} " + "x" * 200 for n in range(40)]})
    parquet.write_table(table, source, row_group_size=20, compression="gzip", use_dictionary=False)
    data = bytearray(source.read_bytes())
    column = parquet.ParquetFile(source).metadata.row_group(0).column(0)
    begin, size = column.data_page_offset, column.total_compressed_size
    data[begin : begin + size] = b"\xff" * size
    source.write_bytes(data)
    found = load(TEXTS, [source])
    assert len(found.items) == 20
    assert len(found.skipped) == 20 and "cannot be read" in found.skipped[0][1]


@pytest.mark.parametrize(
    ("kind", "row", "has"),
    [
        (PROBLEMS, {"question": "Add.", "unit_tests": ["assert f(1) == 2"]}, "question, unit_tests"),
        (PROBLEMS, {"text": "Add.", "test_list": ["assert True"]}, "text, test_list"),
        (SNIPPETS, {"source": "x = 1"}, "source"),
        (MATHEMATICS, {"q": "1 + 1?", "a": "2"}, "q, a"),
        (TEXTS, {}, "nothing"),
        (TEXTS, {f"c{n}": n for n in range(14)}, "c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 2 more"),
    ],
)
def test_a_row_without_what_is_needed_is_told_with_the_fields_that_it_has(
    kind: Kind[Any], row: dict[str, Any], has: str, tmp_path: Path
) -> None:
    rows = write(tmp_path / "rows.jsonl", row)
    for strict in (False, True):
        with pytest.raises(SeedError, match=rf"the row has {re.escape(has)}[;)]"):
            load(kind, [rows], strict=strict)
