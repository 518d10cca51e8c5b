"""What a control changes in a line of tests, and when its failure counts."""

from __future__ import annotations

import random

import pytest

from sandbox import Report, TestResult, Verdict
from sandbox.languages.another import EDGE
from sandbox.languages.compiled.rust import assemble
from sandbox.languages.control import SCRIPT, controls, covers, every_change_told, fails_as_it_must
from sandbox.languages.literals import expecting_another
from sandbox.languages.truths import certain

CHANGED = [
    ("javascript", "assert.strictEqual(add(2n, 3n), 5n);", "assert.strictEqual(add(2n, 3n), 6n);"),
    ("javascript", "assert.strictEqual(add(`a`), `ab`);", "assert.strictEqual(add(`a`), `aa`);"),
    ("javascript", "assert(f(0x10) === 0x1F);", "assert(f(0x10) === 0x1B);"),
    ("javascript", "assert.strictEqual(f(1), 1_000);", "assert.strictEqual(f(1), 1_002);"),
    ("javascript", "if (f(2) !== 5) throw new Error('is 5');", "if (f(2) !== 6) throw new Error('is 6');"),
    ("javascript", "if (!Object.is(f(2), 5)) throw new Error('5');", "if (!Object.is(f(2), 6)) throw new Error('6');"),
    ("javascript", "assert.ok(isPrime(7));", "assert.ok(!isPrime(7));"),
    ("javascript", "assert(!isPrime(4), 'four');", "assert(isPrime(4), 'four');"),
    ("javascript", "assert.deepEqual(f(1), []);", "assert.deepEqual(f(1), [2]);"),
    ("ruby", "assert_equal [], f(1)", "assert_equal -1, f(1)"),
    ("javascript", "assert.throws(() => f('x'), TypeError);", "assert.doesNotThrow(() => f('x'), TypeError);"),
    ("javascript", "expect(f(1)).toBeNull();", "expect(f(1)).toBe(-1);"),
    ("javascript", "expect(f('a')).toMatch('[a-z]b');", "expect(f('a')).toMatch('[a-z]bb');"),
    ("javascript", "expect(f(2)).toBeCloseTo(1.5, 10);", "expect(f(2)).toBeCloseTo(2.5, 10);"),
    ("javascript", "expect(f(2)).toBeCloseTo(want, 10);", "expect(f(2)).not.toBeCloseTo(want, 10);"),
    ("bash", '[ "$(is_even 3)" = false ]', '[ "$(is_even 3)" = true ]'),
    ("bash", '[ "$(parity 3)" = 1 ]', '[ "$(parity 3)" = 0 ]'),
    ("php", "assert(f(9) + 0 === 4);", "assert(f(9) + 1 === 6);"),
    ("ruby", "assert_nil(f(1))", "assert_equal(-1, f(1))"),
    ("ruby", "raise 'one' unless f(1) == nil", "raise 'one' unless f(1) == -1"),
    ("php", "assert(f([]) === []);", "assert(f([]) === -1);"),
    ("php", "assert(f(null) == []);", "assert(f(null) == [2]);"),
    ("javascript", "assert.strictEqual(f(x), -1);", "assert.strictEqual(f(x), 1);"),
    ("javascript", "assert.strictEqual(f(x), 1e3);", "assert.strictEqual(f(x), 3e3);"),
    ("javascript", "assert.strictEqual(f(x), 1500);", "assert.strictEqual(f(x), 1400);"),
    ("php", "assert(mode($a) === 0755);", "assert(mode($a) === 0751);"),
    ("java", "assert f('x') == 'w';", "assert f('x') == 'y';"),
    ("javascript", "assert.equal(f(2), 4, 'f of 2 is 4');", "assert.equal(f(2), 5, 'f of 2 is 5');"),
    ("ruby", "assert_equal 4, f(4), 'four'", "assert_equal 5, f(4), 'four'"),
    ("javascript", "assert.equal(f(2), 'ab'); // ab", "assert.equal(f(2), 'aa'); // aa"),
    ("javascript", "expect(f(x)).toBeGreaterThan(5);", "expect(f(x)).not.toBeGreaterThan(5);"),
    ("javascript", "expect(f(x)).toContain('b');", "expect(f(x)).toContain('bb');"),
    ("javascript", "assert.notStrictEqual(f(1), 1);", "assert.strictEqual(f(1), 1);"),
    ("javascript", "expect(f('a b')).not.toBe('b');", "expect(f('a b')).toBe('b');"),
    ("php", 'assert(f("aa") !== "b");', 'assert(f("aa") === "b");'),
    ("bash", '[ "$(f "a")" != "b" ] || exit 1', '[ "$(f "a")" = "b" ] || exit 1'),
    ("java", "assertEquals(3L, Add.add(1, 2));", "assertEquals(4L, Add.add(1, 2));"),
    ("java", "List<Integer> v0 = Arrays.asList(85, 75);", "List<Integer> v0 = Arrays.asList(86, 77);"),
    ("go", 'if add(2, 3) != 5 { panic("add 3") }', 'if add(2, 3) != 6 { panic("add 3") }'),
    ("cpp", "assert((f() == std::array<int, 2>{1, 2}));", "assert((f() == std::array<int, 2>{2, 4}));"),
    ("cpp", "assert(fabs(f(2) - 5.0) < 0.5);", "assert(fabs(f(2) - 6.0) < 0.5);"),
    ("bash", '[ "$(add 2 3)" = 5 ] || die "add 2 3"', '[ "$(add 2 3)" = 6 ] || die "add 2 3"'),
    ("ruby", 'raise "add(2, 3)" unless add(2, 3) == 5', 'raise "add(2, 3)" unless add(2, 3) == 6'),
    ("perl", "is(add(1, 2), 3);", "is(add(1, 2), 4);"),
    ("perl", "is(f($x), $want, 'as wanted');", "isnt(f($x), $want, 'as wanted');"),
    ("perl", "like($@, qr/is 3/, 'refuses');", "unlike($@, qr/is 3/, 'refuses');"),
    ("perl", "cmp_ok(f(1), '<', 4);", "cmp_ok(f(1), '>=', 4);"),
    ("perl", "cmp_ok($made->{k}[0], '==', 4);", "cmp_ok($made->{k}[0], '==', 5);"),
    ("perl", "ok(!eval { f(0); 1 }, 'dies') or diag('no');", "ok(!(!eval { f(0); 1 }), 'dies') or diag('no');"),
    ("typescript", 'expect(() => f(1)).toThrow("no");', 'expect(() => f(1)).toThrow("nob");'),
    ("rust", "fn adds() { assert_eq!(add(1, 2), 3i64); }", "fn adds() { assert_eq!(add(1, 2), 4i64); }"),
    ("rust", 'assert_eq!(f(x), want, "f({})", x);', 'assert_ne!(f(x), want, "f({})", x);'),
    ("rust", 'assert!(m.contains("a"), "was `{}`", m);', 'assert!(!m.contains("a"), "was `{}`", m);'),
    ("rust", "#[should_panic]", '#[should_panic(expected = "pdnicked")]'),
    ("rust", '#[should_panic(expected = "by zero")]', '#[should_panic(expected = "be zero")]'),
    ("csharp", "Assert.That(f(2), Is.EqualTo(5));", "Assert.That(f(2), Is.EqualTo(6));"),
    ("csharp", "Assert.That(f(2), Is.Not.EqualTo(5));", "Assert.That(f(2), Is.EqualTo(5));"),
    ("csharp", "Assert.AreNotEqual(f(2), 5m);", "Assert.AreEqual(f(2), 5m);"),
    ("csharp", 'Assert.AreEqual(2.5, f(2), 1e-9, "of {0}", "2");', 'Assert.AreEqual(3.5, f(2), 1e-9, "of {0}", "2");'),
    ("csharp", 'Assert.AreEqual(1, g(), "of {0}", "b");', 'Assert.AreEqual(0, g(), "of {0}", "b");'),
    ("csharp", "CollectionAssert.AreEqual(new[] { 4 }, f(3));", "CollectionAssert.AreEqual(new[] { 5 }, f(3));"),
    (
        "csharp",
        'Assert.That(f(2), Is.EqualTo("ab"), "of {0}", "b");',
        'Assert.That(f(2), Is.EqualTo("aa"), "of {0}", "b");',
    ),
    ("csharp", 'Assert.IsFalse(f(1) == 2, "one");', 'Assert.IsTrue(f(1) == 2, "one");'),
    ("java", 'assertFalse("of " + x, f(x) == 4);', 'assertTrue("of " + x, f(x) == 4);'),
    ("java", 'assertTrue("of " + x, f(x) == 4);', 'assertTrue("of " + x, f(x) == 5);'),
    ("java", 'assert f(2) == 4 : "four";', 'assert f(2) == 5 : "four";'),
    ("java", 'assertEquals("b", new S("a").push("b").last());', 'assertEquals("d", new S("a").push("b").last());'),
    ("php", "$this->assertFalse(f(1), 'one of ' . $x);", "$this->assertTrue(f(1), 'one of ' . $x);"),
    ("php", "$this->assertSame(['b' => 2], f('a b'));", "$this->assertSame(['d' => 4], f('a b'));"),
    ("php", "$this->assertStringEndsWith('b', f('A b?'));", "$this->assertStringEndsWith('bb', f('A b?'));"),
    ("php", "$this->assertArrayHasKey('a', f(1));", "$this->assertArrayHasKey('ab', f(1));"),
    ("php", "$this->assertArrayNotHasKey('a', f(1));", "$this->assertArrayHasKey('a', f(1));"),
    ("php", "$this->assertStringNotContainsString('-', f(1));", "$this->assertStringContainsString('-', f(1));"),
    (
        "php",
        "$this->assertMatchesRegularExpression('/^a+$/', f(1));",
        "$this->assertDoesNotMatchRegularExpression('/^a+$/', f(1));",
    ),
    ("ruby", 'refute f(1) == 2, "one"', 'assert f(1) == 2, "one"'),
    ("ruby", 'refute_includes f(1), "a"', 'assert_includes f(1), "a"'),
    ("cpp", "CHECK_FALSE(f(2) == 4);", "CHECK(f(2) == 4);"),
    ("cpp", "EXPECT_FALSE(f(2) == 4);", "EXPECT_TRUE(f(2) == 4);"),
    ("cpp", "assert(!(P{1, 2} == P{2, 1}));", "assert(!(!(P{1, 2} == P{2, 1})));"),
    ("cpp", 'assert(f(7) && "seven");', 'assert(!(f(7) && "seven"));'),
    ("javascript", "expect(f(1).toString()).toBe(want);", "expect(f(1).toString()).not.toBe(want);"),
    ("javascript", "assert.equal(f(1).toFixed(2), '5.00');", "assert.equal(f(1).toFixed(2), '5.50');"),
    ("java", "assertEquals(Map.of(3, 'a', 0, 'b'), f(x));", "assertEquals(Map.of(4, 'c', 8, 'd'), f(x));"),
    ("javascript", "assert.deepEqual(f(x), ['c', 'e', 'a']);", "assert.deepEqual(f(x), ['e', 'g', 'c']);"),
    ("java", 'assertTrue("four", f(2) == 4);', 'assertTrue("four", f(2) == 5);'),
    ("ruby", 'assert_nil f(1), "nothing"', 'assert_equal -1, f(1), "nothing"'),
    ("perl", "cmp_ok(f(1), 'eq', 'ab', 'name');", "cmp_ok(f(1), 'eq', 'aa', 'name');"),
    ("sql", "-- => 3|Ann", "-- => 3|Apn"),
    ("sql", "SELECT total = 3 FROM result LIMIT 1;", "SELECT total = 4 FROM result LIMIT 1;"),
    (
        "javascript",
        "expect(f(1)).toEqual(expect.objectContaining({ age: 37 }));",
        "expect(f(1)).toEqual(expect.objectContaining({ age: 38 }));",
    ),
]
ALONE = [
    ("cpp", "    return 0;"),
    ("javascript", "const row = data[0].slice(1);"),
    ("javascript", "throw new Error('expected 5 == 5');"),
    ("javascript", "var x0 = isPrime(7);"),
    ("ruby", 'arg00 = ["is", "4"]'),
    ("bash", '[ "$(f 1)" = "$(g 2)" ]'),
    ("csharp", "Assert.GreaterOrEqual(f(x), 5);"),
    ("csharp", "Assert.That(f(x), Is.GreaterThan(5).And.LessThan(7));"),
    ("csharp", "Assert.Throws<ArgumentException>(() => f(5));"),
    ("csharp", "[TestCase(5, ExpectedResult = 5)]"),
    ("csharp", 'Assert.That(f(1), Is.False, "one");'),
    ("csharp", "StringAssert.DoesNotContain(f(1), 'a');"),
    ("java", 'assert f(7) : "seven";'),
    ("java", 'assertAll("edges",'),
    ("java", 'assertEquals("of " + x, want, f(x));'),
    ("cpp", 'CHECK_MESSAGE(f(7), "seven");'),
    ("php", "$this->assertTrue(f($x), 'one of ' . $x);"),
    ("java", 'assertNull("one", f(1));'),
    ("java", 'assertEquals("as wanted", want, f(1));'),
    ("php", "$this->assertTrue(f(1), 'one');"),
    ("ruby", 'assert f(1), "one"'),
    ("ruby", 'assert_empty f(1), "nothing"'),
    ("rust", 'stack.push(n).expect("room for three");'),
]


