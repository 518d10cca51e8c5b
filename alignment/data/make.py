"""Makes a run's data sets from its rows, without what an evaluation set holds."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from alignment.data.sets import DataSet, export, write_cards
from alignment.trainings import asked_for
from curation.decontaminate.contamination import Index
from curation.decontaminate.evaluations import read_items
from evaluation import ProblemSet, problem_set, problems_file
from generators.seeds.found import SeedError
from generators.taken import Taken
from ledger import Ledger, facts
from ledger.facts import ContaminationFigures
from recipes.schema import Recipe
from rows.encoding import encodable_value
from rows.forms import read
from rows.messages import Message
from rows.readers import RowsError

HITS_TOLD = 50
"""Hits of which the record says what they are."""


def taken_by(recipe: Recipe) -> Taken:
    """Nothing yet, by the rule by which `make_data` will write the SFT set: for a stage that counts what it will hold."""
    find = _evaluation_items(recipe)

    def contaminated(messages: Sequence[Message]) -> str:
        text = read({"messages": messages}) if find else None
        hit = find.find(text) if find and text else None
        return hit.reason if hit else ""

    return Taken(recipe.data.max_per_problem, contaminated)


async def make_data(recipe: Recipe, ledger: Ledger) -> tuple[DataSet, ...]:
    """Export the data sets, without what an evaluation set holds, and record what they hold."""
    hits: dict[str, str] = {}
    find = _evaluation_items(recipe)

    def contaminated(messages: Sequence[Message]) -> str:
        if find is None or not (text := read({"messages": messages})):
            return ""
        hit = find.find(text)
        if hit is None:
            return ""
        told = f"{hit.item}: {hit.reason} ({hit.overlap:.0%})"
        hits[told] = hits.get(told, "") or messages[0]["content"][:200]
        return told

    with ExitStack() as opened:
        data_sets = export(
            ledger,
            max_per_problem=recipe.data.max_per_problem,
            pairs_per_problem=recipe.data.pairs_per_problem,
            contaminated=contaminated,
            earlier=[opened.enter_context(Ledger(run, readonly=True)) for run in recipe.data.earlier],
            mix=recipe.data.mix,
            pairs_across=recipe.data.pairs_across,
            wanted=[training.data_set for training, _ in asked_for(recipe.train)],
        )
    for data_set in data_sets:
        await ledger.record(facts.DATA_SET, data_set.to_dict(), data_set.name)
    if find is not None:
        against = [str(path) for path in recipe.data.decontaminate]
        against += [f"the run's own evaluation, {wanted.problems or wanted.benchmark}" for wanted in recipe.evaluate]
        await ledger.record(
            facts.CONTAMINATION,
            ContaminationFigures(
                against=against, items=find.items, hits=dict(list(hits.items())[:HITS_TOLD]), found=len(hits)
            ),
        )
    write_cards(ledger, data_sets)
    return data_sets


def _evaluation_items(recipe: Recipe) -> Index | None:
    """What may not be in the data; None where the recipe names no evaluation."""
    try:
        items = [item for file in recipe.data.decontaminate for item in read_items(file)]
        for wanted in recipe.evaluate:
            items += read_items(problems_file(wanted), _is_one_of(problem_set(wanted)))
    except RowsError as error:
        raise SeedError(f"data.decontaminate: {error}") from None
    return Index(items) if items else None


def _is_one_of(problems: ProblemSet) -> Callable[[Any, int], bool]:
    """Whether a row, and its line, is one of these problems: they are named by the fields that their kind names a seed by."""
    parse, ids = problems.benchmark.seeds.parse, {seed.id for seed in problems.problems}
    assert parse, "a benchmark's problems are rows of a file"
    return lambda row, line: parse(encodable_value(row), line).id in ids
