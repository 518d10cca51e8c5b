"""What the seed problems and snippets promise, checked by running them."""

import ast
import json
import operator
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from generators.seeds.found import SeedError
from generators.seeds.load import load_problems

SEEDS = Path(__file__).parents[3] / "recipes" / "seeds"
FIELDS = ["task_id", "split", "topic", "difficulty", "prompt", "entry_point", "code", "test_list", "mutants"]
TIME_LIMIT_S = 1.0
FRAME = {"write", "a", "python", "function", "that", "returns", "the", "of", "an", "in", "and", "to", "it", "is"}

# One child process runs every program: 240 references and 677 mutants would need a minute as a process each.
# The programs are this project's own, so a child process is shelter enough against a mutant that hangs.
RUNNER = """
import json, signal, sys

def overdue(*_):
    raise KeyboardInterrupt

signal.signal(signal.SIGALRM, overdue)
results = []
for code, tests, limit_s in json.load(sys.stdin):
    failed = []
    for test in tests:
        signal.setitimer(signal.ITIMER_REAL, limit_s)
        try:
            space = {}
            exec(code, space)
            exec(test, space)
        except BaseException:
            failed.append(test)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    results.append(failed)
json.dump(results, sys.stdout)
"""


@cache
def load(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SEEDS / name).read_text(encoding="utf-8").splitlines()]


def problems() -> list[dict[str, Any]]:
    return load("python-problems.jsonl")


def failed_tests(programs: list[tuple[str, list[str]]]) -> list[list[str]]:
    """For each (code, tests) pair, the tests that fail."""
    payload = json.dumps([(code, tests, TIME_LIMIT_S) for code, tests in programs])
    child = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER], input=payload, capture_output=True, text=True, timeout=60
    )
    assert child.returncode == 0, child.stderr
    results: list[list[str]] = json.loads(child.stdout)
    return results


def shingles(problem: dict[str, Any]) -> frozenset[str]:
    """The statement's content words together with the three-token windows of the reference under neutral names."""
    statement = re.sub(r"`\w+\([^`]*\)`", " ", problem["prompt"]).lower()
    words = {f"word {word}" for word in re.findall(r"[^\W_]+", statement) if word not in FRAME}
    tokens = re.findall(r"\w+|[^\w\s]+", neutral(problem["code"]))[2:]
    return frozenset(words | {f"code {' '.join(tokens[i : i + 3])}" for i in range(len(tokens) - 2)})


def neutral(code: str) -> str:
    """The code with its own function, argument and variable names replaced by v0, v1, ... in order of appearance."""
    tree = ast.parse(code)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names.setdefault(node.name, f"v{len(names)}")
        elif isinstance(node, ast.arg):
            names.setdefault(node.arg, f"v{len(names)}")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.setdefault(node.id, f"v{len(names)}")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.name = names[node.name]
        elif isinstance(node, ast.arg):
            node.arg = names[node.arg]
        elif isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.unparse(tree)


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)


def test_there_are_at_least_two_hundred_problems_with_the_declared_fields_and_unique_ids() -> None:
    rows = problems()
    assert len(rows) >= 200
    assert all(list(row) == FIELDS for row in rows)
    assert len({row["task_id"] for row in rows}) == len(rows)
    assert len({row["entry_point"] for row in rows}) == len(rows)
    assert len({row["prompt"] for row in rows}) == len(rows)


def test_every_problem_has_five_different_one_statement_assertions() -> None:
    for row in problems():
        tests = row["test_list"]
        assert len(set(tests)) == len(tests) >= 5, row["task_id"]
        for test in tests:
            (statement,) = ast.parse(test).body
            assert isinstance(statement, ast.Assert), test
            assert row["entry_point"] in test


def test_the_statement_names_the_function_with_the_signature_the_reference_has() -> None:
    for row in problems():
        match = re.search(r"`(\w+\([^`]*\))`", row["prompt"])
        assert match is not None and f"def {match.group(1)}:" in row["code"], row["task_id"]
        assert match.group(1).startswith(row["entry_point"] + "("), row["task_id"]


def test_every_reference_passes_all_its_tests() -> None:
    rows = problems()
    failures = failed_tests([(row["code"], row["test_list"]) for row in rows])
    assert {row["task_id"]: failed for row, failed in zip(rows, failures, strict=True) if failed} == {}


