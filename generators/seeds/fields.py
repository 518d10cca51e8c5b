"""Which fields of a row make a seed: the names that public data sets use, and ours. A row that does not fit raises ValueError.

Problem rows in MBPP's own fields (`text`/`prompt`, `code`, `test_list`), in MBXP's and HumanEval's (`prompt`, `entry_point`, `test`,
`canonical_solution`), mathematics in GSM8K's (`question`, `answer` ending in `#### 42`) and MATH's (`problem`, `solution` with a
`\\boxed{}`) go in unchanged.
"""

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rows.messages import TALKS, Message, of_sharegpt, talk_of
from rows.readers import as_json
from verification.answers import boxed
from verification.extraction import defined_functions, whole_solution

COMPLETE = "Complete this Python function:\n```python\n"
"""How a question begins that shows a signature, as HumanEval's do."""


class LacksError(ValueError):
    """A row has none of the fields that a seed needs; whoever reads it adds the fields that it has."""


@dataclass(frozen=True)
class Problem:
    """A task in words, and the tests that decide it."""

    id: str
    prompt: str
    tests: str
    """A Python assertion script, or one that defines `check(candidate)`; in another language, that language's."""
    entry_point: str
    reference: str = ""
    split: str = ""
    topic: str = ""
    difficulty: str = ""
    programming_language: str = "python"
    """A language of `lab sandbox languages`."""
    preamble: str = field(default="", repr=False)  # said in the prompt, so no part of what names a problem's content
    """Python that the prompt shows before the function to complete: imports, helpers. An answer may leave it to the question."""


@dataclass(frozen=True)
class Snippet:
    """A piece of code that inspires a problem (section 4.3.1, step 1)."""

    id: str
    code: str
    topic: str = ""
    programming_language: str = "python"
    split: str = ""


@dataclass(frozen=True)
class MathProblem:
    """A question of mathematics; `answer` is empty where nobody knows it yet."""

    id: str
    question: str
    answer: str = ""
    """The final answer alone."""
    solution: str = ""
    """The reference's own steps."""
    split: str = ""
    topic: str = ""
    difficulty: str = ""


@dataclass(frozen=True)
class Text:
    """A passage to make something of."""

    id: str
    text: str
    topic: str = ""
    split: str = ""


@dataclass(frozen=True)
class Skill:
    """A node of a taxonomy of mathematical skills."""

    id: str
    name: str
    description: str = ""
    topic: str = ""
    examples: tuple[str, ...] = field(default=())
    split: str = ""


@dataclass(frozen=True)
class Request:
    """What a user asks, alone or after a conversation; nothing says what is right."""

    id: str
    messages: tuple[Message, ...]
    """The last one is the user's."""
    topic: str = ""
    split: str = ""


@dataclass(frozen=True)
class PlainRow:
    """Any row, for a generator of one's own: its fields as they are."""

    id: str
    fields: dict[str, Any]
    split: str = ""


def problem(row: dict[str, Any], line: int) -> Problem:
    """A problem with tests."""
    programming_language = _programming_language(row)
    tests = _tests(row)
    signature = _text(row, "prompt", "text", default="") if "test" in row else ""
    body = _text(row, "canonical_solution", default="")
    reference = _text(row, "code", default="") or whole_solution(signature, body, programming_language)
    entry_point = _text(row, "entry_point", default="") or _called(tests, reference)
    if not entry_point:
        raise LacksError('no "entry_point", and no test that calls a function')
    prompt, preamble = _text(row, "prompt", "text"), ""
    if programming_language != "python":
        pass  # a reader of Python cannot improve it
    elif "test" in row and "def " in prompt:  # HumanEval and MBXP: a signature with its docstring
        if described := _described(row, tests, entry_point):
            prompt = described
        else:
            preamble = _before(entry_point, prompt)
            prompt = f"{COMPLETE}{prompt.strip()}\n```"
    elif prompt.startswith(COMPLETE):  # such a problem as a run wrote it
        preamble = _before(entry_point, prompt.removeprefix(COMPLETE))
    elif not re.search(rf"`{re.escape(entry_point)}\b|\b{re.escape(entry_point)}\(", prompt):
        prompt = f"{prompt.strip()}\nYour code should pass this test:\n{tests.strip().splitlines()[-1]}"
    return Problem(
        id_of(row, line, "task_id"),
        prompt.strip(),
        tests,
        entry_point,
        reference,
        _word(row, "split"),
        _word(row, "topic"),
        _word(row, "difficulty"),
        programming_language,
        preamble.strip(),
    )


