"""Each language says hello, reads, is tested, fails to compile, crashes and hits its limits: the examples under
tests/languages, on the real containers.

Python, JavaScript, C++, PHP and Bash are checked in every run, all of them by `make test-languages`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_programs import Hostile, hostile_programs

from sandbox import Report, Sandbox, SandboxError, docker_problem
from sandbox.containers.image import built_languages
from sandbox.doctor import listing
from sandbox.languages.scripted.modules import commonjs
from sandbox.languages.table import LANGUAGES

FOLDER = Path(__file__).parents[1] / "languages"
ALWAYS = ("python", "javascript", "cpp", "php", "bash")
ALL = bool(os.environ.get("LAB_ALL_LANGUAGES"))
KINDS = {"hello", "stdin", "tests_pass", "wrong_answer", "does_not_compile", "runtime_error"} | {
    "time_limit",
    "memory_limit",
    "output_limit",
}
needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def box() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        made = Sandbox(slots=1)
        runner.run(made.__aenter__())
        runner.box = made  # type: ignore[attr-defined]
        yield runner
        runner.run(made.__aexit__(None, None, None))


def run(runner: asyncio.Runner, example: Hostile) -> Report:
    sandbox: Sandbox = runner.box  # type: ignore[attr-defined]
    return runner.run(sandbox.run(example.program, limits=example.limits))


@needs_docker
@pytest.mark.parametrize("example", hostile_programs(FOLDER), ids=lambda example: example.name)
def test_example_gets_its_verdict(example: Hostile, box: asyncio.Runner) -> None:
    if example.language not in ALWAYS and not ALL:
        pytest.skip("`make test-languages` checks all languages")
    report = run(box, example)
    assert report.verdict in example.verdicts, f"{report.feedback()}\n{report.stdout[:500]}"
    if example.name.split("/")[1].startswith("hello"):
        assert report.stdout.strip() == "hello"
    if example.name.split("/")[1].startswith("does_not_compile"):
        assert any(item.line > 0 and item.severity == "error" for stage in report.stages for item in stage.diagnostics)


def test_every_language_has_every_example() -> None:
    names = {(example.language, Path(example.name).stem) for example in hostile_programs(FOLDER)}
    assert names == {(language, kind) for language in LANGUAGES for kind in KINDS}
    assert len(LANGUAGES) == 14


@needs_docker
def test_every_built_image_tells_its_version() -> None:
    built = built_languages()
    assert set(built) >= set(LANGUAGES if ALL else ALWAYS)
    assert [row["name"] for row in listing() if row["built"] and not row["version"]] == []


def test_an_image_that_was_never_built_is_named_with_the_command_that_builds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sandbox.containers import image

    if docker_problem() is not None:
        pytest.skip(f"Docker: {docker_problem()}")
    monkeypatch.setattr(image, "_STEPS", -1)
    with pytest.raises(SandboxError, match="lab sandbox build --languages php"):
        image.image_id("php")


@pytest.mark.parametrize(
    ("language", "line", "comment"),
    [
        ("php", "assert(f(1) === []);", " // nothing, it's (odd); f(2);"),
        ("php", "assert(f('#', \"//\") == 1);", " # one"),
        ("go", "assert(f(1) == 2)", " // f(2)"),
        ("java", "assertEquals(2, f(1));", " // it's f(2);"),
        ("rust", "assert_eq!(f(1), 2);", " // f(2);"),
        ("csharp", "Assert.AreEqual(2, F(1));", " // it's F(2);"),
        ("javascript", "assert.equal(f(1), 2);", " // f(2)"),
    ],
)
def test_a_comment_behind_an_assertion_swallows_nothing(language: str, line: str, comment: str) -> None:
    with_it, without = (LANGUAGES[language].assemble("x", tests) for tests in (f"{line}{comment}\n", f"{line}\n"))  # type: ignore[misc]
    assert (with_it.main, with_it.files) == (without.main, without.files)
    assert [number for number, _ in with_it.units] == [1, 1]


@pytest.mark.parametrize(
    ("module", "script"),
    [
        ("export {\n  a,\n  b as c,\n};", "\n\n\n"),
        ("import {\n  one,\n  two as deux\n} from 'fs';", "var { one, two: deux } = require('fs');\n\n\n"),
        (
            "import fs, { readFileSync as read } from 'fs';",
            "var fs = require('fs'), { readFileSync: read } = require('fs');",
        ),
        ("import fs, * as all from 'fs'", "var fs = require('fs'), all = require('fs');"),
        ("import{a}from'fs'", "var {a} = require('fs');"),
        ("import fs from 'fs' // the input", "var fs = require('fs'); // the input"),
        ("import {\n  one, // the first\n  two,\n} from 'fs';", "var { one, two, } = require('fs');\n\n\n"),
        ("import './setup.js';", "require('./setup.js');"),
        ("import('./later.js').then(run);", "import('./later.js').then(run);"),
        ("export default (n) => n * 2;", "exports.default = (n) => n * 2;"),
        ("export default async function (n) {}", "exports.default = async function (n) {}"),
        ("export default class extends A {}", "exports.default = class extends A {}"),
        ("export default function add(n) {}", "function add(n) {}"),
        ("export default add;", ""),
        ("export const f = 1;", "const f = 1;"),
    ],
)
def test_javascripts_imports_and_exports_become_statements_of_a_script_line_by_line(module: str, script: str) -> None:
    assert commonjs(module) == script