def test_every_mutant_differs_from_the_reference_and_fails_at_least_one_test() -> None:
    mutants = [(row, mutant) for row in problems() for mutant in row["mutants"]]
    assert all(len(set(row["mutants"]) - {row["code"]}) == len(row["mutants"]) >= 2 for row in problems())
    failures = failed_tests([(mutant, row["test_list"]) for row, mutant in mutants])
    assert [
        (row["task_id"], mutant) for (row, mutant), failed in zip(mutants, failures, strict=True) if not failed
    ] == []


def test_references_import_nothing_but_the_mathematics_module() -> None:
    for row in problems():
        for node in ast.walk(ast.parse(row["code"])):
            assert not isinstance(node, ast.Import), row["task_id"]
            assert not isinstance(node, ast.ImportFrom) or node.module == "math", row["task_id"]


def test_both_splits_have_every_topic_and_difficulty_in_the_same_proportion() -> None:
    rows = problems()
    sizes = Counter(row["split"] for row in rows)
    assert set(sizes) == {"train", "heldout"}
    assert sizes["train"] >= 130 and sizes["heldout"] >= 70
    assert {row["difficulty"] for row in rows} == {"easy", "medium", "hard"}
    for field in ("topic", "difficulty"):
        cells = Counter((row["split"], row[field]) for row in rows)
        for value in {row[field] for row in rows}:
            share = {split: cells[split, value] / sizes[split] for split in sizes}
            assert share["train"] == pytest.approx(share["heldout"], abs=0.02), value


def test_no_two_problems_are_near_duplicates_across_or_within_the_splits() -> None:
    """Jaccard similarity of `shingles`; measured worst pairs are listed in recipes/seeds/README.md."""
    sets = {row["task_id"]: shingles(row) for row in problems()}
    train = [row["task_id"] for row in problems() if row["split"] == "train"]
    heldout = [row["task_id"] for row in problems() if row["split"] == "heldout"]
    assert [(a, b) for a, b in product(train, heldout) if jaccard(sets[a], sets[b]) >= 0.4] == []
    assert [(a, b) for a, b in combinations(train, 2) if jaccard(sets[a], sets[b]) >= 0.5] == []
    assert [(a, b) for a, b in combinations(heldout, 2) if jaccard(sets[a], sets[b]) >= 0.5] == []


def test_no_two_references_are_the_same_program_under_other_names() -> None:
    counts = Counter(neutral(row["code"]) for row in problems())
    assert [code for code, count in counts.items() if count > 1] == []


def test_snippets_are_short_different_and_parse() -> None:
    rows = load("python-snippets.jsonl")
    assert len(rows) >= 150
    assert all(list(row) == ["snippet_id", "topic", "code"] for row in rows)
    assert len({row["snippet_id"] for row in rows}) == len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        ast.parse(row["code"])
        assert 3 <= len(row["code"].splitlines()) <= 12, row["snippet_id"]


def test_no_snippet_contains_a_heldout_solution() -> None:
    snippets = {neutral(ast.unparse(node)) for row in load("python-snippets.jsonl") for node in functions(row["code"])}
    assert [
        row["task_id"] for row in problems() if row["split"] == "heldout" and neutral(row["code"]) in snippets
    ] == []


def test_each_mathematics_solution_comes_to_its_answer() -> None:
    rows = load("math-problems.jsonl")
    assert len({row["question"] for row in rows}) == len({row["task_id"] for row in rows}) == len(rows) >= 40
    for row in rows:
        for line in row["solution"].splitlines():
            left, _, right = line.partition(" = ")
            quotient, _, remainder = right.partition(" remainder ")
            if remainder:
                top, bottom = map(int, left.split(" / "))
                assert divmod(top, bottom) == (int(quotient), int(remainder)), row["task_id"]
            else:
                assert abs(arithmetic(ast.parse(left, mode="eval").body) - float(right)) < 1e-9, row["task_id"]
        assert row["solution"].splitlines()[-1].partition(" = ")[2].split()[0] == row["answer"], row["task_id"]


def arithmetic(node: ast.expr) -> float:
    operators = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
    if isinstance(node, ast.BinOp):
        return float(operators[type(node.op)](arithmetic(node.left), arithmetic(node.right)))
    assert isinstance(node, ast.Constant)
    return float(node.value)


def functions(code: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]


def test_task_numbers_of_any_size_are_chosen_by_and_never_counted_out(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    rows = [{"task_id": n, "prompt": f"f({n})", "test_list": ["assert f(1) == 1"]} for n in (1, 2, 3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [item.id for item in load_problems(path, ids=f"2-{'9' * 30}").items] == ["2", "3"]
    with pytest.raises(SeedError, match="neither a number nor a range"):
        load_problems(path, ids="1" * 5000)
