"""The sandbox over HTTP: what its clients can rely on. A real service in a process of its own, real containers."""

import base64
import contextlib
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import JSON, LAB, Served, serving

from sandbox import Report, Verdict, docker_problem

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
ADD = "def add(a, b):\n    return a + b\n"
SLEEP = "import time\ntime.sleep({})\nprint('awake')"


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    with serving("--slots", "2") as served:
        yield served


def test_run_answers_the_full_report(service: Served) -> None:
    answer = service.run(code=ADD, tests="assert add(1, 2) == 3\nassert add(1, 1) == 3")
    report = Report.from_dict(answer.json())
    assert answer.status_code == 200 and report.verdict is Verdict.test_failure and answer.json()["accepted"] is False
    assert [stage.name for stage in report.stages] == ["parse", "lint", "test"]
    assert [(test.passed, test.message) for test in report.tests] == [(True, ""), (False, "expected 3, got 2")]
    assert service.run(code=ADD, tests="assert add(1, 2) == 3").json()["accepted"] is True


def test_limits_of_a_request_hold_for_it(service: Served) -> None:
    assert service.run(code="while True: pass", limits={"cpu_s": 0.3}).json()["verdict"] == "time_limit"
    assert service.run(code=SLEEP.format(9), limits={"wall_s": 0.3}).json()["verdict"] == "wall_limit"
    big = service.run(code="x = bytearray(200 << 20)", limits={"memory_bytes": 64 << 20})
    assert big.json()["verdict"] == "memory_limit"


def test_input_output_cases_and_further_files_reach_the_program(service: Served) -> None:
    cases = [{"stdin": "2 3", "stdout": "5"}, {"stdin": "2 2", "stdout": "5"}]
    report = service.run(code="print(sum(map(int, input().split())))", cases=cases).json()
    assert report["verdict"] == "test_failure" and [test["passed"] for test in report["tests"]] == [True, False]
    files = {"data/words.txt": base64.b64encode("größer\n".encode()).decode()}
    report = service.run(code="print(open('data/words.txt').read())", files=files).json()
    assert report["verdict"] == "untested" and "größer" in report["stdout"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "code: Field required"),
        ({"code": 3}, "code: Input should be a valid string"),
        ({"code": "x", "langauge": "python"}, "langauge: Extra inputs are not permitted"),
        ({"code": "x", "language": "cobol"}, "no language 'cobol'; it has: python"),
        ({"code": "x", "limits": {"cpu_s": 1e9}}, "limits.cpu_s: Input should be less than or equal to 300"),
        ({"code": "x", "limits": {"memory_bytes": 1 << 39}}, "limits.memory_bytes: this machine has"),
        ({"code": "x", "files": {"../x": ""}}, "files: Value error, a file's path is relative"),
        ({"code": "x", "files": {"/etc/x": ""}}, "files: Value error, a file's path is relative"),
        ({"code": "x", "files": {"a": "%"}}, "files: Value error, the content of a file is given in base64"),
        ({"code": "x" * 4_000_001}, "code: String should have at most 4000000 characters"),
        ({"code": "x" * 3_000_000, "stdin": "y" * 3_000_000}, "4000000 characters at most"),
    ],
)
def test_bad_request_is_told_what_is_wrong_and_where(service: Served, body: dict[str, Any], said: str) -> None:
    answer = service.run(**body)
    assert answer.status_code == 422 and said in answer.json()["detail"]


def test_body_that_is_too_large_is_refused_whether_it_says_so_or_not(service: Served) -> None:
    large = b'{"code": "' + b"x" * (17 << 20) + b'"}'
    assert service.send(large).status_code == 413

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(large), 1 << 20):
            yield large[start : start + (1 << 20)]

    with contextlib.suppress(httpx.WriteError):  # the service may hang up while the rest is still being sent
        assert httpx.post(f"{service.url}/v1/run", content=pieces(), headers=JSON, timeout=60).status_code == 413
    assert service.figure("rejected_total", reason="too_large") == 2


