"""What this machine gives the sandbox: languages with their images and versions, and whether each protection is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox.containers.image import built_languages, connect, docker_problem, image_tag
from sandbox.languages import table as languages
from sandbox.languages.language import Language
from sandbox.languages.table import LANGUAGES
from sandbox.report import Limits, Program, SandboxError

PROBE = """
import ctypes, os
facts = {"uid": os.getuid() > 1 << 19, "root": os.access("/", os.W_OK), "interfaces": os.listdir("/sys/class/net")}
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
facts |= {"caps": int(status["CapEff"], 16), "no_new_privs": status["NoNewPrivs"], "seccomp": status["Seccomp"]}
import json; print(json.dumps(facts))
"""


@dataclass(frozen=True)
class Finding:
    """One line of `lab sandbox doctor`."""

    what: str
    ok: bool
    found: str
    mend: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def listing() -> list[dict[str, Any]]:
    """The languages: names, tools of each stage, image, whether it is built, and the version where it is."""
    there = built_languages() if docker_problem() is None else []
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        versions = dict(zip(there, threads.map(lambda name: _version(LANGUAGES[name]), there), strict=True))
    return [
        {
            "name": language.name,
            "aliases": list(language.aliases),
            "suffixes": list(language.suffixes),
            "stages": {
                stage: Path(argv[0]).name
                for stage in ("parse", "lint", "compile", "run")
                if (argv := getattr(language, stage))
            },
            "packages": [*language.packages, *language.pip, *language.npm],
            "limits": asdict(languages.run_limits(language, Limits())),
            "image": image_tag(language.name),
            "built": language.name in there,
            "version": versions.get(language.name, ""),
        }
        for language in LANGUAGES.values()
    ]


def findings() -> list[Finding]:
    """Look at Docker, cgroups, images, and from within a container at what confines a program. Nothing is changed."""
    if (problem := docker_problem()) is not None:
        return [Finding("Docker Engine", False, problem.split(":")[0], problem)]
    client = connect()
    try:
        info = client.info()
    finally:
        client.close()
    cgroup = info.get("CgroupVersion", "1")
    runtimes = ", ".join(sorted(info.get("Runtimes", {})))
    controllers = {"memory": info.get("MemoryLimit"), "swap": info.get("SwapLimit"), "pids": info.get("PidsLimit")}
    missing = [name for name, there in controllers.items() if not there]
    route = bool(shutil.which("debootstrap")) and os.geteuid() == 0
    found = [
        Finding("Docker Engine", True, f"{info.get('ServerVersion')}, runtimes {runtimes}"),
        Finding(
            "cgroup limits",
            not missing,
            f"cgroup v{cgroup}" + (f", without {', '.join(missing)}" if missing else ""),
            f"enable the controllers {', '.join(missing)} in the kernel's command line" if missing else "",
        ),
        Finding("images are made by", True, "debootstrap" if route else "docker build (needs a registry)"),
    ]
    there = built_languages()
    for name in LANGUAGES:
        mend = "" if name in there else f"lab sandbox build --languages {name}"
        found.append(Finding(f"image for {name}", name in there, "built" if name in there else "not built", mend))
    return [*found, *(_protections() if "python" in there else [])]


def _version(language: Language) -> str:
    command = ["docker", "run", "--rm", "--network", "none", image_tag(language.name), *language.version]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=60)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0][:100] if lines and done.returncode == 0 else ""


def _protections() -> list[Finding]:
    """What a program in the sandbox says of itself. It is ours, so it is believed."""
    from sandbox.pool import run_once

    try:
        facts = json.loads(run_once(Program(PROBE)).stdout)
    except (SandboxError, ValueError) as error:
        return [Finding("a program runs", False, f"{type(error).__name__}: {error}", "see docs/prove/sandbox.md")]
    return [
        Finding("own user, no root", facts["uid"], "unprivileged uid" if facts["uid"] else "a low uid"),
        Finding("read-only root", not facts["root"], "writable" if facts["root"] else "read-only"),
        Finding("no network", facts["interfaces"] == ["lo"], f"interfaces: {', '.join(facts['interfaces'])}"),
        Finding("no capabilities", facts["caps"] == 0, f"CapEff {facts['caps']:x}"),
        Finding("no new privileges", facts["no_new_privs"] == "1", facts["no_new_privs"]),
        Finding("seccomp filter", facts["seccomp"] == "2", f"mode {facts['seccomp']}"),
    ]
