"""The judge: every report is decided here, on the host, from the facts that the container measured.

`facts.py` reads the facts of both ways a program can run into one form; `rules.py` holds the rules and the order in
which they are asked; `verdict.py` makes the report.
"""

from sandbox.judge.verdict import judge, proves_nothing

__all__ = ["judge", "proves_nothing"]
