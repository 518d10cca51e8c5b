"""One template file: YAML front matter, then the messages, each opened by a line `== system ==`, `== user ==` or `== assistant ==`.

The file is cut into messages *before* anything is rendered, so no value can open a message of its own; values are data,
never template text, however many braces a model writes.
"""

import difflib
import hashlib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import yaml
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from recipes.reading.limits import parsed, text_of
from rows.messages import Message, Role

MESSAGE = re.compile(r"^== (\w+) ==[ \t]*$", re.MULTILINE)
ROLES: tuple[Role, ...] = ("system", "user", "assistant")
"""Those that a template may speak in."""
TYPES: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "list": (list, tuple),
    "dict": dict,
}
FIELDS = ("description", "inputs", "output", "sampling", "example")


def _number(least: float, most: float = math.inf) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _whole(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def _texts(least: int) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, list) and len(value) >= least and all(one and isinstance(one, str) for one in value)
    )


SAMPLING: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "temperature": ("a number from 0 on", _number(0)),
    "top_p": ("a number from 0 to 1", _number(0, 1)),
    "top_k": ("a whole number, 0 for all", _whole(0)),
    "max_tokens": ("a whole number from 1 on", _whole(1)),
    "stop": ("a list of texts", _texts(0)),
    "choice": ("a list of texts, numbers and yes or no in quotes", _texts(1)),
    "regex": ("a text", lambda value: isinstance(value, str)),
    "json_schema": ("an object", lambda value: isinstance(value, dict)),
}
"""What a template may want of the sampler (`serving.Sampling`): what each must be, in words and as a test."""


class PromptError(Exception):
    """A template is missing, malformed or wrongly used; the message begins with `file:line:` and ends with the mend."""


@dataclass(frozen=True)
class Input:
    """One variable of a template."""

    name: str
    type: str
    description: str = ""
    default: Any = None
    required: bool = True


@dataclass(frozen=True)
class Prompt:
    """A parsed template. `version` names the very text that made a row."""

    name: str
    path: Path
    source: str
    description: str
    inputs: dict[str, Input]
    output: str
    """The form of the answer: `text`, `code`, `json` or `choice`."""
    sampling: dict[str, Any]
    """What this prompt wants of the sampler, of `SAMPLING`."""
    messages: tuple[tuple[Role, int, str], ...] = field(repr=False)
    """(role, line of the first content line, template text)"""
    example: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def version(self) -> str:
        """`name@hash`, twelve hexadecimal digits of the text's SHA-256."""
        return f"{self.name}@{hashlib.sha256(self.source.encode()).hexdigest()[:12]}"

    @cached_property
    def _compiled(self) -> list[tuple[Role, Any]]:
        environment = sandboxed()
        try:
            # Blank lines in front keep Jinja's line numbers those of the file.
            return [(role, environment.from_string("\n" * (line - 1) + text)) for role, line, text in self.messages]
        except TemplateSyntaxError as error:
            raise PromptError(f"{self.path}:{error.lineno}: {error.message}") from None

    def render(self, values: Mapping[str, Any]) -> list[Message]:
        """The conversation, `[{"role", "content"}, ...]`. Refuses unknown, missing and wrongly typed values."""
        values = self._checked(values)
        rendered: list[Message] = []
        for role, template in self._compiled:
            try:
                content = template.render(values)
            except UndefinedError as error:
                raise PromptError(f"{self.path}:{_line_of(error)}: {error.message}") from None
            except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
                raise PromptError(f"{self.path}:{_line_of(error)}: {type(error).__name__}: {error}") from None
            if content := content.strip():  # a message whose condition did not hold is none
                rendered.append({"role": role, "content": content})
        if not rendered:
            raise PromptError(f"{self.path}:1: with these values every message is empty; give one some text")
        return rendered

    def _checked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        for name in values:
            if name not in self.inputs:
                raise PromptError(f'{self.path}:1: takes no "{name}"{suggest(name, self.inputs)}')
        checked = {}
        for name, wanted in self.inputs.items():
            if name not in values and wanted.required:
                raise PromptError(f'{self.path}:1: needs "{name}" ({wanted.type}), which was not given')
            value = values.get(name, wanted.default)
            if name in values and not isinstance(value, TYPES[wanted.type]):
                raise PromptError(f'{self.path}:1: "{name}" must be {wanted.type}, got {type(value).__name__}')
            checked[name] = value
        return checked


