"""Recipes: YAML files that say what a run does, checked before anything is spent.

`schema` says what may stand there, `load` reads a file, `reading` is what recipes of pre-training share with it. This
file imports neither pydantic nor PyYAML.
"""

from recipes.errors import RecipeError

__all__ = ["RecipeError"]
