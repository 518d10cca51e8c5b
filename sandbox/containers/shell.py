"""`lab sandbox shell`: a shell where programs run, under the same policy, to look around in."""

from __future__ import annotations

import random
import subprocess
import sys

from sandbox import policy
from sandbox.containers.container import LABEL, owner
from sandbox.containers.image import image_id
from sandbox.languages import table as languages
from sandbox.languages.language import BOX
from sandbox.report import Limits, SandboxError


def shell(language: str, command: list[str], runtime: str | None = None) -> int:
    """Run `command` (a shell where empty) in a fresh container of a language; its exit status. Raises SandboxError.

    It has what a program has: the policy's limits, an unprivileged user, no network. The seccomp filter that the
    supervisor adds to Docker's own is the one thing it lacks.
    """
    row = languages.find(language)
    uid = random.SystemRandom().randrange(1 << 20, 1 << 30)
    config = policy.host_config(languages.container_limits(row, Limits()), builder=uid)
    options = ["--rm", "--interactive", *(["--tty"] if sys.stdin.isatty() else [])]
    options += ["--network", config["network_mode"], "--read-only", "--ipc", config["ipc_mode"]]
    options += ["--cap-drop", "ALL", "--user", f"{uid}:{uid}", "--workdir", "/tmp", "--hostname", "sandbox"]
    options += [part for text in config["security_opt"] for part in ("--security-opt", text)]
    options += ["--memory", str(config["mem_limit"]), "--memory-swap", str(config["memswap_limit"])]
    options += ["--pids-limit", str(config["pids_limit"]), "--shm-size", str(config["shm_size"])]
    options += [part for path, text in config["tmpfs"].items() for part in ("--tmpfs", f"{path}:{text}")]
    options += [part for name, value in config["ulimits"].items() for part in ("--ulimit", f"{name}={value}")]
    environment = {**policy.ENVIRONMENT, **row.environment}
    options += [part for name, value in environment.items() for part in ("--env", f"{name}={value}")]
    options += ["--label", f"{LABEL}={owner()}", *(["--runtime", runtime] if runtime else [])]
    words = command or ["sh", "-c", f"cd {BOX.rpartition('/')[0]} && exec sh -i"]
    try:
        return subprocess.run(["docker", "run", *options, image_id(row.name), *words], check=False).returncode
    except FileNotFoundError:
        raise SandboxError("the program `docker` is missing here; the sandbox itself does without it") from None
