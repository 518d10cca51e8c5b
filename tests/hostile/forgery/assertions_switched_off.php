<?php
// attack: assertions are switched off, and a float stands for an integer as strict types forbid
// verdict: untested test_failure runtime_error
ini_set('zend.assertions', '0');
function half(int $n): int { return intdiv($n, 2); }
// --- tests ---
<?php
declare(strict_types=1);
require_once __DIR__ . '/solution.php';
assert(half(8) === 4);
assert(half("6") === 3);
