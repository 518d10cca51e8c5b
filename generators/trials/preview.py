"""`lab prompts preview`: a template rendered on a real seed, with the tokens it costs. Nothing is asked of the checkpoint."""

from typing import Any

from generators.catalog import seeds_of
from generators.seeds.load import MathProblem, PlainRow, Problem, SeedError, Skill, Snippet, Text
from generators.seeds.repository import SourceFunction
from prompts import Library
from recipes.schema import Recipe
from sandbox.languages.dialects import dialect_of, has_prompts
from serving import host
from verification.calls import signature_of


async def preview(name: str, recipe: Recipe, seed: int, library: Library) -> dict[str, Any]:
    """Render `name` with what seed number `seed` of the recipe gives it; other inputs come from the template's example."""
    prompt = library.get(name)
    values, values_from = dict(prompt.example), "the template's example"
    for part in recipe.generate:
        seeds = seeds_of(part, recipe.seed)
        if not 0 <= seed < len(seeds.items):
            raise SeedError(f"{seeds.path}: has seeds 0-{len(seeds.items) - 1}, not {seed}")
        item = seeds.items[seed]
        if fitting := {key: value for key, value in values_of(item).items() if key in prompt.inputs}:
            values, values_from = values | fitting, f"seed {item.id} of {seeds.path} ({', '.join(fitting)})"
            break
    messages = prompt.render({key: value for key, value in values.items() if key in prompt.inputs})
    async with host(recipe.checkpoint, say=lambda text: None) as engine:
        tokens = await engine.count_tokens(messages)
    return {"version": prompt.version, "values_from": values_from, "tokens": tokens, "messages": messages}


def values_of(seed: Any) -> dict[str, Any]:
    """What a seed can give to a template, by the names that our templates use."""
    if isinstance(seed, Problem):
        values: dict[str, Any] = {
            "problem": seed.prompt,
            "code": seed.reference,
            "tests": seed.tests,
            "entry_point": seed.entry_point,
            "language": _language(seed.programming_language),
        }
    elif isinstance(seed, SourceFunction):
        values = {
            "code": seed.code,
            "entry_point": seed.entry_point,
            "signature": signature_of(seed.code, seed.entry_point),
        }
    elif isinstance(seed, Snippet):
        values = {"snippet": seed.code, "code": seed.code, "language": _language(seed.programming_language)}
    elif isinstance(seed, MathProblem):
        values = {"question": seed.question, "answer": seed.answer, "solution": seed.solution}
    elif isinstance(seed, Text):
        values = {"text": seed.text}
    elif isinstance(seed, Skill):
        values = {"skill": seed.name, "description": seed.description, "topic": seed.topic}
    else:
        values = seed.fields if isinstance(seed, PlainRow) else {}
    return {name: value for name, value in values.items() if value not in ("", None)}


def _language(language: str) -> str:
    return dialect_of(language).name if has_prompts(language) else language