@pytest.mark.parametrize(("language", "line", "changed"), CHANGED)
def test_the_expected_value_is_changed_and_nothing_else(language: str, line: str, changed: str) -> None:
    assert expecting_another(line, language, 1) == changed


@pytest.mark.parametrize(
    ("language", "line", "changed"),
    [
        ("javascript", "assert.equal(f(x), 0);", "assert.equal(f(x), -1);"),
        ("cpp", "assert(f(x) == -1);", "assert(f(x) == 0);"),
        ("ruby", "assert_nil f(x)", "assert_equal 0, f(x)"),
        ("javascript", "expect(f(x)).toEqual([]);", "expect(f(x)).toEqual(0);"),
        ("rust", "assert_eq!(f(x), 0);", "assert_eq!(f(x), 1);"),
        ("rust", "assert_eq!(f(x), 12);", "assert_eq!(f(x), 0);"),
        ("javascript", "assert.deepEqual(f([1]), [[2], [3]], 'two');", "assert.deepEqual(f([1]), [], 'two');"),
        ("php", "assert(f($x) === 'ab');", "assert(f($x) === '');"),
        ("java", "assert f(x) == 2.50;", "assert f(x) == 0.00;"),
        ("javascript", "assert.equal(f(x), -5);", "assert.equal(f(x), 0);"),
        ("cpp", "assert(f(x) == 'a');", "assert(f(x) == 'b');"),
    ],
)
def test_what_edges_are_answered_with_is_expected_of_all(language: str, line: str, changed: str) -> None:
    assert expecting_another(line, language, EDGE) == changed


