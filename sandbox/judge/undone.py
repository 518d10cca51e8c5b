"""Whether what a Python program changed of what its tests hold decided anything: the tests have run with these changes, and
without them. No road from a change to a comparison has to be known for that.

A comparison that comes out alike in both runs was decided by none. One that does not stands where what is expected is fixed:
one side is the same in both runs and made of nothing that the program answers, or is written down; and the other is not made of
both an answer and something that the program was given, of which each says what the other is to be (`xs[find(xs, 7)] == 7`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import syntax
from sandbox.judge.plain import are_calls
from sandbox.judge.provenance import TOLD, UNKNOWN, Provenance
from sandbox.report import Program, Report, Verdict

_UNTOLD = ("raises", "warns", "logs")
_ONE_SIDED = ("assertTrue", "assertFalse", "assertIsNone", "assertIsNotNone")
_IDENTITY = (ast.Is, ast.IsNot)
Rows = list[list[str]]
Run = Callable[[dict[str, Any]], tuple[Report, dict[str, Any] | None]]


def settled(report: Report, program: Program, said: dict[str, Any] | None, run: Run) -> Report:
    """What is left of a report on a Python program and its tests apart. `said`: their last word there; `run`: has them told of,
    as they are or without something. These runs come before any in which the program has its tests beside it.
    """
    ways = asked(program.tests, said) if report.accepted else []
    kept = _told(run, "", 0) if ways else None
    for way in ways:
        other = _told(run, way, 2 * kept["calls"] + 100) if kept else None
        if way == "undo" and other is not None and other.get("judged"):
            return untested(report, 1)  # what no object of the program decided before
        line = first_decided(program.tests, kept, other, apart=way == "apart", entry=program.entry_point)
        if line is not None:
            return untested(report, line, apart=way == "apart")
    return report


def _told(run: Run, way: str, most_calls: int) -> dict[str, Any] | None:
    """The last word of tests that tell of their comparisons; None where they did not come to their end, or did not hold as they are:
    a program may do otherwise each time.
    """
    report, said = run({"undo": way == "undo", "apart": way == "apart", "most_calls": most_calls})
    failed = [test.line for test in report.tests if not test.passed]
    return None if said is None or (not way and (failed or said.get("failing"))) else {**said, "failed": failed}


def asked(tests: str, said: dict[str, Any] | None) -> list[str]:
    """How the tests of an accepted program run once more: `undo` where it changed something, `apart` where it gave one thing for
    several. `said`: their last word.
    """
    found = [way for way, done in (("undo", "altered"), ("apart", "alike")) if said is not None and said.get(done)]
    return found if found and not are_calls(syntax.module(tests)) else []


def first_decided(
    tests: str,
    kept: dict[str, Any] | None,
    other: dict[str, Any] | None,
    *,
    apart: bool = False,
    entry: str | None = None,
) -> int | None:
    """The first line of the tests in which a change of the program's decides what is expected, or, with `apart`, that it gives
    one thing for several; None where none does. `kept`, `other`: the last words of the tests as they are, and without that.
    """
    tree = syntax.module(tests)
    told = [_by_place(said) for said in (kept, other)]
    made: Provenance | None = None
    differs = False
    for place, sides, asked in _comparisons(tree):
        rows = [None if by is None else by.get(place, []) for by in told]
        if rows[0] is not None and rows[1] is not None and [row[0] for row in rows[0]] == [row[0] for row in rows[1]]:
            continue
        made = made or Provenance(tree, entry)
        handed = (
            place[0] in "cf"
            and not made.script.asserted(sides[0])
            and made.script.is_handed(made.script.scope(sides[0]))
        )
        if handed and (apart or not _is_told(made, sides)):
            continue  # what comes of it shows where the tests, or the program, go on with it
        differs = True
        fixed = _is_one_sided(made, sides) if apart else _is_fixed(made, sides, asked, rows)
        if not fixed:
            return sides[0].lineno
    failed: list[int] = other["failed"] if other else []
    return failed[0] if failed and (apart or not differs) else None  # by what is not told of


def _is_told(made: Provenance, sides: Sequence[ast.expr]) -> bool:
    """Whether what the program says to a function of the tests is compared there with what it was given."""
    of = [made.of(side) for side in sides]
    return any(
        TOLD in one and other & made.exposed for one, other in zip(of, of[::-1], strict=True) if one is not other
    )


def _is_one_sided(made: Provenance, sides: Sequence[ast.expr]) -> bool:
    """Whether a constant of the program's is compared with what the program does not give: `LIMIT == 3`."""
    if len(sides) != 2:
        return False
    return any(made.is_fixed(sides[at], known=True) and made.is_theirs(sides[1 - at]) for at in (0, 1))


