"""Decontamination on labelled rows: what was taken from an evaluation set in disguise, and what only resembles it."""

import ast
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.decontaminate import contamination
from curation.decontaminate import programs as syntax
from rows.forms import Text, read
from rows.readers import RowsError

MBXP = os.environ.get("LAB_MBXP")
SEEDS = Path(__file__).parents[2] / "recipes" / "seeds"
PROBLEMS = [json.loads(line) for line in (SEEDS / "python-problems.jsonl").read_text().splitlines()]
MATHS = [json.loads(line) for line in (SEEDS / "math-problems.jsonl").read_text().splitlines()]
HELD_OUT = [row for row in PROBLEMS if row["split"] == "heldout" and row["difficulty"] != "easy"]
WORD_PROBLEMS = [
    {
        "id": "w1",
        "question": "A baker fills 14 trays with 12 rolls each and sells two thirds of the rolls before noon. In the afternoon "
        "she sells 31 more. How many rolls are left when the shop closes?",
        "answer": "She bakes 14*12 = <<14*12=168>>168 rolls. Before noon she sells 168*2/3 = <<168*2/3=112>>112 rolls. "
        "That leaves 168-112-31 = <<168-112-31=25>>25 rolls.\n#### 25",
    },
    {
        "id": "w2",
        "question": "A ferry crosses the bay nine times a day. Each crossing carries at most 45 cars and 210 passengers on foot. "
        "If every crossing is full, how many more passengers on foot than cars does the ferry carry in a week?",
        "answer": "There are 9*7 = 63 crossings a week. They carry 63*45 = 2835 cars and 63*210 = 13230 passengers on foot. "
        "The difference is 13230-2835 = 10395.\n#### 10395",
    },
    {
        "id": "w3",
        "question": "Miriam reads a novel of 480 pages. On the first day she reads an eighth of it, and on each of the following "
        "days she reads fifteen pages more than on the day before. On which day does she finish the novel?",
        "answer": "The first day she reads 60 pages, then 75, 90, 105, and 120. After four days she has read 330 pages, and after "
        "five days 450, so the last 30 pages are read on the sixth day.\n#### 6",
    },
]
PRELUDES = ("Sure, here is a nice exercise for you.\n\n", "I found this on a forum and could not solve it:\n\n")


def evaluation(folder: Path, rows: list[dict[str, Any]]) -> contamination.Index:
    path = folder / "evaluation.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return contamination.load([path])


# -- disguises: each makes a contaminated row of an evaluation item -----------------------------------------------------


def copied(row: dict[str, Any]) -> Text:
    return Text(row["prompt"], f"```python\n{row['code']}```")


def task_in_a_chat(row: dict[str, Any]) -> Text:
    turns = [
        {"role": "user", "content": f"{PRELUDES[1]}{row['prompt']} Thanks in advance, any hint is welcome."},
        {"role": "assistant", "content": "What have you tried so far? Think of the smallest input first."},
    ]
    found = read({"messages": turns})
    assert found
    return found


def shouted_and_wrapped(row: dict[str, Any]) -> Text:
    """The task in capitals, the lines broken elsewhere, the punctuation gone."""
    words = re.sub(r"[.,:;]", "", row["prompt"]).upper().split()
    return Text("", "\n".join(" ".join(words[at : at + 6]) for at in range(0, len(words), 6)))


def most_of_the_task(row: dict[str, Any]) -> Text:
    words = row["prompt"].split()
    return Text("", f"{PRELUDES[0]}{' '.join(words[: -max(1, len(words) // 10)])} ... and so on.")


class Renamer(ast.NodeTransformer):
    """Gives every name that a program binds another one."""

    def __init__(self, tree: ast.AST) -> None:
        bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        bound |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        self.names = {name: f"thing_{number}" for number, name in enumerate(sorted(bound))}

    def visit(self, node: ast.AST) -> Any:
        for field in ("id", "arg", "name"):
            if isinstance(node, ast.Name | ast.arg | ast.FunctionDef) and hasattr(node, field):
                setattr(node, field, self.names.get(getattr(node, field), getattr(node, field)))
        return self.generic_visit(node)


def renamed_program(row: dict[str, Any]) -> Text:
    """Every name that the program binds is another; a docstring and a comment are added."""
    tree = ast.parse(row["code"])
    code = ast.unparse(Renamer(tree).visit(tree))
    code = re.sub(
        r"^(def .*:)$", r'\1\n    """Does what it says."""\n    # step by step', code, count=1, flags=re.MULTILINE
    )
    return Text("Write something useful.", f"Here you go:\n```python\n{code}\n```")


def reformatted_program(row: dict[str, Any]) -> Text:
    """As another formatter would write it, inside a class, with a method's `self`."""
    tree = ast.parse(row["code"])
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.args.args.insert(0, ast.arg("self"))
    body = "\n".join(f"    {line}" for line in ast.unparse(tree).splitlines())
    return Text("", f"```py\nclass Solution:\n{body}\n```\nThis runs in linear time.")


