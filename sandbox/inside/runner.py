"""The program's own process: compile it, run it, then answer the driver's calls. Runs in the container, hostile from
`exec` on.

It is told the source and the limits; never the tests, never an expected value. Nothing it sends can make a verdict
better: the status frames report its own failures, the channel carries answers that the driver judges.
"""

import atexit
import builtins
import importlib
import linecache
import os
import sys
import threading
import time
import traceback
import types
import warnings
from collections.abc import Callable, Generator, Sequence
from typing import Any

from sandbox.inside import confine, wire
from sandbox.inside.crossing.functions import awaitable, made
from sandbox.inside.crossing.kept import Kept, held_elsewhere
from sandbox.inside.crossing.objects import stand_in
from sandbox.inside.crossing.operations import in_loop, operations
from sandbox.inside.reading import spotless
from sandbox.inside.values import codec
from sandbox.inside.values.contents import contents, same
from sandbox.inside.wire import KNOWN_CLASSES, PROTOCOLS, STANDARD_MODULES

STATUS, CHANNEL = 3, 4
FILE = "solution.py"
MAX_ERRORS = 1000
"""Exceptions of which the tests can ask more than they are told."""
MAX_CHAIN = 20
"""How many exceptions deep it is told what an exception came of."""
_RAISED = "_lab_raised"


def run_program() -> None:
    """The life of the process: job, parse, leave to go on, execute, then (with tests) serve. Does not return."""
    job = wire.receive(STATUS)
    confine.limit(job["limits"])
    code = _parse(job["code"], job["lint"])
    if wire.receive(STATUS) is None:
        os._exit(1)
    os.chdir("/tmp")
    if not job["tests"]:  # nobody speaks on it: who listened there would wait for the wall limit
        os.close(CHANNEL)
    module = _module("solution" if job["tests"] else "__main__", job["code"])
    status = _execute(code, module)
    if job["tests"] and status is None:
        _Server(module.__dict__).serve()
        os._exit(0)
    _finish(status or 0)


