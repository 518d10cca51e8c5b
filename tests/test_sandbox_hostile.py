"""Programs that attack the sandbox or forge their verdict. Each has the verdict it must get; afterwards the sandbox
still works.
"""

import pytest
from sandboxed import TIGHT, run

from sandbox import Verdict

pytestmark = pytest.mark.docker
NORMAL = ("def add(a, b):\n    return a + b", "assert add(1, 2) == 3\nassert add('a', 'b') == 'ab'")
TESTS = "assert add(2, 3) == 5\nassert add(20, 22) == 42\nassert abs(add(0.5, 0.25) - 0.75) < 1e-9"
RIGHT = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return 0\n"

FORGERIES = {
    "exit 0 while loading": ("import sys\nsys.exit(0)", "runtime_error"),
    "_exit 0 while loading": ("import os\nos._exit(0)", "runtime_error"),
    "exit 0 in the first call": ("import sys\ndef add(a, b): sys.exit(0)", "runtime_error"),
    "_exit 0 in the first call": ("import os\ndef add(a, b): os._exit(0)", "runtime_error"),
    "kill itself in a call": ("import os\ndef add(a, b): os.kill(os.getpid(), 9)", "runtime_error"),
    "print that all passed": (WRONG + "print('OK\\n3 passed\\n' + '{\"done\": {\"calls\": 3}}')", "test_failure"),
    "object equal to everything": (
        "class Any:\n    def __eq__(self, other): return True\n    __hash__ = None\n"
        "    def __sub__(self, other): return 0\n    __rsub__ = __sub__\n    def __abs__(self): return 0\n"
        "def add(a, b): return Any()",
        "test_failure",
    ),
    "int equal to everything": (
        "class Any(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\n"
        "    def __sub__(self, other): return 0\ndef add(a, b): return Any(7)",
        "test_failure",
    ),
    "float with its own operators": (
        "class Any(float):\n    def __eq__(self, other): return True\n    __hash__ = float.__hash__\n"
        "    def __sub__(self, other): return 0.0\n    def __float__(self): return 5.0\ndef add(a, b): return Any(7)",
        "test_failure",
    ),
    "class under the name of the function": (
        "class add:\n    def __init__(self, a, b): pass\n    def __eq__(self, other): return True\n"
        "    __hash__ = None\n    def __sub__(self, other): return 0\n",
        "test_failure",
    ),
    "abs of its own": ("def add(a, b): return 5 if a == 2 else 42\ndef abs(x): return 0", "test_failure"),
    "names for a star import": (
        "def add(a, b): return 5 if a == 2 else 42\nabs = lambda x: 0\ndef isclose(*a): return True\nclass Fake:\n"
        "    def isclose(self, *a): return True\nmath = Fake()\n",
        "test_failure",
    ),
    "KeyboardInterrupt in a call": ("def add(a, b): raise KeyboardInterrupt", "runtime_error"),
    "GeneratorExit in a call": ("def add(a, b): raise GeneratorExit", "runtime_error"),
    "patched builtins": (
        "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.AssertionError = type('Quiet', (Exception,), {})\n" + WRONG,
        "test_failure",
    ),
    "patched unittest": (
        "import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None\n" + WRONG,
        "test_failure",
    ),
    "planted modules": ("import sys\nsys.modules['ast'] = sys.modules['operator'] = None\n" + WRONG, "test_failure"),
    "planted tests.py and sitecustomize": (
        "for name in ('tests.py', 'operator.py', 'sitecustomize.py', 'unittest.py'):\n"
        "    open('/tmp/' + name, 'w').write('import os; os._exit(0)')\n" + WRONG,
        "test_failure",
    ),
    "answers written to every descriptor": (
        "import os, struct, json\nbody = json.dumps({'test': {'index': 0, 'line': 1, 'source': '', 'passed': True, 'message': ''},"
        " 'done': {'calls': 3, 'broken': None, 'script': None}, 'cause': None}).encode()\n"
        "for fd in range(3, 64):\n    try: os.write(fd, struct.pack('>I', len(body)) + body)\n    except OSError: pass\n" + WRONG,
        "runtime_error",
    ),
    "done on the status channel": (
        "import os, struct, json\nfor m in ({'done': {'calls': 3, 'broken': None, 'script': None}}, {'verdict': 'accepted'}):\n"
        "    body = json.dumps(m).encode()\n    os.write(3, struct.pack('>I', len(body)) + body)\n" + WRONG,
        "test_failure",
    ),
    "a reply that names exec": (
        "import os, struct, json\nbody = json.dumps({'changed': [], 'value': ['b', 'builtins', 'exec']}).encode()\n"
        "def add(a, b): os.write(4, struct.pack('>I', len(body)) + body); return 0",
        "runtime_error",
    ),
    "a closed channel": ("import os\nos.closerange(3, 100)\n" + RIGHT, "runtime_error"),
    "tests looked for in memory and frames": (
        "import gc, sys\ndef add(a, b):\n    f = sys._getframe()\n    while f:\n        for v in list(f.f_locals.values()):\n"
        "            if 'assert ' + 'add' in repr(v): return 5\n        f = f.f_back\n"
        "    for o in gc.get_objects():\n        if isinstance(o, str) and 'assert ' + 'add(2' in o: return 5\n    return 0",
        "test_failure",
    ),
    "atexit and threads that print after the end": (
        "import atexit, threading, time\natexit.register(lambda: print('3 passed'))\n"
        "threading.Thread(target=lambda: (time.sleep(0.1), print('OK')), daemon=True).start()\n" + WRONG,
        "test_failure",
    ),
    "child that lives on after the parent left": (
        "import os, time\nif os.fork(): os._exit(0)\ntime.sleep(0.2)\nprint('OK')\n" + RIGHT,
        "runtime_error",
    ),
    "every exception swallowed": (
        "import sys\nsys.excepthook = lambda *a: None\ndef add(a, b): raise SystemExit(0)",
        "runtime_error",
    ),
    "tampered encoder": (
        "import sys\nfor name, module in list(sys.modules.items()):\n    if name.startswith('sandbox'):\n"
        "        for key in list(vars(module)):\n"
        "            if callable(vars(module)[key]) and key in ('send', 'pack'): setattr(module, key, lambda *a: b'')\n" + WRONG,
        "wall_limit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_verdict_is_refused(name: str) -> None:
    code, verdict = FORGERIES[name]
    report = run(code, "from solution import *\n" + TESTS if "star" in name else TESTS)
    assert report.verdict == verdict, report.feedback()
    assert run(*NORMAL).accepted


ATTACKS = {
    "fork bomb": ("import os\nwhile True: os.fork()", "process_limit"),
    "fork bomb of sessions": (
        "import os\nwhile True:\n    try:\n        if os.fork() == 0: os.setsid()\n    except OSError: pass",
        "process_limit",
    ),
    "double fork daemon that sleeps": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(100)\n    os._exit(0)",
        "untested",
    ),
    "thread bomb": ("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,)).start()", "process_limit"),
    "memory in small pieces": ("x = []\nwhile True: x.append(bytearray(1 << 20))", "memory_limit"),
    "memory in one piece": ("x = [0] * (1 << 40)", "memory_limit"),
    "memory of children": (
        "import os\nfor _ in range(6): os.fork()\nx = bytearray(40 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\n"
        "import time; time.sleep(1)",
        "memory_limit process_limit",
    ),
    "memory as shared map": (
        "import mmap\nm = mmap.mmap(-1, 1 << 30)\nfor i in range(0, 1 << 30, 4096): m[i] = 1",
        "memory_limit",
    ),
    "dev shm filled": ("f = open('/dev/shm/x', 'wb')\nwhile True: f.write(b'x' * 65536)", "disk_limit"),
    "disk filled": ("f = open('/tmp/x', 'wb')\nwhile True: f.write(b'x' * 65536)", "disk_limit"),
    "disk filled quietly by many files": (
        "n = 0\ntry:\n    while True:\n        open(f'/tmp/{n}', 'wb').write(b'x' * (1 << 20)); n += 1\nexcept OSError: pass",
        "disk_limit",
    ),
    "inodes used up": ("n = 0\nwhile True:\n    open(f'/tmp/{n}', 'w').close(); n += 1", "disk_limit"),
    "busy loop": ("while True: pass", "time_limit"),
    "busy loop in children": (
        "import os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(60)",
        "time_limit",
    ),
    "busy loop that ignores SIGXCPU and SIGTERM": (
        "import signal\nfor s in (signal.SIGXCPU, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)\nwhile True: pass",
        "time_limit",
    ),
    "sleep for ever": ("import time\ntime.sleep(1000)", "wall_limit"),
    "stopped itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "wall_limit"),
    "flood on stdout": ("while True: print('x' * 10000)", "output_limit"),
    "flood on stderr from a child": (
        "import os\nos.fork()\nwhile True: os.write(2, b'x' * 60000)",
        "output_limit",
    ),
    "TCP socket": ("import socket\nsocket.create_connection(('1.1.1.1', 80), 1)", "forbidden"),
    "UDP socket": ("import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)", "forbidden"),
    "name lookup": ("import socket\nsocket.getaddrinfo('example.com', 80)", "forbidden"),
    "netlink socket": ("import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", "forbidden"),
    "vsock socket": ("import socket\nsocket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)", "forbidden"),
    "ptrace": ("import ctypes\nctypes.CDLL(None).ptrace(16, 1, 0, 0)", "forbidden"),
    "mount": ("import ctypes\nctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None)", "forbidden"),
    "user namespace": ("import ctypes\nctypes.CDLL(None).unshare(0x10000000)", "forbidden"),
    "bpf": ("import ctypes\nctypes.CDLL(None).syscall(321, 0, 0, 0)", "forbidden"),
    "io_uring": ("import ctypes\nctypes.CDLL(None).syscall(425, 8, 0)", "forbidden"),
    "keyctl": ("import ctypes\nctypes.CDLL(None).syscall(250, 0, 0)", "forbidden"),
    "System V shared memory": ("import ctypes\nctypes.CDLL(None).shmget(77, 4096, 0o1666)", "forbidden"),
    "chroot": ("import os\nos.chroot('/tmp')", "forbidden"),
    "root again": ("import os\nos.setuid(0)", "forbidden"),
    "write outside": ("open('/etc/passwd', 'a')", "forbidden"),
    "read what root reads": ("open('/etc/shadow').read()", "forbidden"),
    "memory of pid 1": ("open('/proc/1/mem', 'rb')", "forbidden"),
    "descriptors of pid 1": ("import os\nos.listdir('/proc/1/fd')", "forbidden"),
    "kill pid 1": ("import os\nos.kill(1, 9)", "forbidden"),
    "kill everyone": ("import os\nos.kill(-1, 9)", "untested runtime_error forbidden"),
    "Docker socket": ("open('/var/run/docker.sock')", "runtime_error"),
    "recursion without end": ("def f(): f()\nf()", "runtime_error"),
    "recursion into the C stack": ("import sys\nsys.setrecursionlimit(10**7)\ndef f(): return [f()] and map(f)\nx = []\n"
                                   "for _ in range(10**5): x = [x]\nrepr(x)", "runtime_error"),
    "brackets nested too deeply to parse": ("(" * 5000 + ")" * 5000, "parse_error"),
    "NUL in the source": ("x = 1\0\n", "parse_error"),
    "lone surrogate in the source": ("x = '\ud800'\n", "parse_error"),
    "folders nested without end and closed": (
        "import os\nos.chdir('/tmp')\nfor _ in range(900): os.mkdir('d' * 40); os.chdir('d' * 40)\nos.chmod('/tmp/' + 'd' * 40, 0)",
        "untested",
    ),
    "links out of the box": ("import os\nos.symlink('/', '/tmp/root')\nos.symlink('/proc/1/root/etc', '/tmp/etc')", "untested"),
    "descriptors used up": ("import os\nwhile True: os.open('/', 0)", "runtime_error"),
    "bytes that are no text, NULs and escapes": (
        "import os\nos.write(1, bytes(range(256)) * 10 + b'\\x1b[2J\\x1b]0;title\\x07')",
        "untested",
    ),
    "compile-time constant as a memory bomb": ("x = 'a' * 10**4\n" + "y = (1 << 10**7) * (1 << 10**7)\n" * 3, "untested"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_gets_its_verdict_and_the_slot_goes_on(name: str) -> None:
    code, verdicts = ATTACKS[name]
    report = run(code)
    assert report.verdict in verdicts.split(), report
    assert run(*NORMAL).accepted


def test_program_sees_nothing_of_the_run_before_it() -> None:
    for _ in range(3):  # both slots at least once
        run(
            "open('/tmp/secret', 'w').write('x'); open('/dev/shm/secret', 'w').write('x')\nimport random; random.seed(1)"
        )
    seen = run(
        "import os\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'), [p for p in os.listdir('/proc') if p.isdigit()].__len__())"
    )
    assert seen.stdout.split("]")[0] == "[" and seen.stdout.startswith("[] [] "), seen.stdout


def test_300_kilobytes_of_output_are_drained_and_cut() -> None:
    report = run("print('x' * 300_000)")
    assert (report.verdict, len(report.stdout)) == (Verdict.untested, TIGHT.output_bytes)
