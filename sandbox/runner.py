"""What runs and judges programs, as its users see it: a pool of this machine's (`Sandbox`), or a service elsewhere
(`sandbox.service.client.RemoteSandbox`).
"""

from __future__ import annotations

from typing import Protocol

from sandbox.report import Limits, Program, Report


class Runner(Protocol):
    """Runs as many programs at once as it is handed; whoever made it enters and leaves it.

    What every one promises is in `tests/sandbox/test_runner_conformance.py`: the same report for the same program, a
    SandboxError for what is not the program's fault, and nothing left behind when it is left.
    """

    def identity(self, language: str = "python") -> str:
        """All that a verdict depends on beside the program and its limits. Raises SandboxError for an unknown language."""
        ...

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        """Run and judge one program. Raises SandboxError where the runner cannot do its work."""
        ...
