"""Seeds: what a generator starts from. Their dataclasses; `kinds` is the table of them and `load` reads them."""

from generators.seeds.fields import MathProblem, PlainRow, Problem, Request, Skill, Snippet, Text
from generators.seeds.repository import SourceFunction

__all__ = ["MathProblem", "PlainRow", "Problem", "Request", "Skill", "Snippet", "SourceFunction", "Text"]
