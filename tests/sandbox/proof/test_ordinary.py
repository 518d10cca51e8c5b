"""Right programs of every shape that tests use are accepted, with the strongest proof: what refuses a forgery must not
refuse these.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_programs import Hostile, hostile_programs
from sandboxed import run_program

from sandbox import Proof, SandboxError

pytestmark = pytest.mark.docker
ORDINARY = hostile_programs(Path(__file__).parents[2] / "ordinary")


@pytest.mark.parametrize("ordinary", ORDINARY, ids=lambda ordinary: ordinary.name)
def test_an_ordinary_program_is_accepted(ordinary: Hostile) -> None:
    try:
        report = run_program(ordinary.program, ordinary.limits)
    except SandboxError as error:
        if ordinary.language == "python":
            raise
        pytest.skip(str(error))
    proof = Proof.control if ordinary.name.startswith("beside/") else Proof.isolated
    assert (report.verdict, report.proof) == (*ordinary.verdicts, proof), report.feedback()
