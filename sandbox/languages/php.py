"""PHP: the harness reads program and tests as text, then evaluates them as one script.

Lines of the form `assert(...);` are tests of their own. An exception that the tests themselves throw is their failure.
"""

from __future__ import annotations

import re

from sandbox.languages.script import Script, rewrite

ASSERTION = re.compile(r"assert\s*\(.*\)\s*;\s*(?://.*|#.*)?$")
_OPEN = re.compile(r"<\?(?:php\b|=)")
_TAG = re.compile(r"^\s*<\?php\b", re.MULTILINE)
_CLOSE = re.compile(r"\?>\s*\Z")


def tagged(code: str) -> str:
    """The code with an opening tag, on its first line, where it has none."""
    return code if _OPEN.search(code) or not code.strip() else f"<?php {code}"


def assemble(code: str, tests: str) -> Script:
    """The harness, with the program in a file of its own; without tests, the program."""
    code = tagged(code)
    if not tests.strip():
        return Script(code)
    text, units = rewrite(
        _TAG.sub("", _CLOSE.sub("", tests)),
        ASSERTION,
        lambda index, line: (
            f"try {{ {line} \\Lab::ok({index}); }} catch (\\Throwable $lab) {{ \\Lab::no({index}, $lab); }}"
        ),
    )
    code = _CLOSE.sub("", code)
    lines = code.count("\n") + 1
    harness = _HARNESS.replace("$SCRIPT", str(len(units))).replace("$LINES", str(lines))
    return Script(harness, {"program.php": f"{code}\n{text}\n"}, units=(*units, (1, "the test script")))


_HARNESS = r"""<?php
final class Lab {
    private static $token; private static $out; private static $failed = false;
    static function begin() {
        if (self::$token !== null) return;
        $in = fopen('php://fd/4', 'r'); self::$out = fopen('php://fd/3', 'w'); self::$token = fread($in, 32);
        self::say('begin', 0, ''); while (!feof($in)) fread($in, 64); fclose($in);
    }
    private static function say($kind, $index, $text) {
        $text = json_encode(substr((string) $text, 0, 1000), JSON_INVALID_UTF8_SUBSTITUTE);
        fwrite(self::$out, self::$token . " $kind $index $text\n"); fflush(self::$out);
    }
    static function ok($index) { self::say('ok', $index, ''); }
    static function no($index, $error) {
        self::$failed = true;
        $here = strpos($error->getFile(), "eval()'d code") !== false;
        $inside = $here && $error->getLine() <= $LINES;
        if ($error instanceof AssertionError || (get_class($error) === 'Exception' && $here && !$inside)) self::say('fail', $index, $error->getMessage());
        else self::say('error', $index, 'raised ' . get_class($error) . ': ' . $error->getMessage() . ($inside ? ' (line ' . $error->getLine() . ' of the program)' : ''));
    }
    static function end() { if (!self::$failed) self::ok($SCRIPT); self::say('end', 0, ''); }
}
(static function () {
    $program = file_get_contents('/box/work/program.php');
    Lab::begin();
    $GLOBALS['lab_program'] = $program;
})();
try { eval('unset($GLOBALS["lab_program"]); ?>' . $lab_program); } catch (\Throwable $lab) { Lab::no($SCRIPT, $lab); }
Lab::end();
"""
