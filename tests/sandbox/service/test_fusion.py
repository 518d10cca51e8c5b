"""`/run_code` in SandboxFusion's words: what trainers written for it, verl's client among them, can rely on."""

import base64
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from served import Served, serving

from sandbox import docker_problem

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    with serving("--slots", "2") as served:
        yield served


FUSION = [
    # code, more of the request, status, run_result status, return code, stdout
    ("print(input())", {"stdin": "hi"}, "Success", "Finished", 0, "hi\n"),
    (
        "print(1)",
        {"stdin": None, "memory_limit_MB": -1, "files": {}, "fetch_files": []},
        "Success",
        "Finished",
        0,
        "1\n",
    ),
    ("print(1); raise SystemExit(3)", {}, "Failed", "Finished", 3, "1\n"),
    ("1 / 0", {}, "Failed", "Finished", 1, ""),
    ("def f(:", {}, "Failed", "Finished", 1, ""),
    ("print(undefined_here)", {}, "Failed", "Finished", 1, ""),
    ("from math import *\nprint(int(sqrt(9)))", {}, "Success", "Finished", 0, "3\n"),
    ("if __name__ == '__main__': print('main')", {}, "Success", "Finished", 0, "main\n"),
    ("import os; os.kill(os.getpid(), 9)", {}, "Failed", "Finished", -9, ""),
    ("x = bytearray(200 << 20)", {"memory_limit_MB": 64}, "Failed", "Finished", None, ""),
    ("print('a', flush=True)\nwhile True: pass", {"run_timeout": 0.5}, "Failed", "TimeLimitExceeded", None, "a\n"),
    ("import time; time.sleep(9)", {"run_timeout": 0.5}, "Failed", "TimeLimitExceeded", None, ""),
    ("print('x' * 200000)", {}, "Success", "Finished", 0, "x" * 200000 + "\n"),
]


@pytest.mark.parametrize(("code", "more", "status", "run_status", "return_code", "stdout"), FUSION)
def test_run_code_answers_in_sandbox_fusions_words(
    service: Served,
    code: str,
    more: dict[str, Any],
    status: str,
    run_status: str,
    return_code: int | None,
    stdout: str,
) -> None:
    found = service.run_code(code=code, language="python", **more).json()
    assert set(found) == {"status", "message", "compile_result", "run_result", "executor_pod_name", "files"}
    ran = found["run_result"]
    assert set(ran) == {"status", "execution_time", "return_code", "stdout", "stderr"}
    assert (found["status"], ran["status"], ran["stdout"]) == (status, run_status, stdout)
    assert ran["return_code"] == return_code or (return_code is None and ran["return_code"] != 0)
    assert found["compile_result"] is None and ran["execution_time"] >= 0


def test_run_code_writes_files_beside_the_program(service: Served) -> None:
    files = {"in.txt": base64.b64encode(b"from a file").decode(), "left/out.txt": None}
    found = service.run_code(code="print(open('in.txt').read())", language="python", files=files).json()
    assert found["status"] == "Success" and found["run_result"]["stdout"] == "from a file\n"


def test_run_code_says_sandbox_error_for_what_the_sandbox_cannot_do_and_422_for_nonsense(service: Served) -> None:
    for body in ({"language": "lean"}, {"language": "python", "fetch_files": ["out.txt"]}):
        found = service.run_code(code="x", **body)
        assert found.status_code == 200 and found.json()["status"] == "SandboxError" and found.json()["message"]
        assert found.json()["run_result"] is None
    assert service.run_code(code="x", language="klingon").status_code == 422
    assert service.run_code(code="x", language="python", files={"../x": "aGk="}).status_code == 422


@pytest.mark.parametrize(
    ("code", "bound"),
    [
        ("x = bytearray(1500 << 20)", "bytes of memory"),
        (
            "import os, time\nfor i in range(500):\n    if os.fork() == 0:\n        time.sleep(1); os._exit(0)",
            "processes",
        ),
        ('open("/tmp/x", "wb").write(b"x" * (40 << 20))', "bytes of disk"),
    ],
)
def test_a_bound_that_the_request_did_not_set_is_not_blamed_on_the_program(
    service: Served, code: str, bound: str
) -> None:
    found = service.run_code(code=code, language="python").json()
    assert found["status"] == "SandboxError"
    assert bound in found["message"]