def test_a_lone_truth_is_made_to_hold_whatever_the_program_gives() -> None:
    assert certain("assert(f(1))", 2, 5) == "assert((f(1)) || 2 < 5)"
    assert certain("refute(f(1))", 2, 5) == "refute((f(1)) && 2 > 5)"


@pytest.mark.parametrize(("language", "line"), ALONE)
def test_what_expects_no_literal_is_left_alone(language: str, line: str) -> None:
    assert expecting_another(line, language, 1) == line


TESTS = "assert(f(1) == 2);\nassert(f(2) == 3);\nassert(f(3) == 4);"
UNITS = (*((n, line) for n, line in enumerate(TESTS.split("\n"), 1)), (1, SCRIPT))


def seen(failed: set[int], verdict: Verdict = Verdict.test_failure) -> Report:
    tests = tuple(TestResult(n - 1, n, source, n not in failed, "") for n, source in UNITS[:-1])
    return Report(verdict, tests=tests)


@pytest.mark.parametrize("seed", range(5))
def test_every_test_is_changed_in_one_control_and_left_alone_in_another(seed: int) -> None:
    made = controls(TESTS, UNITS, "php", random.Random(seed))
    in_part = [control for control in made if not control.of_edges and not control.fine]
    assert in_part[0].places | in_part[1].places == {1, 2, 3}
    assert all(control.places == {1, 2, 3} for control in made if control not in in_part)
    for control in in_part:
        assert control.places | control.others == {1, 2, 3}
        assert fails_as_it_must(seen(set(control.places)), control, UNITS, "php")
        assert not fails_as_it_must(seen({1, 2, 3}), control, UNITS, "php"), "it failed what was left alone"
        assert not fails_as_it_must(seen(set(), Verdict.accepted), control, UNITS, "php"), "it passed what was changed"
        assert every_change_told(seen(set(control.places)), control, UNITS, "php")
        for place in control.places:
            some = seen(set(control.places) - {place})
            assert not every_change_told(some, control, UNITS, "php"), "one that was changed passed"
        raised = seen(set(control.places), Verdict.runtime_error)
        assert not fails_as_it_must(raised, control, UNITS, "php"), "something was raised: no test failed"
        assert not fails_as_it_must(Report(Verdict.compile_error), control, UNITS, "php")


