"""Translations between languages: right ones are accepted, wrong ones are not. The checkpoint is a script, the sandbox is real."""

import asyncio
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from labelled.other_languages import BODIES, PROGRAMS
from labelled.translations import TRANSLATIONS
from scripted import ScriptedEngine

from generators.code.translation import translation
from generators.lab import Lab
from generators.sample import Outcome
from generators.seeds import Problem
from ledger import Ledger
from prompts import Library
from sandbox import Sandbox, docker_problem
from sandbox.languages.control import SCRIPT, controls
from sandbox.languages.dialects import TARGETS

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
LANGUAGES = ("php", "javascript", "cpp")
ALWAYS = (*LANGUAGES, "bash")
RIGHT, WRONG = 0, 1
TWICE = Problem(
    "p", "Write twice(n).", "assert twice(2) == 4\nassert twice(3) == 6\n", "twice", "def twice(n):\n    return 2 * n\n"
)


def engine_of(identity: str, answer: Callable[[str], str]) -> ScriptedEngine:
    engine = ScriptedEngine(lambda begun, _: answer(begun) + "\n```")
    engine.identity = identity
    return engine


def outcomes(folder: Path, attempts: list[tuple[ScriptedEngine, Problem, str]]) -> list[Outcome]:
    """Each attempt's outcome, all at once in two slots."""

    async def all_of_them() -> list[Outcome]:
        with Ledger(folder) as ledger:
            async with Sandbox(slots=2) as box:
                tasks = [
                    translation(Lab(engine, ledger, Library(), box).attempt(0), problem, languages=(language,))
                    for engine, problem, language in attempts
                ]
                return list(await asyncio.gather(*tasks))

    return asyncio.run(all_of_them())


def test_right_translations_are_accepted_and_subtly_wrong_ones_never(tmp_path: Path) -> None:
    cases = [(item, language, label) for item in TRANSLATIONS for language in LANGUAGES for label in (RIGHT, WRONG)]
    attempts = [
        (
            engine_of(
                f"{item.name}/{label}",
                lambda _, item=item, language=language, label=label: item.bodies[language][label],
            ),
            Problem(item.name, f"Write {item.name}.", item.tests, item.name, item.code),
            language,
        )
        for item, language, label in cases
    ]
    found = outcomes(tmp_path, attempts)
    right = [(case, outcome) for case, outcome in zip(cases, found, strict=True) if case[2] == RIGHT]
    wrong = [(case, outcome) for case, outcome in zip(cases, found, strict=True) if case[2] == WRONG]
    refused = [f"{c[0].name} {c[1]}: {o.reason} {o.sample.detail}" for c, o in right if not o.accepted]
    passed = [f"{c[0].name} {c[1]}: {c[0].slip}" for c, o in wrong if o.accepted]
    print(f"\ntranslation: false accept {len(passed)}/{len(wrong)}, false reject {len(refused)}/{len(right)}")
    assert len(right) >= 40
    assert len(wrong) >= 40
    assert not passed, passed
    assert not refused, refused
    # A wrong translation is refused for what it answers, not because it is no program.
    assert {outcome.reason for _, outcome in wrong} <= {"test_failure", "runtime_error"}


@pytest.mark.parametrize("language", BODIES)
def test_each_kind_of_value_is_told_apart_in_the_other_languages(language: str, tmp_path: Path) -> None:
    if language not in ALWAYS and not os.environ.get("LAB_ALL_LANGUAGES"):
        pytest.skip("`make test-languages` checks all languages")
    cases = [(name, label) for name in BODIES[language] for label in (RIGHT, WRONG)]
    attempts = []
    for name, label in cases:
        code, tests = PROGRAMS[name]
        engine = engine_of(f"{name}/{label}", lambda _, text=BODIES[language][name][label]: text)
        attempts.append((engine, Problem(name, f"Write {name}.", tests, name, code), language))
    found = outcomes(tmp_path, attempts)
    told = {
        (name, label): f"{o.accepted} {o.reason} {o.sample.detail}"
        for (name, label), o in zip(cases, found, strict=True)
    }
    assert [o.accepted for o in found] == [label == RIGHT for _, label in cases], told
    assert {o.reason for o in found if not o.accepted} <= {"test_failure", "runtime_error"}, told


def test_the_languages_take_turns_over_samples_and_the_row_says_where_it_comes_from(tmp_path: Path) -> None:
    bodies = {"php": "{ return 2 * $n; }", "javascript": "{ return 2 * n; }", "cpp": "{ return 2 * n; }"}
    engine = engine_of(
        "e", lambda begun: bodies["php" if "<?php" in begun else "cpp" if "#include" in begun else "javascript"]
    )

    async def three() -> list[Outcome]:
        with Ledger(tmp_path) as ledger:
            async with Sandbox(slots=2) as box:
                lab = Lab(engine, ledger, Library(), box)
                return [await translation(lab.attempt(sample), TWICE) for sample in range(3)]

    found = asyncio.run(three())
    assert all(outcome.accepted for outcome in found), [outcome.sample for outcome in found]
    assert {outcome.sample.programming_language for outcome in found} == set(bodies)
    for outcome in found:
        row = outcome.sample
        assert (row.evidence["source_code"], row.evidence["source_language"]) == (TWICE.reference, "python")
        assert "twice(2)" in row.tests and row.evidence["inputs"] >= 5
        assert row.messages[-1]["content"] == row.completion


@pytest.mark.parametrize(
    ("problem", "answer", "reason"),
    [
        (replace(TWICE, reference="def twice(n):\n    return n\n"), "{ return 2 * $n; }", "source_fails"),
        (replace(TWICE, reference="", tests="assert twice(2)"), "{ return 2 * $n; }", "source_fails"),
        (replace(TWICE, reference="def twice(n):\n    return 7\n", tests="assert twice(2) == 7"), "", "too_few_inputs"),
        (
            replace(TWICE, reference="def twice(n):\n    return {n, n + 1}\n", tests="assert twice(2)"),
            "",
            "untranslatable_values",
        ),
        (TWICE, "{ return 2 * $n }", "parse_error"),
        (TWICE, "{ return '4'; }", "test_failure"),
        (TWICE, "{ while (true) {} }", "time_limit|wall_limit"),
    ],
    ids=["wrong source", "no source", "a constant", "a set", "no PHP", "text for a number", "no end"],
)
def test_what_is_not_proved_is_refused_with_its_reason(
    problem: Problem, answer: str, reason: str, tmp_path: Path
) -> None:
    (found,) = outcomes(tmp_path, [(engine_of("e", lambda _: answer), problem, "php")])
    assert not found.accepted, found.sample
    assert found.reason in reason.split("|"), found.sample


def test_an_object_that_equals_everything_does_not_pass_the_translated_tests(tmp_path: Path) -> None:
    cheat = "{ return new class { public function __toString() { return '4'; } }; }"
    trick = "{ throw new class extends Exception {}; } namespace Lab; function ok() {}"
    patched = "{ return n; }\nconsole.assert = () => {}; Object.freeze(console);"
    found = outcomes(
        tmp_path,
        [
            (engine_of("a", lambda _: cheat), TWICE, "php"),
            (engine_of("b", lambda _: trick), TWICE, "php"),
            (engine_of("c", lambda _: patched), TWICE, "javascript"),
        ],
    )
    assert not any(outcome.accepted for outcome in found), [outcome.sample for outcome in found]


def test_comparing_functions_hold_no_literal_that_the_control_would_change() -> None:
    for dialect, target in TARGETS.values():
        assert controls(target.before + "\n", ((1, SCRIPT),), dialect.language, random.Random(0)) == []
