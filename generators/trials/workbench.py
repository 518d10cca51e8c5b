"""What stands behind `lab prompts ui`: drafts of templates rendered on real seeds, and put to the checkpoint when asked to."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from checkpoints import CheckpointError
from generators.catalog import entry_of
from generators.drive import GeneratorError, Progress
from generators.lab import Lab
from generators.options import OptionError
from generators.raised import told
from generators.seeds.load import SeedError
from generators.setup import open_bench
from generators.trials.template_uses import uses_of
from generators.trials.trial import Trial, TrialPlan, attempts, library_for, plan, run_trial, stage_named
from ledger import Ledger, LedgerError
from prompts import Library, Prompt, PromptError
from prompts.ui.drafts import drafted
from recipes import RecipeError
from recipes.schema import Recipe
from sandbox import SandboxError
from serving import Engine, ServingError
from verification import workers as checks

TOLD = (
    *(LedgerError, PromptError, RecipeError, SandboxError, SeedError, ServingError, CheckpointError),
    *(GeneratorError, OptionError),
)
"""What can go wrong through the user's own files or machine; the page says it in the error's words."""
RENDER = "prompts.ui.drafts:rendered"
MOST_SEEDS = 64
"""Seeds of one sampling."""


class Workbench:
    """Renders and samples drafts. Checkpoint and sandbox are opened by the first sampling and stay open till the end."""

    def __init__(self, recipe: Recipe, folder: Path, seeds: Path | None = None) -> None:
        self.recipe = recipe
        self.folder = folder
        self.seeds = seeds
        self._open = AsyncExitStack()
        self._lab: Lab | None = None
        self._rounds: Counter[str] = Counter()
        self._busy = asyncio.Lock()

    async def __aenter__(self) -> "Workbench":
        self._scratch = self._open.enter_context(tempfile.TemporaryDirectory(prefix="lab-prompts-"))
        self._ledger = self._open.enter_context(Ledger(Path(self._scratch)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()
        await checks.close()

    def library(self) -> Library:
        """The templates as they are on disk now. Raises PromptError, also where a generator of one's own is broken just now."""
        with _told():
            return library_for(self.recipe, Library([self.folder] if self.folder.is_dir() else []))

    def opened(self) -> str:
        """The template to begin with: what the recipe's generators ask first, else one of the user's own; "" for neither."""
        library = self.library()
        known = set(library.names())
        with _told():
            entries = [entry_of(part.generator) for part in self.recipe.generate]
        asked = [name for entry in entries for name in uses_of(entry.generator, known).asked]
        return next(iter([*asked, *(name for name in library.names() if (self.folder / f"{name}.j2").is_file())]), "")

    async def preview(self, name: str, text: str, seed: int) -> dict[str, Any]:
        """{version, complaints, messages, generator, values_from, seed, tokens} of a draft on seed number `seed`.

        `tokens` is None until the checkpoint is open. Raises PromptError.
        """
        with _told():
            found = await self._rendered(name, text, None)
            if found["complaints"]:
                return found
            with drafted(name, text) as draft:
                library = self._with(draft)
                chosen = plan(name, library, self.recipe, seeds=self.seeds, first=seed, n=1)
                values, why = await self._given(chosen, library)
            found = await self._rendered(name, text, values)
            described = f"the template's example{why and f', since the generator fails: {why}'}"
            if chosen.path and values:
                described = f"seed {chosen.stage.seeds[0].id} of {chosen.path.name}"
            found |= {"generator": chosen.generator, "values_from": described, "tokens": None}
            if self._lab and found["messages"]:
                found["tokens"] = await self._lab.engine.count_tokens(found["messages"])
            return found

    async def sample(self, name: str, text: str, first: int, n: int) -> AsyncIterator[dict[str, Any]]:
        """Events of one sampling: `{"started"}`, `{"say"}` while loading, `{"attempt"}` as each ends, `{"done"}` or `{"error"}`.

        Whoever stops listening stops the sampling.
        """
        if self._busy.locked():
            yield {"error": "a sampling is under way; stop it first"}
            return
        async with self._busy:
            events: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
            work = asyncio.create_task(self._sample(name, text, first, min(n, MOST_SEEDS), events.put_nowait))
            try:
                while (event := await events.get()) is not None:
                    yield event
                await work  # a mistake of ours breaks the stream off instead of looking like an empty sampling
            finally:
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)

    async def _sample(
        self, name: str, text: str, first: int, n: int, emit: Callable[[dict[str, Any] | None], None]
    ) -> None:
        try:
            with _told(), drafted(name, text) as draft:
                checked = await self._rendered(name, text, None)
                if checked["complaints"]:
                    raise PromptError("\n".join(checked["complaints"]))
                library = self._with(draft)
                chosen = plan(name, library, self.recipe, seeds=self.seeds, first=first, n=n)
                emit({"started": {"generator": chosen.generator, "seeds_from": chosen.seeds_from}})
                lab = await self._opened(emit)
                trial = await self._trial(lab, chosen, library, emit)
                emit({"done": {**_summary(trial), "checkpoint": lab.engine.name}})
        except PromptError as error:
            emit({"error": str(error)})
        finally:
            emit(None)

    async def _trial(self, lab: Lab, chosen: TrialPlan, library: Library, emit: Callable[[Any], None]) -> Trial:
        """Run the plan, anew each time: a second round of the same draft has sample numbers of its own."""
        version = library.get(chosen.template).version
        number = self._rounds[version]
        self._rounds[version] += 1
        generator = chosen.stage.generator

        async def again(bench: Lab, seed: Any) -> Any:
            return await generator(replace(bench, sample=bench.sample + number * MOST_SEEDS), seed)

        chosen = replace(chosen, stage=replace(chosen.stage, generator=again))
        label, shown = f"ui-{number}", set[int]()
        name = stage_named(chosen, library, label).name

        def watch(progress: Progress) -> None:
            rows = [row.attempt for row in lab.ledger.rows(name)]
            for attempt, found in zip(rows, attempts(lab.ledger, name, chosen), strict=True):
                if attempt not in shown:
                    shown.add(attempt)
                    emit({"attempt": found.to_dict()})

        return await run_trial(lab, chosen, library, label=label, watch=watch)

    async def _opened(self, emit: Callable[[Any], None]) -> Lab:
        if self._lab is None:
            prompts = self.folder if self.folder.is_dir() else None
            recipe = self.recipe.model_copy(update={"prompts": prompts})
            loop = asyncio.get_running_loop()

            def say(text: str) -> None:  # the engine's thread says it too
                loop.call_soon_threadsafe(emit, {"say": text})

            self._lab = (await self._open.enter_async_context(open_bench(recipe, self._ledger, say))).lab
        return self._lab

    def _with(self, draft: Path) -> Library:
        return Library([draft, *self.library().folders[:-1]])

    async def _rendered(self, name: str, text: str, values: Mapping[str, Any] | None) -> dict[str, Any]:
        """In a worker process with limits: a loop typed half-way must not stop the page."""
        found = await checks.call(RENDER, name=name, text=text, values=values, within=self._scratch)
        if why := found.get("failed"):
            said = {"timeout": f"does not end within {checks.TIMEOUT_S:g} s", "too_long": "is too long to be rendered"}
            complaint = f"{name}: {said.get(why, 'cannot be rendered: ' + str(found.get('detail', why)))}"
            return {"version": "", "complaints": [complaint], "messages": []}
        return found

    async def _given(self, chosen: TrialPlan, library: Library) -> tuple[Mapping[str, Any], str]:
        """What the generator gives the template on the plan's first seed, empty where it asks the checkpoint before; and what it
        fails with, where it does.

        The generator itself is run, with answers recorded by an earlier sampling and with no checkpoint behind it.
        """
        noting = _Noting(library, chosen.template)
        engine = _Silent(self._lab.engine.identity if self._lab else "")
        lab = Lab(cast(Engine, engine), self._ledger, cast(Library, noting), sampling=dict(chosen.sampling))
        seed = chosen.stage.seeds[0]
        try:
            await chosen.stage.generator(lab.attempt(0), seed)
        except (_Reached, SandboxError):
            pass
        except (
            Exception
        ) as error:  # of a generator of one's own, which raises so in a sampling as well, and is told there
            return noting.values, told(error, f"seed {seed.id}")
        return noting.values, ""


