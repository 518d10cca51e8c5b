<?php
// attack: what assert throws is thrown away by a handler of its own, and shutdown says 0
// verdict: untested test_failure runtime_error
set_exception_handler(function ($e) { exit(0); });
set_error_handler(fn() => true);
assert_options(ASSERT_EXCEPTION, 0); assert_options(ASSERT_WARNING, 0);
function add($a, $b) { return $a * $b; }
// --- tests ---
<?php
assert(add(2, 3) === 5);
assert(add(2, 2) === 4);
