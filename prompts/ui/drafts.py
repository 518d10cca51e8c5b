"""The text of a template that is being edited: read, checked, rendered, saved as the user's own."""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prompts.check import check_template
from prompts.library import SUFFIX
from prompts.template import PromptError, parse

NAME = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*")
LONGEST_NAME = 120


def refuse_name(name: str) -> None:
    """Raises PromptError unless `name` can name a template: no dots, no empty part, so it never leads out of its folder."""
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise PromptError(f"{name[:80]!r}: not a template's name; use a-z, 0-9, - and _, with / between folders")


def source_of(folders: Iterable[Path], name: str) -> str | None:
    """The text of `name` in the first folder that has it, even one that does not parse; None where there is none yet."""
    return next((text for folder in folders if (text := _read(folder / f"{name}{SUFFIX}")) is not None), None)


def fingerprint(text: str | None) -> str:
    """Tells whether a file is still the one that was opened."""
    return "" if text is None else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


@contextmanager
def drafted(name: str, text: str, within: str | None = None) -> Iterator[Path]:
    """A folder that holds `text` as template `name`, for as long as the block lasts. `within`: where the folder is made. Raises
    PromptError.
    """
    refuse_name(name)
    with tempfile.TemporaryDirectory(prefix="lab-draft-", dir=within) as made:
        folder = Path(made)
        path = folder / f"{name}{SUFFIX}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_encoded(text))
        try:
            yield folder
        except PromptError as error:
            raise PromptError(_shown(error, folder)) from None


def complaints_of(name: str, text: str) -> list[str]:
    """What `lab prompts check` would say of the text, `code/problem.j2:9: what; the mend`."""
    return list(rendered(name, text, None)["complaints"])


def rendered(name: str, text: str, values: Mapping[str, Any] | None, within: str | None = None) -> dict[str, Any]:
    """{version, complaints, messages}: the text checked and, given values, rendered; JSON both ways, for a worker process. Its
    files lie `within` a folder of the caller's, since a worker that does not end is killed and takes nothing away.

    Values for inputs that the text does not declare are left out, those missing are taken from its example.
    """
    found: dict[str, Any] = {"version": "", "complaints": [], "messages": []}
    try:
        with drafted(name, text, within) as folder:
            prompt = parse(name, folder / f"{name}{SUFFIX}")
            found["version"] = prompt.version
            found["complaints"] = [_shown(complaint, folder) for complaint in check_template(prompt)]
            if values is not None:
                given = {**prompt.example, **values}
                found["messages"] = prompt.render({key: given[key] for key in prompt.inputs if key in given})
    except PromptError as error:
        found["complaints"] = found["complaints"] or [str(error)]  # the check says it better where it has seen it
    return found


def save(folder: Path, name: str, text: str, opened: str, original: str | None) -> Path | None:
    """Write the text as the user's own template, whole or not at all; the path, or None where the original is used again.

    A text that is the `original` one word for word takes the user's copy away. Refused with PromptError: a name that leads
    out of the folder, a text with complaints, and a file that is no longer the one `opened` (its fingerprint) names.
    """
    refuse_name(name)
    path = folder / f"{name}{SUFFIX}"
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise PromptError(f"{path}:1: a link leads out of {folder}; save to another folder")
    now = _read(path)
    if fingerprint(now if now is not None else original) != opened:
        raise PromptError(f"{path}:1: the file has changed since it was opened; open the template again")
    if complaints := complaints_of(name, text):
        raise PromptError("\n".join(["not saved:", *complaints]))
    if text == original:
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(_encoded(text))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise PromptError(f"{path}:1: cannot be written: {error.strerror}") from None
    return path


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    except OSError as error:
        raise PromptError(f"{path}:1: cannot be read: {error.strerror}") from None


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise PromptError("a character in the text has no UTF-8 form; take it out") from None


def _shown(complaint: object, folder: Path) -> str:
    return str(complaint).replace(f"{folder}/", "")