def _parse(source: str, lint: bool) -> types.CodeType:
    """Compile, and say where the source is no Python; with `lint` also whether the linter has nothing to look for. A
    program that has no tree ends here.
    """
    started = time.monotonic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(source.encode("utf-8"), FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        problem: dict[str, Any] = {"line": error.lineno, "column": error.offset, "message": error.msg}
        problem["rule"] = type(error).__name__
    except (ValueError, RecursionError, MemoryError, OverflowError, SystemError) as error:
        problem = {
            "line": None,
            "column": None,
            "message": str(error) or "too deeply nested",
            "rule": type(error).__name__,
        }
    else:
        seconds = time.monotonic() - started
        wire.send(STATUS, {"parsed": seconds, "spotless": lint and spotless.spotless(source)})
        return code
    wire.send(STATUS, {"syntax": problem, "seconds": time.monotonic() - started})
    os._exit(1)


def _module(name: str, source: str) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(__file__=FILE, __builtins__=builtins)
    sys.modules["__main__"] = sys.modules[name] = module
    sys.argv = [FILE]
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    return module


def _execute(code: types.CodeType, module: types.ModuleType) -> int | None:
    """Run the module. None where it came to its end, else the exit status; an exception is printed as Python prints
    it.
    """
    sys.setrecursionlimit(1000 + len(traceback.extract_stack()))
    try:
        exec(code, module.__dict__)
    except SystemExit as leaving:
        return _exit_status(leaving.code)
    except BaseException as error:
        _tell_exception(error)
        return 1
    return None


def _exit_status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _tell_exception(error: BaseException) -> None:
    try:
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        text = "".join(traceback.format_exception(type(error), error, trace))
        wire.send(STATUS, {"exception": describe(error)})
        sys.stdout.flush()
        sys.stderr.write(text)
    except BaseException:
        wire.send(
            STATUS, {"exception": {"type": type(error).__name__[:200], "message": "", "line": None, "errno": None}}
        )


def describe(error: BaseException) -> dict[str, Any]:
    """Type, message, line in the program and errno of an exception, as plain JSON."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    number = error.errno if isinstance(error, OSError) and isinstance(error.errno, int) else None
    try:
        message = str(error)[:2000]
    except Exception:
        message = ""
    return {
        "type": type(error).__name__[:200],
        "message": message,
        "line": lines[-1] if lines else None,
        "errno": number,
    }


def _finish(status: int) -> None:
    """What the interpreter does at its end, without going back through the supervisor's frames."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException as error:
        _tell_exception(error)
        status = status or 1
    os._exit(status)


class _Server:
    """Answers the driver: one object table, one channel. State lives in a class because callbacks re-enter `serve`."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.objects: dict[int, Any] = {}
        self.described: set[int] = set()
        self.stand_ins: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}
        """Of each object that stands for one of the tests', by its `id`, its number."""
        self.errors = 0
        """How many exceptions are among the objects."""
        self.callbacks: dict[int, Any] = {}
        self.iterators: dict[int, Any] = {}
        """Of the tests' iterators those that the program was given, by their numbers."""
        self.kept = Kept()
        self.lent: list[list[tuple[Any, Any]]] = []
        """Of each operation under way the containers that the tests gave for it, and what they held then."""
        self.kinds: dict[tuple[str, type], type] = {}
        self.operations = {**operations(), "get": self.names.__getitem__}

    def serve(self) -> None:
        """Announce the names the program defines, then answer until the driver closes."""
        wire.send(CHANNEL, {"ready": [name for name in list(self.names) if type(name) is str]})
        self.until_reply()

    def until_reply(self) -> Any:
        """Answer requests until the reply to our own request comes; None at the end of the stream."""
        while (message := wire.receive(CHANNEL)) is not None:
            if "op" not in message:
                return message
            wire.send(CHANNEL, self.answer(message))
            _flush()
        return None

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Do one operation: its value and the containers among the arguments it changed, or the exception it raised. Told
        are also the containers that the program holds from now on, of those that it was given and of those it gives.
        """
        self.lent.append([])
        try:
            reply, new = self._answered(message)
            given = [container for container, _ in self.lent[-1]]
        finally:
            self.lent.pop()
        first, several = len(given), [*given, *new]
        del given, new
        if several:
            held = held_elsewhere(several)
            if keeps := self.kept.lend([(item, None) for item in several[:first]], held[:first]):
                reply["keeps"] = keeps
            numbers = self.kept.numbers(several[first:], held[first:])
            if numbers and max(numbers) >= 0:
                reply["kept"] = numbers
        return reply

    def _answered(self, message: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        """The answer, and the containers in it that are none of the arguments."""
        self.kept.give_up(message.get("gone", ()))
        decoder = codec.Decoder(self.resolve, (), self.kept.reader(message.get("known")))
        error: BaseException | None = None
        try:
            arguments = [decoder.decode(item) for item in message["args"]]
            keywords = {name: decoder.decode(item) for name, item in message.get("kw", {}).items()}
            for item in message.get("live", ()):
                decoder.decode(item)
            self.kept.settle(decoder.containers)
            before = [contents(container) for container in decoder.containers]
            self.lent[-1] += zip(decoder.containers, before, strict=True)
            try:
                operate = self.operations[message["op"]]
                value, error = (in_loop(operate) if "loop" in message else operate)(*arguments, **keywords), None
            except BaseException as raised:
                value, error = None, raised
            changed = [n for n, old in enumerate(before) if not same(old, contents(decoder.containers[n]))]
            encoder = codec.Encoder(self.export, decoder.containers, refers=True)
            reply: dict[str, Any] = {"changed": [[n, encoder.contents(decoder.containers[n])] for n in changed]}
            if error is None and message["op"] == "construct" and isinstance(value, BaseException):
                reply |= {"error": self.exception(value, encoder), "made": True}
            elif error is None:
                reply["value"] = encoder.encode(value)
            else:
                reply["error"] = self.exception(error, encoder)
            if live := self.kept.changed(encoder.containers):
                reply["live"] = [encoder.encode(container) for container in live]
            self.kept.settle(decoder.containers)
            return reply, encoder.containers[len(decoder.containers) :]
        except Exception as problem:  # a value that cannot cross, or one whose own methods fail under the encoder
            return {"changed": [], "error": self.exception(problem, codec.Encoder(self.export, refers=True))}, []
        finally:
            error = None  # its traceback holds this frame, and with it the arguments

    def exception(self, error: BaseException, encoder: codec.Encoder, depth: int = 0) -> dict[str, Any]:
        """An exception and those it came of: `raised` is the number of one that a function of the tests raised."""
        told = {**describe(error), "class": self.export(type(error)), "args": [], "vars": {}}
        if (number := vars(error).get(_RAISED)) is not None:
            return {**told, "raised": number}
        if told["class"][0] == "k" and (id(error) in self.objects or self.errors < MAX_ERRORS):
            self.errors += id(error) not in self.objects
            self.objects[id(error)], told["object"] = error, id(error)
            error.__traceback__ = None  # it holds the frames that hold the arguments
        several = error.exceptions if isinstance(error, BaseExceptionGroup) else None
        told["args"] = [encoder.encode(item) for item in error.args[: None if several is None else 1]]
        own = {name: item for name, item in vars(error).items() if not name.startswith("__") or name == "__notes__"}
        told["vars"] = {name: encoder.encode(item) for name, item in own.items()}
        if several is not None:
            told["group"] = [self.exception(item, encoder, depth + 1) for item in several]
        cause, context = error.__cause__, error.__context__
        if cause is not None and depth < MAX_CHAIN:
            told["cause"] = self.exception(cause, encoder, depth + 1)
        if context is not None and depth < MAX_CHAIN:
            told["context"] = True if context is cause else self.exception(context, encoder, depth + 1)
        return {**told, "suppress": True} if error.__suppress_context__ else told

    def export(self, value: Any) -> list[Any]:
        kind = type(value)
        if isinstance(value, type):
            return self.export_class(value)
        if kind is types.ModuleType and value.__name__ in STANDARD_MODULES:
            return ["m", value.__name__]
        if kind is types.FunctionType and value is self.callbacks.get(getattr(value, "_lab_callback", -1)):
            return ["p", getattr(value, "_lab_callback", -1)]
        if (number := self.numbers.get(id(value))) is not None:
            return ["o", number]
        if kind is types.GeneratorType and self.iterators:
            for number, given in self.iterators.items():
                if given is value:
                    return ["I", number]
        self.objects[id(value)] = value
        if kind in (types.FunctionType, types.BuiltinFunctionType, types.MethodType):
            return ["h", id(value), None]
        if kind in (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType):
            return ["h", id(value), None, kind.__name__]
        return ["h", id(value), self.export_class(kind)]

    def export_class(self, kind: type) -> list[Any]:
        name, module = kind.__name__, kind.__module__
        if module == "builtins" and getattr(builtins, name, None) is kind:
            return ["b", "builtins", name]
        if (module, name) in KNOWN_CLASSES and getattr(sys.modules.get(module), name, None) is kind:
            return ["b", module, name]
        self.objects[id(kind)] = kind
        if id(kind) in self.described:
            return ["k", id(kind)]
        self.described.add(id(kind))
        bases = [self.export_class(base) for base in kind.__bases__ if base is not object]
        lacks = [name for name, others in PROTOCOLS.items() if not any(_has(kind, one) for one in (name, *others))]
        standard = codec.is_standard(kind) and getattr(sys.modules.get(module), name, None) is kind
        return ["k", id(kind), name, bases, lacks, module if standard else None]

    def resolve(self, data: list[Any]) -> Any:
        tag = data[0]
        if tag == "h":
            return self.objects[data[1]]
        if tag == "b":
            return getattr(importlib.import_module(data[1]), data[2])
        if tag == "m":
            return importlib.import_module(data[1])
        if tag == "p":
            return self.callback(data[1], data[2] if len(data) > 2 else [])
        if tag == "o":
            return self.stand_in(*data[1:])
        if tag == "w":
            return awaitable(self.callback(data[1]))
        if tag == "I":
            if data[1] is None:
                return iter([codec.Decoder(self.resolve).decode(item) for item in data[2:]])
            if data[1] not in self.iterators:
                self.iterators[data[1]] = _steps(self.callback(data[1]), data[2])
            return self.iterators[data[1]]
        raise codec.CodecError(f"unknown tag {tag!r}")

    def stand_in(self, number: int, name: str, special: list[str]) -> Any:
        """An object of the tests, as the program sees it."""
        if number not in self.stand_ins:
            self.stand_ins[number] = stand_in(self.callback(number), name, special)
            self.numbers[id(self.stand_ins[number])] = number
        return self.stand_ins[number]

    def raised(self, error: dict[str, Any], decoder: codec.Decoder) -> BaseException:
        """What a function of the tests raised, as the program sees it: of the nearest class that it can know."""
        if "object" in error:
            own: BaseException = self.objects[error["object"]]
            vars(own)[_RAISED] = error["raised"]
            return own
        kind: Any = self.resolve(error["class"])
        if error["type"] != kind.__name__:
            kind = self.kinds.setdefault((error["type"], kind), type(error["type"], (kind,), {"__module__": "tests"}))
        try:
            raised = kind(*[decoder.decode(item) for item in error["args"]])
        except Exception:
            raised = Exception(error["message"])
        vars(raised)[_RAISED] = error["raised"]
        return raised

    def callback(self, number: int, told: Sequence[Any] = ()) -> Any:
        """A function of the tests, as the program sees it: calling it asks the driver. `told`: what it is called and takes."""
        if number not in self.callbacks:

            def ask(arguments: list[Any], keywords: dict[str, Any]) -> Any:
                encoder = codec.Encoder(self.export, refers=True)
                request = {"op": "call", "fn": number, "args": [encoder.encode(item) for item in arguments]}
                request["kw"] = {name: encoder.encode(item) for name, item in keywords.items()}
                if self.lent and (keeps := self.kept.lend(self.lent[-1])):
                    request["keeps"] = keeps
                if live := self.kept.changed(encoder.containers):
                    request["live"] = [encoder.encode(container) for container in live]
                request["kept"] = self.kept.numbers(encoder.containers)
                wire.send(CHANNEL, request)
                reply = self.until_reply()
                if reply is None:
                    os._exit(0)
                self.kept.give_up(reply.get("gone", ()))
                decoder = codec.Decoder(self.resolve, encoder.containers, self.kept.reader(reply.get("known")))
                for n, held in reply["changed"]:
                    decoder.refill(decoder.containers[n], held)
                value = decoder.decode(reply["value"]) if "value" in reply else None
                for item in reply.get("live", ()):
                    decoder.decode(item)
                self.kept.settle(decoder.containers)
                if self.lent:
                    new = decoder.containers[len(encoder.containers) :]
                    self.lent[-1] += [(container, contents(container)) for container in new]
                if "error" in reply:
                    raise self.raised(reply["error"], decoder)
                return value

            call = made(ask, told, self.resolve)
            call._lab_callback = number
            self.callbacks[number] = call
        return self.callbacks[number]


def _has(kind: type, name: str) -> bool:
    """Whether a class has a method, and not its metaclass."""
    for base in type.__getattribute__(kind, "__mro__"):
        if name in base.__dict__:
            return base.__dict__[name] is not None
    return False


def _steps(step: Callable[..., Any], sends: bool) -> Generator[Any, Any, Any]:
    """An iterator of the tests as the program sees it: read as far as the program reads it. `sends`: it is a generator."""
    sent: tuple[Any, ...] = (None,) if sends else ()
    while True:
        try:
            item = step(*sent)
        except StopIteration as end:
            return end.value
        said = yield item
        sent = (said,) if sends else ()


def _flush() -> None:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        return  # the program may have closed or replaced them; that is its own output it loses
