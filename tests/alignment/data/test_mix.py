"""Generators have the shares of the SFT set that a recipe gives them, as far as their rows reach."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.data.mix import OVER_MIX, mixed
from alignment.data.sets import export
from ledger import Ledger, Row, Status
from recipes.schema import Recipe
from rows.sample import Sample

STAGES = ("code/a", "code/b", "math/c", "own/d")


def test_the_largest_set_with_the_shares_is_taken_and_the_first_rows_are_kept() -> None:
    found = mixed(["code/a"] * 6 + ["math/c"] * 10, {"code": 3, "math": 1})
    assert found.kept == [0, 1, 2, 3, 4, 5, 6, 7]
    assert found.shares == {"code": 0.75, "math": 0.25}


def test_a_generator_has_its_own_share_before_that_of_its_group() -> None:
    found = mixed(["code/a"] * 4 + ["code/b"] * 4, {"code/a": 0.2, "code": 0.8})
    assert found.shares == {"code/a": 0.2, "code": 0.8} and found.kept == [0, 4, 5, 6, 7]


def test_where_one_has_no_rows_nothing_can_have_the_shares() -> None:
    assert mixed(["code/a"], {"code": 1, "math": 1}).kept == []


@given(
    st.lists(st.sampled_from(STAGES), min_size=40, max_size=400),
    st.dictionaries(st.sampled_from(("code", "math", "own")), st.floats(0.1, 10), min_size=1),
)
def test_no_share_is_off_by_more_than_a_row_and_one_name_keeps_all(stages: list[str], wanted: dict[str, float]) -> None:
    found = mixed(stages, wanted)
    kept = [stages[place].partition("/")[0] for place in found.kept]
    assert found.kept == sorted(set(found.kept))
    for name, weight in wanted.items():
        share = weight / sum(wanted.values())
        assert abs(kept.count(name) - share * len(kept)) <= 1 + len(wanted) / 2
    have = [stage.partition("/")[0] for stage in stages]
    assert not kept or any(kept.count(name) == have.count(name) for name in wanted)


def test_a_run_writes_the_mix_and_says_what_it_left_out(tmp_path: Path) -> None:
    async def work() -> None:
        with Ledger(tmp_path / "run") as ledger:
            for stage, rows in (("code/a", 4), ("math/c", 12)):
                for number in range(rows):
                    sample = Sample(
                        prompt=[{"role": "user", "content": f"{stage} {number}"}], completion=f"yes {number}"
                    )
                    await ledger.record_row(Row(stage, number, Status.accepted, "", f"{stage} {number}", sample))
            sft, *_ = export(ledger, max_per_problem=4, pairs_per_problem=2, mix={"code": 0.5, "math": 0.5})
            assert (sft.rows, sft.dropped[OVER_MIX], sft.shares) == (8, 8, {"code": 0.5, "math": 0.5})
            assert "shares" in sft.to_dict()

    asyncio.run(work())


@pytest.mark.parametrize(
    ("mix", "why"),
    [
        ({"math": 1.0}, "gives code/translation no share"),
        ({"code": 0.5, "math": 0.5}, "math is no generator of this recipe"),
        ({"code": 0}, "greater than 0"),
    ],
)
def test_a_share_that_cannot_be_is_told_before_a_token_is_spent(mix: dict[str, float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Recipe.model_validate({"generate": [{"generator": "code/translation", "samples": 2}], "data": {"mix": mix}})
