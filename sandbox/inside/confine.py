"""What a process gives up before it runs anything hostile: files, privileges, resources, system calls; and what the kernel
counts for the container, cgroup v1 or v2; and the emptying of what it may write, as the user who owns what is in there,
in time that an inode limit bounds. Runs in the container.
"""

import ctypes
import errno
import os
import platform
import resource
import stat
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 24, 38, 4, 22
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


def become(
    uid: int,
    fds: dict[int, int],
    forbidden: dict[str, list[int]],
    *,
    sockets_are_fatal: bool = True,
    held: int | None = None,
) -> None:
    """Turn this freshly forked process into an unprivileged one: own session, uid and gid `uid`, only the descriptors
    `fds`.

    `fds` maps the number a descriptor shall have to the one it has now. `forbidden` maps a system call's name to its
    numbers on x86_64 and aarch64; making one of these calls ends the process with SIGSYS (without `sockets_are_fatal`, a
    socket is only refused). The descriptor `held` can neither be closed nor become another. Raises OSError where a step fails.
    """
    os.setsid()
    _keep_only(fds)
    _write("/proc/self/oom_score_adj", b"1000")  # the kernel's first choice: the supervisor must outlive it
    for capability in range(41):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)
    _filter_system_calls(forbidden, sockets_are_fatal, held)
    os.umask(0o022)


