<?php
// attack: the driver's own functions called for every test
// verdict: untested test_failure runtime_error
ini_set('zend.assertions', '0');
function add($a, $b) {
    foreach (debug_backtrace() as $frame) foreach ($frame['args'] ?? [] as $key)
        if (is_string($key) && strlen($key) === 32) { Lab::ok($key, 0); Lab::ok($key, 1); Lab::ok($key, 2); Lab::end($key); exit(0); }
    return 0;
}
// --- tests ---
<?php
assert(add(2, 3) === 5);
assert(add(20, 22) === 42);