def test_a_script_that_throws_must_do_so_at_the_test_that_was_changed() -> None:
    script = "$v0 = 5;\nif (f(1) != $v0) {\n  throw new Exception('0');\n}\n$v1 = 6;\nif (f(2) != $v1) {\n  throw new Exception('1');\n}"
    units = ((1, SCRIPT),)
    made = next(c for c in controls(script, units, "php", random.Random(0)) if c.places == {6})

    def thrown(line: int) -> Report:
        return Report(Verdict.test_failure, tests=(TestResult(0, line, SCRIPT, False, ""),))

    assert fails_as_it_must(thrown(7), made, units, "php")
    assert not fails_as_it_must(thrown(3), made, units, "php")


def test_a_test_that_is_not_run_is_changed_in_no_control() -> None:
    script = (
        "#[test]\n#[ignore]\nfn later() {\n    assert_eq!(f(1), 7);\n}\n\n"
        "#[test]\n#[should_panic]\nfn refuses() {\n    f(0);\n}\n"
    )
    units = assemble("", script).units
    made = controls(script, units, "rust", random.Random(0))
    assert made and all(control.places == {9} for control in made)
    assert covers(script, units, "rust")


def test_what_perl_may_skip_is_changed_in_no_control_and_not_proved() -> None:
    script = "is(f(1), 5);\nSKIP: {\n    skip 'no network', 1 if $offline;\n    is(f(2), 7);\n}\n"
    units = ((1, "is(f(1), 5);"), (1, SCRIPT))
    made = controls(script, units, "perl", random.Random(0))
    assert made and all(control.places == {1} for control in made)
    assert not covers(script, units, "perl")


