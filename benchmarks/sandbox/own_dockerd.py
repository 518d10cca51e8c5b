"""A Docker daemon of a benchmark's own, so that one may be killed without touching the machine's.

Its socket, its data and its containerd lie in a folder of its own; it has no network, which sandboxes do not use. Needs
what any `dockerd` needs: root, cgroups, a file system for overlay2.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def own_dockerd(folder: Path, images: list[str]) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """A daemon with copies of `images` (tags of the machine's daemon), which this process and its children use meanwhile.
    What is yielded holds the daemon's process, for `killed_and_started`.
    """
    folder.mkdir(parents=True)
    with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as saving:
        daemon = [_start(folder)]
        machines = os.environ.get("DOCKER_HOST")
        os.environ["DOCKER_HOST"] = f"unix://{folder}/docker.sock"
        try:
            subprocess.run(["docker", "load", "--quiet"], stdin=saving.stdout, check=True, stdout=subprocess.DEVNULL)
            yield daemon
        finally:
            daemon[0].send_signal(signal.SIGTERM)  # its containerd ends with it, and what runs there
            daemon[0].wait(60)
            subprocess.run(["umount", f"{folder}/data"], check=False)  # a daemon binds it to itself, and leaves that
            del os.environ["DOCKER_HOST"]
            if machines is not None:
                os.environ["DOCKER_HOST"] = machines


def killed_and_started(folder: Path, daemon: list["subprocess.Popen[bytes]"]) -> None:
    """SIGKILL, three seconds of nothing, and a new daemon over the same folder."""
    daemon[0].kill()
    daemon[0].wait()
    time.sleep(3)
    (folder / "docker.pid").unlink(missing_ok=True)
    daemon[0] = _start(folder)


def _start(folder: Path) -> "subprocess.Popen[bytes]":
    """A daemon that answers. Raises SystemExit with its log's place where it does not."""
    command = ["dockerd", f"--host=unix://{folder}/docker.sock", f"--data-root={folder}/data"]
    command += [f"--exec-root={folder}/exec", f"--pidfile={folder}/docker.pid", "--bridge=none", "--iptables=false"]
    log = folder / "dockerd.log"
    with log.open("ab") as file:
        daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True)
    ask = ["docker", f"--host=unix://{folder}/docker.sock", "version"]
    for _ in range(300):
        if subprocess.run(ask, capture_output=True, check=False).returncode == 0:
            return daemon
        if daemon.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"dockerd did not start: see {log}")
