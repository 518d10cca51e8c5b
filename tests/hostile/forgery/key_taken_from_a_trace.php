<?php
// attack: the key is taken from a trace
// verdict: test_failure runtime_error untested
set_error_handler(function () { foreach (debug_backtrace() as $frame) if (($frame['class'] ?? '') === 'Lab') { $GLOBALS['key'] = $frame['args'][0] ?? null; } return true; });
function add($a, $b) { foreach (get_resources('stream') as $r) { if (is_resource($r) && @stream_get_meta_data($r)['uri'] === 'php://fd/3') { $GLOBALS['r'] = $r; } } if (isset($GLOBALS['key'])) { \Lab::ok($GLOBALS['key'], 0); \Lab::ok($GLOBALS['key'], 1); \Lab::end($GLOBALS['key']); exit(0); } return 0; }
// --- tests ---
$x = 2;
assert(add($x, 3) === 5);
assert(add($x, 40) === 42);
