"""A run goes on with its own recipe only, also where an older version of ours recorded it."""

import asyncio
from pathlib import Path

import pytest

from alignment.round import refuse_another_recipe
from ledger import Ledger, LedgerError, facts
from recipes.load import resolve


def test_a_run_recorded_under_an_older_key_goes_on_and_another_generator_is_refused(tmp_path: Path) -> None:
    recipe = resolve({"generate": [{"generator": "math/solutions"}]})
    plain = recipe.to_plain()
    older = {**plain, "generate": [{("recipe" if k == "generator" else k): v for k, v in plain["generate"][0].items()}]}
    with Ledger(tmp_path / "run") as ledger:
        asyncio.run(ledger.record(facts.RECIPE, older))
        refuse_another_recipe(recipe, ledger)
        with pytest.raises(LedgerError, match=r"another recipe \(differs in: generate\)"):
            refuse_another_recipe(resolve({"generate": [{"generator": "math/steps"}]}), ledger)