def _before(entry_point: str, prompt: str) -> str:
    """The code that stands before the function; empty where the function is not there."""
    before = re.split(rf"^(?:async[ ]+)?def[ ]+{re.escape(entry_point)}\b", prompt, maxsplit=1, flags=re.M)[0]
    return before if before != prompt else ""


def snippet(row: dict[str, Any], line: int) -> Snippet:
    """A piece of code."""
    code = _text(row, "code", "snippet", "content", "text")
    return Snippet(
        id_of(row, line, "snippet_id"),
        code,
        _word(row, "topic"),
        _programming_language(row),
        _word(row, "split"),
    )


def math_problem(row: dict[str, Any], line: int) -> MathProblem:
    """A question, with its final answer where the row has one."""
    question = _text(row, "question", "problem", "prompt")
    solution = _text(row, "solution", default="")
    answer = _word(row, "answer")
    if "####" in answer:  # GSM8K writes the steps and the answer into one field
        solution, _, answer = answer.rpartition("####")
    return MathProblem(
        id_of(row, line, "task_id", "unique_id"),
        question.strip(),
        (answer or boxed(solution)).strip(),
        solution.strip(),
        _word(row, "split"),
        _word(row, "topic", "type", "subject"),
        _word(row, "difficulty", "level"),
    )


def text(row: dict[str, Any], line: int) -> Text:
    """A passage."""
    return Text(id_of(row, line), _text(row, "text", "content"), _word(row, "topic"), _word(row, "split"))


def skill(row: dict[str, Any], line: int) -> Skill:
    """A skill with its description and examples."""
    examples = row.get("examples") or []
    if not isinstance(examples, list):
        raise ValueError(f'"examples" is {_type_of(examples)}, not a list')
    return Skill(
        id_of(row, line),
        _text(row, "name", "skill"),
        _text(row, "description", default=""),
        _word(row, "topic"),
        tuple(map(str, examples)),
        _word(row, "split"),
    )


def text_or_skill(row: dict[str, Any], line: int) -> Text | Skill:
    """A skill where the row names one, else a passage."""
    return (skill if any(isinstance(row.get(name), str) for name in ("name", "skill")) else text)(row, line)


def request(row: dict[str, Any], line: int) -> Request:
    """What a user asks: a conversation (`TALKS`, `prompt`) without the answer it may end in, a text, or a row of Alpaca's."""
    talks = (talk_of(row.get(name)) for name in (*TALKS, "prompt"))
    given = next((talk for talk in talks if isinstance(talk, list)), None)
    if given is None:
        said = _text(row, "prompt", "instruction", "question", "problem", "text")
        messages = _alpaca(row) if said == row.get("instruction") else [_said("user", said)]
    else:
        messages = [_turn(turn) for turn in given]
        last = max((place for place, turn in enumerate(messages) if turn["role"] == "user"), default=-1)
        if last < 0:
            raise ValueError("in the conversation no user says anything")
        messages = messages[: last + 1]
    return Request(id_of(row, line), tuple(messages), _word(row, "topic", "category"), _word(row, "split"))


def _alpaca(row: dict[str, Any]) -> list[Message]:
    """What an Alpaca row asks: its instruction, with the `input` that it is about, after what was said before."""
    system, about = _text(row, "system", default=""), _text(row, "input", default="")
    pairs = row.get("history") or []
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise ValueError('"history" is no list of questions with their answers')
    before = [turn for asked, told in pairs for turn in (_said("user", str(asked)), _said("assistant", str(told)))]
    now = _said("user", "\n\n".join(filter(None, (row["instruction"], about))))
    return [*([_said("system", system)] if system else []), *before, now]


