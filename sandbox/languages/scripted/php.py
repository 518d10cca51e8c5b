"""PHP: the harness reads program and tests as text, then evaluates them as one script.

Lines of the form `assert(...);` are tests of their own. An exception that the tests themselves throw is their failure.
Where the tests are PHPUnit's they are run by PHPUnit, which is in the image: each method is a test.
"""

from __future__ import annotations

import re

from sandbox.languages.diagnostics import lines
from sandbox.languages.language import BOX, Dialect, Language, Translation
from sandbox.languages.script import Script, rewrite
from sandbox.languages.scripted import plainly
from sandbox.languages.values import Spelling, arrows, escaped

ASSERTION = re.compile(r"assert\s*\(.*\)\s*;\s*(?://.*|#.*)?$")
_OPEN = re.compile(r"<\?(?:php\b|=)")
_TAG = re.compile(r"^\s*<\?php\b", re.MULTILINE)
_CLOSE = re.compile(r"\?>\s*\Z")
_METHOD = re.compile(
    r"^[ \t]*(?:(?:final|public|static)[ \t]+)*function[ \t]+(test\w*)[ \t]*\(|@test\b[^\n]*(?:\n[ \t]*\*[^\n]*)*\n"
    r"[ \t]*(?:(?:final|public)[ \t]+)*function[ \t]+(\w+)",
    re.MULTILINE | re.IGNORECASE,
)


def tagged(code: str) -> str:
    """The code with an opening tag, on its first line, where it has none."""
    return code if _OPEN.search(code) or not code.strip() else f"<?php {code}"


def assemble(code: str, tests: str) -> Script:
    """The harness, with the program in a file of its own; without tests, the program."""
    code = tagged(code)
    if not tests.strip():
        return Script(code)
    tests = re.sub(plainly.PHP_TAKES, "", tests, flags=re.MULTILINE)
    if "PHPUnit" in tests:
        tests = plainly.phpunit_of_today(tests)
        text = _TAG.sub("", _CLOSE.sub("", tests))
        methods = [(text.count("\n", 0, found.end()) + 1, found[1] or found[2]) for found in _METHOD.finditer(text)]
        above = _CLOSE.sub("", code).count("\n") + 1
        table = ", ".join(f"{above + line} => {index}" for index, (line, _) in enumerate(methods))
        why, named = plainly.unfit_for_phpunit(tests), (*methods, (1, "the test script"))
        return Script(*joined(code, text, len(methods), table), units=named, unfit=why)
    text, units = rewrite(
        _TAG.sub("", _CLOSE.sub("", tests)),
        ASSERTION,
        lambda index, line: (
            f"try {{ {line} \\Lab::ok(LAB_KEY, {index}); }} catch (\\Throwable $lab) {{ \\Lab::no(LAB_KEY, {index}, $lab); }}"
        ),
        comments=("//", "#"),
    )
    return Script(*joined(code, text, len(units)), units=(*units, (1, "the test script")))


def joined(code: str, text: str, script: int, methods: str | None = None) -> tuple[str, dict[str, str]]:
    """The harness, the program, and what follows it; `script` is the index of the test script, `methods` a table of
    PHPUnit's tests by their lines. What the harness says it
    says to who knows a key, which stands in what follows alone, once that is read.
    """
    code = _CLOSE.sub("", tagged(code))
    lines = code.count("\n") + 1
    prepared = "" if methods is None else "require_once '/usr/share/php/PHPUnit/Autoload.php';"
    run = "" if methods is None else _UNIT.replace("$METHODS", methods)
    harness = _HARNESS.replace("$PREPARED", prepared).replace("$RUN", run)
    words = sorted({word.lower() for word in re.findall(r"[A-Za-z_]\w*", text)})
    theirs = {word.lower() for word in re.findall(r"\bfunction\s+&?(\w+)", text)}  # what the tests define themselves
    harness = harness.replace("$WORDS", ", ".join(f"'{word}'" for word in words[:5000] if word not in theirs))
    harness = harness.replace(
        "$CHECKED", "false" if "\\Lab::value(LAB_KEY" in text else "true"
    )  # else compared elsewhere
    left_out = re.search(r"markTest|\bSkipped|\bIncomplete|@(?:requires|depends)\b", text) is not None
    harness = harness.replace("$LEFT_OUT", "true" if left_out else "false")
    harness = harness.replace("$APART", "true" if _FIRST.match(text) else "false")
    harness = harness.replace("$SCRIPT", str(script)).replace("$LINES", str(lines))
    return harness, {"program.php": f"{code}\n", "tests.php": f"{text}\n"}


