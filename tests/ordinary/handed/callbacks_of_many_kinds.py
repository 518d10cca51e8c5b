# shows: callbacks_of_many_kinds
# verdict: accepted
def each(values, call):
    return [call(value) for value in values]

def retry(call, times):
    for n in range(times):
        try:
            return call()
        except ConnectionError:
            if n == times - 1:
                raise

class Bus:
    def __init__(self):
        self.handlers = {}
    def on(self, name, handler):
        self.handlers.setdefault(name, []).append(handler)
    def emit(self, name, *args):
        for handler in self.handlers.get(name, []):
            handler(*args)
        return len(self.handlers.get(name, []))
# --- tests ---
import itertools
import logging
import threading
from collections import UserList
from unittest.mock import Mock
import pytest

class Store:
    def __init__(self):
        self.lock = threading.Lock()
        self.log = logging.getLogger("store")
        self.rows = []
    def add(self, row):
        with self.lock:
            self.log.info("row %s", row)
            self.rows.append(row)
        return len(self.rows)

def test_each():
    store = Store()
    assert each([5, 6], store.add) == [1, 2]
    assert store.rows == [5, 6]
    seen = UserList()
    assert each([1, 2], seen.append) == [None, None]
    assert list(seen) == [1, 2]
    numbers = itertools.count(3)
    assert each("ab", lambda letter: letter + str(next(numbers))) == ["a3", "b4"]

def test_retry():
    call = Mock(side_effect=[ConnectionError(), 7])
    assert retry(call, 3) == 7
    assert call.call_count == 2
    with pytest.raises(ConnectionError):
        retry(Mock(side_effect=ConnectionError()), 2)

def test_bus():
    bus, got = Bus(), []
    bus.on("x", got.append)
    bus.on("x", lambda value: got.append(value * 2))
    assert bus.emit("x", 4) == 2
    assert got == [4, 8]
    handler = Mock()
    bus.on("y", handler)
    bus.emit("y", 1, 2)
    handler.assert_called_once_with(1, 2)
