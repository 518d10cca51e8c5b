"""Sets up what a recipe asks for: ledger facts, the hosted checkpoint, the sandbox, the prompt library."""

import os
import platform
import shlex
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generators.lab import Lab
from generators.seeds.load import SeedError
from ledger import Ledger, facts
from ledger.facts import CheckpointFact, MachineFact
from ledger.meter import TokenMeter
from prompts import Library, PromptError, check_template
from recipes.schema import Recipe
from sandbox import Limits, Sandbox, SandboxError, docker_problem
from serving import Engine, host, host_scorer, host_step_scorer
from serving.launch import Say
from verification import workers as checks


@dataclass(frozen=True)
class Bench:
    """An open workplace: the lab of a run, and what only the whole run may touch."""

    lab: Lab
    engine: Engine
    sandbox: Sandbox


@asynccontextmanager
async def open_bench(recipe: Recipe, ledger: Ledger, say: Say, *, programs: bool = True) -> AsyncIterator[Bench]:
    """Open what `recipe` needs. Engine and sandbox start when first used, so a run that only replays starts neither.

    Where no `programs` are run, Docker is not asked for.
    """
    library = checked_library(recipe)
    for path in recipe.data.decontaminate:
        if not path.exists():  # better now than when the data are made
            raise SeedError(f"data.decontaminate: {path}: no such file")
    if programs and not ledger.has_effects() and (problem := docker_problem()):
        raise SandboxError(problem)  # better now than after the model's load
    part = recipe.sandbox
    memory_bytes = part.memory_mb and part.memory_mb * 1024**2
    asked: dict[str, Any] = {"cpu_s": part.cpu_s, "wall_s": part.wall_s, "memory_bytes": memory_bytes}
    limits = replace(Limits(), **{name: value for name, value in asked.items() if value is not None})
    meter = TokenMeter(ledger.run_dir)
    try:
        async with (
            host(recipe.checkpoint, recipe.serving, say=say, meter=meter) as engine,
            host_scorer(recipe.reward_model, recipe.serving.max_model_len) as scorer,
            host_step_scorer(recipe.stepwise_model, recipe.serving.max_model_len) as step_scorer,
            Sandbox(limits=limits, slots=part.slots, runtime=part.runtime, fresh=part.fresh) as box,
        ):
            await _record_start(recipe, ledger, engine)
            yield Bench(Lab(engine, ledger, library, box, scorer, step_scorer, limits=limits), engine, box)
            await ledger.record(facts.EMITTED_TOKENS, meter.total)
    finally:
        await checks.close()
        meter.close()


def checked_library(recipe: Recipe) -> Library:
    """The templates in view, every one checked before a token is spent."""
    library = Library([recipe.prompts] if recipe.prompts else [])
    complaints = [complaint for name in library.names() for complaint in check_template(library.get(name))]
    if complaints:
        raise PromptError("\n".join(complaints))
    return library


async def _record_start(recipe: Recipe, ledger: Ledger, engine: Engine) -> None:
    await ledger.record(facts.RECIPE, recipe.to_plain())
    await ledger.record(facts.WORKING_DIRECTORY, str(Path.cwd()))
    hosted = CheckpointFact(name=engine.name, identity=engine.identity, path=recipe.checkpoint)
    await ledger.record(facts.CHECKPOINT, hosted)
    await record_command(ledger)


async def record_command(ledger: Ledger) -> None:
    """Keep the command line that works on the run, and what it works on."""
    command = shlex.join(["lab", *sys.argv[1:]])
    commands = ledger.read(facts.COMMANDS) or []
    if command not in commands:
        await ledger.record(facts.COMMANDS, [*commands, command])
    await ledger.record(facts.MACHINE, machine())


def machine() -> MachineFact:
    """What the run ran on, as far as figures depend on it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    gpu = None
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 2**30),
        "gpu": gpu,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