_FIRST = re.compile(r"(?:\s|/\*.*?\*/|//[^\n]*|#[^\n]*)*(?:declare\s*\(|namespace\b)", re.DOTALL)
"""Of tests that begin with what must come first: they are read after the program, not behind it."""
_UNIT = (
    r"foreach (Lab::unit([$METHODS]) as [\$labAt, \$lab]) if (\$lab === false) Lab::void('$key', \$labAt, 'the program leaves it out');"
    r" else \$lab ? Lab::no('$key', \$labAt, \$lab) : Lab::ok('$key', \$labAt);"
)
_HARNESS = r"""<?php
final class Lab {
    private static $shut; private static $out; private static $failed = false;
    private static $program = '';
    static function main() { // the token lies here under a key that only the code which says what held contains
        if (self::$shut !== null) return '';
        $key = bin2hex(random_bytes(16));
        foreach (['precision', 'serialize_precision', 'letters', 'locale', 'assert.exception', 'assert.active', 'assert.callback', 'zend.assertions', 'comparators'] as $name) self::$settings[$name] = self::setting($name);
        $tests = str_replace('LAB_KEY', "'$key'", file_get_contents('/box/work/tests.php'));
        self::$program = file_get_contents('/box/work/program.php') . ($APART ? '' : $tests);
        $apart = base64_encode($APART ? str_repeat("\n", $LINES) . $tests : ''); // in no property, which could be read
        $in = fopen('php://fd/4', 'r'); self::$out = fopen('php://fd/3', 'w'); self::$shut = fread($in, 32) ^ $key;
        self::say($key, 'begin', 0, ''); while (!feof($in)) fread($in, 64); fclose($in);
        return "try { eval(Lab::program()); eval(base64_decode('$apart')); $RUN } catch (\\Throwable \$lab) { Lab::no('$key', $SCRIPT, \$lab); } Lab::end('$key');";
    }
    private static function say($key, $kind, $index, $text) {
        $text = json_encode(substr((string) $text, 0, 1000), JSON_INVALID_UTF8_SUBSTITUTE);
        fwrite(self::$out, (self::$shut ^ $key) . " $kind $index $text\n"); fflush(self::$out);
    }
    static function program() { // what must come first in a file, such as strict_types, comes first
        $program = self::$program; self::$program = '';
        return preg_match('/^<\?php\s/', $program) ? substr($program, 5) : '?>' . $program;
    }
    static function ok($key, $index) { self::say($key, 'ok', $index, ''); }
    static function no($key, $index, $error) {
        self::$failed = true;
        $here = strpos($error->getFile(), "eval()'d code") !== false;
        $inside = $here && $error->getLine() <= $LINES;
        if ($here && !$inside && $index === $SCRIPT) self::say($key, 'at', $error->getLine() - $LINES, '');
        $lacks = preg_match('/^Call to undefined method ([\w\\\\]+)::(assert|expect)\w*\(\)/', $error->getMessage(), $found) && is_subclass_of($found[1], 'PHPUnit\Framework\TestCase'); // a newer one's
        if ($here && !$inside && ($lacks || preg_match('/^(Failed opening required|Class "([\w\\\\]+\\\\)?TestCase" not found)/', $error->getMessage()))) self::say($key, 'void', $index, $error->getMessage() . ': this is not known here');
        elseif ($error instanceof AssertionError || $error instanceof \PHPUnit\Framework\AssertionFailedError || (get_class($error) === 'Exception' && $here && !$inside)) self::say($key, 'fail', $index, $error->getMessage());
        else self::say($key, 'error', $index, 'raised ' . get_class($error) . ': ' . $error->getMessage() . ($inside ? ' (line ' . $error->getLine() . ' of the program)' : ''));
    }
    private static function tagged($value, $depth) { // as sandbox/apart reads it
        if ($value === null) return ['n'];
        if (is_bool($value)) return ['b', $value];
        if (is_int($value)) return ['i', (string) $value];
        if (is_float($value)) { ini_set('serialize_precision', '-1'); return ['f', var_export($value, true)]; }
        if (is_string($value)) return preg_match('//u', $value) ? ['s', $value] : ['?', 'bytes'];
        if (!is_array($value) || $depth > 20) return ['?', gettype($value)];
        $items = [];
        if (array_is_list($value)) { foreach ($value as $item) $items[] = self::tagged($item, $depth + 1); return ['l', $items]; }
        foreach ($value as $key => $item) $items[] = [self::tagged($key, 0), self::tagged($item, $depth + 1)];
        return ['m', $items];
    }
    static function value($key, $index, $call) {
        try { $text = json_encode(self::tagged($call(), 0), JSON_INVALID_UTF8_SUBSTITUTE); }
        catch (\Throwable $error) { self::no($key, $index, $error); return; }
        fwrite(self::$out, (self::$shut ^ $key) . " value $index " . (strlen($text) > 200000 ? '["?","a value too large"]' : $text) . "\n");
        fflush(self::$out);
    }
    private static $ran = true; // a test that compared something
    private static function all($suite) {
        foreach ($suite->tests() as $test) if ($test instanceof \PHPUnit\Framework\TestSuite) yield from self::all($test); else yield $test;
    }
    static function unit($methods) { // index of each test, and what was thrown in it; no key lies on the stack meanwhile
        self::$ran = false;
        $told = [];
        $phpunit = class_exists('PHPUnit\Framework\TestCase', false) ? (new ReflectionClass('PHPUnit\Framework\TestCase'))->getFileName() : '';
        foreach (get_declared_classes() as $name) {
            $class = new ReflectionClass($name);
            if (!$class->isSubclassOf('PHPUnit\Framework\TestCase') || $class->isAbstract() || strpos((string) $class->getFileName(), "eval()'d code") === false) continue;
            $suite = new \PHPUnit\Framework\TestSuite($class);
            $tests = iterator_to_array(self::all($suite), false);
            $result = new \PHPUnit\Framework\TestResult;
            $suite->run($result);
            $place = function ($test) use ($class, $methods) {
                $own = $test instanceof \PHPUnit\Framework\TestCase && $class->hasMethod($test->getName(false));
                return $methods[$own ? $class->getMethod($test->getName(false))->getStartLine() : 0] ?? $SCRIPT;
            };
            foreach ([...$result->failures(), ...$result->errors()] as $bad) $told[] = [$place($bad->failedTest()), $bad->thrownException()];
            $warned = []; // at their end, of an assertion that will go; whatever throws a warning in a test cuts it short
            foreach ($result->warnings() as $one) {
                $thrown = $one->thrownException();
                $through = array_count_values(array_column($thrown->getTrace(), 'function'));
                if ($thrown->getFile() === $phpunit && ($through['runBare'] ?? 0) === 1 && $thrown->getTrace()[0]['function'] === 'runBare') $warned[] = $one->failedTest();
            }
            foreach ($tests as $test) {
                if ($test instanceof \PHPUnit\Framework\WarningTestCase || $test instanceof \PHPUnit\Framework\ErrorTestCase) $told[] = [$SCRIPT, new AssertionError('PHPUnit finds no test here, or no data for one')];
                elseif ($test instanceof \PHPUnit\Framework\TestCase && ($test->getStatus() === 5 || ($test->getStatus() === 6 && !in_array($test, $warned, true)) || (in_array($test->getStatus(), [1, 2]) && !$LEFT_OUT))) $told[] = [$place($test), false];
                elseif ($test instanceof \PHPUnit\Framework\TestCase && !in_array($test->getStatus(), [-1, 1, 2, 3, 4]) && $test->getNumAssertions() > 0) {
                    self::$ran = true;
                    $told[] = [$place($test), null];
                }
            }
        }
        return $told;
    }
    static function void($key, $index, $text) { self::say($key, 'void', $index, $text); }
    private static function meddled() { // with what the tests ask, or are asked by
        $words = [$WORDS];
        foreach (get_defined_functions()['user'] as $name) {
            $last = substr(strrchr($name, '\\') ?: '', 1);
            if (in_array($last, $words) && in_array($last, get_defined_functions()['internal'])) return "the program has a function $last of its own";
        }
        $constants = get_defined_constants(true);
        foreach (array_keys($constants['user'] ?? []) as $name) {
            $last = substr(strrchr($name, '\\') ?: '', 1);
            if (in_array(strtolower($last), $words) && defined("\\$last") && !isset($constants['user'][$last])) return "the program has a constant $last of its own";
        }
        $theirs = array_intersect(['ini_set', 'assert_options', 'comparator', 'factory'], $words); // what the tests set themselves
        foreach (self::$settings as $name => $value) if (self::setting($name) !== $value && !($theirs && preg_match('/assert|comparators/', $name))) return "the program changed the setting $name";
        if (!class_exists('PHPUnit\Framework\TestCase', false)) return '';
        foreach (get_declared_classes() as $name)
            if (preg_match('/^(PHPUnit|SebastianBergmann)\\\\/i', $name) && strpos((string) (new ReflectionClass($name))->getFileName(), '/usr/share/php/') !== 0) return "the program brings its own $name";
        return '';
    }
    private static $settings = []; private static $unit = null; // whether PHPUnit is here
    private static function comparators() { // by which PHPUnit compares, by their classes
        $factory = 'SebastianBergmann\Comparator\Factory';
        self::$unit ??= class_exists($factory);
        if (!self::$unit) return '';
        $found = [get_class($factory::getInstance())];
        foreach (['customComparators', 'defaultComparators'] as $name) {
            $own = new ReflectionProperty($factory, $name);
            $own->setAccessible(true);
            foreach ($own->getValue($factory::getInstance()) as $one) $found[] = get_class($one);
        }
        return implode(' ', $found);
    }
    private static function setting($name) { if ($name === 'comparators') return self::comparators(); return $name === 'letters' ? mb_internal_encoding() : ($name === 'locale' ? preg_replace('/^LC_CTYPE=C[.\w-]*;.*=C;.*/', 'C', setlocale(LC_ALL, '0')) : ini_get($name)); }
    static function end($key) { if ($CHECKED && ($why = self::meddled())) self::void($key, $SCRIPT, $why); if (!self::$failed && self::$ran) self::ok($key, $SCRIPT); self::say($key, 'end', 0, ''); }
}
$PREPARED
eval(Lab::main());
"""


