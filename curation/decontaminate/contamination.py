"""Decontamination: finds rows that hold an evaluation item, word for word or as a program under other names, and shows the place."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from curation.decontaminate import programs as syntax
from curation.decontaminate.evaluations import Item, read_items
from curation.decontaminate.ngrams import CODE, PROSE, Hit, NGrams, Passage
from curation.drops import Drop
from rows.forms import Text

STATEMENTS_COVERED = 0.75
"""Share of a solution's nodes whose statements the row has, where not the whole function matches."""
FEWEST_STATEMENTS = 3
STATEMENT_MATCH_NODES = 40
"""Nodes in those statements; a loop and a return are not a solution."""
CODE_MARKS = ("```", "def ", "{\n", ";\n", "import ", "\n    ", "\n\t", "=> ")
"""A row without any of these holds no program."""


class Index:
    """What the evaluation sets hold, ready to be looked up. Rows are looked up one by one; nothing of them is kept."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._functions: dict[int, str] = {}
        self._statements: dict[int, list[int]] = {}
        """fingerprint of a statement -> the solutions that have it"""
        self._solutions: list[tuple[str, dict[int, int]]] = []
        prose: list[Passage] = []
        code: list[Passage] = []
        decidable: set[int] = set()
        self.items = 0
        for item in items:
            prose += [Passage(self.items, item.name, "task_text", text) for text in item.tasks]
            prose += [Passage(self.items, item.name, "answer_text", text) for text in item.answers]
            code += [Passage(self.items, item.name, "program_text", text) for text in item.programs]
            for function in item.functions:
                if function.nodes >= syntax.FEWEST_NODES:
                    self._add(item.name, function)
                    decidable.add(self.items)
            self.items += 1
        self._prose, self._code = NGrams(prose, PROSE), NGrams(code, CODE)
        self.undecidable = self.items - len(decidable | self._prose.items | self._code.items)
        """Items too short, or made of phrases too common, to be recognised in anything."""

    def look(self, text: Text) -> Drop | None:
        """As a filter on one text: the reason says what of the item was found, the evidence is the place as JSON."""
        hit = self.find(text)
        return Drop(hit.reason, json.dumps(hit.to_dict(), ensure_ascii=False)) if hit else None

    def find(self, text: Text) -> Hit | None:
        """The evaluation item that the row holds, or None."""
        whole = text.whole
        if hit := self._prose.find(whole):
            return hit
        if not any(mark in whole for mark in CODE_MARKS):
            return None
        return self._code.find(whole) or self.find_program(text)

    def find_program(self, text: Text) -> Hit | None:
        """By the fingerprints of the row's Python functions, then of their statements."""
        if not self._functions:
            return None
        for part in (text.answer, text.prompt, text.rejected):
            for program in syntax.programs(part):
                if hit := self._by_function(program) or self._by_statements(program):
                    return hit
        return None

    def _by_function(self, program: str) -> Hit | None:
        for function in syntax.functions(program):
            if function.nodes >= syntax.FEWEST_NODES and (item := self._functions.get(function.print)):
                return Hit(item, "same_program", 1.0, f"def {function.name}(...)" if function.name else "the script")
        return None

    def _by_statements(self, program: str) -> Hit | None:
        """A solution whose statements are nearly all there, with others between or around them."""
        marks = syntax.statement_prints(program)
        counted: Counter[int] = Counter()
        for mark in sorted(marks):
            for solution in self._statements.get(mark, ()):
                counted[solution] += self._solutions[solution][1][mark]
        for solution, nodes in counted.most_common(3):
            name, sizes = self._solutions[solution]
            share = nodes / sum(sizes.values())
            if nodes >= STATEMENT_MATCH_NODES and share >= STATEMENTS_COVERED:
                same = sum(mark in marks for mark in sizes)
                return Hit(name, "same_statements", share, f"{same} of {len(sizes)} statements")
        return None

    def _add(self, item: str, function: syntax.Function) -> None:
        self._functions.setdefault(function.print, item)
        if len(function.statements) >= FEWEST_STATEMENTS:
            sizes = dict(function.statements)
            for mark in sizes:
                self._statements.setdefault(mark, []).append(len(self._solutions))
            self._solutions.append((item, sizes))


def load(files: Iterable[Path]) -> Index:
    """The index of some evaluation sets. Raises RowsError."""
    return Index(item for file in files for item in read_items(file))