def test_quotes_inside_of_a_command_substitution_are_no_expected_value() -> None:
    line = '[ "$(greeting "Bob" 3)" = "Hello, Bob" ]'
    assert expecting_another(line, "bash", 1) == '[ "$(greeting "Bob" 3)" = "Hlllo, Bob" ]'


@pytest.mark.parametrize("far", [1, 2, 3, 77, 9_999])
@pytest.mark.parametrize("text", ["Ann", "a", "10", "", "a\\n", "aaa", "..."])
def test_another_text_is_another(text: str, far: int) -> None:
    line = f'assert_equal(f(1), "{text}")'
    changed = expecting_another(line, "ruby", far)
    assert changed != line and len(changed) - len(line) in (0, 1)
    assert changed.lower() != line.lower(), "case may say nothing"


@pytest.mark.parametrize(
    ("tests", "covered"),
    [
        ("assert.equal(f(1), 2);\nassert.throws(() => f('x'));", False),
        ("const assert = require('assert');\nassert.equal(f(1), 2);", True),
        ("assert.equal(f(1), 2);\nassert.deepEqual(f(2), g(2));", False),
        ("assert.equal(f(1), 2);\nassert.deepEqual(f(2), []);", True),
        ("assert.equal(f(1), 2);\nassertSame(\n  f(2), [2]\n);", False),
        ("const v0 = 5;\nif (f(2) !== v0) {\n  throw new Error('0');\n}", True),
    ],
)
def test_a_line_that_compares_and_is_in_no_control_or_turned_by_a_word_is_seen(tests: str, covered: bool) -> None:
    units = [
        (n, line) for n, line in enumerate(tests.split("\n"), 1) if line.startswith("assert") and "(\n" not in line
    ]
    assert covers(tests, (*[u for u in units if u[1].endswith(";")], (1, SCRIPT)), "javascript") is covered


