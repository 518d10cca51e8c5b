"""How an error of a generator is told: by file and line of what a person may mend, seed and attempt."""

import traceback
from pathlib import Path

LIBRARIES = ("site-packages", "dist-packages", "lib/python")
"""Folders whose files are nobody's here: a person mends what lies elsewhere."""
DRIVER = Path(__file__).with_name("drive.py")


def told(error: Exception, where: str) -> str:
    """`own.py:12, seed 2, attempt 17: TypeError: ...`: the last line that is the generator's own or ours."""
    frames = _frames(error)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}, " if frames else ""
    return f"{place}{where}: {type(error).__name__}: {str(error)[:300]}"


def calls(error: Exception) -> str:
    """The calls that led to the error, the last one last; a single one is told already."""
    frames = _frames(error)
    lines = (f"\n  {Path(frame.filename).name}:{frame.lineno} in {frame.name}: {frame.line}" for frame in frames[-5:])
    return "".join(lines) if len(frames) > 1 else ""


def _frames(error: Exception) -> list[traceback.FrameSummary]:
    """Without those of who drives the generator and of libraries."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f for f in frames if Path(f.filename) != DRIVER and not any(part in f.filename for part in LIBRARIES)]