def asked_again(row: dict[str, Any]) -> Text:
    return Text(f"{PRELUDES[1]}{row['question']}", "Let me think.")


def answer_alone(row: dict[str, Any]) -> Text:
    """The worked answer without the calculator's marks."""
    return Text("Explain your steps.", re.sub(r"<<[^>]*>>", "", row["answer"]).split("####")[0])


def most_of_the_question(row: dict[str, Any]) -> Text:
    words = row["question"].split()
    return Text("", " ".join(words[: int(len(words) * 0.85)]))


OF_TASKS: tuple[Callable[[dict[str, Any]], Text], ...] = (copied, task_in_a_chat, shouted_and_wrapped, most_of_the_task)
OF_PROGRAMS: tuple[Callable[[dict[str, Any]], Text], ...] = (renamed_program, reformatted_program)
OF_QUESTIONS: tuple[Callable[[dict[str, Any]], Text], ...] = (asked_again, answer_alone, most_of_the_question)


def is_decidable(row: dict[str, Any]) -> bool:
    """Whether a program is large enough to be anybody's own."""
    return any(function.nodes >= syntax.FEWEST_NODES for function in syntax.functions(row["code"]))


def contaminated() -> list[tuple[str, Text]]:
    cases = [(f"{row['task_id']} {make.__name__}", make(row)) for row in HELD_OUT for make in OF_TASKS]
    cases += [(f"{r['task_id']} {make.__name__}", make(r)) for r in HELD_OUT if is_decidable(r) for make in OF_PROGRAMS]
    return cases + [(f"{row['id']} {make.__name__}", make(row)) for row in WORD_PROBLEMS for make in OF_QUESTIONS]


NEAR_MISSES = (
    "How many rolls are left when the shop closes?",
    "A ferry crosses the river twice a day. How many cars does it carry in a week if each crossing carries 30 cars?",
    "Miriam reads a novel of 300 pages in five days, the same number of pages each day. How many pages a day are that?",
    "A baker sells two thirds of her cakes. She had 90 cakes. How many cakes did she sell before noon, and how many are left?",
    "```python\ndef add(a, b):\n    return a + b\n```",
    "```python\nfor i in range(10):\n    print(i)\n```",
    "```python\ndef total(numbers):\n    result = 0\n    for number in numbers:\n        result += number\n    return result\n```",
    "```python\ndef largest(values):\n    best = values[0]\n    for value in values[1:]:\n        if value > best:\n            best = value\n    return best\n```",
    "Write a Python function that does what the user asks and returns the result as a string. Name it as you like.",
    "In the evening the children of the village sit around the fire and tell each other stories of the sea.",
)


def clean() -> list[tuple[str, Text]]:
    rows = [row for row in PROBLEMS if row["split"] == "train"]
    cases = [(row["task_id"], copied(row)) for row in rows]
    return cases + [(f"near miss {number}", Text("", text)) for number, text in enumerate(NEAR_MISSES)]


def test_no_contaminated_row_passes_and_clean_rows_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = evaluation(tmp_path, [*HELD_OUT, *WORD_PROBLEMS])
    dirty, good = contaminated(), clean()
    missed = [name for name, text in dirty if index.find(text) is None]
    refused = [(name, hit) for name, text in good if (hit := index.find(text))]
    with capsys.disabled():
        print(
            f"\ndecontamination: {len(missed)} of {len(dirty)} contaminated rows accepted ({len(missed) / len(dirty):.1%}), "
            f"{len(refused)} of {len(good)} clean rows refused ({len(refused) / len(good):.1%})"
        )
    assert len(dirty) >= 40
    assert len(good) >= 40
    assert not missed
    assert len(refused) <= 0.02 * len(good), refused


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # in MBPP's own programs
@pytest.mark.skipif(not MBXP, reason="set LAB_MBXP to a folder with MBXP's files")
def test_every_mbpp_solution_large_enough_is_found_under_other_names_and_layout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = Path(str(MBXP)) / "mbpp_release_v1.jsonl"
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    programs = [{"code": row["prompt"] + row["canonical_solution"].rstrip()} for row in rows]
    decidable = [row for row in programs if is_decidable(row)]
    index = contamination.load([file])
    found = sum(index.find_program(make(row)) is not None for row in decidable for make in OF_PROGRAMS)
    with capsys.disabled():
        print(
            f"\nMBPP: {found} of {2 * len(decidable)} disguised programs found; {len(rows) - len(decidable)} are too small"
        )
    assert found == 2 * len(decidable)


def test_a_hit_names_the_item_and_shows_what_both_have(tmp_path: Path) -> None:
    index = evaluation(tmp_path, WORD_PROBLEMS)
    hit = index.find(asked_again(WORD_PROBLEMS[0]))
    assert hit
    assert (hit.item, hit.reason, round(hit.overlap, 2)) == ("w1", "task_text", 1.0)
    assert hit.matched.startswith("a baker fills 14 trays with 12 rolls each")


