"""A running `lab sandbox serve`, in a process of its own with real containers."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
LAB = str(Path(sys.executable).with_name("lab"))
JSON = {"Content-Type": "application/json"}


@dataclass
class Served:
    """A running `lab sandbox serve`."""

    process: "subprocess.Popen[str]"
    url: str
    said: list[str] = field(default_factory=list)

    def run(self, **body: Any) -> httpx.Response:
        return httpx.post(f"{self.url}/v1/run", json=body, timeout=60)

    def run_code(self, **body: Any) -> httpx.Response:
        return httpx.post(f"{self.url}/run_code", json=body, timeout=60)

    def send(self, body: bytes, path: str = "/v1/run", **headers: str) -> httpx.Response:
        return httpx.post(f"{self.url}{path}", content=body, headers={**JSON, **headers}, timeout=60)

    def figure(self, name: str, **labels: str) -> float:
        from prometheus_client.parser import text_string_to_metric_families

        found = text_string_to_metric_families(httpx.get(f"{self.url}/metrics").text)
        samples = [sample for family in found for sample in family.samples if sample.name == f"lab_sandbox_{name}"]
        return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())

    def until(self, name: str, value: float, **labels: str) -> None:
        deadline = time.monotonic() + 15
        while (found := self.figure(name, **labels)) != value:
            assert time.monotonic() < deadline, f"{name} is {found}, not {value}"
            time.sleep(0.05)


@contextlib.contextmanager
def serving(*options: str, **environment: str) -> Iterator[Served]:
    """`lab sandbox serve` until it says where; ended with SIGTERM where the test did not end it."""
    process = subprocess.Popen(
        [LAB, "sandbox", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    said: list[str] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://\S+:(\d+)", line):
                yield Served(process, f"http://127.0.0.1:{found[1]}", said)
                break
        else:
            pytest.fail(f"it did not start: {said}")
    finally:
        process.terminate()
        try:
            process.wait(30)
        finally:
            process.kill()