_SAME = """\
function lab_same($got, $want) {
    if (is_float($want)) return (is_int($got) || is_float($got)) && abs($got - $want) <= 1e-9 + 1e-12 * abs($want);
    if (!is_array($got) || !is_array($want)) return $got === $want;
    $same = count($got) === count($want) && array_is_list($got) === array_is_list($want);
    foreach ($want as $key => $value) $same = $same && array_key_exists($key, $got) && lab_same($got[$key], $value);
    return $same;
}
"""


LANGUAGE = Language(
    "php",
    (".php",),
    solution="solution.php",
    main="main.php",
    parse=("/usr/bin/php", "-n", "-d", "display_errors=stderr", "-l", "solution.php"),
    run=(
        *("/usr/bin/php", "-d", "display_errors=stderr", "-d", "zend.assertions=1", "-d", "memory_limit=-1"),
        *("-d", "html_errors=0", "-d", "opcache.enable_cli=0", "-d", "zend.exception_ignore_args=1"),
        *("-d", "ffi.enable=0", "-d", f"disable_functions={plainly.PHP_WITHOUT}", f"{BOX}/main.php"),
    ),
    version=("/usr/bin/php", "--version"),
    readers={
        "parse": lines(
            "php",
            r"^PHP (?P<severity>\w+ error|Warning):\s+(?P<message>.*) in \S+ on line (?P<line>\d+)",
            r"^(?P<severity>\w+ error|Warning):\s+(?P<message>.*) in \S+ on line (?P<line>\d+)",
        )
    },
    packages=("php-cli", "php-mbstring", "phpunit"),
    assemble=assemble,
    plainly=plainly.php,
    frameworks=r"\bMockery::|\b(?:Mockery|Codeception|Behat|PhpSpec|Kahlan|Prophecy|Illuminate|Symfony)\\"
    r"|^\s*(?:it|test|describe|uses)\(\s*['\"]|\bexpect\([^\n]*\)->(?:to|not)",
    wraps_always=True,
    written=tagged,
    dialect=Dialect(
        "php",
        "PHP",
        solution="<?php\nfunction countEven($numbers) {\n"
        "    // A number is even when dividing it by two leaves nothing.\n"
        "    return count(array_filter($numbers, fn($number) => $number % 2 === 0));\n}\n",
        tests="assert(countEven([1, 2, 4]) === 2);\n"
        "assert(countEven([]) === 0);\n"
        "assert(countEven([7]) === 0);\n"
        "assert(countEven([0, -2]) === 2);\n",
        test_start="assert(",
        functions=r"^[ \t]*function[ \t]+&?(\w{1,64})[ \t]*\(",
        translation=Translation(
            Spelling(escaped("$", "\\u{{{:x}}}"), none="null", pairs=arrows("[{}]")),
            signature="function {name}({parameters})",
            parameter="${name}",
            prelude="<?php\n",
            example="function count_even($numbers) {\n    return count(array_filter($numbers, fn($n) => $n % 2 === 0));\n}",
            equal="assert({0} === {1});",
            near="assert(lab_same({0}, {1}));",
            deep="assert(lab_same({0}, {1}));",
            deep_near="assert(lab_same({0}, {1}));",
            before=_SAME,
        ),
    ),
)
