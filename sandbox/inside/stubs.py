"""The program as the tests see it: stubs that ask the program's process and turn what it answers into inert data.

A value from the program is plain data by the time a test sees it. An object that is not plain data is a `Handle`
(`handles.py`). Runs in the container, in the driver's process; what it reads is hostile.
"""

import builtins
import functools
import importlib
import itertools
import operator
import os
import sys
import types
from collections.abc import Callable, Generator, Iterator
from typing import Any, NoReturn

from sandbox.inside import wire
from sandbox.inside.crossing.alike import Alike
from sandbox.inside.crossing.both import found_by, found_under, given_by, same_under
from sandbox.inside.crossing.changes import Changes
from sandbox.inside.crossing.classes import derived_class
from sandbox.inside.crossing.errors import NUMBER, constructed, error_class, not_an_end, received
from sandbox.inside.crossing.functions import completed, described, is_coroutine
from sandbox.inside.crossing.given import Given
from sandbox.inside.crossing.objects import asked, given_back, is_stand_in, protocols
from sandbox.inside.crossing.operators import new_handle, new_valued
from sandbox.inside.crossing.turns import Turns
from sandbox.inside.handles import PLAIN, Handle, HandleClass, Valued, is_known
from sandbox.inside.values import codec
from sandbox.inside.values.arrays import runs_over
from sandbox.inside.values.contents import contents
from sandbox.inside.values.entrusted import NO_NUMBER
from sandbox.inside.wire import KNOWN_CLASSES, PROTOCOLS, STANDARD_MODULES

CHANNEL = 4
MAX_STEPS = 500
"""An iterator that says it has more is read to its end, and not a step at a time as the program reads it."""
MAX_RAISED = 1000


class ProgramGone(BaseException):
    """The program ended or broke the channel. Not an Exception: no `except Exception` of a test may swallow it."""


