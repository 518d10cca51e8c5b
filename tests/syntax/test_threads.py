"""Sources parse in every thread, on the Pythons whose parser shares a count among threads too."""

import ast
import gc
import threading
import time
from collections.abc import Callable, Iterator

import pytest

import syntax

SOURCE = "\n".join(f"def f{n}(a):\n    assert g([[1, [2, [3]]]], {n}) == [(1, (2, (3,)))]" for n in range(30))


@pytest.fixture
def threads_that_take_turns_within_a_parse() -> Iterator[None]:
    """A collection in the middle of a parse is where another thread may start its own."""
    before = gc.get_threshold()

    def give_way(phase: str, info: dict[str, int]) -> None:
        time.sleep(0)

    gc.callbacks.append(give_way)
    gc.set_threshold(50, 5, 5)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(give_way)


@pytest.mark.usefixtures("threads_that_take_turns_within_a_parse")
def test_threads_that_parse_at_once_all_get_their_trees() -> None:
    expected, problems = ast.dump(ast.parse(SOURCE)), []

    def work(parse: Callable[[], object]) -> None:
        for _ in range(40):
            try:
                parse()
            except SystemError as problem:
                problems.append(problem)

    def whole() -> None:
        assert ast.dump(syntax.module(SOURCE)) == expected

    small: list[Callable[[], object]] = [
        lambda: syntax.literal("[" * 20 + "]" * 20),
        lambda: syntax.expression("a + (b * (c, d))"),
    ]
    threads = [threading.Thread(target=work, args=(parse,)) for parse in (whole, whole, *small)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_parser_that_another_thread_disturbed_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    real, refusals = ast.parse, iter([SystemError("recursion depth mismatch")])

    def disturbed(source: str, mode: str) -> ast.AST:
        for refusal in refusals:
            raise refusal
        return real(source, mode=mode)

    monkeypatch.setattr(ast, "parse", disturbed)
    assert ast.dump(syntax.module("a = 1")) == ast.dump(real("a = 1"))


@pytest.mark.parametrize("text", ["1e999", " [1, (2, {'a': None})]", "-3", "{1, 2}", "b'x'", "set()"])
def test_a_literal_is_what_the_library_reads(text: str) -> None:
    assert syntax.literal(text) == ast.literal_eval(text)


@pytest.mark.parametrize(
    ("text", "problem"), [("f(1)", ValueError), ("1 +", SyntaxError), ("a\0", (SyntaxError, ValueError))]
)
def test_what_is_no_literal_raises_what_the_library_raises(text: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        syntax.literal(text)
