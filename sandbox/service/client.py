"""A sandbox that runs elsewhere, behind `lab sandbox serve`: the same to its users as a pool of this machine's.

async with RemoteSandbox("http://host:8090", token="...") as box:
    report = await box.run(program)
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sandbox.report import Limits, Program, Report, SandboxError

if TYPE_CHECKING:
    import httpx

PATIENCE_S = 120.0
"""How long a run waits for a service that does not answer, or whose Docker has gone away, before it gives up."""

ANSWER_S = 900.0
"""How long an answer may take: the queue of the service, and the longest run with its controls."""

PAUSE_S = 1.0
"""Between two attempts, where the service does not say."""

LONGEST_PAUSE_S = 30.0


class RemoteSandbox:
    """A client of the service at `url`. A queue that is full is waited for; any other fault is a SandboxError."""

    def __init__(self, url: str, token: str | None = None, *, patience_s: float = PATIENCE_S) -> None:
        self.url = url.rstrip("/")
        self._token, self._patience_s = token, patience_s
        self._identities: dict[str, str] = {}

    async def __aenter__(self) -> RemoteSandbox:
        """Ask the service what it is. Raises SandboxError where there is none, or it does not know the token."""
        import httpx

        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        timeout = httpx.Timeout(ANSWER_S, connect=10.0, pool=None)
        self._client = httpx.AsyncClient(
            base_url=self.url, headers=headers, timeout=timeout, limits=httpx.Limits(max_connections=None)
        )
        try:
            health = await self._once("GET", "/health")
            languages = await self._once("GET", "/v1/languages")
            if languages.status_code != 200:
                raise SandboxError(self._complaint(languages))
            room = health.json()["slots"] + health.json()["queue"]
            for row in languages.json():
                self._identities |= dict.fromkeys((row["name"], *row["aliases"]), str(row["identity"]))
        except (ValueError, KeyError, TypeError):
            await self._client.aclose()
            raise SandboxError(f"{self.url} is no sandbox of this version: no answer of its to be read") from None
        except BaseException:
            await self._client.aclose()
            raise
        self._room = asyncio.Semaphore(max(1, int(room)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    def identity(self, language: str = "python") -> str:
        """The service's own, as it was when this client was entered."""
        try:
            return self._identities[language.lower()]
        except KeyError:
            known = ", ".join(self._identities)
            raise SandboxError(f"the sandbox has no language {language!r}; it has: {known}") from None

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        """Run one program there. Waits while the service's queue is full, and up to `patience_s` for a service that is
        away; raises SandboxError then, and for a request that it refuses.
        """
        body = json.dumps(_request(program, limits)).encode("ascii")
        async with self._room:
            deadline = time.monotonic() + self._patience_s
            while True:
                pause_s = PAUSE_S
                try:
                    answer = await self._once("POST", "/v1/run", body)
                except SandboxError:
                    if time.monotonic() > deadline:
                        raise
                else:
                    if answer.status_code == 200:
                        return _report(answer)
                    pause_s = _pause_s(answer)
                    if answer.status_code == 429:  # it is alive and busy, which is no fault
                        deadline = time.monotonic() + self._patience_s
                    elif answer.status_code not in (408, 503) or time.monotonic() > deadline:
                        raise SandboxError(self._complaint(answer))
                await asyncio.sleep(pause_s)

    async def _once(self, method: str, path: str, body: bytes | None = None) -> httpx.Response:
        import httpx

        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            return await self._client.request(method, path, content=body, headers=headers)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            said = str(error) or type(error).__name__
            raise SandboxError(f"no sandbox answers at {self.url} ({said}); start one: lab sandbox serve") from None

    def _complaint(self, answer: httpx.Response) -> str:
        try:
            detail = str(answer.json()["detail"])
        except (ValueError, KeyError, TypeError):
            detail = answer.text[:200]
        return f"the sandbox at {self.url} refused ({answer.status_code}): {detail}"


def _request(program: Program, limits: Limits | None) -> dict[str, Any]:
    return {**asdict(program), "files": dict(program.files), "limits": asdict(limits) if limits else {}}


def _report(answer: httpx.Response) -> Report:
    try:
        return Report.from_dict(answer.json())
    except ValueError as error:
        raise SandboxError(f"not a sandbox report: {error}") from None


def _pause_s(answer: httpx.Response) -> float:
    told = answer.headers.get("Retry-After", "")
    return min(float(told), LONGEST_PAUSE_S) if told.isdigit() else PAUSE_S
