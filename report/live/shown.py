"""A rich console on which text is text: no markup in it is obeyed, and no control character reaches the terminal."""

from typing import Any

from rich.console import Console
from rich.text import Text

from sandbox.visible import visible

STATES = {
    "green": ("ok", "done", "built", "accepted"),
    "yellow": ("stopped", "none", "not built", "untested"),
    "red": ("missing", "NO", "unreadable"),
}


def state(word: str, otherwise: str = "") -> Text:
    """How something stands, in its colour: one of `STATES`, or else in the style `otherwise`."""
    return Text(visible(word), next((style for style, words in STATES.items() if word in words), otherwise))


class Shown(Console):
    """What a table's cells and other plain strings hold comes from recipes, templates, rows and answers."""

    def render_str(self, text: str, **wanted: Any) -> Text:
        """The text as it stands, its control characters by number; a style around it stays."""
        return super().render_str(visible(text), **{**wanted, "markup": False, "emoji": False})
