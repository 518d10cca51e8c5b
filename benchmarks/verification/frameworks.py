"""Everyday tests of each language's frameworks: what the sandbox says of a right and of a wrong program, beside what the
real framework says, a bare subprocess and SandboxFusion's rules.

    python benchmarks/verification/frameworks.py [--languages php,ruby] [--part 2/3] [--show]
    python benchmarks/verification/frameworks.py --peers [--languages php,ruby]
    python benchmarks/verification/frameworks.py --decide [--root FOLDER] [--npm FOLDER]

The first prints a table from the recorded truth (`tests/labelled/frameworks/truth.json`); `--part 2/3` takes every third
test of a language, from its second on. `--peers` runs the others anew
(`peers.py`) and records what they say. `--decide` asks the real frameworks anew and records what they say: Debian's packages (phpunit, ruby-minitest, golang-go, libgtest-dev, doctest-dev,
catch2, junit4, junit5, openjdk-17-jdk-headless, mono-mcs, nunit-console, rustc, perl) in the file system `--root`, `/` by
default, which is entered by chroot; jest, typescript and @types/jest from npm in `--npm`. A language whose framework is not
there is left as it is.
"""

import argparse
import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "tests")]

import peers  # noqa: E402  (beside this file)
from labelled.everyday import FOLDER, Everyday, everyday, languages, truth  # noqa: E402

from sandbox import Program, Sandbox, Verdict  # noqa: E402

TRUTH = FOLDER / "truth.json"
BRIEF = 60
"""Seconds that a real framework may take for one file."""
_JARS = "$(ls /usr/share/java/*.jar | grep -E 'junit|opentest4j|apiguardian|hamcrest|picocli|univocity' | tr '\\n' ':')"
_CONSOLE = "org.junit.platform.console.ConsoleLauncher --fail-if-no-tests --details none --disable-banner"
VERSIONS = {
    "pytest": "{python} -m pytest --version",
    "unittest": "{python} -c 'import sys; print(\"Python\", sys.version.split()[0])'",
    "jest": "{npm}/node_modules/.bin/jest --version",
    "node:test": "{node} --version",
    "PHPUnit": "phpunit --version",
    "minitest": "ruby -e 'require \"minitest\"; puts Minitest::VERSION'",
    "testing": "go version",
    "gtest": "dpkg-query -W -f '${{Version}}' libgtest-dev",
    "doctest": "dpkg-query -W -f '${{Version}}' doctest-dev",
    "catch2": "dpkg-query -W -f '${{Version}}' catch2",
    "JUnit5": "dpkg-query -W -f '${{Version}}' junit5",
    "JUnit4": "dpkg-query -W -f '${{Version}}' junit4",
    "Test::More": "perl -MTest::More -e 'print $Test::More::VERSION'",
    "NUnit": "dpkg-query -W -f '${{Version}}' libnunit-framework2.6.3-cil",
    "rust": "rustc --version",
    "assert": "true",
}


