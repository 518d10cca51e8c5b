"""`lab sandbox` as a person meets it: every option reaches the run, every complaint names what to mend."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import Limits, SandboxError, docker_problem
from sandbox.inputs import read_cases, read_limits, read_tests
from sandbox.report import Case, Program
from sandbox.show import reproduce

LAB = str(Path(sys.executable).with_name("lab"))
needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")


def lab(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [LAB, "sandbox", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_limits_are_read_in_the_units_people_use() -> None:
    assert read_limits("") == Limits()
    assert read_limits("cpu_s=0.5, memory_mb=64,pids=4") == Limits(cpu_s=0.5, memory_bytes=64 << 20, pids=4)


@pytest.mark.parametrize("text", ["cpu=1", "cpu_s", "cpu_s=x", "memory_mb=0", "pids=-1", "wall_s=nan", "wall_s=1e99"])
def test_a_limit_that_makes_no_sense_is_named(text: str) -> None:
    with pytest.raises(SandboxError, match="--limits: "):
        read_limits(text)


def test_cases_are_read_and_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"stdin": "1", "stdout": "2"}\n\n{"stdin": "", "stdout": "x ", "compare": "exact"}\n')
    assert read_cases(path) == (Case("1", "2"), Case("", "x ", "exact"))
    path.write_text('{"stdin": "a\u2028b\x85c", "stdout": "2"}\n', encoding="utf-8")  # no ends of lines to JSON
    assert read_cases(path) == (Case("a\u2028b\x85c", "2"),)
    for bad in ("[]", '{"stdin": 1, "stdout": "2"}', "{", '{"stdin": "", "stdout": "", "compare": "near"}', "[" * 9999):
        path.write_text('{"stdin": "1", "stdout": "2"}\n' + bad)
        with pytest.raises(SandboxError, match=r"cases\.jsonl:2: a case is"):
            read_cases(path)


@pytest.mark.parametrize(
    ("program", "language", "tests", "read"),
    [
        ("fizz.py", "python", "import os\nfrom fizz import *\n", "import os\nfrom solution import *\n"),
        ("fizz.py", "python", "import fizz\nfizz.f()", "import solution as fizz\nfizz.f()"),
        ("fizz.py", "python", "def test():\n    import fizz as f", "def test():\n    import solution as f"),
        ("fizz.py", "python", "from fizz.more import f, fizzy", "from fizz.more import f, fizzy"),
        ("json.py", "python", "import json", "import json"),
        ("my-fizz.py", "python", "import my", "import my"),
        ("fizz.rb", "ruby", "require 'set'\nrequire_relative './fizz'\nx", "require 'set'\n\nx"),
        ("fizz.rb", "ruby", 'require_relative "fizzy"', 'require_relative "fizzy"'),
        ("fizz.php", "php", "<?php\nrequire_once __DIR__ . '/fizz.php';\nf();", "<?php\n\nf();"),
        ("fizz.cpp", "cpp", '#include <map>\n#include "fizz.cpp"\nint x;', "#include <map>\n\nint x;"),
        ("fizz.ts", "typescript", 'import { f } from "./fizz";', 'import { f } from "./solution";'),
        ("fizz.pl", "perl", "require './fizz.pl'; f();", " f();"),
        ("fizz.sh", "bash", 'set -e\n. "$(dirname "$0")/fizz.sh"\nsource ./fizz.sh\n', None),
    ],
)
def test_what_tests_load_of_the_programs_file_is_there_already_and_no_line_moves(
    tmp_path: Path, program: str, language: str, tests: str, read: str | None
) -> None:
    (tmp_path / "tests").write_text(tests)
    found = read_tests(tmp_path / "tests", tmp_path / program, language)
    assert found.count("\n") == tests.count("\n")
    assert found == read if read is not None else "source" not in found


@needs_docker
@pytest.mark.parametrize("loaded", ["from fizz import fizz", "import fizz\nfizz = fizz.fizz"])
def test_tests_that_import_the_program_by_the_name_of_its_file_judge_it(tmp_path: Path, loaded: str) -> None:
    (tmp_path / "fizz.py").write_text("def fizz(n):\n    return 'FizzBuzz' if n % 15 == 0 else str(n)\n")
    (tmp_path / "test_fizz.py").write_text(f"{loaded}\n\ndef test_fizz():\n    assert fizz(30) == 'FizzBuzz'\n")
    told = lab("run", tmp_path / "fizz.py", "--tests", tmp_path / "test_fizz.py", "--json")
    assert (told.returncode, json.loads(told.stdout)["verdict"]) == (0, "accepted"), told.stdout + told.stderr
    (tmp_path / "fizz.json").write_text(told.stdout)
    shown = lab("report", tmp_path / "fizz.json").stdout
    assert "accepted" in shown and "lab sandbox run" not in shown, "a report alone holds no program to run again"


def test_the_command_to_repeat_a_run_gives_the_same_limits() -> None:
    limits = Limits(cpu_s=1.5, memory_bytes=64 << 20, disk_bytes=1 << 20)
    words = reproduce(Program("x", cases=(Case("", ""),)), limits)
    assert words == "lab sandbox run solution.py --cases cases.jsonl --limits cpu_s=1.5,memory_mb=64,disk_mb=1"
    assert read_limits(words.split("--limits ")[1]) == limits


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.py"], "nowhere.py: No such file"),
        (["--limits", "cpus=1"], "no limit is called 'cpus'"),
        (["--cases", "nowhere.jsonl"], "nowhere.jsonl: No such file"),
    ],
)
def test_wrong_usage_of_run_is_exit_code_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "p.py").write_text("print(1)")
    told = lab("run", *([] if arguments[0].endswith(".py") else [tmp_path / "p.py"]), *arguments)
    assert (told.returncode, said in " ".join(told.stderr.replace("│", " ").split())) == (2, True), told.stderr


@needs_docker
def test_a_program_is_judged_by_cases_within_limits_and_the_report_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "twice.py").write_text("print(2 * int(input()))\n")
    (tmp_path / "cases.jsonl").write_text('{"stdin": "2", "stdout": "4"}\n{"stdin": "5", "stdout": "11"}\n')
    told = lab("run", tmp_path / "twice.py", "--cases", tmp_path / "cases.jsonl", "--html", tmp_path / "page.html")
    assert told.returncode == 1
    assert "case 2" in told.stdout and "expected '11'" in told.stdout
    assert "case 2" in (tmp_path / "page.html").read_text()
    (tmp_path / "loop.py").write_text("while True: pass\n")
    told = lab("run", tmp_path / "loop.py", "--limits", "cpu_s=0.3", "--json")
    assert (told.returncode, json.loads(told.stdout)["verdict"]) == (1, "time_limit")


@needs_docker
def test_the_language_follows_from_the_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "hello.js").write_text("console.log(1 + 1)\n")
    told = lab("run", tmp_path / "hello.js", "--json")
    assert (told.returncode, json.loads(told.stdout)["stdout"]) == (0, "2\n")


@needs_docker
def test_languages_and_doctor_say_what_is_there() -> None:
    listed = {row["name"]: row for row in json.loads(lab("languages", "--json").stdout)["languages"]}
    assert listed["python"]["built"] and listed["python"]["version"].startswith("Python 3.")
    assert listed["javascript"]["stages"]["parse"] == "node"
    found = {one["what"]: one for one in json.loads(lab("doctor", "--json").stdout)["findings"]}
    assert all(found[what]["ok"] for what in ("Docker Engine", "no network", "no capabilities", "seccomp filter"))


@needs_docker
def test_bench_counts_runs_and_refuses_a_program_that_fails(tmp_path: Path) -> None:
    (speed,) = json.loads(lab("bench", "--slots", "1", "--seconds", "0.5", "--json").stdout)["speeds"]
    assert speed["runs"] >= 1 and speed["median_ms"] > 0
    (tmp_path / "bad.py").write_text("1 / 0\n")
    told = lab("bench", tmp_path / "bad.py", "--slots", "1", "--seconds", "0.5")
    assert (told.returncode, "runtime_error" in told.stderr) == (1, True)
    assert lab("bench", "--slots", "0").returncode == 2


@needs_docker
def test_shell_runs_a_command_as_nobody_on_a_read_only_root() -> None:
    told = lab("shell", "--", "sh", "-c", "id -u; touch /x || touch /tmp/x && ls /tmp")
    assert told.returncode == 0
    uid, file = told.stdout.split()
    assert (int(uid) > 1 << 19, file) == (True, "x")