def test_in_a_script_that_ends_each_test_is_the_first_once() -> None:
    tests = "\n".join(f"if (f({n}) !== {n + 3}) throw new Error('{n}');" for n in range(5))
    made = controls(tests, ((1, SCRIPT),), "javascript", random.Random(3))
    assert {min(control.places) for control in made} == {1, 2, 3, 4, 5}
    control = next(control for control in made if min(control.places) == 2)

    def ended(line: int) -> Report:
        return Report(Verdict.test_failure, tests=(TestResult(0, line, SCRIPT, False, ""),))

    assert every_change_told(ended(2), control, ((1, SCRIPT),), "javascript")
    assert not every_change_told(ended(5), control, ((1, SCRIPT),), "javascript")
    assert covers(tests, ((1, SCRIPT),), "javascript")
    assert not covers(f"{tests}\n{tests}", ((1, SCRIPT),), "javascript"), "no control for each of so many"
    assert not covers("assert(f(1) === 1); assert(f(2) === 2);", ((1, SCRIPT),), "javascript"), "one hides the other"


def test_what_a_variable_is_told_by_a_comparison_fails_where_it_is_asserted() -> None:
    tests = "$ok = false;\n$same = f(1) === 2;\nassert($same);\nassert(f(2) === 3);"
    units = ((3, "assert($same);"), (4, "assert(f(2) === 3);"), (1, SCRIPT))
    places = {
        place
        for seed in range(9)
        for made in controls(tests, units, "php", random.Random(seed))
        for place in made.places
    }
    assert places == {3, 4}


def test_what_one_test_defines_is_no_other_tests() -> None:
    tests = (
        'func TestA(t *testing.T) {\n\tif got := f(5); got != 5 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n'
        "func TestB(t *testing.T) {\n\tgot, err := g(30)\n\tif got != 10 {\n\t\tt.Fatal(err)\n\t}\n}\n"
    )
    units = ((1, "TestA()"), (6, "TestB()"), (1, SCRIPT))
    made = controls(tests, units, "go", random.Random(1))
    assert {frozenset({3}), frozenset({8})} <= {control.places for control in made}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ruby", "    assert_predicate 'level', :palindrome?"),
        ("ruby", "def assert_equal(expected, got)"),
        ("javascript", "function assertEquals(got, want) {"),
        ("java", '    @Test void refuses() { assertThrows(IllegalArgumentException.class, () -> new Order(" ")); }'),
    ],
)
def test_a_line_that_expects_no_value_is_the_same_in_every_control(language: str, line: str) -> None:
    assert {expecting_another(line, language, far) for far in (EDGE, 1, 2, 3)} == {line}


def test_a_key_of_what_is_expected_is_no_variable_that_the_line_sets() -> None:
    tests = "is_deeply(f('a'), { db => { port => 1 } });\nis(f('db'), 2);\n"
    found = controls(
        tests, ((1, "is_deeply(f('a'), { db => { port => 1 } });"), (2, "is(f('db'), 2);")), "perl", random.Random(1)
    )
    assert {place for control in found for place in control.places} == {1, 2}


@pytest.mark.parametrize(("language", "said"), [("php", ": /* "), ("typescript", '"  \\ == a'), ("bash", 'a " b')])
def test_a_line_of_tens_of_thousands_of_characters_holds_nobody_up_and_expects_nothing(
    language: str, said: str
) -> None:
    line = f"assert.equal(f(2), {said * 4000}4);"  # what read it took minutes
    assert expecting_another(line, language, 1) == line
