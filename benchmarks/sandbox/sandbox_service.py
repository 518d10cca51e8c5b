"""The HTTP service held at four times its capacity.

    python benchmarks/sandbox/sandbox_service.py [--seconds 120] [--times 4] [--json]

The service is a process of its own with its default queue. Its capacity is measured first, with as many requests under way
as it has slots; then requests are sent at `--times` that rate, whatever is answered. Every answer must be 200 with the right
verdict or 429 with Retry-After; none may be lost.
"""

import argparse
import asyncio
import collections
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

PROGRAM = {"code": "def add(a, b):\n    return a + b\n", "tests": "assert add(1, 2) == 3\nassert add(0, 0) == 0\n"}
CAPACITY_S = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--times", type=float, default=4.0)
    parser.add_argument("--port", type=int, default=8791)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    lab = str(Path(sys.executable).with_name("lab"))
    service = subprocess.Popen(
        [lab, "sandbox", "serve", "--port", str(options.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        found = asyncio.run(_overload(f"http://127.0.0.1:{options.port}", service.pid, options.seconds, options.times))
    finally:
        service.terminate()
        service.wait(60)
    print(json.dumps(found) if options.json else "\n".join(f"{name:<34}{value}" for name, value in found.items()))
    sys.exit(bool(found["other answers"] or found["lost"] or found["429 without Retry-After"]))


async def _overload(url: str, pid: int, seconds: float, times: float) -> dict[str, Any]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        await _ready(client)
        capacity = await _capacity(client)
        answers: collections.Counter[str] = collections.Counter()
        latencies: list[float] = []
        resident = [_resident_mib(pid)]

        async def one() -> None:
            began = time.monotonic()
            try:
                answer = await client.post("/v1/run", json=PROGRAM)
            except httpx.HTTPError as error:
                answers[f"lost: {type(error).__name__}"] += 1
                return
            if answer.status_code == 200 and answer.json()["verdict"] == "accepted":
                answers["accepted"] += 1
                latencies.append(time.monotonic() - began)
            elif answer.status_code == 429:
                answers["429" if answer.headers.get("retry-after", "").isdigit() else "429 without"] += 1
            else:
                answers[f"other: {answer.status_code}"] += 1

        tasks: set[asyncio.Task[None]] = set()
        began, sent = time.monotonic(), 0
        while (elapsed := time.monotonic() - began) < seconds:
            while sent < elapsed * capacity * times:
                task = asyncio.create_task(one())
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                sent += 1
            resident.append(_resident_mib(pid))
            await asyncio.sleep(0.02)
        await asyncio.gather(*tasks)
        took = time.monotonic() - began
    latencies.sort()
    return {
        "capacity, runs/s": round(capacity, 1),
        "sent": sent,
        "sent a second": round(sent / seconds, 1),
        "accepted": answers["accepted"],
        "accepted a second": round(answers["accepted"] / took, 1),
        "429 with Retry-After": answers["429"],
        "429 without Retry-After": answers["429 without"],
        "other answers": sum(count for name, count in answers.items() if name.startswith("other")),
        "lost": sum(count for name, count in answers.items() if name.startswith("lost")),
        "latency p50, s": round(statistics.median(latencies), 2) if latencies else None,
        "latency p99, s": round(latencies[int(0.99 * (len(latencies) - 1))], 2) if latencies else None,
        "service MiB at start, most, end": f"{resident[0]} {max(resident)} {resident[-1]}",
    }


async def _ready(client: httpx.AsyncClient) -> None:
    for _ in range(300):
        try:
            if (await client.post("/v1/run", json=PROGRAM)).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.2)
    raise SystemExit("the service did not start")


async def _capacity(client: httpx.AsyncClient) -> float:
    """Programs a second with as many under way as there are slots, and one more to keep them busy."""
    done = 0
    until = time.monotonic() + CAPACITY_S

    async def worker() -> None:
        nonlocal done
        while time.monotonic() < until:
            (await client.post("/v1/run", json=PROGRAM)).raise_for_status()
            done += 1

    await asyncio.gather(*(worker() for _ in range((os.cpu_count() or 1) + 1)))
    return done / CAPACITY_S


def _resident_mib(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4 // 1024


if __name__ == "__main__":
    main()
