"""The whole suite, or the quickstart from a bare clone, of an older revision beside today's: wall time and ratio.

    python benchmarks/house/suite_and_quickstart.py suite --before 41a7f11
    python benchmarks/house/suite_and_quickstart.py quickstart --before 41a7f11 --bare 'bash make_the_machine_bare.sh'

`suite`: both revisions are cloned and installed first, untimed; then all of today's tests run as `make test` runs them,
then the older ones as theirs did, then those of today's that the older suite had, by name and parameters (the same checks).
`quickstart`: `make quickstart` in each clone, with the older recipe's `evaluate:` in both, so that both answer the same
problems; `--bare` is a command that takes away, before each side, what an installation leaves on the machine.
Nothing else may run on the machine meanwhile; it takes about as long as what it measures: forty minutes and thirty.
"""

import argparse
import os
import re
import shlex
import subprocess
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
RECIPE = Path("recipes/quickstart.yaml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("suite", "quickstart"))
    parser.add_argument("--before", required=True, help="the older revision")
    parser.add_argument("--after", default="HEAD", help="the newer one")
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/lab-before-and-after"), help="where both are cloned to"
    )
    parser.add_argument(
        "--bare", default="", help="quickstart: a command that makes the machine bare, before each side"
    )
    asked = parser.parse_args()
    before, after = (clone(revision, asked.folder / asked.what) for revision in (asked.before, asked.after))
    if asked.what == "suite":
        suites(before, after)
    else:
        quickstarts(before, after, asked.bare)


def clone(revision: str, folder: Path) -> Path:
    """A new clone of this repository at `revision`, with nothing installed; of the suite's, one that stands is kept."""
    short = subprocess.check_output(["git", "-C", ROOT, "rev-parse", "--short", revision], text=True).strip()
    place = folder / short
    if folder.name == "suite" and place.exists():
        return place
    subprocess.run(["rm", "-rf", place], check=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, place], check=True)
    subprocess.run(["git", "-C", place, "checkout", "--quiet", short], check=True)
    return place


def timed(command: str, place: Path, log: str, **more: str) -> float:
    """Seconds of `command` in the clone, quietly: what it says is kept beside the clone as NAME.log."""
    environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "VENV")} | more
    begun = time.monotonic()
    with place.with_suffix(f".{log}.log").open("w") as said:
        # Lab's daemon is detached and outlives the command: its output may not be a pipe we wait for.
        done = subprocess.run(
            ["bash", "-c", command], cwd=place, env=environment, stdout=said, stderr=said, check=False
        )
    seconds = time.monotonic() - begun
    outcome = "" if done.returncode == 0 else f" (ended with {done.returncode}: {said.name})"
    print(f"{place.name:>10}  {log:<12} {seconds:7.0f} s  {result(Path(said.name))}{outcome}", flush=True)
    return seconds


def result(log: Path) -> str:
    counts = re.findall(r"\d+ (?:passed|failed|skipped)[^=\n]*? in [\d.]+s", log.read_text(errors="replace"))
    return "; ".join(counts)


def suites(before: Path, after: Path) -> None:
    for place in (before, after):
        timed("./setup.sh test || make install images checkpoint browser", place, "install")
    names = before.with_suffix(".names")
    names.write_text("\n".join(sorted(test_names(before))))
    only = {"LAB_ONLY_NAMES": str(names), "PYTHONPATH": str(HERE), "PYTEST_ADDOPTS": "-p only_names"}
    whole = timed(pytest_lines(after), after, "suite")
    first = timed(pytest_lines(before), before, "suite")
    same = timed(pytest_lines(after), after, "same checks", **only)
    print(f"same checks / before: {same / first:.2f}; whole suite / before: {whole / first:.2f}")


def pytest_lines(place: Path) -> str:
    """What the clone's own `make test` runs pytest with."""
    planned = subprocess.check_output(["make", "-n", "test"], cwd=place, text=True)
    return " && ".join(line for line in planned.splitlines() if "bin/pytest" in line)


def test_names(place: Path) -> set[str]:
    """The clone's tests as `test_x[java]`, without their files, which have moved since."""
    collect = [".venv/bin/pytest", "--collect-only", "-q"]
    said = subprocess.run(collect, cwd=place, stdout=subprocess.PIPE, text=True, check=False).stdout
    return set(re.findall(r"^\S+?::(?:\w+::)?(test_\w+(?:\[.*\])?)$", said, re.MULTILINE))


def quickstarts(before: Path, after: Path, bare: str) -> None:
    recipe = (after / RECIPE).read_text()
    evaluate = yaml.safe_load((before / RECIPE).read_text())["evaluate"]
    head = recipe[: recipe.index("\nevaluate:")]
    (after / RECIPE).write_text(f"{head}\nevaluate: {yaml.safe_dump(evaluate, default_flow_style=True)}")
    seconds = []
    for place in (before, after):
        if bare:
            subprocess.run(shlex.split(bare), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        seconds.append(timed("make quickstart", place, "quickstart"))
    print(f"after / before: {seconds[1] / seconds[0]:.2f}")


if __name__ == "__main__":
    main()
