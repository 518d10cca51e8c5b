"""What a run came to: one self-contained HTML page, a summary for the terminal, the figures as JSON.

Beside the report of a run: of a pre-training (`pretraining`), the card of a data set, the list of runs, why a row is what
it is, and a stage while it goes on (`live`). Sandboxed programs are shown by `sandbox.show`.
"""

from report.run.figures import to_json
from report.run.gather import gather
from report.run.page import write_html
from report.run.summary import RunSummary
from report.run.terminal import print_summary, table_lines

__all__ = ["RunSummary", "gather", "print_summary", "table_lines", "to_json", "write_html"]
