"""Compiles the C++ beside this file on first use (some seconds) and keeps the library in the user's cache.

Plain C functions called through ctypes: no torch headers, so that compiling is quick. OpenMP's threads are torch's own,
since its runtime is already in the process under the same name.
"""

import ctypes
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

FLAGS = ("-O3", "-march=native", "-std=c++17", "-shared", "-fPIC", "-fopenmp", "-w")
SOURCES = ("attention.cpp", "loss.cpp", "elementwise.cpp")
HEADERS = ("vectors.h",)


@functools.cache
def library() -> ctypes.CDLL | None:
    """The compiled kernels, or None where there is no C++ compiler: then everything runs through torch, more slowly."""
    compiler = next(filter(None, map(shutil.which, ("g++", "clang++", "c++"))), None)
    if compiler is None:
        warnings.warn(
            "no C++ compiler (g++) found: attention on this CPU runs through torch, more slowly", stacklevel=2
        )
        return None
    try:
        return ctypes.CDLL(str(_build(compiler)))
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:  # Path.home() of a user without one
        said = getattr(error, "stderr", None) or str(error)
        warnings.warn(f"could not build the CPU kernels, so they run through torch, more slowly: {said}", stacklevel=2)
        return None


def _build(compiler: str) -> Path:
    folder = Path(__file__).parent
    sources = [folder / name for name in SOURCES]
    key = hashlib.sha256()
    for file in (*sources, *(folder / name for name in HEADERS)):
        key.update(file.read_bytes())
    version = subprocess.run((compiler, "--version"), capture_output=True, text=True, timeout=60, check=True).stdout
    # A cache in a home directory may be shared by machines of different kinds, and the code is for this one's CPU.
    key.update("\n".join((*FLAGS, compiler, version, platform.machine(), _cpu())).encode())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lab"
    built = cache / f"cpu-kernels-{key.hexdigest()[:16]}.so"
    if not built.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Renamed when whole: several processes of one run may build it at the same moment.
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            part = Path(scratch, "library.so")
            command = (compiler, *FLAGS, *map(str, sources), "-o", str(part))
            subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
            part.rename(built)
    return built


def _cpu() -> str:
    """What tells one kind of CPU from another, where Linux says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return "\n".join(sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))}))
