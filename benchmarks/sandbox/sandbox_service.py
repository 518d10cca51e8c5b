"""The HTTP service held at four times its capacity.

    python benchmarks/sandbox/sandbox_service.py [--seconds 120] [--times 4] [--half-sent 0] [--json]

The service is a process of its own with its default queue. Its capacity is measured first, with as many requests under way
as it has slots; then requests are sent at `--times` that rate, whatever is answered. Every answer must be 200 with the right
verdict or 429 with Retry-After; none may be lost. The queue explains as many seconds as it takes to work off a full one at the
rate at which requests were answered; the 99th percentile of the accepted ones is held to twice that.

With `--half-sent N` the load is one request after the other instead, while N connections hold a request they never finish
(half with half a head, half with half a body; opened anew where the service ends them): the share of ours that is served.
"""

import argparse
import asyncio
import collections
import contextlib
import json
import os
import re
import resource
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
    parser.add_argument("--half-sent", type=int, default=0)
    parser.add_argument("--port", type=int, default=8791)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    lab = str(Path(sys.executable).with_name("lab"))
    service = subprocess.Popen(
        [lab, "sandbox", "serve", "--port", str(options.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{options.port}"
        if options.half_sent:
            found = asyncio.run(_beside_half_sent(url, options.port, options.seconds, options.half_sent))
        else:
            found = asyncio.run(_overload(url, options.port, service.pid, options.seconds, options.times))
    finally:
        service.terminate()
        service.wait(60)
    print(json.dumps(found) if options.json else "\n".join(f"{name:<34}{value}" for name, value in found.items()))
    sys.exit(any(found.get(name) for name in ("other answers", "lost", "429 without Retry-After", "not served")))


async def _overload(url: str, port: int, pid: int, seconds: float, times: float) -> dict[str, Any]:
    text = json.dumps(PROGRAM).encode()
    request = (
        b"POST /v1/run HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(text), text)
    )
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        await _ready(client)
        health = (await client.get("/health")).json()
        capacity = await _capacity(client)
        answers: collections.Counter[str] = collections.Counter()
        latencies: list[float] = []
        resident = [_resident_mib(pid)]

        async def one() -> None:
            began = time.monotonic()
            try:
                status, head, body = await _post(port, request)
            except (OSError, ValueError, TimeoutError) as error:
                answers[f"lost: {type(error).__name__}"] += 1
                return
            if status == 200 and json.loads(body)["verdict"] == "accepted":
                answers["accepted"] += 1
                latencies.append(time.monotonic() - began)
            elif status == 429:
                answers["429" if re.search(rb"(?im)^retry-after: *\d+\r$", head) else "429 without"] += 1
            else:
                answers[f"other: {status}"] += 1

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
    p99 = latencies[int(0.99 * (len(latencies) - 1))] if latencies else 0.0
    explained = (health["queue"] + health["slots"]) * took / max(1, answers["accepted"])
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
        "latency p99, s": round(p99, 2),
        "the queue explains, s": round(explained, 2),
        "p99 to what it explains": round(p99 / explained, 2),
        "service MiB at start, most, end": f"{resident[0]} {max(resident)} {resident[-1]}",
    }


async def _post(port: int, request: bytes) -> tuple[int, bytes, bytes]:
    """Status, head and body of the answer. By hand: a client library takes most of a core at two hundred requests a second, and
    what is then measured is how long a request waits for its sender.
    """
    async with asyncio.timeout(120):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(request)
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
    return int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.1 ") else 0, head + b"\r\n", body


async def _beside_half_sent(url: str, port: int, seconds: float, count: int) -> dict[str, Any]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, count + 500)), hard))
    head = b"POST /v1/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n"
    opened = open_now = 0

    async def hold(half: bytes) -> None:
        nonlocal opened, open_now
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            opened, open_now = opened + 1, open_now + 1
            with contextlib.suppress(OSError):
                writer.write(half)
                await reader.read()  # until the service ends it
            open_now -= 1
            writer.close()
            await asyncio.sleep(0.5)

    # A connection for each of ours: one kept alive from before would say nothing of who comes now.
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=httpx.Limits(max_keepalive_connections=0)) as client:
        await _ready(client)
        slow = [asyncio.create_task(hold(head if n % 2 else head + b"\r\n{")) for n in range(count)]
        await asyncio.sleep(5)
        answers: collections.Counter[str] = collections.Counter()
        latencies: list[float] = []
        held = [open_now]
        until = time.monotonic() + seconds
        while (began := time.monotonic()) < until:
            try:
                answer = await client.post("/v1/run", json=PROGRAM)
                answers[str(answer.status_code)] += 1
            except httpx.HTTPError as error:
                answers[type(error).__name__] += 1
            latencies.append(time.monotonic() - began)
            held.append(open_now)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
    sent, latencies = sum(answers.values()), sorted(latencies)
    return {
        "half-sent requests held, median": int(statistics.median(held)),
        "half-sent requests opened": opened,
        "sent beside them": sent,
        "share served": round(answers["200"] / sent, 4),
        "not served": sent - answers["200"],
        "answers": dict(answers),
        "latency p50, s": round(statistics.median(latencies), 3),
        "latency p99, s": round(latencies[int(0.99 * (len(latencies) - 1))], 3),
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
