"""Prompt templates: found by path, overridden by the user's own folder, checked, hashed, rendered in a sandbox."""

from prompts.check import check_all, check_template
from prompts.library import Library
from prompts.template import Prompt, PromptError, parse

__all__ = ["Library", "Prompt", "PromptError", "check_all", "check_template", "parse"]