def _said(role: Literal["system", "user", "assistant"], content: str) -> Message:
    return {"role": role, "content": content}


def _turn(turn: Any) -> Message:
    turn = of_sharegpt(turn) if isinstance(turn, dict) else turn
    if not isinstance(turn, Mapping) or turn.get("role") not in ("system", "user", "assistant"):
        raise ValueError("a turn of the conversation has no role of system, user or assistant")
    return _said(turn["role"], _text(dict(turn), "content"))


def plain(row: dict[str, Any], line: int) -> PlainRow:
    """The row as it is."""
    return PlainRow(id_of(row, line), row, _word(row, "split"))


def id_of(row: dict[str, Any], line: int, *names: str) -> str:
    """What a row calls itself under one of these names or `id`, 0 too; else its line."""
    return _word(row, *names, "id") or str(line)


def _programming_language(row: dict[str, Any]) -> str:
    """Public data sets of code call it `language`."""
    return (_word(row, "programming_language", "language") or "python").lower()


def _described(row: dict[str, Any], tests: str, entry_point: str) -> str:
    """MBXP carries MBPP's own sentence beside the signature: with the tests it is the prompt MBPP was made for."""
    shown = [line.strip() for line in tests.splitlines() if line.strip().startswith("assert candidate(")][:3]
    description = _text(row, "description", default="").strip()
    if not description or not shown:
        return ""
    examples = "\n".join(line.replace("candidate(", f"{entry_point}(", 1) for line in shown)
    return f"{description}\nYour code should pass these tests:\n{examples}"


def _tests(row: dict[str, Any]) -> str:
    if isinstance(row.get("test"), str):
        return str(row["test"])
    tests = row.get("test_list")
    if not isinstance(tests, list) or not tests or not all(isinstance(test, str) for test in tests):
        raise LacksError('no tests: needs "test_list" (a list of assert statements) or "test" (a script)')
    imports = row.get("test_imports") or []
    if not isinstance(imports, list) or not all(isinstance(line, str) for line in imports):
        raise ValueError('"test_imports" is no list of texts')
    setup = [*imports, _text(row, "test_setup_code", default="")]
    return "\n".join([*filter(None, setup), *tests]) + "\n"


def _called(tests: str, reference: str) -> str:
    """The function under test: of those the tests call, one that the reference defines, else the first that is no builtin."""
    called = [name for name in re.findall(r"([A-Za-z_]\w{0,63})\(", tests) if not hasattr(builtins, name)]
    defined = defined_functions(reference)
    return next((name for name in called if name in defined), called[0] if called else "")


def _text(row: dict[str, Any], *names: str, default: str | None = None) -> str:
    """The first field of these with a text in it. A field of another type is told where none has one."""
    row = {name: as_json(row[name]) for name in names if name in row}  # an answer that is a date is a text
    for name in names:
        if isinstance(row.get(name), str) and row[name].strip():
            return str(row[name])
    odd = next((name for name in names if row.get(name) is not None and not isinstance(row[name], str)), None)
    if odd is not None:
        raise ValueError(f'"{odd}" is {_type_of(row[odd])}, not text')
    if default is None:
        raise LacksError(f'no text under "{names[0]}"' + (f" (or {', '.join(names[1:])})" if names[1:] else ""))
    return default


def _word(row: dict[str, Any], *names: str) -> str:
    """The first field of these that is not empty: a text or a number, as text; empty where there is none."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str | int | float):
            if value != "":
                return str(value)
        elif value is not None:
            raise ValueError(f'"{name}" is {_type_of(value)}, not text or a number')
    return ""


def _type_of(value: Any) -> str:
    """As JSON calls it."""
    names: tuple[tuple[Any, str], ...] = (
        (dict, "an object"),
        (list, "a list"),
        (bool, "true or false"),
        (int | float, "a number"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), f"of type {type(value).__name__}")
