"""What the language's own command says of program and tests, as files, has the last word in JavaScript, PHP and Ruby."""

import asyncio

import pytest

from sandbox import Program, Sandbox, Verdict, docker_problem
from sandbox.containers.image import built_languages
from sandbox.languages.scripted import modules, plainly
from sandbox.report import Report

docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
JS = "function add(a, b) { return a + b; }\n"
JS_TESTS = 'const assert = require("assert");\nassert.strictEqual(add(1, 2), 3);\nassert.strictEqual(add(2, 2), 4);\n'
JEST = (
    'test("adds", () => {\n  expect(add(1, 2)).toBe(3);\n});\ntest("more", () => {\n  expect(add(2, 2)).toBe(4);\n});\n'
)
TAKEN = 'const { add } = require("./solution");\n'
ESM = 'import assert from "node:assert";\nimport { add } from "./solution.js";\nassert.strictEqual(add(1, 2), 3);\n'
PHP = "<?php\nfunction add($a, $b) {\n    return $a + $b;\n}\n"
PHP_TESTS = "assert(add(1, 2) === 3);\nassert(add(2, 2) === 4);\n"
STRICT = "<?php\ndeclare(strict_types=1);\n\nrequire_once 'solution.php';\n"
UNIT = (
    "<?php\ndeclare(strict_types=1);\nuse PHPUnit\\Framework\\TestCase;\nfinal class AddTest extends TestCase {\n"
    "    public function testAdd(): void {\n        $this->assertSame(3, add(1, 2));\n    }\n}\n"
)
RUBY = "def add(a, b)\n  a + b\nend\n"
RUBY_TESTS = "raise 'one' unless add(1, 2) == 3\nraise 'two' unless add(2, 2) == 4\n"
MINITEST = (
    "require 'minitest/autorun'\nclass TestAdd < Minitest::Test\n  def test_one\n    assert_equal 3, add(1, 2)\n  end\n"
    "  def test_two\n    assert_equal 4, add(2, 2)\n  end\nend\n"
)
WRONG = {
    "javascript: a name of the harness": (
        "function add(a, b) { return typeof $lab === 'undefined' ? a - b : a + b; }",
        JEST,
    ),
    "javascript: a name that only Jest has": (
        "function add(a, b) { return typeof it === 'undefined' ? a - b : a + b; }",
        JS_TESTS,
    ),
    "javascript: a timer after the last test": (JS + "setTimeout(() => { throw new Error('late'); }, 50);", JS_TESTS),
    "javascript: a timer after Jest's last test": (JS + "setTimeout(() => { throw new Error('late'); }, 50);", JEST),
    "javascript: a status set as it ends": (JS + "process.on('exit', () => { process.exitCode = 3; });", JS_TESTS),
    "javascript: what is not exported": (JS, TAKEN + JS_TESTS),
    "javascript: another function exported": (JS + "module.exports = { add: (a, b) => a - b };", TAKEN + JS_TESTS),
    "javascript: what is not exported to Jest": (JS + "module.exports = add;", TAKEN + JEST),
    "javascript: a main module of its own": (
        "const more = require.main === module ? 1 : 0;\nfunction add(a, b) { return a + b + more; }",
        JS_TESTS,
    ),
    "javascript: too slow for what a test allows": (
        "const add = (a, b) => new Promise((done) => setTimeout(() => done(a + b), 300));",
        'test("adds", async () => {\n  expect(await add(1, 2)).toBe(3);\n}, 100);\n',
    ),
    "javascript: a promise's then that ends the run": (
        "Promise.prototype.then = function (done) { if (done) done(); return this; };\n" + JS.replace("+", "-"),
        JEST,
    ),
    "javascript: what it replaces, and its tests need": (
        "Object.keys = () => ['a'];\nfunction first(o) { return Object.keys(o)[0]; }",
        'test("first", () => {\n  expect(first({ a: 1 })).toBe("a");\n  expect(first({ b: 1 })).toBe("b");\n});\n',
    ),
    "php: more memory than PHP gives": (PHP.replace("return", "$x = str_repeat('a', 140 << 20); return"), PHP_TESTS),
    "php: types that the tests are strict about": (
        PHP.replace("$a,", "int $a,"),
        STRICT + "assert(add('1', 2) === 3);\n",
    ),
    "php: a failure at its shutdown": (
        PHP + "register_shutdown_function(function () { throw new Exception('late'); });",
        PHP_TESTS,
    ),
    "php: a class of the harness": (PHP.replace("$a +", "(class_exists('Lab') ? $a : 0) +"), PHP_TESTS),
    "php: a class of the harness beside PHPUnit": (PHP.replace("$a +", "(class_exists('Lab') ? $a : 0) +"), UNIT),
    "ruby: a library that it does not load": (
        "def show(x)\n  x.to_json\nend\n",
        "raise 'one' unless show([1]) == '[1]'\n",
    ),
    "ruby: an assert that Ruby does not have": (RUBY.replace("a +", "assert(true)\n  a +"), RUBY_TESTS),
    "ruby: a failure as it ends": (RUBY + "at_exit { exit 3 }\n", RUBY_TESTS),
    "ruby: another order of its tests": (
        "$n = 0\ndef add(a, b)\n  $n = [$n, a].max\n  a == 1 && $n == 2 ? 0 : a + b\nend\n",
        MINITEST,
    ),
    "ruby: a module of the harness": (RUBY.replace("a +", "(defined?(Lab) ? a : 0) +"), RUBY_TESTS),
}
RIGHT = {
    "javascript: tests that require it": (JS + "module.exports = { add };", TAKEN + JS_TESTS),
    "javascript: tests that require it from a folder": (
        JS + "module.exports = { add };",
        TAKEN.replace("./", "../src/") + JS_TESTS,
    ),
    "javascript: Jest's that require it": (JS + "module.exports = { add };", TAKEN + JEST),
    "javascript: a module": ("export " + JS, ESM),
    "javascript: a module's default": ("export default " + JS, ESM.replace("{ add }", "add")),
    "javascript: assert that both require": (JS_TESTS.partition("\n")[0] + "\n" + JS, JS_TESTS),
    "javascript: a main part": (JS + "if (require.main === module) console.log(add(1, 1));", JS_TESTS),
    "php: strict tests that require it": (PHP, STRICT + PHP_TESTS),
    "php: strict tests that require nothing": (PHP, "<?php\n\ndeclare(strict_types=1);\n" + PHP_TESTS),
    "php: a strict program and strict tests": (
        PHP.replace("<?php", "<?php\ndeclare(strict_types=1);"),
        STRICT + PHP_TESTS,
    ),
    "php: strict tests of PHPUnit's": (PHP, UNIT),
    "php: tests of PHPUnit's that load a project": (
        PHP,
        UNIT.replace("use ", "require __DIR__ . '/../vendor/autoload.php';\nuse "),
    ),
    "php: tests of PHPUnit's that require it from above": (
        PHP,
        UNIT.replace("use ", "require dirname(__DIR__) . '/src/add.php';\nuse "),
    ),
    "php: an enumeration made of a value": (
        "<?php\nenum Suit: string {\n    case Hearts = 'H';\n    public function color(): string { return 'Red'; }\n}\n",
        "assert(Suit::from('H')->color() === 'Red');\n",
    ),
    "ruby: what minitest's mock expects": (
        'def greet(client, name)\n  client.say("Hi #{name}")\nend\n',
        "require 'minitest/autorun'\nrequire 'minitest/mock'\nclass TestGreet < Minitest::Test\n  def test_says\n"
        "    client = Minitest::Mock.new\n    client.expect(:say, true, ['Hi Bo'])\n    assert greet(client, 'Bo')\n"
        "    client.verify\n  end\nend\n",
    ),
    "ruby: tests that require it": (RUBY, "require_relative 'solution'\n" + RUBY_TESTS),
    "ruby: minitest's that require it from a folder": (RUBY, "require_relative '../lib/add'\n" + MINITEST),
    "ruby: test-unit's that require it": (
        RUBY,
        "require './solution'\n"
        + MINITEST.replace("minitest/autorun", "test/unit").replace("Minitest::Test", "Test::Unit::TestCase"),
    ),
    "ruby: assert_equal that nobody requires": (RUBY, "assert_equal(add(1, 2), 3)\nassert_equal(add(2, 2), 4)\n"),
}
NOT_HERE = {
    "javascript: chai": (
        JS,
        'const { expect } = require("chai");\nit("adds", () => {\n  expect(add(1, 2)).to.equal(3);\n});\n',
    ),
    "php: Pest": (PHP, "<?php\nit('adds', function () {\n    expect(add(1, 2))->toBe(3);\n});\n"),
    "ruby: RSpec": (
        RUBY,
        "require 'rspec'\nRSpec.describe 'add' do\n  it 'adds' do\n    expect(add(1, 2)).to eq(3)\n  end\nend\n",
    ),
    "php: a file that nobody has": (PHP, "<?php\nrequire getenv('HOME') . '/of_ours.php';\nassert(add(1, 2) === 3);\n"),
    "ruby: a library that nobody has": (RUBY, "require 'of_ours'\nraise 'one' unless add(1, 2) == 3\n"),
    "ruby: RSpec without a word": (
        RUBY,
        "describe 'add' do\n  it 'adds' do\n    expect(add(1, 2)).to eq(3)\n  end\nend\n",
    ),
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    asked = {**WRONG, **RIGHT, **NOT_HERE}
    programs = {
        name: Program(code, tests, language=name.partition(":")[0])
        for name, (code, tests) in asked.items()
        if name.partition(":")[0] in built_languages()
    }

    async def all_of_them() -> list[Report]:
        async with Sandbox(slots=2) as box:
            return await asyncio.gather(*map(box.run, programs.values()))

    return dict(zip(programs, asyncio.run(all_of_them()), strict=True))


def _of(name: str, reports: dict[str, Report]) -> Report:
    return reports.get(name) or pytest.skip("no image of this language is built")


@docker
@pytest.mark.parametrize("name", WRONG)
def test_what_the_languages_own_command_fails_is_not_accepted(name: str, reports: dict[str, Report]) -> None:
    assert not _of(name, reports).accepted


@docker
@pytest.mark.parametrize("name", RIGHT)
def test_tests_that_load_the_program_as_files_do_accept_it(name: str, reports: dict[str, Report]) -> None:
    assert _of(name, reports).accepted, reports[name].detail


@docker
@pytest.mark.parametrize("name", NOT_HERE)
def test_a_framework_that_is_not_here_is_named_and_no_failure_of_the_program(
    name: str, reports: dict[str, Report]
) -> None:
    assert _of(name, reports).verdict is Verdict.untested and "not known here" in reports[name].detail


def test_what_rubys_tests_use_without_bringing_it_is_lent_unless_they_load_what_has_it() -> None:
    assert "def assert_equal" in plainly.ruby(RUBY, "assert_equal(add(1, 2), 3)\n").files["lab_tests.rb"]
    assert "def assert" not in plainly.ruby(RUBY, MINITEST).files["lab_tests.rb"]


def test_what_nothing_here_would_run_has_no_command() -> None:
    assert plainly.javascript(JS, JEST) is None
    assert plainly.javascript(JS, TAKEN.replace("solution", "solution.json") + JS_TESTS) is None


def test_a_module_gives_what_it_says_it_exports() -> None:
    source = "export function a() {}\nconst b = 1, c = 2;\nexport { b as d, c };\nexport default b;\n"
    given = modules.exporting(source)
    assert given.count("\n") == source.count("\n") + 1
    assert all(
        f"exports.{said} = {name};" in given for said, name in {"a": "a", "d": "b", "c": "c", "default": "b"}.items()
    )
    assert modules.exporting(JS) == JS
