"""What prompts show of a language is a program of it, and its tests are tests in the sandbox's eyes."""

import asyncio

import pytest

from sandbox import Program, Sandbox, SandboxError, Verdict, docker_problem
from sandbox.containers.image import built_languages
from sandbox.languages.dialects import DIALECTS, assertions_in, dialect_of, expect_one_value, functions_in
from verification.extraction import answer_and_code

DECLARED = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")


@pytest.mark.docker
@DECLARED
def test_the_worked_example_of_each_language_passes_its_tests_and_a_wrong_one_fails() -> None:
    built = [dialect for dialect in DIALECTS.values() if dialect.language in built_languages()]
    assert {"python", "javascript", "cpp", "php", "bash"} <= {dialect.language for dialect in built}

    async def verdicts() -> list[tuple[str, Verdict, Verdict]]:
        async with Sandbox(slots=2) as box:

            async def both(language: str) -> tuple[str, Verdict, Verdict]:
                dialect = DIALECTS[language]
                tests = assertions_in(dialect.tests, dialect, 4)
                wrong = dialect.solution.replace("2 == 0", "2 == 1")
                assert wrong != dialect.solution or "% 2 === 0" in dialect.solution
                wrong = wrong.replace("2 === 0", "2 === 1")
                entry = functions_in(dialect.solution, language)[-1]
                right = await box.run(Program(dialect.solution, tests, entry, language=language))
                refused = await box.run(Program(wrong, tests, entry, language=language))
                return language, right.verdict, refused.verdict

            return list(await asyncio.gather(*(both(dialect.language) for dialect in built)))

    for language, right, wrong in asyncio.run(verdicts()):
        assert (language, right, wrong) == (language, Verdict.accepted, Verdict.test_failure)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.language)
def test_functions_and_test_lines_of_the_example_are_found(dialect: object) -> None:
    assert isinstance(dialect, type(DIALECTS["python"]))
    (name,) = functions_in(dialect.solution, dialect.language)
    assert assertions_in(dialect.tests, dialect, 3).removeprefix(dialect.preamble).count(name) == 3
    answer = f"Here.\n```{dialect.fence}\n{dialect.solution}```"
    assert answer_and_code(answer, False, dialect.language, dialect.fence)[1] == dialect.solution


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.language)
def test_tests_that_expect_one_value_only_are_told_from_those_that_do_not(dialect: object) -> None:
    assert isinstance(dialect, type(DIALECTS["python"]))
    lines = dialect.tests.splitlines()
    assert not expect_one_value(dialect.preamble + dialect.tests, dialect)
    assert expect_one_value(dialect.preamble + "\n".join(lines[1:3]), dialect)


def test_an_alias_names_its_language_and_an_unknown_one_is_told_what_there_is() -> None:
    assert dialect_of("c++").language == "cpp"
    with pytest.raises(SandboxError, match=r"no prompts for the language \"cobol\"; known: python"):
        dialect_of("cobol")
