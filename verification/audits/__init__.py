"""Audits of the verifier: do the tests of a data set prove anything?

rows = read_rows(Path("data.jsonl"))
async with Sandbox() as box:
    audited = await audit(box, rows, Path("data-audited.jsonl"), Settings(), say=lambda done, all: None)
print(summary(audited))
"""

from verification.audits.audit import Audited, Findings, Settings, audit
from verification.audits.command import audit_data, output_of
from verification.audits.journal import journal_path
from verification.audits.rows import Row, read_rows, rows_of_run
from verification.audits.summary import figures, summary
from verification.mutation import Mutant, mutants

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
    "rows_of_run",
    "summary",
]