def adopt_orphans() -> None:
    """Make whatever a descendant leaves behind a child of this process, which reaps it while the run goes on: a dead
    process that nobody waits for counts against the limit of processes like a living one.
    """
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def limit(limits: dict[str, Any]) -> None:
    """Set the rlimits of a run. `limits` has cpu_s (seconds), pids and disk_bytes."""
    cpu_s = int(limits["cpu_s"]) + 2  # the supervisor measures the whole container; this is the second line
    for name, value in (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_NPROC, 2 * limits["pids"]),  # the pids cgroup counts exactly and is hit first
        (resource.RLIMIT_FSIZE, limits["disk_bytes"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(name, (value, value))


def _keep_only(fds: dict[int, int]) -> None:
    lifted = {target: os.dup(source) for target, source in fds.items()}
    while any(source in fds for source in lifted.values()):  # a copy may land on a number another target needs
        lifted = {target: os.dup(source) if source in fds else source for target, source in lifted.items()}
    for target, source in lifted.items():
        os.dup2(source, target, inheritable=target <= 2)
    last = -1
    for target in sorted(fds):
        if last + 1 < target:  # closerange(0, 0) closes everything, in CPython 3.11
            os.closerange(last + 1, target)
        last = target
    os.closerange(last + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _write(file: str, data: bytes) -> None:
    opened = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(opened, data)
    finally:
        os.close(opened)


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) refused")


_REPLACES = (((33, -1), 1, 0x15), ((292, 24), 1, 0x15), ((3, 57), 0, 0x15), ((436, 436), 0, 0x25))
"""dup2, dup3, close and close_range: numbers on x86_64 and aarch64, the argument that says which descriptor they take away, and how it
is compared (equal; greater)."""


def _filter_system_calls(forbidden: dict[str, list[int]], sockets_are_fatal: bool, held: int | None) -> None:
    """A seccomp filter on top of Docker's: the named calls, foreign call tables and every socket but AF_UNIX are
    fatal; what would take away the descriptor `held` is refused.
    """
    column, architecture = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}[platform.machine()]
    kill, allow = (0x06, 0, 0, 0x80000000), (0x06, 0, 0, 0x7FFF0000)
    program = [(0x20, 0, 0, 4), (0x15, 1, 0, architecture), kill, (0x20, 0, 0, 0)]
    if column == 0:
        program += [(0x35, 0, 1, 0x40000000), kill]  # the x32 table would go round every number below
    for name, numbers in sorted(forbidden.items()):
        if name != "socket" and numbers[column] >= 0:
            program += [(0x15, 0, 1, numbers[column]), kill]
    if held is not None:
        for calls, argument, compared in _REPLACES:
            taken = (1, 0) if compared == 0x25 else (0, 1)  # a range from beyond it takes it not
            if calls[column] >= 0:
                program += [(0x15, 0, 3, calls[column]), (0x20, 0, 0, 16 + 8 * argument), (compared, *taken, held)]
                program += [(0x06, 0, 0, 0x00050000 | errno.EBADF), (0x20, 0, 0, 0)]
    socket = forbidden["socket"][column]
    refuse = kill if sockets_are_fatal else (0x06, 0, 0, 0x00050000 | errno.EACCES)
    program += [(0x15, 0, 3, socket), (0x20, 0, 0, 16), (0x15, 1, 0, 1), refuse, allow]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))
    if _libc.prctl(_PR_SET_SECCOMP, 2, ctypes.c_void_p(ctypes.addressof(header)), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the seccomp filter was refused")


def counters() -> dict[str, int]:
    """How often the kernel refused this container a process, and killed one of it for memory (cgroup v1 or v2)."""
    return {
        "oom": max(_number("memory/memory.oom_control", b"oom_kill"), _number("memory.events", b"oom_kill")),
        "pids": max(_number("pids/pids.events", b"max"), _number("pids.events", b"max")),
    }


def cpu_s() -> float:
    """CPU seconds this container has used."""
    used = _text("cpuacct/cpuacct.usage")
    return int(used) / 1e9 if used else _number("cpu.stat", b"usage_usec") / 1e6


def _number(file: str, name: bytes) -> int:
    return next((int(line.split()[1]) for line in _text(file).splitlines() if line.split()[0] == name), 0)


def _text(file: str) -> bytes:
    """What a file of the control group says, nothing where there is none: a watcher asks some thirty times a run, for which
    `Path` and `open` take longer than the kernel.
    """
    try:
        opened = os.open(f"/sys/fs/cgroup/{file}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(opened, 4096)
    finally:
        os.close(opened)


def disk_full() -> bool:
    full = (os.statvfs(folder) for folder in ("/tmp", "/dev/shm"))
    return any(state.f_bavail == 0 or state.f_favail == 0 for state in full)


WRITABLE = ("/tmp", "/dev/shm", "/dev/mqueue", "/box")
OF_A_PROGRAM = WRITABLE[:3]
"""What the program's user may write; the box is the builder's."""


def empty(uids: Iterable[int], folders: Iterable[str]) -> None:
    """Take away what the users own in the folders. What is left then (it should be nothing) is for the caller to see."""
    for folder in folders:
        if not any(os.scandir(folder)):
            continue
        for uid in uids:
            child = os.fork()  # root in here may not override permissions
            if child == 0:
                _guarded(uid, folder)
            os.waitpid(child, 0)


def _guarded(uid: int, folder: str) -> None:
    status = 70
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        os.chdir(folder)
        _remove_all(uid)
        status = 0
    except BaseException as error:
        os.write(2, f"emptying: {type(error).__name__}: {error}\n".encode(errors="replace"))
    os._exit(status)


def _remove_all(uid: int) -> None:
    """Everything of the user's in the working directory, depth first and always from the folder being emptied, so that
    neither mode bits, depth nor path length stop it. Each folder is listed once, however many lie side by side.
    """
    pending = [_remove_files(uid)]
    inside: list[str] = []
    while True:
        if pending[-1]:
            name = pending[-1].pop()
            Path(name).chmod(0o700)
            os.chdir(name)
            inside.append(name)
            pending.append(_remove_files(uid))
        elif inside:
            pending.pop()
            os.chdir("..")
            Path(inside.pop()).rmdir()
        else:
            return


def _remove_files(uid: int) -> list[str]:
    """Unlink what is no folder; the names of the folders."""
    folders = []
    for name in [entry.name for entry in os.scandir()]:
        found = os.lstat(name)
        if found.st_uid != uid:
            continue
        if stat.S_ISDIR(found.st_mode):
            folders.append(name)
        else:
            Path(name).unlink()
    return folders