def laid_out(test: Everyday, code: str) -> tuple[dict[str, str], str]:
    """The files of one case, and the command that decides it by its exit status."""
    joined, kind = f"{code}\n{test.tests}", test.framework
    named = (re.search(r"^(?:(?!abstract)\w+ )*class (\w+)", test.tests, re.MULTILINE) or [""])[0].rpartition(" ")[2]
    if test.language == "python":
        files = {"solution.py": code, "test_it.py": f"from solution import *\n{test.tests}"}
        how = "pytest -q -p no:cacheprovider -p no:benchmark test_it.py" if kind == "pytest" else "unittest -q test_it"
        return files, f"{{python}} -m {how}"
    if test.language == "javascript":
        how = {"jest": "{npm}/node_modules/.bin/jest --rootDir .", "node:test": "{node} --test", "assert": "{node}"}[
            kind
        ]
        return {"it.test.js": joined, "package.json": "{}"}, f"{how} {'./' if kind == 'jest' else ''}it.test.js"
    if test.language == "typescript":
        tsc = "{npm}/node_modules/.bin/tsc --target es2021 --module commonjs --lib es2021,dom --skipLibCheck --strict false"
        types = "--types node,jest --typeRoots {npm}/node_modules/@types --baseUrl {npm}/node_modules --esModuleInterop --noEmitOnError it.test.ts"
        run = {
            "jest": "{npm}/node_modules/.bin/jest --rootDir . ./it.test.js",
            "node:test": "{node} --test it.test.js",
        }.get(kind, "{node} it.test.js")
        return {"it.test.ts": f"{joined}\nexport {{}};\n", "package.json": "{}"}, f"{tsc} {types} && {run}"
    if test.language == "php":
        if kind == "assert":
            plain = f"{code}\n{test.tests}"
            return {"it.php": plain}, "php -d zend.assertions=1 -d assert.exception=1 it.php"
        tests = f"<?php\nrequire_once __DIR__ . '/solution.php';\n{test.tests}"
        return {"solution.php": code, f"{named}.php": tests}, f"phpunit --do-not-cache-result {named}.php"
    if test.language == "ruby":
        return {"it.rb": joined}, "ruby it.rb"
    if test.language == "go":
        files = {"go.mod": "module it\n\ngo 1.18\n", "it.go": code, "it_test.go": test.tests}
        return files, "HOME=/tmp GOFLAGS=-mod=mod go test -vet=off ./..."
    if test.language == "java":
        public = (re.search(r"public (?:final )?class (\w+)", code) or ["", "Solution"])[1]
        run = f"java -ea -cp . {named}" if kind == "assert" else f"java -cp .:{_JARS} {_CONSOLE} --select-class {named}"
        return {f"{public}.java": code, f"{named}.java": test.tests}, f"javac -cp {_JARS} -d . *.java && {run}"
    if test.language == "cpp":
        main = "" if kind != "gtest" else " -lgtest" + ("" if "main(" in test.tests else " -lgtest_main")
        return {"it.cpp": joined}, f"g++ -std=c++17 -pipe -o it it.cpp{main} -pthread && ./it"
    if test.language == "perl":
        return {"it.pl": joined}, "perl it.pl"
    if test.language == "csharp":
        build = "mcs -nologo -target:library -r:/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll -out:it.dll a.cs b.cs"
        if kind == "assert":
            return {"a.cs": code, "b.cs": test.tests}, "mcs -nologo -out:it.exe a.cs b.cs && mono it.exe"
        return {"a.cs": code, "b.cs": test.tests}, f"{build} && nunit-console -nologo -nodots -noxml it.dll"
    if test.language == "rust":
        return {"it.rs": joined}, "rustc --edition 2021 -A warnings --test -o it it.rs && ./it"
    raise ValueError(test.language)