def untested(report: Report, line: int, *, apart: bool = False) -> Report:
    """What is left of an accepted report where that decides in this line of the tests."""
    stages = (*report.stages[:-1], replace(report.stages[-1], ok=False))
    why = "rests on what the program changed of what the tests hold"
    why = "rests on its giving one thing where the tests may mean several" if apart else why
    detail = f"Line {line} of its tests {why}: without that it holds no longer."
    return replace(report, verdict=Verdict.untested, stages=stages, detail=detail)


def _by_place(said: dict[str, Any] | None) -> dict[str, Rows] | None:
    """What was compared by place; None where the tests did not come to their end, or told not of all."""
    if said is None or said.get("missed") or "rows" not in said:
        return None
    found: dict[str, Rows] = {}
    for place, *row in said["rows"]:
        found.setdefault(place, []).append(row)
    return found


def _comparisons(tree: ast.Module) -> list[tuple[str, list[ast.expr], ast.AST]]:
    """What `inside/reading/recording.py` tells of: each place, what is compared there, and by what."""
    found: list[tuple[str, list[ast.expr], ast.AST]] = []
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            found.append((_place("c", node), [node.left, node.comparators[0]], node.ops[0]))
        elif isinstance(node, ast.Raise) and node.exc is not None:
            found.append((_place("f", node), [node.exc], node))
        elif isinstance(node, ast.Assert):
            found += [(_place("t", leaf), [leaf], node) for leaf in _leaves(node.test)]
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            items = [*node.args, *(word.value for word in node.keywords)]
            if name == "fail" and name not in own:
                found.append((_place("a", node), [node.func], node))
            elif name.startswith("assert") and name not in own and not any(word in name.lower() for word in _UNTOLD):
                sides = (
                    items[:1] if name in _ONE_SIDED else items[:2] if name[6:7].isupper() or name[6:7] == "_" else items
                )
                found += [(_place("a", node), sides, node)] if sides else []
    return sorted(found, key=lambda item: item[1][0].lineno)


def _place(kind: str, node: ast.expr | ast.stmt) -> str:
    return f"{kind}{node.lineno}:{node.col_offset}"


def _leaves(test: ast.expr) -> list[ast.expr]:
    if isinstance(test, ast.BoolOp):
        return [leaf for value in test.values for leaf in _leaves(value)]
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _leaves(test.operand)
    return [] if isinstance(test, ast.Compare) and len(test.ops) == 1 else [test]


def _is_fixed(made: Provenance, sides: Sequence[ast.expr], asked: ast.AST, rows: Sequence[Rows | None]) -> bool:
    """Whether what is expected is none of the program's doing."""
    if None in rows or len(rows[0] or ()) != len(rows[1] or ()):  # nor whether it is come to
        reach = made.reaching(sides[0])
        if UNKNOWN in reach or made.is_mixed(reach):
            return False
    if isinstance(asked, ast.Raise):
        return True
    of = [made.of(side) for side in sides]
    mixed = [*map(made.is_mixed, of)]
    if any(UNKNOWN in one for one in of):
        return False
    if len(sides) == 1 or isinstance(asked, _IDENTITY):  # which object it is does not depend on what it holds
        return not any(mixed)
    seen = [[[row[1 + at : 2 + at] for row in told or ()] for told in rows] for at in (0, 1)]
    differ = [any(one != other for one, other in zip(*told, strict=False)) for told in seen]
    if all(made.is_fixed(side, known=True) for side in sides):  # what the program has made of the tests' own lists
        calls = any(isinstance(node, ast.Call) for side in sides for node in ast.walk(side))
        parts = not calls and of[0] & of[1]  # of one thing, as `nodes["a"]["kids"] == [nodes["b"]]`
        return bool(parts) or not all(differ) or not isinstance(asked, ast.Eq | ast.Call)
    for at in (0, 1):
        known = None not in rows and len(seen[at][0]) == len(seen[at][1])
        if not differ[at] and made.is_fixed(sides[at], known=known) and not mixed[1 - at]:
            return True
    return False
