"""What a run came to: one self-contained HTML page, a summary for the terminal, the figures as JSON."""

from report.gather import RunSummary, gather, to_json
from report.html import write_html
from report.terminal import print_summary

__all__ = ["RunSummary", "gather", "print_summary", "to_json", "write_html"]
