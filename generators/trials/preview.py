"""`lab prompts preview`: a template rendered on a real seed, with the tokens it costs. Nothing is asked of the checkpoint."""

from typing import Any

from generators.catalog import entry_of
from generators.seeds.load import SeedError
from generators.stage import seeds_of
from generators.trials.trial import user_of
from prompts import Library
from recipes.schema import Recipe
from serving import host


async def preview(name: str, recipe: Recipe, seed: int, library: Library) -> dict[str, Any]:
    """Render `name` with what seed number `seed` of the recipe gives it; other inputs come from the template's example."""
    prompt = library.get(name)
    values, values_from = dict(prompt.example), "the template's example"
    user = user_of(name, library, recipe, None)
    for part in [user] if user else recipe.generate:
        seeds = seeds_of(part, recipe.seed)
        if not 0 <= seed < len(seeds.items):
            raise SeedError(f"{seeds.path}: has seeds 0-{len(seeds.items) - 1}, not {seed}")
        item = seeds.items[seed]
        given = entry_of(part.generator).kind.values(item)
        if fitting := {key: given[key] for key in given if key in prompt.inputs and given[key] not in ("", None)}:
            values, values_from = values | fitting, f"seed {item.id} of {seeds.path} ({', '.join(fitting)})"
            break
    messages = prompt.render({key: value for key, value in values.items() if key in prompt.inputs})
    async with host(recipe.checkpoint, say=lambda text: None) as engine:
        tokens = await engine.count_tokens(messages)
    return {"version": prompt.version, "values_from": values_from, "tokens": tokens, "messages": messages}