def test_body_of_another_type_is_refused_so_that_no_web_page_can_send_one(service: Served) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert service.send(b'{"code": "x"}', **{"Content-Type": kind}).status_code == 415


WEIRD = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"\xff\xfe"',
    b'{"code": "\xff"}',
    b'{"code": "\\ud800"}',
    b'{"code": "print(1)", "\\udfff": 1}',
    b'{"code": "a\\u0000b", "tests": "\\u0000"}',
    b'{"code": "print(1)", "stdin": "\\u0000\\u001b[2J"}',
    b'{"code": "x = 1", "entry_point": "\\u0000"}',
    b'{"code": NaN}',
    b'{"code": "x", "limits": {"cpu_s": NaN}}',
    b'{"code": "x", "limits": {"cpu_s": Infinity}}',
    b'{"code": "x", "limits": {"cpu_s": 1e999}}',
    b'{"code": "x", "limits": {"pids": ' + b"9" * 5000 + b"}}",
    b'{"code": "x", "run_timeout": -0.0, "language": "python"}',
    b'{"code": "x", "language": "python", "run_timeout": 1e308}',
    b"[" * 100_000,
    b'{"code": ' * 10_000,
    b'{"code": "x", "limits": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
    b'{"code": "x", "code": 1}',
    b'{"code": "raise ValueError(chr(0xd800))"}',
    b'{"code": "raise ValueError(chr(0xd800))", "language": "python"}',
    b'{"code": "def f(): return chr(0xdfff)", "tests": "assert f() == 1"}',
    b'{"code": "print(chr(27), chr(0)); 1 / 0", "language": "python"}',
]


@pytest.mark.parametrize("path", ["/v1/run", "/run_code"])
@pytest.mark.parametrize("body", WEIRD, ids=lambda body: repr(body[:40]))
def test_weird_json_never_gives_a_server_error(service: Served, path: str, body: bytes) -> None:
    answer = service.send(body, path)
    assert answer.status_code in (200, 422), answer.text
    json.loads(answer.content.decode("utf-8"))