class Real:
    """The real frameworks: what of them is in `root`, and npm's."""

    def __init__(self, root: Path, npm: Path) -> None:
        self.root, self.npm = root, npm

    def run(self, command: str, files: dict[str, str], *, inside: bool) -> subprocess.CompletedProcess[str]:
        """Run a shell command in a new folder with these files; `inside` the root, else on this machine."""
        within = self.root if inside else Path("/")
        folder = Path(tempfile.mkdtemp(dir=within / "tmp"))
        try:
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8")
            where = f"/{folder.relative_to(within)}"
            words = {"python": sys.executable, "node": shutil.which("node") or "node", "npm": str(self.npm.absolute())}
            enter = ["chroot", str(within)] if within != Path("/") else []
            line = f"cd {where} && {command.format(**words)}"
            return subprocess.run(
                [*enter, "/bin/sh", "-c", line],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=BRIEF,
                check=False,
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def version(self, framework: str, language: str) -> str | None:
        """What a framework says of itself; None where it is not there."""
        done = self.run(VERSIONS[framework], {}, inside=language not in OUTSIDE)
        return done.stdout.strip().splitlines()[0] if done.returncode == 0 and done.stdout.strip() else None


OUTSIDE = ("python", "javascript", "typescript")
"""Languages whose framework is run on this machine and not in the root."""


def decide(wanted: list[str], real: Real) -> None:
    """Ask the real frameworks, and record what they say."""
    known = truth() if TRUTH.exists() else {}
    for language in wanted:
        tests = everyday(language)
        versions = {
            kind: real.version(kind, language) for kind in sorted({test.framework for test in tests} - {"assert"})
        }
        if missing := [kind for kind, version in versions.items() if version is None]:
            print(f"{language}: not here: {', '.join(missing)}; what was recorded stays", file=sys.stderr)
            continue
        told: dict[str, object] = {}
        for test in tests:
            said = []
            for code in (test.right, test.wrong):
                files, command = laid_out(test, code)
                done = real.run(
                    command.replace("${", "${{") if "${" in command else command, files, inside=language not in OUTSIDE
                )
                said.append(done.returncode == 0)
                if said[-1] != (len(said) == 1):
                    print(f"{language} {test.name}: {said}\n{(done.stdout + done.stderr)[-1200:]}", file=sys.stderr)
            told[test.name] = said
        known[language] = {"frameworks": versions, "passes": told}
        record(known)
        print(f"{language}: {len(tests)} tests decided", file=sys.stderr)


def ask_peers(wanted: list[str]) -> None:
    """Ask the others, and record what they say, in the order of `truth`: the right program, the wrong one."""
    known = truth()
    for language in wanted:
        tests, passes = everyday(language), known[language]["passes"]
        with ThreadPoolExecutor(2) as pool:
            plain = list(pool.map(lambda test: peers.subprocess_says(test, laid_out), tests))
        fusion = [peers.fusion_says(test, passes[test.name], said) for test, said in zip(tests, plain, strict=True)]  # type: ignore[arg-type]
        names = [test.name for test in tests]
        known[language]["peers"] = {
            "subprocess": dict(zip(names, map(list, plain), strict=True)),
            "SandboxFusion": dict(zip(names, map(list, fusion), strict=True)),
        }
        record(known)
        print(f"{language}: asked", file=sys.stderr)


def record(known: dict[str, dict[str, dict[str, object]]]) -> None:
    """Write what is known, a test a line."""
    lines = json.dumps(known, indent=1, sort_keys=True)
    TRUTH.write_text(re.sub(r"\[\s+(\w+),\s+(\w+)\s+\]", r"[\1, \2]", lines) + "\n", encoding="utf-8")


def peer_cells(language: str) -> list[int]:
    """Of each peer: how many wrong programs it accepts, and how many right ones it refuses, of those that it was asked."""
    known = truth()[language]
    cells: list[int] = []
    if "peers" not in known:
        return cells
    for peer in ("subprocess", "SandboxFusion"):
        said = known["peers"][peer]
        pairs = [pair for name in said for pair in zip(known["passes"][name], said[name], strict=True)]  # type: ignore[call-overload, index]
        cells += [pairs.count((False, True)), pairs.count((True, False))]
    return cells


async def judged(wanted: list[str], slots: int, part: slice) -> dict[str, list[tuple[Everyday, bool, bool, str, str]]]:
    """By language: test, whether it is the right program, whether it passes in truth, the verdict, why."""
    found: dict[str, list[tuple[Everyday, bool, bool, str, str]]] = {}
    known = truth()
    async with Sandbox(slots=slots) as box:
        for language in wanted:
            passes = known[language]["passes"]
            asked = [
                (test, code is test.right, bool(passes[test.name][0 if code is test.right else 1]), code)  # type: ignore[index]
                for test in everyday(language)[part]
                for code in (test.right, test.wrong)
            ]
            reports = await asyncio.gather(
                *(box.run(Program(code, test.tests, language=language)) for test, _, _, code in asked)
            )
            found[language] = [
                (test, right, holds, str(report.verdict), f"{report.proof}: {report.feedback()}")
                for (test, right, holds, _), report in zip(asked, reports, strict=True)
            ]
    return found


def main() -> None:
    """Decide, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--languages", default=",".join(languages()))
    parser.add_argument("--decide", action="store_true", help="ask the real frameworks anew")
    parser.add_argument("--peers", action="store_true", help="ask a bare subprocess and SandboxFusion's rules anew")
    parser.add_argument("--root", type=Path, default=Path("/"))
    parser.add_argument("--npm", type=Path, default=Path())
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--part", default="1/1", help="N/M: every M-th test, from the N-th on")
    parser.add_argument("--show", action="store_true", help="print each verdict that is not the truth")
    options = parser.parse_args()
    wanted = options.languages.split(",")
    if options.decide:
        decide(wanted, Real(options.root, options.npm))
        return
    if options.peers:
        ask_peers(wanted)
        return
    first, step = map(int, options.part.split("/"))
    print(
        "| language | tests | right accepted | right refused | right untested | wrong accepted | wrong untested | s ",
        end="",
    )
    print("| subprocess: wrong accepted | right refused | SandboxFusion: wrong accepted | right refused |")
    print(f"|---{'|---:' * 11}|")
    for language in wanted:
        began = time.monotonic()
        rows = asyncio.run(judged([language], options.slots, slice(first - 1, None, step)))[language]
        count: Counter[str] = Counter()
        for test, _, holds, verdict, why in rows:
            said = {Verdict.accepted: "accepted", Verdict.untested: "untested"}.get(Verdict(verdict), "refused")
            count[f"{'right' if holds else 'wrong'} {said}"] += 1
            if options.show and said != ("accepted" if holds else "refused"):
                print(f"--- {language} {test.name}: passes: {holds}: {why}", file=sys.stderr)
        cells = [
            count[name]
            for name in ("right accepted", "right refused", "right untested", "wrong accepted", "wrong untested")
        ]
        print(
            f"| {language} | {len(rows) // 2} | {' | '.join(map(str, cells))} | {time.monotonic() - began:.0f} "
            f"| {' | '.join(map(str, peer_cells(language)))} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
