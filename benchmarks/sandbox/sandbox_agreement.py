"""The sandbox's verdicts against plain runs: MBXP's canonical solutions, and the same with their bodies deleted.

    python benchmarks/sandbox/sandbox_agreement.py --data mbxp/ [--languages java,php] [--limit 100] [--each 50] [--json]

The plain side knows nothing of Lab: `docker run --network none` of the same image, the concatenated file, the language's
usual commands, accepted where the exit status is 0 and, in the scripting languages, a line behind the last test was
reached. "vacuous" counts programs that pass there and of whose tests the sandbox says that they prove nothing (they pass
as well when they expect something else, or hold by PHP's loose `==` for anything that is as true), which it calls untested;
they count as agreement. A plain container runs `--each` files one after the other, since a container for each file costs
more than the file (`--each 1` does that). "isolated" counts what is accepted with `Report.proof` `isolated`. MBXP has no
solutions for Go: ours look the tests' own answers up, by their arguments as JSON, and without a body return the type's
zero value. C#'s tests name a library Debian does not carry;
both sides get our stand-in for it. Limits are wide on both sides: no time, no memory is at issue here.
"""

import argparse
import asyncio
import base64
import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import Limits, Program, Proof, Report, Sandbox, Verdict, image_tag, policy
from sandbox.languages.compiled.csharp import COMPARER
from sandbox.languages.language import NPM
from sandbox.languages.table import LANGUAGES

FILES = {
    "mbpp_release_v1.jsonl": "python",
    "mbjsp_release_v1.2.jsonl": "javascript",
    "mbtsp_release_v1.2.jsonl": "typescript",
    "mbjp_release_v1.2.jsonl": "java",
    "mbcpp_release_v1.2.jsonl": "cpp",
    "mbcsp_release_v1.2.jsonl": "csharp",
    "mbphp_release_v1.2.jsonl": "php",
    "mbrbp_release_v1.2.jsonl": "ruby",
    "mbgp_release_v1.1.jsonl": "go",
}
TSC = f"node {NPM}/typescript/bin/tsc --target es2021 --module commonjs --lib es2021,dom --typeRoots {NPM}/@types --baseUrl {NPM}"
REACHED = "42/48"
END = {
    "php": '\necho "\\n", 6 * 7, "/", 6 * 8, "\\n";\n',
    "javascript": "\nconsole.log(`\\n${6 * 7}/${6 * 8}`);\n",
    "ruby": '\nputs "\\n#{6 * 7}/#{6 * 8}"\n',
}
"""What stands behind the tests: a solution may end the process with status 0, or its file the code."""
PLAIN = {
    "python": "python3 main.py",
    "javascript": "node main.js",
    "typescript": f"{TSC} --types node --skipLibCheck --esModuleInterop --noEmitOnError main.ts && node main.js",
    "java": "javac -d . Main.java && java Main",
    "cpp": "g++ -std=c++17 -o main main.cpp && ./main",
    "csharp": "mono /usr/lib/mono/4.5/mcs.exe -out:main.exe main.cs && mono main.exe",
    "php": "php main.php",
    "ruby": "ruby main.rb",
    "go": "GOTMPDIR=/work go build -o main main.go && ./main",
}
WIDE = Limits(cpu_s=20, wall_s=40, memory_bytes=1 << 30)


