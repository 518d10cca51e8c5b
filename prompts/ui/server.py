"""`lab prompts ui`: a local page (`local_page`) with a handful of JSON calls."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import HTTPException, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp

from prompts.library import Library
from prompts.template import PromptError
from prompts.ui import drafts
from prompts.ui.local_page import Address, bare_app, listen, server_of

HERE = Path(__file__).resolve().parent
LONGEST_TEXT = 200_000
"""Characters of a template."""


@dataclass(frozen=True)
class Callbacks:
    """What the page needs of the packages that prompts knows nothing of."""

    library: Callable[[], Library]
    """The templates as they are on disk now."""
    preview: Callable[[str, str, int], Awaitable[dict[str, Any]]]
    """(name, text, seed) -> what `rendered` returns, with where the values come from."""
    sample: Callable[[str, str, int, int], AsyncIterator[dict[str, Any]]]
    """(name, text, first seed, how many) -> events."""
    opened: Callable[[], str] = str
    """The template that is shown first; empty: the first of all."""


@dataclass(frozen=True)
class Page:
    """What the page is about."""

    folder: Path
    """Where overrides are saved; made by the first one."""
    checkpoint: str
    address: Address


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=drafts.LONGEST_NAME)
    text: str = Field(max_length=LONGEST_TEXT)


class _Preview(_Body):
    seed: int = Field(ge=0)


class _Sample(_Body):
    first: int = Field(ge=0)
    n: int = Field(ge=1, le=64)


class _Save(_Body):
    opened: str
    """The fingerprint of the text that was opened."""


async def serve(folder: Path, checkpoint: str, port: int, calls: Callbacks, say: Callable[[Page], None]) -> None:
    """Serve until SIGINT or SIGTERM; `say` is told the page's address. Raises PromptError where the port is taken."""
    listening = listen(port)
    page = Page(folder, checkpoint, listening.address)
    server = server_of(make_app(page, calls), page.address)
    say(page)
    await server.serve(sockets=[listening.socket])


def make_app(page: Page, calls: Callbacks) -> ASGIApp:
    """The page and its calls."""
    app = bare_app(HERE)

    @app.exception_handler(PromptError)
    async def told(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, 422)

    @app.get("/api/templates")
    async def templates() -> dict[str, Any]:
        library = calls.library()
        listed = [_entry(library, page.folder, name) for name in library.names()]
        return {
            "folder": str(page.folder),
            "checkpoint": page.checkpoint,
            "templates": listed,
            "opened": calls.opened(),
        }

    @app.get("/api/template")
    async def template(name: Annotated[str, Query(max_length=drafts.LONGEST_NAME)]) -> dict[str, Any]:
        drafts.refuse_name(name)
        folders = calls.library().folders
        text = drafts.source_of(folders, name)
        original = _original(folders, page.folder, name)
        if text is None:
            raise HTTPException(404, f"{name}: no such template")
        return {"name": name, "text": text, "original": original, "opened": drafts.fingerprint(text)}

    @app.post("/api/preview")
    async def preview(body: _Preview) -> dict[str, Any]:
        drafts.refuse_name(body.name)
        return await calls.preview(body.name, body.text, body.seed)

    @app.post("/api/sample")
    async def sample(body: _Sample) -> StreamingResponse:
        drafts.refuse_name(body.name)
        lines = (json.dumps(event) + "\n" async for event in calls.sample(body.name, body.text, body.first, body.n))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @app.post("/api/save")
    async def save(body: _Save) -> dict[str, Any]:
        drafts.refuse_name(body.name)
        found = await calls.preview(body.name, body.text, 0)  # in a worker with limits, before it is checked here
        if found["complaints"]:
            raise PromptError("\n".join(["not saved:", *found["complaints"]]))
        original = _original(calls.library().folders, page.folder, body.name)
        path = await asyncio.to_thread(drafts.save, page.folder, body.name, body.text, body.opened, original)
        entry = _entry(calls.library(), page.folder, body.name)
        return {**entry, "path": str(path) if path else None, "opened": drafts.fingerprint(body.text)}

    return app


def _original(folders: Sequence[Path], own: Path, name: str) -> str | None:
    """What the template says where the user's folder does not override it."""
    return drafts.source_of((folder for folder in folders if folder != own), name)


def _entry(library: Library, folder: Path, name: str) -> dict[str, Any]:
    own = (folder / f"{name}.j2").is_file()
    try:
        prompt = library.get(name)
    except PromptError as error:
        return {"name": name, "version": "", "yours": own, "description": str(error), "sound": False}
    return {"name": name, "version": prompt.version, "yours": own, "description": prompt.description, "sound": True}
