"""Emptying the folders a program may write: as the user who owns what is in them, in time that their inode limit bounds.
Runs in the container.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

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
        os.write(2, f"sweep: {type(error).__name__}: {error}\n".encode(errors="replace"))
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
