"""Recipes: YAML files that say what a run does, checked before anything is spent."""

from recipes.load import RecipeError, load, recorded, resolve
from recipes.schema import Recipe

__all__ = ["Recipe", "RecipeError", "load", "recorded", "resolve"]