def test_a_solution_with_other_statements_between_its_own_is_found(tmp_path: Path) -> None:
    functions = ((row, syntax.functions(row["code"])[0]) for row in PROBLEMS)
    row = next(row for row, f in functions if len(f.statements) >= 3 and sum(size for _, size in f.statements) > 40)
    lines = ast.unparse(ast.parse(row["code"])).splitlines()
    noisy = "\n".join([lines[0], "    print('called')", *lines[1:-1], "    print('almost done')", lines[-1]])
    hit = evaluation(tmp_path, [row]).find_program(Text("", f"```python\n{noisy}\n```"))
    assert hit
    assert hit.reason == "same_statements"


def test_another_constant_operator_or_builtin_is_another_program() -> None:
    code = "def f(items):\n    best = max(items)\n    return [item * 2 + best for item in items if item > 3]\n"
    first = syntax.functions(code)[0].print
    for other in (code.replace("* 2", "* 3"), code.replace("max", "min"), code.replace("+ best", "- best")):
        assert syntax.functions(other)[0].print != first


def test_names_docstrings_annotations_and_import_aliases_do_not_change_a_program() -> None:
    first = "import math\ndef f(a, list):\n    x = math.sqrt(a)\n    return [x for y in list]\n"
    second = (
        "import math as m\n\n\ndef root(value: float, rows: list) -> list:\n    '''Roots.'''\n"
        "    found: float = m.sqrt(value)  # the root\n    return [found for row in rows]\n"
    )
    assert syntax.functions(first)[0].print == syntax.functions(second)[0].print


def test_items_too_short_to_be_recognised_are_counted_and_match_nothing(tmp_path: Path) -> None:
    index = evaluation(tmp_path, [{"question": "What is 2 + 2?", "answer": "4"}, WORD_PROBLEMS[0]])
    assert (index.items, index.undecidable) == (2, 1)
    assert index.find(Text("What is 2 + 2?", "4")) is None


def test_a_file_without_evaluation_items_is_refused_with_the_fields_it_needs(tmp_path: Path) -> None:
    with pytest.raises(RowsError, match="question"):
        evaluation(tmp_path, [{"x": 1}])


HOSTILE = (
    "-" * 19_000 + "1",
    "(" * 5_000 + "1" + ")" * 5_000,
    "a" + ".a" * 9_000,
    "+".join("a" * 9_000),
    "not " * 4_000 + "1",
    "lambda: " * 2_000 + "1",
    "x = 0x" + "f" * 15_000,
    "def f(" + "a," * 6_000 + "):\n    return 1",
    "@a\n" * 5_000 + "def f():\n    return 1",
    "\x00",
    "def f():\n    return '\ud800'",
    "'''" * 5_000,
    "x = 1\n" * 100_000,
)


@pytest.mark.parametrize("program", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_programs_end_soon_and_raise_nothing(program: str, tmp_path: Path) -> None:
    index = evaluation(tmp_path, HELD_OUT[:3])
    assert index.find_program(Text("", f"```python\n{program}\n```")) is None


@settings(max_examples=200)
@given(st.text(max_size=400) | st.text("()[]{}:=defrtun\n ab,.`'\"", max_size=400))
def test_no_text_breaks_the_fingerprints(text: str) -> None:
    syntax.functions(text)
    syntax.statement_prints(text)
    syntax.programs(text)


@pytest.mark.parametrize("line", ["not json", "[1]", "7", '{"other": 1}'])
def test_a_row_that_is_no_item_is_named_and_makes_no_set_smaller(line: str, tmp_path: Path) -> None:
    file = tmp_path / "eval.jsonl"
    file.write_text('{"question": "How many bags of flour does the baker need for nine days in all?"}\n' + line + "\n")
    with pytest.raises(RowsError, match=r"eval\.jsonl:2: no evaluation item"):
        contamination.load([file])


def test_the_item_behind_a_byte_order_mark_is_looked_for(tmp_path: Path) -> None:
    text = "The lamp at the pier was dark all night and nobody came to mend it before the morning ferry."
    file = tmp_path / "eval.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps({"question": text}).encode() + b"\n")
    assert contamination.load([file]).find(Text("", text))


@pytest.mark.parametrize("asked", ["a text", "a conversation", "several texts"])
def test_an_item_is_found_whatever_its_prompt_is(asked: str, tmp_path: Path) -> None:
    text = "The lamp at the pier was dark all night and nobody came to mend it before the morning ferry."
    conversation = [{"role": "user", "content": text}]
    prompt = {"a text": text, "a conversation": conversation, "several texts": [text, "And who mended it then?"]}[asked]
    index = evaluation(tmp_path, [{"prompt": prompt, "answer": "42"}])
    assert index.undecidable == 0
    assert index.find(Text(text, "Nobody did."))


def test_a_program_is_found_under_other_names_whatever_its_line_ends_are(tmp_path: Path) -> None:
    row = next(filter(is_decidable, HELD_OUT))
    index, answer = evaluation(tmp_path, [row]), renamed_program(row).answer
    for text in (answer, answer.replace("\n", "\r\n")):
        held = read({"messages": [{"role": "user", "content": "Go on."}, {"role": "assistant", "content": text}]})
        assert held
        assert index.find(held)
