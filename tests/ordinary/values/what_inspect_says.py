# shows: time zones, and what inspect says of functions of the program
# verdict: accepted
from datetime import datetime
from zoneinfo import ZoneInfo


def noon(year, month, day):
    return datetime(year, month, day, 12, tzinfo=ZoneInfo("Europe/Paris"))


async def fetch(url, timeout=3):
    return url


def count(n):
    yield from range(n)


# --- tests ---
import asyncio
import inspect
from datetime import timedelta


def test_noon():
    assert noon(2020, 7, 1).tzname() == "CEST"
    assert (noon(2020, 7, 1) + timedelta(days=180)).utcoffset() == timedelta(hours=1)
    assert noon(2020, 7, 1).tzinfo.key == "Europe/Paris"


def test_functions():
    assert asyncio.run(fetch("a")) == "a"
    assert asyncio.iscoroutinefunction(fetch) and inspect.iscoroutinefunction(fetch)
    assert inspect.isgeneratorfunction(count) and not inspect.isgeneratorfunction(fetch)
    assert inspect.isfunction(count)
    assert list(inspect.signature(fetch).parameters) == ["url", "timeout"]
    assert inspect.signature(fetch).parameters["timeout"].default == 3
