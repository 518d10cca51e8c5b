"""One warm container and the conversation with the supervisor in it: start, run a job, take it away. Blocking calls."""

from __future__ import annotations

import base64
import contextlib
import functools
import importlib.util
import logging
import marshal
import os
import random
import select
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import policy
from sandbox.containers.image import connect
from sandbox.inside import wire
from sandbox.report import Limits, SandboxError

LABEL = "lab.sandbox"
HELLO_S = 30.0
INSIDE = (
    "wire",
    "values.arrays",
    "values.contents",
    "values.moments",
    "values.codec",
    "confine",
    "reading.spotless",
    "crossing.functions",
    "crossing.kept",
    "crossing.objects",
    "crossing.operations",
    "runner",
    "values.entrusted",
    "handles",
    "crossing.given",
    "crossing.reached",
    "crossing.changes",
    "crossing.alike",
    "crossing.both",
    "crossing.errors",
    "compared",
    "recorded",
    "crossing.operators",
    "crossing.turns",
    "crossing.classes",
    "stubs",
    "testing.marks",
    "testing.results",
    "testing.fixtures",
    "names",
    "reading.calls",
    "reading.sides",
    "reading.truths",
    "reading.standing",
    "reading.handed",
    "reading.blocks",
    "reading.counted",
    "reading.recording",
    "instrument",
    "testing.started",
    "testing.one_process",
    "driver",
    "commands",
    "watch",
    "supervisor",
)
"""The modules that run in the container, in the order in which they import each other."""

_BOOTSTRAP = """
import base64, importlib.util, json, marshal, os, struct, sys, types
def exactly(n):
    data = b""
    while len(data) < n:
        more = os.read(0, n - len(data))
        if not more: os._exit(77)
        data += more
    return data
sys.path[:] = [p for p in sys.path if p]
setup = json.loads(exactly(struct.unpack(">I", exactly(4))[0]))
outer, package = types.ModuleType("sandbox"), types.ModuleType("sandbox.inside")
outer.inside = package
for made in (outer, package):
    made.__path__ = []
    sys.modules[made.__name__] = made
for name in setup["preload"]: __import__(name)
same = setup["magic"] == importlib.util.MAGIC_NUMBER.hex()
for name, source, code in setup["modules"]:
    module = sys.modules["sandbox.inside." + name] = types.ModuleType("sandbox.inside." + name)
    folder, _, last = name.rpartition(".")
    if folder and not hasattr(package, folder):
        made = sys.modules["sandbox.inside." + folder] = types.ModuleType("sandbox.inside." + folder)
        made.__path__ = []
        setattr(package, folder, made)
    setattr(getattr(package, folder) if folder else package, last, module)
    file = "sandbox/inside/" + name.replace(".", "/") + ".py"
    exec(marshal.loads(base64.b64decode(code)) if same else compile(source, file, "exec"), module.__dict__)
import gc; gc.collect(); gc.freeze()
package.supervisor.main(setup)
"""
_PRELOAD = [
    "bisect",
    "heapq",
    "random",
    "string",
    "typing",
    "dataclasses",
    "statistics",
    "copy",
    "enum",
    "abc",
    "array",
]


_log = logging.getLogger(__name__)


class Fault(Exception):
    """This container cannot be used any more. The run in it is to be repeated in another."""


@dataclass
class Container:
    """A started container. `limits` are those its cgroup and tmpfs were made for."""

    id: str
    limits: Limits
    client: Any
    stream: socket.socket
    buffer: bytearray
    runs: int = 0


