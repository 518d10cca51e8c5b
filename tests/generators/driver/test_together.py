import asyncio

import pytest

from generators.together import together


async def _given(value: int, after_s: float = 0.0) -> int:
    await asyncio.sleep(after_s)
    return value


def test_results_come_in_the_order_asked_not_of_their_ends() -> None:
    assert asyncio.run(together(_given(1, 0.02), _given(2))) == [1, 2]


def test_the_error_of_one_cancels_the_others_and_is_raised_as_it_is() -> None:
    ended: list[str] = []

    async def long() -> int:
        try:
            return await _given(1, 60)
        finally:
            await asyncio.sleep(0)
            ended.append("put away")

    async def wrong() -> int:
        await asyncio.sleep(0)
        raise ValueError("line 3")

    with pytest.raises(ValueError, match="line 3"):
        asyncio.run(together(long(), wrong()))
    assert ended == ["put away"]