def test_run_code_reports_the_compiler_apart_from_the_program(service: Served) -> None:
    if "cpp" not in {item["name"] for item in httpx.get(f"{service.url}/v1/languages").json()}:
        pytest.skip("the sandbox has no C++")
    good = service.run_code(code='#include <cstdio>\nint main() { puts("hi"); return 3; }', language="cpp").json()
    if good["status"] == "SandboxError":
        pytest.skip(good["message"])
    assert (good["status"], good["compile_result"]["return_code"], good["run_result"]["return_code"]) == (
        "Failed",
        0,
        3,
    )
    bad = service.run_code(code="int main() { return x; }", language="cpp").json()
    assert (bad["status"], bad["compile_result"]["status"], bad["run_result"]) == ("Failed", "Finished", None)
    assert bad["compile_result"]["return_code"] == 1 and "not declared" in bad["compile_result"]["stderr"]


VERL = """
import json, sys, threading, types
# verl's package imports Ray; its client does not, so the packages above it are left empty.
for name in ("verl", "verl.utils", "verl.utils.reward_score"):
    module = sys.modules[name] = types.ModuleType(name)
    module.__path__ = [sys.argv[1] + "/" + name.replace(".", "/")]
from verl.utils.reward_score.sandbox_fusion import compute_score
asked = json.load(sys.stdin)
found = []
for code, cases, timeout in asked:
    score, told = compute_score(
        sys.argv[2], threading.Semaphore(8), 1024, f"```python\\n{code}\\n```", cases, continuous=True, timeout=timeout
    )
    found.append([score, [item["status"] for item in told]])
print(json.dumps(found))
"""
SUM = {"inputs": ["1 2\n", "3 4\n"], "outputs": ["3\n", "7"]}
METHOD = {"inputs": ["1\n2", "3\n4"], "outputs": ["3", "7"], "fn_name": "add"}
ASKED_BY_VERL = [
    ("a, b = map(int, input().split())\nprint(a + b)", SUM, 10, 1.0, ["success", "success"]),
    ("a, b = map(int, input().split())\nprint(a * b)", SUM, 10, 0.0, ["wrong_answer", "wrong_answer"]),
    ("print(1 / 0)", SUM, 10, 0.0, ["runtime_error", "runtime_error"]),
    ("print(", SUM, 10, 0.0, ["runtime_error", "runtime_error"]),
    ("while True: pass", SUM, 1, 0.0, ["timeout", "timeout"]),
    ("class Solution:\n    def add(self, a, b): return a + b", METHOD, 10, 1.0, ["success", "success"]),
    (
        "def f(x): return x",
        {"assert_case": ["assert f(1) == 1", "assert f(1) == 2"]},
        10,
        0.5,
        ["success", "runtime_error"],
    ),
]


@pytest.mark.parametrize("with_token", [False, True], ids=["open", "token in the URL"])
def test_verls_own_client_gets_the_scores_it_should(service: Served, with_token: bool) -> None:
    where = os.environ.get("LAB_VERL", "")
    if not (Path(where) / "verl/utils/reward_score/sandbox_fusion").is_dir():
        pytest.skip("LAB_VERL names no folder with verl: pip install verl --no-deps --target FOLDER")
    with contextlib.ExitStack() as stack:
        url = f"{service.url}/run_code"
        if with_token:
            url = stack.enter_context(serving("--slots", "2", LAB_SANDBOX_TOKEN="a-token")).url + "/run_code"
            url = url.replace("//", "//verl:a-token@")
        asked = json.dumps([request[:3] for request in ASKED_BY_VERL])
        done = subprocess.run(
            [sys.executable, "-c", VERL, where, url],
            input=asked,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    assert json.loads(done.stdout) == [[score, told] for *_, score, told in ASKED_BY_VERL]