class Session:
    """One program under test: the channel to it, the stubs made so far. Callbacks re-enter it."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        self.calls = 0
        """How often it was called, or gave plain data when it was asked."""
        self.broken: str | None = None
        self.judged: str | None = None
        """Why what has passed since this was last None passed for nothing: an object of the program decided it."""
        self.asked: dict[tuple[int | str, int], str | None] = {}
        """Of each place of the script where something was asked of what may be empty: None where once it was not."""
        self.handles: dict[int, Any] = {}
        self.values: dict[int, Any] = {}
        """Plain data of the program's classes, which is the same object each time: members of an IntEnum."""
        self.globals: dict[str, Any] = {}
        """Objects that stood under the program's names before it was called."""
        self.made: dict[int, str] = {}
        """By which call of which class the tests got an object first."""
        self.first: dict[int, tuple[Any, str]] = {}
        self.several: set[int] = set()
        """By which call of which function an object was given first, and those that one gave for other arguments again."""
        self.found: dict[int, dict[Any, Any]] = {}
        """What each class of the program's gave for the keys that the tests asked it for."""
        self.functions: dict[str, Any] = {}
        """By the program's names for them."""
        self.constants: dict[str, Any] = {}
        self.kinds: dict[type, list[type]] = {}
        """Of what classes the tests found the objects of one class to be."""
        self.compared: set[tuple[str, str]] = set()
        """Plain values that stood under the program's names before it was called, and the names that answers met, with what gave these."""
        self.standing: dict[tuple[str, int], str] = {}
        """By which name of a test its objects of the program are compared."""
        self.request: Any = None
        self.classes: dict[int, type] = {}
        self.callbacks: list[Callable[..., Any]] = []
        self.numbers: dict[Any, int] = {}
        """Of each function, by its `id` or its object's and its name, its place among the callbacks."""
        self.iterators: dict[int, Iterator[Any]] = {}
        self.stand_ins: dict[int, Any] = {}
        self.given_back = set[int]()
        """Of those that the program answered with, their `id`."""
        self.changes, self.alike, self.most_calls = Changes(), Alike(self.judge), 0
        """After so many calls, but for 0, it ends."""
        self.raised: dict[int, BaseException] = {}
        """The last that functions of the tests raised in the program's calls: they come back as they went."""
        self.failures = 0
        self.errors: dict[int, BaseException] = {}
        """Exceptions that the tests had made by the program's classes, by the numbers that it has for them."""
        self.given = Given(self._refilled, self.judge)
        self.refilled: list[tuple[Any, list[Any]]] = []
        self.lent: list[list[Any]] = []
        """Of each call under way the containers that the program was given for it."""
        self.turns = Turns(self.judge)
        self.of_nan = self.of_large = self.of_few_digits = False
        """Whether the tests have a word for what is no number; for whole numbers that no float tells apart; for a tolerance."""
        self.expected: tuple[Any, ...] = ()
        self.raised_as = set[tuple[type, type]]()
        """The classes of which the tests expect an exception next; exceptions that came, each with the class it was expected by."""
        self.files: dict[str, int] = {}
        self.told = set[str]()
        self.asks = 0
        """Files that the tests wrote, each with how often the program was asked before; short texts that it was given."""
        self.stuck: str | None = None
        """What of the tests could not be given to the program, since the last result."""

    def judge(self, how: str) -> None:
        """Note that the program, not the tests, decides what is compared now."""
        self.judged = self.judged or how

    def stands(self, members: dict[str, Any], name: str, value: Any, known: int) -> None:
        """This stands under a name of the program's."""
        same_under(self, members, name, value, known)

    def found_in(self, kind: type, key: Any, value: Any) -> Any:
        """A class of the program's gives this for a key."""
        return found_under(self, kind, key, value)

    def forks(self) -> None:
        """The tests start a process of their own, which cannot ask the program."""
        self.stuck = "it starts processes, which cannot call the program"
        self.judge(self.stuck)

    def derive(self, *said: Any) -> type:
        """The stub of a class that the tests derive from one of the program's."""
        return derived_class(self, *said)

    def wait_until_loaded(self) -> None:
        message = self._receive()
        names = message.get("ready")
        if type(names) is not list:
            self._gone("the program spoke out of turn")
        self.names = frozenset(name for name in names if type(name) is str)

    def ask(self, operation: str, *arguments: Any, **keywords: Any) -> Any:
        """Have the program do one operation; what it raised is raised here. Raises ProgramGone where it no longer
        answers.
        """
        with self.turns:
            return self._ask(operation, arguments, keywords)

    def _ask(self, operation: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if self.broken:
            raise ProgramGone
        self.calls += operation == "call"
        self.asks += 1
        if self.files:
            self.told.update(str(item)[:300] for item in arguments if isinstance(item, str | os.PathLike))
        if 0 < self.most_calls < self.calls:
            self._gone("the tests do not come to an end")
        encoder = codec.Encoder(self.export)
        request: dict[str, Any] = {"op": operation}
        try:
            request["args"] = [encoder.encode(self.alike.given(item)) for item in arguments]
            if keywords:
                request["kw"] = {name: encoder.encode(self.alike.given(item)) for name, item in keywords.items()}
        except codec.CodecError as deep:
            self.stuck = f"it gives the program {deep}"
            raise
        asyncio = sys.modules.get("asyncio")
        if asyncio is not None and asyncio._get_running_loop() is not None:
            request["loop"] = True
        self.request = request
        self._send({**request, **self.given.news(encoder)})
        self.lent.append(list(encoder.containers))
        try:
            value, error = self._answer(encoder, operation)
        finally:
            self.lent.pop()
        if not self.lent:
            value, alone = self.changes.taken_back(value)
            self.given.part(alone)
        if error is None:
            self.calls += operation != "call" and not isinstance(value, Handle | HandleClass)
            if operation == "call" and type(arguments[0]) is Handle and isinstance(value, Handle):
                value = given_by(self, arguments[0], value, repr((request["args"][1:], request.get("kw"))))
            elif operation == "getitem" and type(arguments[0]) is not Handle and isinstance(arguments[0], Handle):
                value = found_by(self, arguments[0], value, repr(request["args"][1:]))
            return self.alike.named(operation, arguments, value)
        if operation not in ("next", "anext") and isinstance(error, StopIteration | StopAsyncIteration):
            error = not_an_end(error)
        raise error

    def _answer(self, encoder: codec.Encoder, operation: str) -> tuple[Any, BaseException | None]:
        """What the program answers, or the exception it raised."""
        reply = self._receive()
        while "op" in reply:
            self._send(self._call_back(reply))
            reply = self._receive()
        decoder = codec.Decoder(self._given, encoder.containers, self.given.reader(reply.get("kept")))
        value, error = None, None
        try:
            for number, held in reply["changed"]:
                self._refill(decoder, encoder.containers[number], held)
                if number in encoder.originals:
                    self.judge("it changes a list or dict of a class of the tests, of which it has a copy")
            if "error" in reply:
                error = received(self, reply["error"], decoder)
                if "loop" in self.request and type(error).__name__ == "CancelledError":
                    self.judge("the program says that what calls it is cancelled, which a group of tasks passes over")
                if operation == "construct" and reply.get("made") is True:
                    value, error = constructed(self, error), None
            else:
                value = decoder.decode(reply["value"])
            self._settle(decoder, reply)
        except Exception:  # the bytes are hostile: whatever reading them trips over, the program is to blame
            self._gone("the program sent something that is no answer")
        few = decoder.of_few_digits and not self.of_few_digits
        if decoder.coarse or few or (decoder.large and self.of_large):
            self.judge("it answers with a number of numpy's that equals others")
        if decoder.no_number and not self.of_nan:
            self.judge(NO_NUMBER)
        if decoder.of_few_bits:
            runs_over(self.judge)
        return value, error

    def _refill(self, decoder: codec.Decoder, container: Any, held: Any) -> None:
        """Have an argument hold what the program made of it, and keep what it held."""
        before = contents(container)
        decoder.refill(container, held)
        self.changes.note(container, before)

    def _refilled(self, container: Any, before: list[Any]) -> None:
        """A container that the program gave before is about to hold what it holds now."""
        self.refilled.append((container, before))

    def _settle(self, decoder: codec.Decoder, message: dict[str, Any]) -> None:
        """Read what changed of containers that the program gave before, and keep what those held."""
        for item in message.get("live", ()):
            decoder.decode(item)
        self.given.adopt(self.lent[-1], message.get("keeps"))
        self.given.settle()
        for container, before in self.refilled:
            self.changes.note(container, before)
        self.refilled.clear()

    def export(self, value: Any) -> list[Any]:
        """References from the tests to the program: its own objects back, builtins by name, functions as callbacks."""
        if isinstance(value, Handle | Valued):
            return ["h", object.__getattribute__(value, "_lab_id")]
        if isinstance(value, BaseException) and NUMBER in value.__dict__:
            return ["h", value.__dict__[NUMBER]]
        if isinstance(value, type):
            if "_lab_id" in value.__dict__:
                return ["h", value.__dict__["_lab_id"]]
            if getattr(builtins, value.__name__, None) is value or (value.__module__, value.__name__) in KNOWN_CLASSES:
                return ["b", value.__module__, value.__name__]
        module, name = getattr(value, "__module__", None), getattr(value, "__name__", "")
        if isinstance(value, types.ModuleType) and name in STANDARD_MODULES:
            return ["m", name]
        if isinstance(value, types.BuiltinFunctionType) and module in ("builtins", "_operator", "math"):
            return ["b", module.replace("_operator", "operator"), name]
        if is_stand_in(value):
            number = self._number(("o", id(value)), functools.partial(asked, value))
            self.stand_ins[number] = value
            return ["o", number, type(value).__name__, protocols(value)]
        if isinstance(value, Iterator):
            value = self.changes.iterator(value)
            if operator.length_hint(value) > MAX_STEPS:
                encoder = codec.Encoder(self.export)
                return ["I", None, *[encoder.encode(item) for item in itertools.islice(value, 100_000)]]
            sends = isinstance(value, Generator)
            step = value.send if isinstance(value, Generator) else value.__next__
            number = self._number(("I", id(value)), step)
            self.iterators[number] = value
            return ["I", number, sends]
        if callable(value):
            key: Any = id(value)
            if isinstance(value, types.MethodType):
                key = id(value.__self__), id(value.__func__)
            elif isinstance(value, types.BuiltinMethodType) and value.__self__ is not None:
                key = id(value.__self__), value.__name__
            return ["p", self._number(key, value), described(value, self.export)]
        if isinstance(value, types.CoroutineType):
            return ["w", self._number(("w", id(value)), functools.partial(completed, value))]
        self.stuck = f"it gives the program a {type(value).__name__[:100]}, which cannot cross to it"
        raise TypeError(self.stuck)

    def _number(self, key: Any, function: Callable[..., Any]) -> int:
        """The number by which the program calls it: always the same, so that it can tell that it has it already."""
        if key not in self.numbers:
            self.numbers[key] = len(self.callbacks)
            self.callbacks.append(function)
        return self.numbers[key]

    def _given(self, data: list[Any]) -> Any:
        """What an answer refers to. Under whatever name: `except` of one of these takes an assertion that failed."""
        value = self.resolve(data)
        if isinstance(value, type) and issubclass(AssertionError, value):
            self.judge(f"the program gives {value.__name__} another name")
        if data[0] == "o":
            given_back(self, value)
        return value

    def resolve(self, data: list[Any]) -> Any:
        """References from the program, which is hostile: only names on a list, and objects of inert classes."""
        tag = data[0]
        if tag == "h" and type(data[1]) is int:
            return self._handle(data[1], data[2], data[3] if len(data) > 3 else None)
        if tag == "v" and data[1][0] == "h" and type(data[1][1]) is int:
            return new_valued(self, data[1][1], self.resolve(data[1][2]), data[2])
        if tag == "k" and type(data[1]) is int:
            return self._class(data)
        if tag == "p" and type(data[1]) is int and data[1] >= 0:
            return self.callbacks[data[1]]
        if tag == "I":
            return self.iterators[data[1]]
        if tag == "o":
            return self.stand_ins[data[1]]
        if tag == "m" and data[1] in STANDARD_MODULES:
            return importlib.import_module(data[1])
        if tag == "b" and type(data[2]) is str:
            if data[1] == "builtins" and isinstance(getattr(builtins, data[2], None), type):
                return getattr(builtins, data[2])
            if (data[1], data[2]) in KNOWN_CLASSES:
                return getattr(importlib.import_module(data[1]), data[2])
        raise codec.CodecError("a reference to nothing")

    def _handle(self, number: int, kind: Any, shape: Any) -> Any:
        """`shape`: the built-in type that it is of, or its class derives from, where that may be known."""
        if number in self.errors:
            return self.errors[number]
        if number not in self.handles:
            described = Handle if kind is None else self.resolve(kind)
            self.handles[number] = new_handle(described, self, number, shape if type(shape) is str else None)
        return self.handles[number]

    def _class(self, data: list[Any]) -> type:
        number = data[1]
        if number not in self.classes:
            name, bases = str(data[2]), [self.resolve(base) for base in data[3]]
            raised = tuple(base for base in bases if isinstance(base, type) and issubclass(base, BaseException))
            namespace: dict[str, Any] = {"_lab_id": number, "_lab_session": self, "__module__": "solution"}
            if raised:
                self.classes[number] = error_class(name, raised, namespace)
            else:
                namespace["_lab_real"] = data[5], name
                namespace |= {at: None if at in data[4] else Handle.__dict__[at] for at in PROTOCOLS}
                stubs = tuple(base for base in bases if isinstance(base, HandleClass)) or (Handle,)
                self.classes[number] = HandleClass(name, stubs, namespace)
        return self.classes[number]

    def _call_back(self, request: dict[str, Any]) -> dict[str, Any]:
        """The program calls a function the tests gave it."""
        try:
            function = self.callbacks[request["fn"]]
            self.given.adopt(self.lent[-1], request.pop("keeps", ()))
            decoder = codec.Decoder(self.resolve, (), self.given.reader(request.get("kept")))
            arguments = [decoder.decode(item) for item in request["args"]]
            keywords = {str(name): decoder.decode(item) for name, item in request["kw"].items()}
            self._settle(decoder, request)
        except Exception:  # as above
            self._gone("the program sent something that is no request")
        error: BaseException | None = None
        aside = self.changes.aside(decoder.containers)
        reached = self.changes.before(function, arguments)
        try:
            value = function(*arguments, **keywords)
            if isinstance(value, types.CoroutineType) and is_coroutine(function):
                value = completed(value)
        except ProgramGone:
            raise
        except BaseException as raised:
            value, error = None, raised
        self.changes.after(reached)
        self.changes.back(aside)
        encoder = codec.Encoder(self.export, decoder.containers)
        reply: dict[str, Any] = {}
        try:
            reply["changed"] = [[n, encoder.contents(container)] for n, container in enumerate(decoder.containers)]
            if error is None:
                reply["value"] = encoder.encode(value)
            reply |= self.given.news(encoder, len(decoder.containers))
        except Exception as stuck:  # what cannot cross
            encoder, reply, error = codec.Encoder(self.export, decoder.containers), {"changed": []}, stuck
        self.lent[-1] += encoder.containers[len(decoder.containers) :]
        if isinstance(error, AssertionError):
            self.judge("the program may go on where a function of the tests asserts in vain")
        return reply if error is None else {**reply, "error": self._told(error, encoder)}

    def _told(self, error: BaseException, encoder: codec.Encoder) -> dict[str, Any]:
        """What the program is told of an exception of the tests: `class` is the nearest that it can know."""
        self.raised[self.failures] = error
        self.raised.pop(self.failures - MAX_RAISED, None)
        self.failures += 1
        error.__dict__.pop("_lab_own", None)  # the program has it now, and may raise it where it likes
        told = {"type": type(error).__name__, "message": str(error)[:2000], "raised": self.failures - 1}
        if NUMBER in error.__dict__:
            told["object"] = error.__dict__[NUMBER]
        told["class"] = self.export(next(base for base in type(error).__mro__ if is_known(base)))
        told["args"] = [encoder.encode(item if isinstance(item, PLAIN) else str(item)) for item in error.args]
        return told

    def _send(self, message: Any) -> None:
        try:
            wire.send(CHANNEL, message)
        except OSError:
            self._gone("the program ended before its tests were complete")

    def _receive(self) -> dict[str, Any]:
        try:
            message = wire.receive(CHANNEL)
        except (wire.WireError, OSError):
            self._gone("the program broke the channel to its tests")
        if message is None:
            self._gone("the program ended before its tests were complete")
        if type(message) is not dict:
            self._gone("the program sent something that is no answer")
        return message

    def _gone(self, reason: str) -> NoReturn:
        self.broken = self.broken or reason
        raise ProgramGone
