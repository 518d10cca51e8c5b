"""The one exception this package raises on purpose."""


class RecipeError(Exception):
    """A recipe cannot be used; the message names file, line, field and the mend."""