_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20)
_json = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)
_requests = st.fixed_dictionaries(
    {"code": st.sampled_from(["print(input())", ADD, "1 / 0", "def f(:"]) | st.text(max_size=30) | _json},
    optional={
        "language": st.sampled_from(["python", "lean", "cobol", ""]) | _json,
        "tests": st.sampled_from(["assert add(1, 2) == 3", "assert"]) | st.text(max_size=30) | _json,
        "entry_point": st.text(max_size=8) | _json,
        "stdin": st.text(max_size=20) | _json,
        "limits": st.dictionaries(st.sampled_from(["cpu_s", "wall_s", "output_bytes"]), _scalars) | _json,
        "files": st.dictionaries(st.text(max_size=8), st.sampled_from(["", "aGk=", "?"])) | _json,
        "run_timeout": st.floats(0.1, 2) | _json,
        "memory_limit_MB": st.sampled_from([-1, 64]) | _json,
        "fetch_files": st.lists(st.text(max_size=5)) | _json,
    },
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    body=_requests.map(lambda data: json.dumps(data).encode())
    | st.binary(max_size=60)
    | _json.map(lambda data: json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")),
    path=st.sampled_from(["/v1/run", "/run_code"]),
)
def test_fuzzed_bodies_never_give_a_server_error(service: Served, body: bytes, path: str) -> None:
    answer = service.send(body, path)
    assert answer.status_code in (200, 422), (answer.status_code, answer.text)
    assert isinstance(json.loads(answer.content.decode("utf-8")), dict)


def test_answers_keep_to_the_openapi_description_when_schemathesis_tries_it(service: Served) -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is a development dependency: pip install schemathesis")
    # No content_type_conformance: what is no HTTP at all, uvicorn refuses by itself, in plain text.
    checks = "not_a_server_error,status_code_conformance,response_schema_conformance"
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json", "--checks", checks]
    command += [
        "--request-timeout",
        "60",
        "--max-examples",
        "20",
        "--phases",
        "examples,coverage,fuzzing",
        "--seed",
        "1",
        "--no-color",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_description_names_every_endpoint_and_its_page_fetches_nothing_from_elsewhere(service: Served) -> None:
    described = httpx.get(f"{service.url}/openapi.json").json()
    assert set(described["paths"]) == {"/v1/run", "/run_code", "/v1/languages", "/health", "/metrics"}
    page = httpx.get(f"{service.url}/docs").text
    assert all(f"<code>{path}</code>" in page for path in described["paths"])
    assert not re.search(r"(src|href)=.https?://|<script|@import", page)


def test_languages_are_listed_with_the_names_of_both_endpoints(service: Served) -> None:
    found = {item["name"]: item for item in httpx.get(f"{service.url}/v1/languages").json()}
    assert found["python"]["run_code"] == ["python"] and ".py" in found["python"]["suffixes"]


def test_off_loopback_a_token_is_made_and_asked_for_as_bearer_or_as_password_in_the_url() -> None:
    with serving("--host", "0.0.0.0", "--slots", "1", LAB_SANDBOX_TOKEN="") as served:
        token = served.said[0].split()[-1]
        assert served.said[0].startswith("lab: token ") and len(token) >= 32
        for path in ("/v1/languages", "/docs", "/openapi.json", "/metrics"):
            assert httpx.get(served.url + path).status_code == 401
        assert (
            served.run(code="x").status_code == 401 and served.run_code(code="x", language="python").status_code == 401
        )
        assert httpx.get(f"{served.url}/health").status_code == 200
        for wrong in ("Bearer nonsense", "Bearer", f"Digest {token}", "Basic %%%", "Bearer t\xf6ken"):
            headers = {"Authorization": wrong.encode("latin-1")}
            assert httpx.get(f"{served.url}/v1/languages", headers=headers).status_code == 401
        assert httpx.get(f"{served.url}/v1/languages", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        with_password = served.url.replace("//", f"//lab:{token}@") + "/run_code"
        answer = httpx.post(with_password, json={"code": "print(1)", "language": "python"}, timeout=30)
        assert answer.json()["run_result"]["stdout"] == "1\n"


def test_given_token_is_the_one_asked_for_also_on_loopback() -> None:
    with serving("--slots", "1", LAB_SANDBOX_TOKEN="open sesame") as served:
        assert served.said[0].startswith("lab: serving on ")
        assert served.run(code="x").status_code == 401
        headers = {"Authorization": "Bearer open sesame"}
        assert httpx.get(f"{served.url}/metrics", headers=headers).status_code == 200


def test_full_queue_refuses_with_retry_after_and_loses_nobody_it_took() -> None:
    with serving("--slots", "1", "--queue", "2") as served, ThreadPoolExecutor(8) as clients:
        taken = [clients.submit(served.run, code=SLEEP.format(1.5)) for _ in range(3)]
        served.until("queue", 2)
        refused = list(clients.map(lambda _: served.run(code="x" * 2_000_000), range(4)))
        assert [answer.status_code for answer in refused] == [429] * 4
        assert all(1 <= int(answer.headers["Retry-After"]) <= 120 for answer in refused)
        assert served.run_code(code="x", language="python").status_code == 429
        assert [future.result().json()["stdout"] for future in taken] == ["awake\n"] * 3
        assert served.run(code="print(1)").status_code == 200
        assert served.figure("rejected_total", reason="queue_full") == 5


def test_client_that_hangs_up_in_the_queue_is_dropped_and_one_that_hangs_up_running_leaks_no_slot() -> None:
    with serving("--slots", "1", "--queue", "4") as served:
        running = _hang_up_after(served, SLEEP.format(1.5), lambda: served.until("in_flight", 1))
        waiting = _hang_up_after(served, SLEEP.format(30), lambda: served.until("queue", 1))
        running.close()
        waiting.close()
        served.until("queue", 0)
        started = time.monotonic()
        assert served.run(code="print(1)").json()["stdout"] == "1\n"
        assert time.monotonic() - started < 10  # the one that waited never ran
        served.until("in_flight", 0)
        assert served.figure("runs_total") == 2 and served.figure("rejected_total", reason="client_gone") == 2


def _hang_up_after(served: Served, code: str, until: Any) -> socket.socket:
    port = int(served.url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/v1/run", json.dumps({"code": code, "limits": {"wall_s": 40}}), JSON)
    until()
    assert connection.sock is not None
    return connection.sock


def test_client_that_never_finishes_its_body_holds_neither_slot_nor_place(service: Served) -> None:
    port = int(service.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as slow:
        head = (
            b"POST /v1/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        )
        slow.sendall(head)
        assert service.figure("queue") == 0
        assert service.run(code="print(1)").status_code == 200
    service.until("queue", 0)


def test_stopped_service_finishes_what_it_took_then_ends_and_leaves_no_container() -> None:
    with serving("--slots", "1") as served, ThreadPoolExecutor(3) as clients:
        taken = [clients.submit(served.run, code=SLEEP.format(1)) for _ in range(3)]
        served.until("queue", 2)
        served.process.send_signal(signal.SIGTERM)
        assert [future.result().json()["stdout"] for future in taken] == ["awake\n"] * 3
        assert served.process.wait(20) == 0
        with pytest.raises(httpx.ConnectError):
            served.run(code="x")
        assert not _containers_of(served.process.pid)


def test_taken_port_is_said_before_anything_is_started() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = subprocess.run([LAB, "sandbox", "serve", "--port", port], capture_output=True, text=True, check=False)
    assert told.returncode == 1 and f"cannot listen on 127.0.0.1:{port}: Address already in use" in told.stderr


def test_while_docker_is_away_requests_get_503_with_retry_after_and_those_taken_are_answered_when_it_is_back(
    tmp_path: Path,
) -> None:
    with Relay(tmp_path / "docker.sock") as relay:
        address = f"unix://{relay.path}"
        with serving("--slots", "1", DOCKER_HOST=address) as served, ThreadPoolExecutor(2) as clients:
            assert served.run(code="print(1)").status_code == 200
            taken = clients.submit(served.run, code=SLEEP.format(3))
            served.until("in_flight", 1)
            relay.close()
            served.until("docker_up", 0)
            refused = served.run(code="print(1)")
            assert refused.status_code == 503 and int(refused.headers["Retry-After"]) >= 1
            assert "Docker is away" in refused.json()["detail"]
            assert served.run_code(code="print(1)", language="python").status_code == 503
            health = httpx.get(f"{served.url}/health")
            assert health.status_code == 503 and health.json()["status"] == "docker"
            relay.open()
            assert taken.result().json()["stdout"] == "awake\n"
            served.until("docker_up", 1)
            assert served.run(code="print(1)").json()["stdout"] == "1\n"
            assert httpx.get(f"{served.url}/health").json()["status"] == "ok"


class Relay:
    """Docker's socket under another name, which can be cut and mended: to its clients the daemon dies and returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "Relay":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        self._ends: list[socket.socket] = []
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.path))
        self._door.listen(64)
        threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def close(self) -> None:
        self.path.unlink(missing_ok=True)
        for end in [self._door, *self._ends]:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = door.accept()
                daemon = socket.socket(socket.AF_UNIX)
                daemon.connect("/var/run/docker.sock")
                self._ends += [client, daemon]
                for source, target in ((client, daemon), (daemon, client)):
                    threading.Thread(target=self._copy, args=(source, target), daemon=True).start()

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def test_figures_count_runs_by_language_and_verdict(service: Served) -> None:
    before = service.figure("runs_total", language="python", verdict="accepted")
    seconds = service.figure("run_seconds_count", language="python")
    service.run(code=ADD, tests="assert add(1, 2) == 3")
    assert service.figure("runs_total", language="python", verdict="accepted") == before + 1
    assert service.figure("run_seconds_count", language="python") == seconds + 1
    assert service.figure("in_flight") == 0 and service.figure("slots") == 2


def _containers_of(pid: int) -> list[str]:
    command = ["docker", "ps", "--all", "--format", '{{.ID}} {{.Label "lab.sandbox"}}']
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    return [line for line in listed.stdout.splitlines() if f"/{pid}/" in line]
