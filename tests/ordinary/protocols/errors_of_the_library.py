# shows: exceptions of the standard library, what they came of, and the tests' own that pass through
# verdict: accepted
import dataclasses
import decimal
import graphlib
import json
import queue
import re
import statistics
import struct


class ConfigError(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class Point:
    x: int


def config(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError("no config") from error


def first(n, text="{}"):
    return {
        "json": lambda: json.loads(text),
        "queue": lambda: queue.Queue().get_nowait(),
        "simple": lambda: queue.SimpleQueue().get_nowait(),
        "re": lambda: re.compile(text),
        "decimal": lambda: decimal.Decimal(text),
        "mean": lambda: statistics.mean([]),
        "struct": lambda: struct.unpack("i", b"ab"),
        "order": lambda: list(graphlib.TopologicalSorter({"a": ["b"], "b": ["a"]}).static_order()),
    }[n]()


def each(items, function):
    for item in items:
        function(item)


def retried(function, times, errors=(ValueError,)):
    for left in range(times, 0, -1):
        try:
            return function()
        except errors:
            if left == 1:
                raise


def whole(parts):
    bad = []
    for part in parts:
        try:
            int(part)
        except ValueError as error:
            bad.append(error)
    if bad:
        raise ExceptionGroup("bad parts", bad)
    return len(parts)


def cleaned(function, log):
    try:
        return function()
    except BaseException as error:
        log.append(type(error).__name__)
        raise


# --- tests ---
import dataclasses
import decimal
import graphlib
import json
import queue
import re
import statistics
import struct

import pytest

from solution import ConfigError, Point, cleaned, config, each, first, retried, whole


class Halt(Exception):
    def __init__(self, at):
        super().__init__(f"halted at {at}")
        self.at = at


class Shaky(ConfigError):
    pass


def test_own_classes():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Point(1).x = 2
    with pytest.raises(json.JSONDecodeError) as info:
        first("json", "{x")
    assert info.value.pos == 1 and info.value.lineno == 1
    for name in ("queue", "simple"):
        with pytest.raises(queue.Empty):
            first(name)
    with pytest.raises(re.error, match="unterminated"):
        first("re", "[a")
    with pytest.raises(decimal.InvalidOperation):
        first("decimal", "x")
    with pytest.raises(statistics.StatisticsError):
        first("mean")
    with pytest.raises(struct.error):
        first("struct")
    with pytest.raises(graphlib.CycleError) as cycle:
        first("order")
    assert sorted(set(cycle.value.args[1])) == ["a", "b"]


def test_what_it_came_of():
    assert config('{"a": 1}') == {"a": 1}
    with pytest.raises(ConfigError) as info:
        config("{")
    assert isinstance(info.value.__cause__, json.JSONDecodeError)
    assert info.value.__context__ is info.value.__cause__
    assert "Expecting property name" in str(info.value.__cause__)


def test_the_very_exception():
    stop = Halt(2)

    def visit(item):
        if item == 2:
            raise stop

    with pytest.raises(Halt) as info:
        each([1, 2, 3], visit)
    assert info.value is stop and info.value.at == 2


def test_retried():
    calls = []

    def shaky():
        calls.append(1)
        if len(calls) < 3:
            raise Shaky("not yet")
        return "done"

    assert retried(shaky, 5, (ConfigError,)) == "done"
    assert len(calls) == 3
    calls.clear()
    with pytest.raises(Shaky, match="not yet"):
        retried(shaky, 2, (ConfigError,))
    assert len(calls) == 2


def test_a_group():
    assert whole(["1", "2"]) == 2
    with pytest.raises(ExceptionGroup) as info:
        whole(["1", "x", "y"])
    assert [str(error)[-3:] for error in info.value.exceptions] == ["'x'", "'y'"]


def test_an_interrupt():
    log = []

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cleaned(interrupted, log)
    assert log == ["KeyboardInterrupt"]
    assert whole(["3"]) == 1