def sandboxed() -> SandboxedEnvironment:
    """Jinja that refuses attributes of the interpreter and undefined names. The output is a prompt, not HTML: no escaping."""
    return SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )


def parse(name: str, path: Path) -> Prompt:
    """Read a template file; raises `PromptError` with file and line."""
    try:
        source = text_of(path)
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path}:1: cannot be read: {error}") from None
    front, body, body_line = _split(path, source)
    for key in front:
        if key not in FIELDS:
            raise PromptError(
                f'{path}:{_line(source, key)}: unknown field "{key}" in the front matter{suggest(str(key), FIELDS)}'
            )
    for key in ("sampling", "example"):
        if not isinstance(front.get(key) or {}, dict):
            raise PromptError(f"{path}:{_line(source, key)}: {key} must be `name: value` lines")
    _refuse_sampling(path, source, front.get("sampling") or {})
    return Prompt(
        name,
        path,
        source,
        str(front.get("description", "")),
        _inputs(path, source, front.get("inputs") or {}),
        str(front.get("output", "text")),
        dict(front.get("sampling") or {}),
        _messages(path, body, body_line),
        dict(front.get("example") or {}),
    )


def _refuse_sampling(path: Path, source: str, given: Mapping[Any, Any]) -> None:
    for name, value in given.items():
        line = max(_line(source, "sampling"), _line(source, name))
        if name not in SAMPLING:
            raise PromptError(f'{path}:{line}: sampling knows no "{name}"{suggest(str(name), SAMPLING)}')
        words, fits = SAMPLING[name]
        if not fits(value):
            raise PromptError(f'{path}:{line}: sampling: "{name}" must be {words}, got {value!r}')


def suggest(word: str, known: Any) -> str:
    """`; did you mean "x"? Known here: x, y.`"""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1)
    hint = f'; did you mean "{close[0]}"?' if close else "."
    return f"{hint} Known here: {', '.join(known) or 'nothing'}."


def _split(path: Path, source: str) -> tuple[dict[str, Any], str, int]:
    lines = source.split("\n")
    if lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        raise PromptError(f"{path}:1: a template opens with front matter between two lines `---`")
    end = [line.strip() for line in lines[1:]].index("---") + 1
    try:
        front = parsed("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PromptError(
            f"{path}:{mark.line + 2 if mark else 1}: front matter: {getattr(error, 'problem', error)}"
        ) from None
    if not isinstance(front, dict):
        raise PromptError(f"{path}:2: the front matter must be `name: value` lines")
    return front, "\n".join(lines[end + 1 :]), end + 2


def _inputs(path: Path, source: str, declared: Any) -> dict[str, Input]:
    if not isinstance(declared, dict):
        raise PromptError(
            f"{path}:{_line(source, 'inputs')}: inputs must be `name: {{type: str, description: ...}}` lines"
        )
    inputs = {}
    for name, spec in declared.items():
        spec = {"type": spec} if isinstance(spec, str) else spec
        if not isinstance(spec, dict) or not isinstance(spec.get("type"), str) or spec["type"] not in TYPES:
            known = ", ".join(TYPES)
            raise PromptError(f'{path}:{_line(source, name)}: input "{name}" needs a type, one of: {known}')
        inputs[str(name)] = Input(
            str(name), spec["type"], str(spec.get("description", "")), spec.get("default"), "default" not in spec
        )
    return inputs


def _messages(path: Path, body: str, body_line: int) -> tuple[tuple[Role, int, str], ...]:
    marks = list(MESSAGE.finditer(body))
    before = body[: marks[0].start()] if marks else body
    if not marks or before.strip():
        raise PromptError(f"{path}:{body_line}: each message opens with a line `== user ==` (or system, assistant)")
    messages: list[tuple[Role, int, str]] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        line = body_line + body.count("\n", 0, mark.start())
        if mark[1] not in ROLES:
            raise PromptError(f'{path}:{line}: unknown role "{mark[1]}"{suggest(mark[1], ROLES)}')
        text = body[mark.end() + 1 : following.start() if following else len(body)]
        messages.append((cast(Role, mark[1]), line + 1, text))
    return tuple(messages)


def _line(source: str, key: str) -> int:
    return next((n for n, line in enumerate(source.split("\n"), 1) if line.strip().startswith(f"{key}:")), 1)


def _line_of(error: BaseException) -> int:
    """The template line that Jinja put into the traceback."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
