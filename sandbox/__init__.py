"""Runs hostile programs in Docker and says, unforgeably, what became of them. Knows nothing of models.

async with Sandbox() as box:
    report = await box.run(Program(code="def add(a, b): return a + b", tests="assert add(1, 2) == 3"))
    report.verdict, report.detail, report.feedback()
"""

from sandbox.containers.container import clean
from sandbox.containers.image import build_image, docker_problem, image_tag
from sandbox.pool import Sandbox, run_once
from sandbox.report import (
    Case,
    Diagnostic,
    Limits,
    Program,
    Proof,
    Report,
    SandboxError,
    Stage,
    TestResult,
    Usage,
    Verdict,
)
from sandbox.runner import Runner
from sandbox.show import render

__all__ = [
    "Case",
    "Diagnostic",
    "Limits",
    "Program",
    "Proof",
    "Report",
    "Runner",
    "Sandbox",
    "SandboxError",
    "Stage",
    "TestResult",
    "Usage",
    "Verdict",
    "build_image",
    "clean",
    "docker_problem",
    "image_tag",
    "render",
    "run_once",
]