@dataclass(frozen=True)
class Task:
    """One canonical solution with its tests; `empty` is the same without its body."""

    language: str
    id: str
    code: str
    empty: str
    tests: str
    entry_point: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with MBXP's files")
    parser.add_argument("--languages", default=",".join(FILES.values()))
    parser.add_argument("--limit", type=int, help="only the first of each language")
    parser.add_argument("--each", type=int, default=50, help="files of one plain container")
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    for file, language in FILES.items():
        if language in options.languages.split(","):
            tasks = list(itertools.islice(_tasks(options.data / file, language), options.limit))
            rows.append(_compare(language, tasks, options.each, options.slots))
            print(_line(rows[-1]), file=sys.stderr, flush=True)
    if options.json:
        print(json.dumps(rows))
        return
    print(_HEAD)
    print("\n".join(_line(row) for row in rows))
    count, agreed = sum(row["solutions"] for row in rows), sum(row["agree"] for row in rows)
    print(f"\nagreement {agreed} of {count} ({100 * agreed / max(count, 1):.2f}%)")
    for row in rows:
        for found in row["disagreements"]:
            print(f"\n{row['language']} {found['id']}: here {found['here']}, plain {found['plain']}\n  {found['why']}")
        for found in row["empty_accepted"]:
            print(f"\n{row['language']} {found}: accepted with its body deleted")


def _tasks(path: Path, language: str) -> Iterator[Task]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if language == "go":
            code, empty = _looked_up(row["prompt"], row["test"])
            yield Task(language, row["task_id"], code, empty, row["test"], row["entry_point"])
            continue
        body = row.get("canonical_solution") or ""
        if not body.strip():
            continue
        prompt = row["prompt"]
        open_braces = max(0, prompt.count("{") - prompt.count("}") - (2 if language == "csharp" else 0))
        closing = {"python": "    pass\n", "ruby": "\nend\n"}.get(language, "\n" + "}" * open_braces + "\n")
        yield Task(language, row["task_id"], prompt + body, prompt + closing, row["test"], row["entry_point"])


_GO_FUNCTION = re.compile(r"^func\s+\w+\s*\((.*)\)\s*(.*?)\s*\{\s*$", re.MULTILINE)
_GO_IMPORT = re.compile(r'^\t"([\w/]+)"', re.MULTILINE)
_GO_CASE = re.compile(r"^\tactual_(\d+) := \w+\((.*)\)\s*\n\texpected_\1 := (.*)$", re.MULTILINE)


def _looked_up(prompt: str, tests: str) -> tuple[str, str]:
    """A Go solution that gives what the tests expect of these arguments, and one that gives the zero value."""
    found = _GO_FUNCTION.search(prompt)
    if not found:
        raise SystemExit(f"no function in: {prompt}")
    # Go refuses an import that nothing uses; the tests use some of them
    prompt = _GO_IMPORT.sub(lambda m: m[0] if f"{m[1].split('/')[-1]}." in tests else f'\t_ "{m[1]}"', prompt)
    names = [part.split()[0] for part in found[1].split(",") if part.strip()]
    body = f"\tvar answer {found[2]}\n\tasked, _ := json.Marshal([]interface{{}}{{{', '.join(names)}}})\n"
    for _, arguments, expected in _GO_CASE.findall(tests):
        body += f"\tif known, _ := json.Marshal([]interface{{}}{{{arguments}}}); string(known) == string(asked) {{\n"
        body += f"\t\ttext, _ := json.Marshal({expected})\n\t\tjson.Unmarshal(text, &answer)\n\t}}\n"
    zero = f"\tvar answer {found[2]}\n\treturn answer\n}}\n"
    return f"{prompt}{body}\treturn answer\n}}\n", prompt + zero


def _compare(language: str, tasks: list[Task], each: int, slots: int) -> dict[str, Any]:
    began = time.monotonic()
    here = asyncio.run(_here([Program(t.code, t.tests, t.entry_point, language, lint=False) for t in tasks], slots))
    here_s, began = time.monotonic() - began, time.monotonic()
    plain = _plain(language, tasks, each)
    plain_s = time.monotonic() - began
    empty = asyncio.run(_here([Program(t.empty, t.tests, t.entry_point, language, lint=False) for t in tasks], slots))
    different = [
        {"id": task.id, "here": str(ours.verdict), "plain": status, "why": f"{ours.detail[:200]} | {said}"}
        for task, ours, (status, said) in zip(tasks, here, plain, strict=True)
        if (ours.accepted or (_vacuous(ours) and not status)) != (status == 0)
    ]
    return {
        "language": language,
        "solutions": len(tasks),
        "accepted_here": sum(report.accepted for report in here),
        "isolated": sum(report.accepted and report.proof is Proof.isolated for report in here),
        "vacuous": [task.id for task, report in zip(tasks, here, strict=True) if _vacuous(report)],
        "accepted_plain": sum(status == 0 for status, _ in plain),
        "agree": len(tasks) - len(different),
        "disagreements": different,
        "empty_accepted": [task.id for task, report in zip(tasks, empty, strict=True) if report.accepted],
        "here_s": round(here_s, 1),
        "plain_s": round(plain_s, 1),
    }