def start(image: str, limits: Limits, runtime: str | None) -> Container:
    """Start a container and wait until its supervisor says that it is clean. Raises Fault, or Docker's own errors."""
    from docker.types import LogConfig, Ulimit

    client = connect()
    try:
        uid = random.SystemRandom().randrange(1 << 20, 1 << 30)  # RLIMIT_NPROC counts a uid across containers
        config = policy.host_config(limits, builder=uid + 2)
        config["ulimits"] = [Ulimit(name=name, soft=value, hard=value) for name, value in config["ulimits"].items()]
        config["log_config"] = LogConfig(type=config["log_config"])
        created = client.api.create_container(
            image,
            ["python3", "-s", "-c", _BOOTSTRAP],
            hostname="sandbox",
            environment=policy.ENVIRONMENT,
            working_dir="/",
            stdin_open=True,
            labels={LABEL: owner()},
            host_config={
                **client.api.create_host_config(**config, runtime=runtime),
                "MaskedPaths": list(policy.MASKED_PATHS),  # the one thing the library has no name for
            },
        )
        for said in created.get("Warnings") or ():
            if "discarded" in said:
                _without(said)
        made = created["Id"]
        try:
            raw = client.api.attach_socket(made, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
            stream: socket.socket = getattr(raw, "_sock", raw)
            stream.settimeout(HELLO_S)
            client.api.start(made)
            container = Container(made, limits, client, stream, bytearray())
            stream.sendall(wire.pack(_setup(uid)))
            hello = _receive(container, time.monotonic() + HELLO_S)
            if hello.get("hello", {}).get("problems") != []:
                raise Fault(f"the supervisor did not start: {hello}")
        except BaseException:
            with contextlib.suppress(Exception):
                client.api.remove_container(made, force=True)
            raise
    except BaseException:
        client.close()
        raise
    return container


@functools.cache
def _without(limit: str) -> None:
    """Say once that Docker does not keep a limit of the policy, as one without root may not."""
    _log.warning("programs run without a limit of the policy, see lab sandbox doctor: %s", limit)


def refusal(error: Exception) -> str:
    """Docker's words for a container that it will never make, as with a runtime it does not know; empty where another try may
    succeed."""
    from docker.errors import APIError

    return str(error.explanation) if isinstance(error, APIError) and error.status_code == 400 else ""


def exchange(container: Container, job: dict[str, Any], patience_s: float) -> dict[str, Any]:
    """Send a job and wait for its facts. Raises Fault where the container does not answer within `patience_s`."""
    deadline = time.monotonic() + patience_s
    container.runs += 1
    try:
        container.stream.settimeout(patience_s)
        container.stream.sendall(wire.pack(job))
        answer = _receive(container, deadline)
    except (OSError, wire.WireError) as error:
        raise Fault(f"the container broke off: {type(error).__name__}: {error}") from None
    facts = answer.get("facts")
    if not isinstance(facts, dict):
        raise Fault("the supervisor spoke out of turn")
    return facts


def interrupt(container: Container) -> None:
    """Make an `exchange` that waits for this container, in whichever thread, raise Fault now."""
    with contextlib.suppress(OSError):
        container.stream.shutdown(socket.SHUT_RDWR)


def stop(container: Container) -> None:
    """Take the container away; it may be gone already."""
    interrupt(container)
    with contextlib.suppress(Exception):
        container.stream.close()
    with contextlib.suppress(Exception):
        container.client.api.remove_container(container.id, force=True)
    with contextlib.suppress(Exception):
        container.client.close()


def clean() -> int:
    """Remove containers whose owner was killed; how many. Raises SandboxError where Docker does not answer."""
    import docker

    try:
        client = connect()
    except Exception as error:
        raise SandboxError(f"Docker does not answer: {error}") from None
    removed = 0
    try:
        for found in client.api.containers(all=True, filters={"label": LABEL}):
            if _owner_is_gone(found["Labels"][LABEL]):
                with contextlib.suppress(docker.errors.APIError):
                    client.api.remove_container(found["Id"], force=True)
                    removed += 1
    finally:
        client.close()
    return removed


def owner() -> str:
    """Who owns a container: where its pid is one, process, its start time (a pid alone comes round again)."""
    return f"{_here()}/{os.getpid()}/{_start_time(os.getpid())}"


def _owner_is_gone(label: str) -> bool:
    """Whether no such process is left; not of one elsewhere, of which this one cannot know."""
    here, _, rest = label.partition("/")
    pid, _, started = rest.partition("/")
    return here == _here() and (not pid.isdigit() or _start_time(int(pid)) != started)


def _here() -> str:
    """Boot of this machine, and the namespace of pids: two Labs in containers of their own may share one Docker."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname()


def _start_time(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "gone"


def _setup(uid: int) -> dict[str, Any]:
    return {
        "magic": importlib.util.MAGIC_NUMBER.hex(),
        "modules": _modules(),
        "preload": _PRELOAD,
        "uid": uid,
        "forbidden": policy.FORBIDDEN_CALLS,
    }


@functools.cache
def _modules() -> tuple[tuple[str, str, str], ...]:
    """Name, source and, in base64, bytecode of each of INSIDE: compiling them anew would be a third of a container's start.
    One whose Python has other bytecode than this one's compiles the source.
    """
    modules = []
    for name in INSIDE:
        path = f"inside/{name.replace('.', '/')}.py"
        source = (Path(__file__).parents[1] / path).read_text(encoding="utf-8")
        code = compile(source, f"sandbox/{path}", "exec", dont_inherit=True, optimize=0)
        modules.append((name, source, base64.b64encode(marshal.dumps(code)).decode()))
    return tuple(modules)


def _receive(container: Container, deadline: float) -> dict[str, Any]:
    """One frame of the supervisor's. Docker multiplexes both streams: eight bytes of header, then data; what comes on
    stderr is the supervisor's last words.
    """
    words = b""
    body = bytearray()
    while True:
        if len(body) >= 4 and len(body) >= 4 + wire.length_of(bytes(body[:4])):
            value = wire.parse(bytes(body[4:]))
            if not isinstance(value, dict) or "fault" in value:
                raise Fault(f"{value}. {words.decode(errors='replace')}")
            return value
        header = _take(container, 8, deadline, words)
        kind, length = header[0], struct.unpack(">I", header[4:])[0]
        data = _take(container, length, deadline, words)
        if kind == 1:
            body += data
        else:
            words = (words + data)[-2000:]


def _take(container: Container, count: int, deadline: float, words: bytes) -> bytes:
    waiting = select.poll()  # `select` knows no descriptor above 1023, and a service holds thousands
    waiting.register(container.stream, select.POLLIN)
    while len(container.buffer) < count:
        left = deadline - time.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            raise Fault(f"the supervisor did not answer in time. {words.decode(errors='replace')}")
        data = container.stream.recv(1 << 18)
        if not data:
            raise Fault(f"the container ended. {words.decode(errors='replace')}")
        container.buffer += data
    taken = bytes(container.buffer[:count])
    del container.buffer[:count]
    return taken
