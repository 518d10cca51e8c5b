"""Audits of the verifier: do the tests of a data set prove anything?

rows = read_rows(Path("data.jsonl"))
async with Sandbox() as box:
    audited = await audit(box, rows, Path("data-audited.jsonl"), Settings(), say=lambda done, all: None)
print(summary(audited))
"""

from sandbox.audit.audit import Audited, Findings, Settings, audit
from sandbox.audit.command import audit_data, output_of
from sandbox.audit.journal import journal_path
from sandbox.audit.mutation import Mutant, mutants
from sandbox.audit.rows import Row, read_rows
from sandbox.audit.summary import figures, summary

__all__ = [
    "Audited",
    "Findings",
    "Mutant",
    "Row",
    "Settings",
    "audit",
    "audit_data",
    "figures",
    "journal_path",
    "mutants",
    "output_of",
    "read_rows",
    "summary",
]