def _vacuous(report: Report) -> bool:
    """Nothing of its tests failed, and they prove nothing."""
    return report.verdict is Verdict.untested


async def _here(programs: list[Program], slots: int) -> list[Any]:
    async with Sandbox(slots=slots, limits=WIDE) as box:
        return list(await asyncio.gather(*(box.run(program) for program in programs)))


def _plain(language: str, tasks: list[Task], each: int) -> list[tuple[int, str]]:
    """Exit status and last words of each file, in order."""
    batches = [tasks[at : at + each] for at in range(0, len(tasks), each)]
    with ThreadPoolExecutor(2) as threads:
        return list(itertools.chain(*threads.map(lambda batch: _container(language, batch), batches)))


def _container(language: str, tasks: list[Task]) -> list[tuple[int, str]]:
    suffix = LANGUAGES[language].suffixes[0]
    name = "Main.java" if language == "java" else f"main{suffix}"
    script = ["cd /work"]
    for number, task in enumerate(tasks):
        text = base64.b64encode(_file(task).encode()).decode()
        script.append(f"mkdir {number}; cd {number}; echo {text} | base64 -d > {name}")
        script.append(f"(timeout 60 sh -c '{PLAIN[language]}') >out 2>&1 </dev/null; status=$?")
        script.append('echo "@$status $(tail -c 300 out | base64 -w0)"; cd ..; rm -rf ' + str(number))
    command = ["docker", "run", "--rm", "--interactive", "--network", "none", "--tmpfs", "/work:exec,mode=1777"]
    frozen = {**policy.ENVIRONMENT, **LANGUAGES[language].environment}
    environment = [f"--env={key}={value}" for key, value in frozen.items()]
    command += [*environment, "--user", "65534:65534", "--env", "HOME=/work", image_tag(language), "sh"]
    done = subprocess.run(command, input="\n".join(script), capture_output=True, text=True, check=True)
    lines = [line[1:].split(" ", 1) for line in done.stdout.splitlines() if line.startswith("@")]
    told = [(int(status), base64.b64decode(said).decode(errors="replace").strip()[-200:]) for status, said in lines]
    ended = not END.get(language)
    return [(status or int(not (ended or said.endswith(REACHED))), said) for status, said in told]


def _file(task: Task) -> str:
    text = f"{task.code}\n{task.tests}\n"
    if task.language == "python":  # one entry point is itself called `check`
        return f"{task.code}\n_candidate = {task.entry_point}\n{task.tests}\ncheck(_candidate)\n"
    return text + (COMPARER if task.language == "csharp" else END.get(task.language, ""))


_HEAD = f"{'language':<12}{'solutions':>10}{'here':>7}{'isolated':>10}{'vacuous':>9}{'plain':>7}{'agree':>9}{'empty accepted':>16}{'here s':>8}{'plain s':>9}"


def _line(row: dict[str, Any]) -> str:
    agree = f"{100 * row['agree'] / max(row['solutions'], 1):.2f}%"
    return (
        f"{row['language']:<12}{row['solutions']:>10}{row['accepted_here']:>7}{row['isolated']:>10}{len(row['vacuous']):>9}{row['accepted_plain']:>7}{agree:>9}"
        f"{len(row['empty_accepted']):>16}{row['here_s']:>8}{row['plain_s']:>9}"
    )


if __name__ == "__main__":
    main()