class _Reached(Exception):
    """As far as a preview goes."""


class _Silent:
    """An engine that is only there to be named."""

    name = "none"
    loading_s = 0.0

    def __init__(self, identity: str) -> None:
        self.identity = identity

    async def complete(self, *_: Any, **__: Any) -> Any:
        raise _Reached


class _Noting:
    """A library that notes the first values given to one of its templates, and goes no further then."""

    def __init__(self, library: Library, name: str) -> None:
        self._library = library
        self._name = name
        self.values: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        return self if name == self._name else self._library.get(name)

    def render(self, *given: Any) -> Any:
        """As `Prompt.render(values)` for the template itself, as `Library.render(name, values)` for all."""
        *name, values = given
        if name and name[0] != self._name:
            return self._library.render(name[0], values)
        self.values = dict(values)
        raise _Reached

    def __getattr__(self, name: str) -> Any:
        prompt: Prompt = self._library.get(self._name)
        return getattr(prompt, name)


@contextmanager
def _told() -> Iterator[None]:
    """Turns what the user can mend into the one exception that the page knows."""
    try:
        yield
    except TOLD as error:
        raise PromptError(str(error)) from error


def _summary(trial: Trial) -> dict[str, Any]:
    return {
        "version": trial.version,
        "generator": trial.generator,
        "accepted": trial.accepted,
        "attempts": len(trial.attempts),
        "reasons": trial.reasons,
        "output_tokens": trial.progress.output_tokens,
    }
