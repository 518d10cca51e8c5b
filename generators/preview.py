"""`lab prompts preview`: a template rendered on a real seed, with the tokens it costs. Nothing is asked of the checkpoint."""

from typing import Any

from generators.catalog import CATALOG
from generators.seeds import Problem, SeedError
from prompts import Library
from recipes import Recipe
from serving import host


async def preview(name: str, recipe: Recipe, seed: int, library: Library) -> dict[str, Any]:
    """Render `name` with what seed number `seed` of the recipe gives it; other inputs come from the template's example."""
    prompt = library.get(name)
    values, values_from = dict(prompt.example), "the template's example"
    for part in recipe.generate:
        seeds = CATALOG[part.recipe].load(part).items
        if not 0 <= seed < len(seeds):
            raise SeedError(f"{part.seeds}: has seeds 0-{len(seeds) - 1}, not {seed}")
        item = seeds[seed]
        given = (
            {"problem": item.prompt, "code": item.reference} if isinstance(item, Problem) else {"snippet": item.code}
        )
        if fitting := {key: value for key, value in given.items() if key in prompt.inputs}:
            values, values_from = values | fitting, f"seed {item.id} of {part.seeds} ({', '.join(fitting)})"
            break
    messages = prompt.render({key: value for key, value in values.items() if key in prompt.inputs})
    async with host(recipe.checkpoint, say=lambda text: None) as engine:
        tokens = await engine.count_tokens(messages)
    return {"version": prompt.version, "values_from": values_from, "tokens": tokens, "messages": messages}
