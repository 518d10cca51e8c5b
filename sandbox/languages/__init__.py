"""What the sandbox knows of each language, a file for each, and `LANGUAGES`, the table of them."""

from sandbox.languages.table import LANGUAGES

__all__ = ["LANGUAGES"]
