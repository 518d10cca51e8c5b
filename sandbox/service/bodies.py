"""Requests in, answers out: bodies read within bounds and never trusted, JSON that cannot fail to be written."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeVar

from fastapi import HTTPException, Request, Response
from pydantic import AfterValidator, BaseModel, Field, ValidationError
from starlette.requests import ClientDisconnect

from sandbox.service.admission import Admission, Arrival

BODY_BYTES = 16 * 1024 * 1024
BODY_S = 30.0
"""How long a body may take to arrive."""

DISCARD_S = 2.0
"""How long a refused client may go on sending before it is answered."""

Model = TypeVar("Model", bound=BaseModel)


class Problem(BaseModel):
    """Why a request was not served."""

    detail: str


async def read_body(request: Request, model: type[Model], admission: Admission) -> tuple[Model, int]:
    """The request's body as a `model`, and its bytes. Raises HTTPException 408, 413, 415, 422; Refused where there is no
    place for it, or it made room for others; ClientDisconnect where the client leaves in mid-sentence.
    """
    admission.refuse_if_full()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":  # also keeps web pages out: a browser asks before it sends this across origins
        raise HTTPException(415, "the body must be JSON: Content-Type: application/json")
    try:
        async with asyncio.timeout(BODY_S) as deadline:
            with admission.arrival(lambda: deadline.reschedule(0)) as arrival:
                body = await _within_bounds(request, admission, arrival)
    except TimeoutError:
        if arrival.crowded_out:
            detail = "the requests that arrive are too large together, and this one is the slowest"
            raise admission.refusal("bodies_full", detail, admission.retry_s()) from None
        raise HTTPException(408, f"the body did not arrive within {BODY_S:g} s") from None
    try:
        return model.model_validate_json(body), len(body)
    except ValidationError as error:
        admission.count_refusal("invalid")
        raise HTTPException(422, _explained(error)) from None


async def discard_body(request: Request) -> None:
    """Let a body that nobody wants arrive, within reason: a client that is still writing does not see the answer."""
    with contextlib.suppress(TimeoutError, ClientDisconnect, RuntimeError):
        async with asyncio.timeout(DISCARD_S):
            count = 0
            async for chunk in request.stream():
                count += len(chunk)
                if count > BODY_BYTES:
                    return


def told(model: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI entry of a body that `read_body` reads."""
    reference = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": reference}}}}


def json_response(data: Any, status: int = 200, retry_s: int | None = None) -> Response:
    """JSON whatever the strings hold: half a surrogate pair becomes a question mark."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    headers = {"Retry-After": str(retry_s)} if retry_s else None
    return Response(text.encode("utf-8", "replace"), status, headers, "application/json")


def refuse(status: int, detail: str, retry_s: int | None = None) -> Response:
    return json_response({"detail": detail}, status, retry_s)


def client_left(request: Request) -> Callable[[], Awaitable[None]]:
    """A function that returns when the client of a request whose body was read has hung up."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return gone


async def _within_bounds(request: Request, admission: Admission, arrival: Arrival) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:20]) > BODY_BYTES:
        admission.count_refusal("too_large")
        raise HTTPException(413, f"a body may have {BODY_BYTES} bytes at most")
    body = bytearray()
    async for chunk in request.stream():
        if len(body) + len(chunk) > BODY_BYTES:
            admission.count_refusal("too_large")
            raise HTTPException(413, f"a body may have {BODY_BYTES} bytes at most")
        admission.arrived(arrival, len(chunk))
        body += chunk
    return bytes(body)


def _explained(error: ValidationError) -> str:
    """What is wrong and where, without the input: that may be long, and no text at all."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, item['loc']))[:200] or 'body'}: {item['msg'][:300]}" for item in found[:10])


def checked_files(files: dict[str, str]) -> dict[str, str]:
    """The files, where each has a safe path and content in base64. Raises ValueError."""
    for name, content in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or not path.parts or ".." in path.parts or "\0" in name or len(name.encode()) > 200:
            raise ValueError("a file's path is relative, below the working directory, and 200 bytes long at most")
        try:
            base64.b64decode(content, validate=True)
        except ValueError:
            raise ValueError("the content of a file is given in base64") from None
    return files


Files = Annotated[dict[str, str], Field(max_length=100), AfterValidator(checked_files)]
